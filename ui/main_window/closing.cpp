#include "ui/main_window/closing.h"

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

namespace studio::ui {

namespace {

constexpr int kWidth = 460;
constexpr int kEdge = 20;

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
    if (m_controller.unsaved().onlyInMemory().empty())
        return true;
    askAboutPictures();
    return false;
}

void Closing::askAboutRun()
{
    const auto quietQueue = [this] {
        if (m_controller.queue().list().rowCount() > 0)
            m_controller.queue().setPaused(true);
    };
    ask(Question::Run, tr("A picture is being made"),
        tr("Stopped, the run keeps what it has finished, and the gallery can go on with it later. The queue "
           "waits for the next start."),
        {{tr("Finish it, then quit"),
             [this, quietQueue] {
                 quietQueue();
                 wait(tr("The program closes when the picture is done."));
             }},
            {tr("Stop it and quit"), [this, quietQueue] {
                 quietQueue();
                 wait(tr("The program closes when the run has stopped."));
                 m_controller.cancel();
             }}});
}

void Closing::askAboutPictures()
{
    UnsavedPictures& unsaved = m_controller.unsaved();
    const int count = static_cast<int>(unsaved.onlyInMemory().size());
    const QString why = toQt(unsaved.whyRefused().detail);
    const QString title
        = count == 1 ? tr("One picture is only in memory") : tr("%1 pictures are only in memory").arg(count);
    ask(Question::Pictures, title, tr("Quitting now loses what could not be kept on the disk. %1").arg(why),
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

void Closing::ask(Question question, const QString& title, const QString& text, Answers answers)
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
