#pragma once

#include <QObject>
#include <QPointer>

#include <functional>
#include <utility>
#include <vector>

class QDialog;

namespace studio::ui {

class SaveCommands;
class StudioController;

/// Lets the window close when nothing is lost by it. Asks about a run in progress and about pictures that lie nowhere
/// but in memory, and waits for files that are being written. Never blocks.
class Closing : public QObject {
    Q_OBJECT

public:
    Closing(StudioController& controller, SaveCommands& saving, QWidget& window);

    /// False: it asks, or waits for an end that closes the window by itself.
    bool mayClose();

Q_SIGNALS:
    /// A sentence for the status line.
    void said(const QString& sentence);

private:
    enum class Question { Run, Pictures };
    using Answers = std::vector<std::pair<QString, std::function<void()>>>;

    void askAboutRun();
    void askAboutPictures();
    /// The first answer is the one that loses nothing; "Stay" is added.
    void ask(Question question, const QString& title, const QString& text, Answers answers);
    void wait(const QString& sentence);
    void goOn(); ///< something has ended that was waited for, or asked about

    StudioController& m_controller;
    SaveCommands& m_saving;
    QWidget& m_window;
    QPointer<QDialog> m_asked;
    Question m_question = Question::Run;
    bool m_wanted = false; ///< the window closes as soon as it may
};

} // namespace studio::ui
