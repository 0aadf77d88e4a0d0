#pragma once

#include <QDeadlineTimer>
#include <QObject>
#include <QPointer>

#include <functional>
#include <utility>
#include <vector>

class QDialog;

namespace studio::ui {

class SaveCommands;
class StudioController;

/// Lets the window close when nothing is lost by it. Asks about a run in progress, about pictures that lie nowhere but in
/// memory and about a queue that is not kept, and waits for files that are being written. Never blocks.
class Closing : public QObject {
    Q_OBJECT

public:
    Closing(StudioController& controller, SaveCommands& saving, QWidget& window);

    /// False: it asks, or waits for an end that closes the window by itself.
    bool mayClose();
    /// Closes the window without a question: the run is stopped, as if cancelled, and what can be written is. For whoever
    /// ends the program from outside.
    void closeUnasked();
    /// The desktop's session is about to end: for a while, closing asks nothing.
    void expectEnd();

Q_SIGNALS:
    /// A sentence for the status line.
    void said(const QString& sentence);

private:
    enum class Question { Run, Pictures, Queue };
    using Answers = std::vector<std::pair<QString, std::function<void()>>>;

    bool mayCloseUnasked();
    void askAboutRun();
    void askAboutPictures();
    void askAboutQueue();
    int waitingToBeLost() const; ///< pictures of the queue
    void holdQueue();
    /// Answers that lose nothing come first; "Stay" is added.
    void ask(Question question, const QString& title, const QString& text, const Answers& answers);
    void wait(const QString& sentence);
    void goOn(); ///< something has ended that was waited for, or asked about

    StudioController& m_controller;
    SaveCommands& m_saving;
    QWidget& m_window;
    QPointer<QDialog> m_asked;
    Question m_question = Question::Run;
    bool m_wanted = false;      ///< the window closes as soon as it may
    int m_queueGivenUp = 0;     ///< so many entries of the queue may be lost
    QDeadlineTimer m_unasked;   ///< until then, nothing is asked
    bool m_triedToSave = false; ///< without being asked
};

} // namespace studio::ui
