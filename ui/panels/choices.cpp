#include "ui/panels/choices.h"

#include "ui/convert/strings.h"

#include <algorithm>
#include <string_view>

namespace studio::ui {

namespace {

struct Group {
    const char* title; // untranslated, context Choices
    std::vector<std::string_view> ids;
};

const std::vector<Group>& samplerGroups()
{
    static const std::vector<Group> groups{
        {QT_TRANSLATE_NOOP("studio::ui::Choices", "Most used"),
            {"euler", "euler_a", "dpmpp_2m", "dpmpp_2m_sde", "dpmpp_sde", "dpmpp_3m_sde", "unipc", "ddim"}},
        {QT_TRANSLATE_NOOP("studio::ui::Choices", "Noise at the start only"),
            {"heun", "dpm2", "lms", "plms", "unipc_bh2", "deis", "ipndm", "res_multistep"}},
        {QT_TRANSLATE_NOOP("studio::ui::Choices", "New noise on the way"),
            {"dpm2_a", "dpmpp_2s_a", "dpmpp_2m_sde_heun", "er_sde", "restart"}},
        {QT_TRANSLATE_NOOP("studio::ui::Choices", "Low guidance (CFG++)"), {"euler_cfgpp", "euler_a_cfgpp"}},
        {QT_TRANSLATE_NOOP("studio::ui::Choices", "Distilled models, 2 to 8 steps"), {"lcm", "tcd"}},
        {QT_TRANSLATE_NOOP("studio::ui::Choices", "Others")},
    };
    return groups;
}

const std::vector<Group>& scheduleGroups()
{
    static const std::vector<Group> groups{
        {QT_TRANSLATE_NOOP("studio::ui::Choices", "Chosen for you"), {"model", "automatic"}},
        {QT_TRANSLATE_NOOP("studio::ui::Choices", "Spaced by noise"),
            {"karras", "exponential", "polyexponential", "kl_optimal", "align_your_steps",
                "linear_quadratic"}},
        {QT_TRANSLATE_NOOP("studio::ui::Choices", "Spaced by timestep"),
            {"uniform", "sgm_uniform", "simple", "ddim_uniform", "beta", "leading", "trailing", "linspace"}},
        {QT_TRANSLATE_NOOP("studio::ui::Choices", "Others")},
    };
    return groups;
}

/// In the order of the groups, within one in the order it names.
std::vector<Choice> grouped(
    const std::vector<Group>& groups, const std::vector<CatalogEntry>& table, std::vector<Choice> choices)
{
    const auto add = [&](const CatalogEntry& entry, const Group& group) {
        choices.push_back({toQt(entry.id), toQt(entry.label), toQt(entry.description),
            QCoreApplication::translate("studio::ui::Choices", group.title)});
    };
    const auto isNamed = [&](const std::string& id) {
        return std::any_of(groups.begin(), groups.end(), [&](const Group& group) {
            return std::find(group.ids.begin(), group.ids.end(), id) != group.ids.end();
        });
    };
    for (const Group& group : groups) {
        for (const std::string_view id : group.ids) {
            const auto entry = std::find_if(
                table.begin(), table.end(), [id](const CatalogEntry& row) { return row.id == id; });
            if (entry != table.end())
                add(*entry, group);
        }
    }
    for (const CatalogEntry& entry : table) {
        if (!isNamed(entry.id))
            add(entry, groups.back());
    }
    return choices;
}

} // namespace

std::vector<Choice> choicesOf(const std::vector<CatalogEntry>& table, std::vector<Choice> first)
{
    std::vector<Choice> choices = std::move(first);
    for (const CatalogEntry& entry : table)
        choices.push_back({toQt(entry.id), toQt(entry.label), toQt(entry.description), {}});
    return choices;
}

std::vector<Choice> samplerChoices(const std::vector<CatalogEntry>& table, std::vector<Choice> first)
{
    return grouped(samplerGroups(), table, std::move(first));
}

std::vector<Choice> scheduleChoices(const std::vector<CatalogEntry>& table, std::vector<Choice> first)
{
    return grouped(scheduleGroups(), table, std::move(first));
}

std::vector<Choice> strengthMeanings()
{
    return {
        {QStringLiteral("diffusers"), FieldForm::tr("Part of the steps"),
            FieldForm::tr("As diffusers counts: strength × steps are run. 25 steps at 0.35 run 8.")},
        {QStringLiteral("a1111"), FieldForm::tr("All the steps"),
            FieldForm::tr("As A1111 counts: all the steps are run, over the last part of the noise.")},
        {QStringLiteral("sigma"), FieldForm::tr("Noise level (σ)"),
            FieldForm::tr("The number is the noise level to start from. All the steps are run.")},
    };
}

QString strengthMeaningId(StrengthMeaning meaning)
{
    switch (meaning) {
    case StrengthMeaning::Diffusers:
        return QStringLiteral("diffusers");
    case StrengthMeaning::A1111:
        return QStringLiteral("a1111");
    case StrengthMeaning::Sigma:
        return QStringLiteral("sigma");
    }
    return {};
}

StrengthMeaning strengthMeaningOf(const QString& id)
{
    if (id == QLatin1String("a1111"))
        return StrengthMeaning::A1111;
    return id == QLatin1String("sigma") ? StrengthMeaning::Sigma : StrengthMeaning::Diffusers;
}

} // namespace studio::ui
