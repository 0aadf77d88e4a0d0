#include "ui/jobs/model_remedy.h"

#include "ui/convert/strings.h"
#include "ui/models/studio_state.h"

#include <algorithm>

namespace studio::ui {

namespace {

/// "sampling.guidance_shape.rescale" -> "Rescale"
QString fieldName(const std::string& path)
{
    QString name = toQt(path);
    name.remove(0, name.lastIndexOf(u'.') + 1);
    name.replace(u'_', u' ');
    if (!name.isEmpty())
        name[0] = name[0].toUpper();
    return name;
}

} // namespace

bool isAboutBase(const Failure& failure, const Request& request)
{
    const bool file = failure.kind == ErrorKind::FileMissing || failure.kind == ErrorKind::FileCorrupt
        || failure.kind == ErrorKind::UnsupportedModel;
    return file && !request.models.base.empty()
        && failure.detail.find(request.models.base) != std::string::npos;
}

void useBuiltInModel(StudioState& state)
{
    state.change([](Request& request) {
        request.models = {};
        for (Rung& rung : request.hires.rungs)
            rung.model.clear();
    });
}

QString planFailureInWords(const StudioState& state)
{
    const std::string& sentence = state.planFailure()->detail;
    const std::vector<Issue> issues = check(state.request());
    const auto issue = std::find_if(
        issues.begin(), issues.end(), [&](const Issue& each) { return each.message == sentence; });
    if (issue == issues.end())
        return toQt(sentence);
    return QStringLiteral("%1: %2").arg(fieldName(issue->field), toQt(sentence));
}

} // namespace studio::ui
