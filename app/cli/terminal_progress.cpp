#include "app/cli/terminal_progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <sstream>

namespace studio::cli {

namespace {

constexpr std::size_t kBarCells = 24;
constexpr std::size_t kUsualColumns = 80;
constexpr auto kRedraw = std::chrono::milliseconds(100);
constexpr auto kNextLine = std::chrono::seconds(5);
constexpr const char* kClearLine = "\r\x1b[K";

std::string stageLabel(const Plan& plan, int stage)
{
    const auto index = static_cast<std::size_t>(stage);
    return stage >= 0 && index < plan.stages.size() ? plan.stages[index].label : std::string();
}

int percent(double fraction)
{
    return static_cast<int>(std::floor(std::clamp(fraction, 0.0, 1.0) * 100.0));
}

/// The first `columns` characters of UTF-8 text (one column a character).
std::string cut(const std::string& text, std::size_t columns)
{
    std::size_t characters = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool starts = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
        if (starts && characters++ == columns)
            return text.substr(0, i);
    }
    return text;
}

} // namespace

std::string clockText(double seconds)
{
    const long all = std::lround(std::max(seconds, 0.0));
    std::ostringstream out;
    if (all >= 3600)
        out << all / 3600 << ":" << std::setw(2) << std::setfill('0');
    out << all / 60 % 60 << ":" << std::setw(2) << std::setfill('0') << all % 60;
    return out.str();
}

std::string progressBar(const Plan& plan, const Progress& progress, std::size_t columns)
{
    const auto full = static_cast<std::size_t>(std::clamp(progress.fraction, 0.0, 1.0) * double(kBarCells));
    std::ostringstream out;
    out << "[" << std::string(full, '#') << std::string(kBarCells - full, '-') << "] " << std::setw(3)
        << percent(progress.fraction) << " %  " << stageLabel(plan, progress.stage);
    if (progress.stepCount > 0)
        out << "  " << progress.step << "/" << progress.stepCount;
    if (progress.secondsLeft >= 0.0)
        out << "  " << clockText(progress.secondsLeft) << " left";
    return cut(out.str(), columns);
}

std::string progressLine(const Plan& plan, const Progress& progress)
{
    std::ostringstream out;
    out << "Stage " << progress.stage + 1 << " of " << plan.stages.size() << ": "
        << stageLabel(plan, progress.stage);
    if (progress.stepCount > 0)
        out << ", step " << progress.step << " of " << progress.stepCount;
    out << ", " << percent(progress.fraction) << " %";
    if (progress.secondsLeft >= 0.0)
        out << ", " << clockText(progress.secondsLeft) << " left";
    return out.str();
}

TerminalProgress::TerminalProgress(std::ostream& out, bool isTerminal, std::size_t columns)
    : m_out(out)
    , m_isTerminal(isTerminal)
    , m_columns(columns)
{ }

void TerminalProgress::begin(const std::string& title)
{
    m_title = title;
    m_stage = -1;
    if (!title.empty() && !m_isTerminal)
        m_out << title << std::endl;
}

void TerminalProgress::planned(const Plan& plan)
{
    m_plan = plan;
}

void TerminalProgress::report(const Progress& progress)
{
    const auto now = std::chrono::steady_clock::now();
    const auto pause = m_isTerminal ? std::chrono::steady_clock::duration(kRedraw) : kNextLine;
    if (progress.stage == m_stage && now - m_last < pause)
        return;
    m_stage = progress.stage;
    m_last = now;
    draw(progress);
}

void TerminalProgress::end()
{
    if (m_drawn)
        m_out << kClearLine << std::flush;
    m_drawn = false;
}

void TerminalProgress::draw(const Progress& progress)
{
    if (!m_isTerminal) {
        m_out << progressLine(m_plan, progress) << std::endl;
        return;
    }
    const std::string title = m_title.empty() ? "" : m_title + "  ";
    // One column stays free: writing the last one makes some terminals wrap.
    m_out << kClearLine << cut(title + progressBar(m_plan, progress, m_columns), m_columns - 1) << std::flush;
    m_drawn = true;
}

TerminalProgress progressOnStandardError()
{
    winsize window{};
    const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 1;
    return {std::cerr, isatty(STDERR_FILENO) == 1, known ? window.ws_col : kUsualColumns};
}

} // namespace studio::cli
