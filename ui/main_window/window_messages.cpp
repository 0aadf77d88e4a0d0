// What the window says of runs and of what could not be written.
#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/jobs/model_remedy.h"
#include "ui/jobs/studio_controller.h"
#include "ui/main_window/main_window.h"
#include "ui/main_window/save_commands.h"
#include "ui/main_window/status_line.h"
#include "ui/panels/plan_strip.h"
#include "ui/widgets/notice_stack.h"

namespace studio::ui {

void MainWindow::sayEnding(const Take& take)
{
    m_ended = true;
    switch (take.ending) {
    case Ending::Finished:
        return m_strip->setEnded(tr("%1 in all").arg(secondsWords(take.seconds)), true);
    case Ending::Cancelled:
        m_strip->setEnded(tr("Cancelled"), false);
        return m_status->say(take.layers.empty() ? tr("Cancelled. Nothing was finished yet.")
                                                 : tr("Cancelled. What was finished is kept."));
    case Ending::Failed:
        break;
    }
    m_strip->setEnded(tr("Failed"), false);
    if (m_ofQueue)
        return; // it stays in the queue, with the reason
    const Failure failure = take.failure.value_or(Failure{});
    QString sentence = toQt(failure.detail);
    if (!take.layers.empty())
        sentence += u' ' + tr("What was finished is kept.");
    QStringList details{failureRemedy(failure.kind)};
    for (const StageRecord& stage : take.stages)
        details << tr("%1: %2").arg(toQt(stage.label), secondsWords(stage.seconds));
    for (const std::string& note : take.notes)
        details << toQt(note);
    details << tr("Device: %1, %2").arg(deviceName(take.device), toQt(take.precision));
    details.removeAll(QString());
    std::vector<Notice::Remedy> remedies{{tr("Try again"), [this] { m_controller.generate(); }}};
    if (isAboutBase(failure, take.plan.request)) {
        remedies.push_back({tr("Choose another checkpoint…"), [this] { run(Command::OpenCheckpoint); }});
        if (!m_controller.services().demoModel.empty())
            remedies.push_back(
                {tr("Use the built-in model"), [this] { useBuiltInModel(m_controller.state()); }});
    }
    m_notice->say(
        Notice::Kind::Bad, failureTitle(failure.kind), sentence, details.join(u'\n'), std::move(remedies));
}

void MainWindow::sayNotKept(const Failure& failure)
{
    const auto elsewhere = [this, failure] {
        if (!m_saving->saveUnsaved())
            sayNotKept(failure);
    };
    m_notices->of(NoticeCause::NotKept)
        .say(Notice::Kind::Warning, tr("The take is not whole on the disk; its pictures are here"),
            toQt(failure.detail), pathToQt(m_controller.takesFolder()),
            {{tr("Choose another folder…"), [this] { run(Command::ShowSettings); }},
                {tr("Save the pictures elsewhere…"), elsewhere}});
}

void MainWindow::sayNotSaved()
{
    UnsavedPictures& unsaved = m_controller.unsaved();
    const std::vector<SaveOrder> refused = unsaved.refused();
    QStringList paths;
    for (const SaveOrder& order : refused)
        paths << pathToQt(order.path);
    const auto elsewhere = [this] {
        if (!m_saving->saveUnsaved())
            sayNotSaved();
    };
    const QString title = refused.size() == 1
        ? tr("The picture could not be saved; it is still here")
        : tr("%1 pictures could not be saved; they are still here").arg(refused.size());
    m_notices->of(NoticeCause::NotSaved)
        .say(Notice::Kind::Bad, title, toQt(unsaved.whyRefused().detail), paths.join(u'\n'),
            {{tr("Save elsewhere…"), elsewhere}, {tr("Try again"), [&unsaved] { unsaved.tryAgain(); }}});
}

} // namespace studio::ui
