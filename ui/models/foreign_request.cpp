#include "ui/models/foreign_request.h"

#include "ui/convert/strings.h"
#include "ui/models/model_library.h"

#include <QCoreApplication>

#include <algorithm>

namespace studio::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::ForeignRequest)
};

} // namespace

Request withModelsOf(Request foreign, const Request& present, const QString& base)
{
    foreign.execution = present.execution;
    if (!base.isEmpty() && base != toQt(present.models.base)) {
        foreign.models = ModelChoice{toStd(base), {}, {}}; // what was chosen for another one may not suit it
        return foreign;
    }
    foreign.models = present.models;
    const std::size_t both = std::min(foreign.hires.rungs.size(), present.hires.rungs.size());
    for (std::size_t i = 0; i < both; ++i)
        foreign.hires.rungs[i].model = present.hires.rungs[i].model;
    return foreign;
}

QString keptModelInWords(const QString& program, const Request& present)
{
    const QString base = toQt(present.models.base);
    const QString kept = base.isEmpty() ? Words::tr("the built-in model stays in use.")
                                        : Words::tr("your %1 stays in use.").arg(modelName(base));
    return program.isEmpty() ? Words::tr("Made with another program; %1").arg(kept)
                             : Words::tr("Made with %1; %2").arg(program, kept);
}

} // namespace studio::ui
