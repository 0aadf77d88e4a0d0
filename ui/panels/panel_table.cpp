#include "ui/panels/panel_table.h"

#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/models/model_library.h"
#include "ui/models/prompt_tags.h"
#include "ui/models/studio_state.h"

#include <QCoreApplication>

namespace studio::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::Panels)
};

QString labelOf(const std::vector<CatalogEntry>& table, const std::string& id)
{
    for (const CatalogEntry& entry : table) {
        if (entry.id == id)
            return toQt(entry.label);
    }
    return toQt(id);
}

QString sizeSummary(const StudioState& state)
{
    if (state.request().mode != Mode::Compare)
        return sizesInWords(state);
    return QStringList{
        sizeWords(state.standardSize()), sizeWords(state.simpleSize()), sizeWords(state.targetSize())}
        .join(QStringLiteral(" · "));
}

QString samplingSummary(const StudioState& state)
{
    const SamplingSettings& s = state.request().sampling;
    return Words::tr("%1 steps · %2 · %3")
        .arg(s.steps)
        .arg(numberWords(s.guidance), labelOf(state.catalog().samplers, s.sampler));
}

QString secondPassSummary(const StudioState& state)
{
    const Rung& rung = state.request().hires.rungs.back();
    return Words::tr("%1 · strength %2").arg(sizeWords(state.targetSize()), numberWords(rung.strength));
}

QString enlargementSummary(const StudioState& state)
{
    return Words::tr("× %1 → %2")
        .arg(numberWords(state.request().simple.scale), sizeWords(state.simpleSize()));
}

QString refinerSummary(const StudioState& state)
{
    const StandardSettings& s = state.request().standard;
    return s.useRefiner ? Words::tr("strength %1").arg(numberWords(s.refinerStrength)) : Words::tr("off");
}

QString modelSummary(const StudioState& state)
{
    const QString base = toQt(state.request().models.base);
    return base.isEmpty() ? Words::tr("built-in model") : modelName(base);
}

QString adapterSummary(const StudioState& state)
{
    const auto listed = state.request().adapters.size();
    const auto written = adaptersIn(state.request()).size();
    if (listed + written == 0)
        return Words::tr("none");
    return Words::tr("%n in use", nullptr, int(listed + written));
}

QString advancedSummary(const StudioState& state)
{
    const int changes = advancedChanges(state.request());
    return changes == 0 ? Words::tr("as usual") : Words::tr("%1 changed").arg(changes);
}

} // namespace

const std::vector<PanelInfo>& panelTable()
{
    static const std::vector<PanelInfo> table{
        {"size", QT_TRANSLATE_NOOP("studio::ui::Panels", "Size"), &makeSizePanel, &sizeSummary, true, {}},
        {"second_pass", QT_TRANSLATE_NOOP("studio::ui::Panels", "Second pass"), &makeSecondPassPanel,
            &secondPassSummary, true, Setting::SecondPass},
        {"enlargement", QT_TRANSLATE_NOOP("studio::ui::Panels", "Simple enlargement"), &makeEnlargementPanel,
            &enlargementSummary, true, Setting::Enlargement},
        {"sampling", QT_TRANSLATE_NOOP("studio::ui::Panels", "Sampling"), &makeSamplingPanel,
            &samplingSummary, false, {}},
        {"refiner", QT_TRANSLATE_NOOP("studio::ui::Panels", "Refiner"), &makeRefinerPanel, &refinerSummary,
            false, Setting::Refiner},
        {"model", QT_TRANSLATE_NOOP("studio::ui::Panels", "Model"), &makeModelPanel, &modelSummary, false,
            {}},
        {"adapters", QT_TRANSLATE_NOOP("studio::ui::Panels", "Adapters"), &makeAdapterPanel, &adapterSummary,
            false, {}},
        {"advanced", QT_TRANSLATE_NOOP("studio::ui::Panels", "Advanced"), &makeAdvancedPanel,
            &advancedSummary, false, {}},
    };
    return table;
}

} // namespace studio::ui
