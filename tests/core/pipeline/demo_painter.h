#pragma once

#include "core/api/engine.h"
#include "tests/support/picture_statistics.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace studio::testing {

/// What the picture of the first prompt must have more of than the picture of the second.
struct PromptPair {
    const char* more;
    const char* less;
    std::function<double(const Picture8&)> statistic;
};

/// Twenty pairs of prompts that differ in one attribute.
std::vector<PromptPair> attributePairs();

/// The built-in model of the source tree on the CPU.
class DemoPainter {
public:
    /// Throws std::runtime_error if the engine does not open.
    DemoPainter();

    /// 256 x 256, Euler, 20 steps, guidance 7.5.
    static Request request(const std::string& prompt, std::uint64_t seed);

    /// Throws std::runtime_error if the run fails.
    Take run(const Request& request) const;
    Picture8 paint(const Request& request) const;

    /// For each attribute pair, by how much the first picture has more of the statistic than the second. A pair is
    /// obeyed if that is above zero; says which are not.
    std::vector<double> differences(std::uint64_t seed, double guidance) const;

    /// Part of the values above zero.
    static double obeyed(const std::vector<double>& differences);

private:
    std::shared_ptr<Engine> m_engine;
};

} // namespace studio::testing
