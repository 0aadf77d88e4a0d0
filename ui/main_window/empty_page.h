#pragma once

#include <QCoreApplication>
#include <QWidget>

#include <functional>

class QVBoxLayout;

namespace studio::ui {

/// What the canvas shows before the first picture: prompts to try, and what model there is.
class EmptyPage : public QWidget {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::EmptyPage)

public:
    explicit EmptyPage(QWidget* parent = nullptr);

    std::function<void(const QString& prompt)> promptChosen;
    std::function<void()> checkpointWanted;

    void setExamples(const QStringList& prompts, bool builtInModel);

private:
    QVBoxLayout* m_column = nullptr;
    QWidget* m_content = nullptr;
};

/// The prompts a model folder proposes (`hires_studio.json`), or general ones.
QStringList examplePrompts(const QString& modelFolder);

} // namespace studio::ui
