#include "ui/panels/choices.h"

#include "ui/convert/strings.h"

namespace studio::ui {

std::vector<Choice> choicesOf(const std::vector<CatalogEntry>& table, std::vector<Choice> first)
{
    std::vector<Choice> choices = std::move(first);
    for (const CatalogEntry& entry : table)
        choices.push_back({toQt(entry.id), toQt(entry.label), toQt(entry.description)});
    return choices;
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
