#pragma once

#include <QCoreApplication>
#include <QWidget>

#include <functional>

class QLabel;
class QVBoxLayout;

namespace studio::ui {

/// What the canvas shows before the first picture: prompts to try and what model there is, or what the first run does.
class EmptyPage : public QWidget {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::EmptyPage)

public:
    explicit EmptyPage(QWidget* parent = nullptr);

    std::function<void(const QString& prompt)> promptChosen;
    std::function<void()> checkpointWanted;

    void setExamples(const QStringList& prompts, bool builtInModel);
    /// While a run has no picture yet: what it is doing, in place of the examples. Empty: nothing runs.
    void setWaiting(const QString& work);

private:
    void rebuild();
    void addExamples(QVBoxLayout& column);
    void addWaiting(QVBoxLayout& column);

    QStringList m_prompts;
    bool m_builtInModel = true;
    QString m_work;
    QLabel* m_workWords = nullptr; ///< null: the examples are shown
    QVBoxLayout* m_column = nullptr;
    QWidget* m_content = nullptr;
};

/// The prompts a model folder proposes (`hires_studio.json`), or general ones.
QStringList examplePrompts(const QString& modelFolder);

} // namespace studio::ui
