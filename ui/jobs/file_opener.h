#pragma once

#include "core/api/inspection.h"
#include "core/api/outcome.h"
#include "ui/jobs/latest_task.h"
#include "ui/models/model_library.h"

#include <QObject>
#include <QStringList>

#include <optional>

namespace studio::ui {

/// Finds out what a file is that was chosen or dropped, in the background, and says what to do with it.
class FileOpener : public QObject {
    Q_OBJECT

public:
    explicit FileOpener(QObject* parent = nullptr);

    /// `slot`: what it is meant to be; absent: whatever it is.
    void open(const QString& path, std::optional<ModelSlot> slot = {});

Q_SIGNALS:
    void modelFound(studio::ui::ModelSlot slot, const QString& path);
    /// A picture or JSON file with a request in it. `notHonoured`: a sentence for each thing of another program's
    /// settings that could not be taken over.
    void requestFound(const studio::Request& request, const QString& path, const QStringList& notHonoured);
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
