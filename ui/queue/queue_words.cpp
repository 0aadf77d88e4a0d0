#include "ui/queue/queue_words.h"

#include "core/api/catalog.h"
#include "ui/convert/counted.h"
#include "ui/convert/strings.h"
#include "ui/convert/words.h"

#include <QCoreApplication>
#include <QStringList>

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

namespace {

QString labelOf(const std::vector<CatalogEntry>& table, const std::string& id)
{
    const auto found = std::find_if(
        table.begin(), table.end(), [&id](const CatalogEntry& entry) { return entry.id == id; });
    return toQt(found == table.end() ? id : found->label);
}

} // namespace

QString secondPassWords(const Request& request, const Catalog& catalog)
{
    if (request.mode != Mode::Hires || request.hires.rungs.empty())
        return {};
    const Rung& rung = request.hires.rungs.back();
    const QString strength = numberWords(rung.strength);
    QStringList parts{rung.meaning == StrengthMeaning::Sigma ? Words::tr("from σ %1").arg(strength)
                                                             : Words::tr("strength %1").arg(strength)};
    parts << counted(rung.steps, Words::tr("1 step"), Words::tr("%n steps", nullptr, rung.steps))
          << labelOf(catalog.upscalers, rung.upscaler);
    if (rung.sampler)
        parts << labelOf(catalog.samplers, *rung.sampler);
    if (rung.schedule)
        parts << labelOf(catalog.schedules, *rung.schedule);
    if (rung.guidance)
        parts << Words::tr("guidance %1").arg(numberWords(*rung.guidance));
    return parts.join(QStringLiteral(" · "));
}

QString timeLeftWords(const QueueTally& tally)
{
    if (tally.secondsLeft <= 0)
        return {};
    const QString about = aboutSeconds(tally.secondsLeft);
    return tally.all ? about : Words::tr("over %1").arg(secondsWords(tally.secondsLeft));
}

} // namespace studio::ui
