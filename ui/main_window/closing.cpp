#include "ui/main_window/closing.h"

#include "ui/convert/counted.h"
#include "ui/convert/strings.h"
#include "ui/jobs/picture_series.h"
#include "ui/jobs/queue_runner.h"
#include "ui/jobs/studio_controller.h"
#include "ui/main_window/save_commands.h"
#include "ui/theme/tokens.h"
#include "ui/theme/typography.h"

#include <QDialog>
#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QTimer>
#include <QVBoxLayout>

#include <utility>

namespace studio::ui {

namespace {

constexpr int kWidth = 460;
constexpr int kEdge = 20;
/// Within it, the desktop ends the program or has thought better of it.
constexpr std::chrono::seconds kEndOfSession{30};

} // namespace

Closing::Closing(StudioController& controller, SaveCommands& saving, QWidget& window)
    : QObject(&window)
    , m_controller(controller)
    , m_saving(saving)
    , m_window(window)
{
    // After everybody has heard of this end: the queue may begin the next picture.
    const auto later = [this] { QTimer::singleShot(0, this, &Closing::goOn); };
    connect(&controller, &StudioController::takeFinished, this, later);
    connect(&controller.saver(), &PictureSaver::settled, this, later);
}

bool Closing::mayClose()
{
    if (!m_unasked.hasExpired())
        return mayCloseUnasked();
    if (m_asked && m_asked->isVisible()) {
        m_asked->raise();
        return false;
    }
    if (m_controller.isRunning()) {
        if (!m_controller.isCancelling())
            askAboutRun();
        else
            wait(tr("The program closes when the run has stopped."));
        return false;
    }
    if (m_controller.saver().isBusy()) {
        wait(tr("The program closes when the pictures are saved."));
        return false;
    }
    if (!m_controller.unsaved().onlyInMemory().empty()) {
        askAboutPictures();
        return false;
    }
    if (waitingToBeLost() > m_queueGivenUp) {
        askAboutQueue();
        return false;
    }
    return true;
}

bool Closing::mayCloseUnasked()
{
    if (m_controller.isRunning()) {
        m_controller.cancel();
        wait(tr("The program closes when the run has stopped."));
        return false;
    }
    UnsavedPictures& unsaved = m_controller.unsaved();
    if (!m_controller.saver().isBusy() && !std::exchange(m_triedToSave, true)
        && !unsaved.onlyInMemory().empty())
        unsaved.saveIn(toPath(outputFolder(m_controller.settings())));
    if (!m_controller.saver().isBusy())
        return true;
    wait(tr("The program closes when the pictures are saved."));
    return false;
}

void Closing::closeUnasked()
{
    m_unasked = QDeadlineTimer(QDeadlineTimer::Forever);
    holdQueue();
    if (m_asked)
        m_asked->close();
    m_wanted = true;
    m_window.close();
}

void Closing::expectEnd()
{
    m_unasked = QDeadlineTimer(kEndOfSession);
}

int Closing::waitingToBeLost() const
{
    QueueRunner& queue = m_controller.queue();
    return queue.isKept() ? 0 : queue.list().count(QueueState::Waiting);
}

void Closing::holdQueue()
{
    if (m_controller.queue().list().rowCount() > 0)
        m_controller.queue().setPaused(true);
}

void Closing::askAboutRun()
{
    QString text
        = tr("Stopped, the run keeps what it has finished, and the gallery can go on with it later.") + u' ';
    if (m_controller.queue().isKept())
        text += tr("The queue waits for the next start.");
    else if (const int lost = waitingToBeLost(); lost > 0)
        text += counted(lost,
            tr("The picture that waits in the queue is lost: this window's queue is not kept."),
            tr("The %n pictures that wait in the queue are lost: this window's queue is not kept.", nullptr,
                lost));
    const auto giveUpQueue = [this] {
        holdQueue();
        m_queueGivenUp = m_controller.queue().list().rowCount(); // a stopped one waits again
    };
    ask(Question::Run, tr("A picture is being made"), text.trimmed(),
        {{tr("Finish it, then quit"),
             [this, giveUpQueue] {
                 giveUpQueue();
                 wait(tr("The program closes when the picture is done."));
             }},
            {tr("Stop it and quit"), [this, giveUpQueue] {
                 giveUpQueue();
                 wait(tr("The program closes when the run has stopped."));
                 m_controller.cancel();
             }}});
}

void Closing::askAboutPictures()
{
    UnsavedPictures& unsaved = m_controller.unsaved();
    const int count = static_cast<int>(unsaved.onlyInMemory().size());
    const QString why = toQt(unsaved.whyRefused().detail);
    const QString text = why.isEmpty()
        ? tr("Takes are not kept, and nothing is saved by itself. Quitting now loses what was not saved by "
             "hand.")
        : tr("Quitting now loses what could not be kept on the disk. %1").arg(why);
    const QString title
        = count == 1 ? tr("One picture is only in memory") : tr("%1 pictures are only in memory").arg(count);
    ask(Question::Pictures, title, text,
        {{tr("Save elsewhere…"),
             [this] {
                 if (m_saving.saveUnsaved())
                     wait(tr("The program closes when the pictures are saved."));
             }},
            {tr("Discard and quit"), [this] {
                 m_controller.unsaved().giveUp();
                 m_wanted = true;
                 goOn();
             }}});
}

void Closing::askAboutQueue()
{
    const int lost = waitingToBeLost();
    QString text = tr("Quitting now loses what waits: this window's queue is not kept.");
    if (const QString& trouble = m_controller.queue().trouble(); !trouble.isEmpty())
        text = trouble;
    ask(Question::Queue,
        counted(
            lost, tr("One picture waits in the queue"), tr("%n pictures wait in the queue", nullptr, lost)),
        text, {{tr("Discard and quit"), [this] {
                    m_queueGivenUp = waitingToBeLost();
                    m_wanted = true;
                    goOn();
                }}});
}

void Closing::ask(Question question, const QString& title, const QString& text, const Answers& answers)
{
    m_wanted = false;
    m_question = question;
    auto* dialog = new QDialog(&m_window);
    m_asked = dialog;
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("closingQuestion"));
    dialog->setWindowTitle(tr("Quit Hires Studio"));
    auto* heading = new QLabel(title, dialog);
    setTextRole(*heading, TextRole::GroupTitle);
    heading->setWordWrap(true);
    auto* words = new QLabel(text, dialog);
    words->setWordWrap(true);
    auto* buttons = new QDialogButtonBox(dialog);
    for (const auto& [label, act] : answers) {
        QPushButton* button = buttons->addButton(label, QDialogButtonBox::ActionRole);
        connect(button, &QPushButton::clicked, dialog, [this, dialog, act = act] {
            m_asked.clear();
            dialog->close();
            act();
        });
    }
    QPushButton* stay = buttons->addButton(tr("Stay"), QDialogButtonBox::RejectRole);
    stay->setDefault(true);
    connect(stay, &QPushButton::clicked, dialog, &QDialog::close);
    auto* column = new QVBoxLayout(dialog);
    column->setContentsMargins(kEdge, kEdge, kEdge, kEdge);
    column->setSpacing(spacing::kPanel);
    column->addWidget(heading);
    column->addWidget(words);
    column->addWidget(buttons);
    dialog->resize(kWidth, column->totalHeightForWidth(kWidth));
    dialog->open();
    stay->setFocus();
}

void Closing::wait(const QString& sentence)
{
    m_wanted = true;
    m_controller.series().stop(); // what is being made is the last
    Q_EMIT said(sentence);
}

void Closing::goOn()
{
    // What was asked about has ended by itself: nobody needs to answer any more.
    if (m_asked && m_asked->isVisible() && m_question == Question::Run && !m_controller.isRunning()) {
        QDialog* obsolete = m_asked;
        m_asked.clear();
        obsolete->close();
        m_wanted = true;
        m_controller.series().stop();
    }
    if (m_wanted && !m_controller.isRunning() && !m_controller.saver().isBusy())
        m_window.close();
}

} // namespace studio::ui
