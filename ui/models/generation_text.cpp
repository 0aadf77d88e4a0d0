#include "ui/models/generation_text.h"

#include "core/api/infotext.h"
#include "ui/convert/strings.h"
#include "ui/models/foreign_request.h"

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

/// What the settings' line says of `key`; empty: nothing. Of several such lines, the last is the settings'.
QString valueIn(const QString& text, const QString& key)
{
    QString line;
    for (auto lines = settingsLine().globalMatch(text); lines.hasNext();)
        line = lines.next().captured().trimmed();
    static const QRegularExpression pair(QStringLiteral("(?:^|, )([^:,]+): (\"[^\"]*\"|[^,]+)"));
    for (auto pairs = pair.globalMatch(line); pairs.hasNext();) {
        const QRegularExpressionMatch found = pairs.next();
        const QString value = found.captured(2).trimmed();
        if (found.captured(1) == key)
            return value.startsWith(u'"') ? value.mid(1, value.size() - 2) : value;
    }
    return {};
}

const CatalogEntry* upscalerNamed(const std::vector<CatalogEntry>& upscalers, const QString& name)
{
    const auto found = std::find_if(upscalers.begin(), upscalers.end(),
        [&](const CatalogEntry& entry) { return toQt(entry.id).compare(name, Qt::CaseInsensitive) == 0; });
    return name.isEmpty() || found == upscalers.end() ? nullptr : &*found;
}

/// Uses the network of the name that the text has; false: there is none here.
bool useUpscaler(Request& request, const QString& text, const std::vector<CatalogEntry>& upscalers)
{
    const CatalogEntry* here = upscalerNamed(upscalers, valueIn(text, QStringLiteral("Hires upscaler")));
    if (!here)
        return false;
    for (Rung& rung : request.hires.rungs)
        rung.upscaler = here->id;
    return true;
}

} // namespace

bool isGenerationText(const QString& text)
{
    return settingsLine().match(text).hasMatch();
}

const ModelEntry* modelNamedIn(const QString& text, const std::vector<ModelEntry>& models)
{
    const QString name = valueIn(text, QStringLiteral("Model"));
    const auto found = std::find_if(models.begin(), models.end(), [&](const ModelEntry& entry) {
        return fits(ModelSlot::Base, entry.kind) && entry.name.compare(name, Qt::CaseInsensitive) == 0;
    });
    return name.isEmpty() || found == models.end() ? nullptr : &*found;
}

Outcome<TextSettings> settingsFromText(const QString& text, const Request& present, const NamedFiles& here)
{
    const Outcome<ImportedRequest> read = requestFromInfotext(toStd(text.trimmed()));
    if (const Failure* failure = failureOf(read))
        return *failure;
    const auto& imported = std::get<ImportedRequest>(read);
    const QString named = valueIn(text, QStringLiteral("Model"));
    const ModelEntry* model = modelNamedIn(text, here.models);
    TextSettings settings{withModelsOf(imported.request, present, model ? model->path : QString()), {}};
    const bool isInUse = named.compare(modelName(toQt(present.models.base)), Qt::CaseInsensitive) == 0;
    const bool hasModel = model || (isInUse && !named.isEmpty());
    const bool hasUpscaler = useUpscaler(settings.request, text, here.upscalers);
    for (const std::string& sentence : imported.notHonoured) {
        const bool isAboutModel = sentence.starts_with("The picture was made with the model ");
        const bool isAboutUpscaler = sentence.starts_with("The upscaler ");
        if (isAboutModel && !hasModel)
            settings.notTaken << toQt(sentence) + u' ' + Words::tr("The present model stays.");
        else if (!isAboutModel && !(isAboutUpscaler && hasUpscaler))
            settings.notTaken << toQt(sentence);
    }
    return settings;
}

} // namespace studio::ui
