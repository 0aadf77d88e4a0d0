#include "ui/models/generation_text.h"

#include "core/api/infotext.h"
#include "ui/convert/strings.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace studio::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::GenerationText)
};

const QRegularExpression& settingsLine()
{
    static const QRegularExpression line(
        QStringLiteral("^\\s*Steps: *\\d+ *,.*:.*$"), QRegularExpression::MultilineOption);
    return line;
}

/// What the settings' line says of `key`; empty: nothing.
QString valueIn(const QString& text, const QString& key)
{
    const QRegularExpression pair(QStringLiteral("(?:^|, )%1: (\"[^\"]*\"|[^,]+)").arg(key));
    const QString value = pair.match(settingsLine().match(text).captured()).captured(1).trimmed();
    return value.startsWith(u'"') ? value.mid(1, value.size() - 2) : value;
}

const ModelEntry* modelNamed(const std::vector<ModelEntry>& models, const QString& name)
{
    const auto found = std::find_if(models.begin(), models.end(), [&](const ModelEntry& entry) {
        return fits(ModelSlot::Base, entry.kind) && entry.name.compare(name, Qt::CaseInsensitive) == 0;
    });
    return name.isEmpty() || found == models.end() ? nullptr : &*found;
}

} // namespace

bool isGenerationText(const QString& text)
{
    return settingsLine().match(text).hasMatch();
}

Outcome<TextSettings> settingsFromText(
    const QString& text, const Request& present, const std::vector<ModelEntry>& models)
{
    const Outcome<ImportedRequest> read = requestFromInfotext(toStd(text.trimmed()));
    if (const Failure* failure = failureOf(read))
        return *failure;
    const auto& imported = std::get<ImportedRequest>(read);
    TextSettings settings{imported.request, {}};
    settings.request.execution = present.execution;
    settings.request.models = present.models;
    const QString named = valueIn(text, QStringLiteral("Model"));
    const ModelEntry* here = modelNamed(models, named);
    if (here && here->path != toQt(present.models.base))
        settings.request.models = ModelChoice{toStd(here->path), {}, {}};
    const bool isInUse = named.compare(modelName(toQt(present.models.base)), Qt::CaseInsensitive) == 0;
    for (const std::string& sentence : imported.notHonoured) {
        const bool isAboutModel = sentence.starts_with("The picture was made with the model ");
        if (!isAboutModel)
            settings.notTaken << toQt(sentence);
        else if (!here && (named.isEmpty() || !isInUse))
            settings.notTaken << toQt(sentence) + u' ' + Words::tr("The present model stays.");
    }
    return settings;
}

} // namespace studio::ui
