#include "ui/jobs/picture_series.h"

#include "ui/convert/counted.h"
#include "ui/convert/strings.h"
#include "ui/jobs/queue_runner.h"
#include "ui/jobs/studio_controller.h"

#include <QStorageInfo>
#include <QTimer>

namespace studio::ui {

namespace {

constexpr qint64 kLeastRoom = 1'000'000'000; // bytes; below it an endless series ends by itself

constexpr std::chrono::milliseconds kShortWhile{200};

} // namespace

PictureSeries::PictureSeries(StudioController& controller, QObject* parent)
    : QObject(parent)
    , m_controller(controller)
    , m_wanted(controller.settings().generateCount)
{
    connect(&controller, &StudioController::takeNotKept, this, [this] { m_notKept = true; });
    connect(&controller, &StudioController::takeFinished, this,
        [this](const std::shared_ptr<const Take>& take) { finish(*take); });
    connect(&controller.unsaved(), &UnsavedPictures::refusedOne, this, [this] {
        if (m_active)
            end(tr("A picture could not be saved; those that were to follow are not made."));
    });
}

void PictureSeries::setWanted(int count)
{
    if (count == m_wanted)
        return;
    m_wanted = count;
    if (count != kUntilStopped) {
        Settings settings = m_controller.settings();
        settings.generateCount = count;
        m_controller.setSettings(settings);
    }
    Q_EMIT changed();
}

void PictureSeries::start(const Request& request)
{
    if (m_active || !m_controller.canGenerate())
        return;
    m_request = request;
    m_count = m_wanted;
    m_begun = 0;
    m_active = m_count != 1;
    if (m_active) // each following seed is told from the first
        m_request.seed = seedSeries(request.seed, 1, SeedSeries::Next).front();
    next();
}

void PictureSeries::next()
{
    // The first is made at once: it is what was pressed for.
    const bool queueIsFirst = m_begun > 0 && m_controller.queue().isAboutToBegin();
    if (!m_controller.canGenerate() || queueIsFirst) {
        // What the queue has begun comes first; its end is heard of. Other work is short.
        if (!m_controller.isRunning())
            QTimer::singleShot(kShortWhile, this, &PictureSeries::goOn);
        return;
    }
    m_isOurs = m_active;
    m_notKept = false;
    ++m_begun;
    Q_EMIT changed();
    m_controller.run(m_request);
}

void PictureSeries::stop()
{
    if (!m_active)
        return;
    if (!m_isOurs)
        return end();
    m_count = m_begun;
    Q_EMIT changed();
}

void PictureSeries::finish(const Take& take)
{
    if (!m_active)
        return;
    if (!m_isOurs && take.ending == Ending::Cancelled)
        return end(tr("Cancelled, and the pictures that were to follow with it."));
    if (m_isOurs) {
        m_isOurs = false;
        const int made = m_begun - (take.ending == Ending::Finished ? 0 : 1);
        const QString sum = made == 0
            ? tr("None was finished.")
            : counted(made, tr("One picture was made."), tr("%n pictures were made.", nullptr, made));
        if (take.ending == Ending::Cancelled)
            return end(tr("Cancelled, and the pictures that were to follow with it. %1").arg(sum));
        if (take.ending == Ending::Failed)
            return end(tr("A picture failed; those that were to follow are not made. %1").arg(sum));
        if (m_notKept)
            return end(tr("The take could not be kept; those that were to follow are not made. %1").arg(sum));
        if (m_count != kUntilStopped && m_begun >= m_count)
            return end(sum);
        if (!hasRoom())
            return end(tr("The disk of the takes is nearly full; those that were to follow are not made. %1")
                           .arg(sum));
        ++*m_request.seed;
    }
    Q_EMIT changed();
    // After everybody has heard of this end, and the queue has taken its turn.
    QTimer::singleShot(0, this, [this] { QTimer::singleShot(0, this, &PictureSeries::goOn); });
}

void PictureSeries::goOn()
{
    if (m_active)
        next();
}

void PictureSeries::end(const QString& sentence)
{
    m_active = m_isOurs = false;
    Q_EMIT changed();
    if (!sentence.isEmpty())
        Q_EMIT ended(sentence);
}

/// Of a series that has an end, the person knows how much it makes.
bool PictureSeries::hasRoom() const
{
    if (m_count != kUntilStopped)
        return true;
    const QStorageInfo disk(pathToQt(m_controller.takesFolder()));
    return !disk.isValid() || disk.bytesAvailable() >= kLeastRoom;
}

QString PictureSeries::position() const
{
    if (!m_active || !m_isOurs)
        return {};
    return m_count == kUntilStopped ? QString::number(m_begun) : tr("%1 of %2").arg(m_begun).arg(m_count);
}

} // namespace studio::ui
