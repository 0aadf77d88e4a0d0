#pragma once

#include "core/request/import_builder.h"

#include <string>
#include <string_view>

/// Prompts of other programs in A1111's language, which this program reads.
namespace studio {

/// ComfyUI's: brackets count as here, everything else is text. What would mean something here is escaped, or named.
std::string fromComfyPrompt(std::string_view prompt, ImportBuilder& builder);

/// InvokeAI's (Compel): word+, word--, (some words)1.2. What has no counterpart (.and(), .blend(), .swap()) stays as
/// it is and is named.
std::string fromCompelPrompt(std::string_view prompt, ImportBuilder& builder);

} // namespace studio
