#pragma once

#include <functional>

namespace studio {

/// Runs `body(0)` .. `body(count - 1)`, each once and in no particular order, on up to as many threads as
/// there are cores; the calling thread is one of them. Returns when all are done. The first exception that
/// leaves `body` stops the handing out of further numbers and is thrown to the caller. For pixel work outside
/// the networks: libtorch has threads of its own.
void parallelFor(int count, const std::function<void(int)>& body);

} // namespace studio
