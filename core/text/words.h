#pragma once

#include <functional>
#include <string_view>

namespace studio::text {

/// Cuts normalized text into CLIP's words and hands them on, one after the other: the endings 's 't 're 've 'm 'll 'd,
/// runs of letters, single digits, runs of anything else but space. Linear.
void forEachWord(std::u32string_view text, const std::function<void(std::u32string_view)>& take);

} // namespace studio::text
