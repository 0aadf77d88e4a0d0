#pragma once

#include "core/api/request.h"

#include <QString>

namespace studio::ui {

/// A request that another program's file or text asks for, on the models and the device in use: it names models by words
/// at most, never by a path of this machine. `base`: the checkpoint of that name, if it is here; empty: it is not.
Request withModelsOf(Request foreign, const Request& present, const QString& base = {});

/// "Made with ComfyUI; your juggernaut stays in use." `program`: empty: not known.
QString keptModelInWords(const QString& program, const Request& present);

} // namespace studio::ui
