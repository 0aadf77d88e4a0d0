#pragma once

#include "core/api/inspection.h"
#include "core/api/outcome.h"
#include "ui/jobs/latest_task.h"
#include "ui/models/model_library.h"

#include <QObject>
#include <QStringList>

#include <optional>

namespace studio::ui {

/// A picture or JSON file with a request in it.
struct FoundRequest {
    Request request;
    QString path;
    QStringList
        notHonoured; ///< a sentence for each thing of another program's settings that could not be taken over
    QString infotext; ///< A1111's text, if there is one
    QString program;  ///< that made it, if it is not this one's own form; empty: not known
    bool isOurs
        = true; ///< it says which models and which device it is for: an empty base is the built-in one
};

/// Finds out what a file is that was chosen or dropped, in the background, and says what to do with it.
class FileOpener : public QObject {
    Q_OBJECT

public:
    explicit FileOpener(QObject* parent = nullptr);

    /// `slot`: what it is meant to be; absent: whatever it is.
    void open(const QString& path, std::optional<ModelSlot> slot = {});

Q_SIGNALS:
    void modelFound(studio::ui::ModelSlot slot, const QString& path);
    void requestFound(const studio::ui::FoundRequest& found);
    /// A LoRA or one of its kin that goes with SDXL.
    void adapterFound(const QString& path);
    /// A textual inversion: prompts name it by word, if its folder is searched.
    void embeddingFound(const QString& path);
    /// A network that enlarges pictures, of the design that the engine runs.
    void upscalerFound(const QString& path);
    /// A picture that carries no request.
    void pictureFound(const QString& path);
    /// `sentence`: why the file cannot be used, and what to do.
    void refused(const QString& path, const QString& sentence);

private:
    struct Found {
        QString path;
        std::optional<ModelSlot> slot;
        Outcome<Inspection> inspection;
        QString unfit; ///< of an adapter: why it does not go with SDXL
        std::optional<QString>
            foreign; ///< of a picture with settings that are not in our own form: who made it
    };
    static Found look(const QString& path, std::optional<ModelSlot> slot);
    void decide(const Found& found);
    void decideOnAdapter(const Found& found, FileKind kind);

    QThreadPool m_lane;
    LatestTask<Found> m_task;
};

/// Where a file lies, how large it is and when it was written: a line each.
QString fileFacts(const QString& path);

} // namespace studio::ui
