#pragma once

#include "core/api/job_context.h"

#include <chrono>
#include <cstddef>
#include <ostream>
#include <string>

namespace studio::cli {

/// "[#####-----]  45 %  Second pass, 8 steps  5/8  0:42 left", at most `columns` wide.
std::string progressBar(const Plan& plan, const Progress& progress, std::size_t columns);

/// "Stage 3 of 7: Second pass, 8 steps, step 5 of 8, 45 %, 0:42 left".
std::string progressLine(const Plan& plan, const Progress& progress);

/// "0:42", "1:02:05".
std::string clockText(double seconds);

/// Shows a running job on a stream: one bar that is drawn anew on a terminal; elsewhere a line a stage, and one every
/// few seconds within it. Used on the thread that runs the job.
class TerminalProgress {
public:
    TerminalProgress(std::ostream& out, bool isTerminal, std::size_t columns);

    void begin(const std::string& title); ///< "Picture 2 of 4", shown before the stages; may be empty
    void planned(const Plan& plan);
    void report(const Progress& progress);
    void end(); ///< takes the bar away

private:
    void draw(const Progress& progress);

    std::ostream& m_out;
    bool m_isTerminal;
    std::size_t m_columns;
    std::string m_title;
    Plan m_plan;
    int m_stage = -1;
    std::chrono::steady_clock::time_point m_last;
    bool m_drawn = false;
};

/// Progress on standard error, as wide as its terminal.
TerminalProgress progressOnStandardError();

} // namespace studio::cli
