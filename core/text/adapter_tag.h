#pragma once

#include "core/api/plan.h"
#include "core/text/prompt_syntax.h"

namespace studio::text {

/// What a tag asks for, in A1111's order: <lora:name:textEncoder:unet>, each as the one before it where it is not given;
/// te= and unet= name them. lbw= gives the blocks, as in the extension "LoRA Block Weight"; any number of them.
PlannedAdapter adapterFrom(const PromptTag& tag);

} // namespace studio::text
