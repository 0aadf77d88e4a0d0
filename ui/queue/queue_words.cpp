#include "ui/queue/queue_words.h"

#include "ui/convert/words.h"

#include <QCoreApplication>

#include <algorithm>

namespace studio::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::QueueWords)
};

} // namespace

QString positionWords(const QueueTally& tally)
{
    if (tally.total <= tally.done)
        return {};
    return Words::tr("%1 of %2").arg(std::min(tally.done + 1, tally.total)).arg(tally.total);
}

QString timeLeftWords(const QueueTally& tally)
{
    if (tally.secondsLeft <= 0)
        return {};
    const QString about = aboutSeconds(tally.secondsLeft);
    return tally.all ? about : Words::tr("more than %1").arg(about);
}

} // namespace studio::ui
