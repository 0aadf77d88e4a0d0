#include "core/base/system_memory.h"

#include <malloc.h>

#include <fstream>
#include <string>
#include <string_view>

namespace studio {

namespace {

/// The number behind `name` in one of /proc's tables, which count in kilobytes.
std::int64_t readKilobytes(const char* file, std::string_view name)
{
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);)
        if (line.starts_with(name))
            return std::stoll(line.substr(name.size())) * 1024;
    return 0;
}

} // namespace

std::int64_t availableMemory()
{
    return readKilobytes("/proc/meminfo", "MemAvailable:");
}

std::int64_t totalMemory()
{
    return readKilobytes("/proc/meminfo", "MemTotal:");
}

std::int64_t peakMemory()
{
    return readKilobytes("/proc/self/status", "VmHWM:");
}

void returnFreeMemory()
{
    malloc_trim(0);
}

void resetPeakMemory()
{
    std::ofstream("/proc/self/clear_refs") << "5";
}

} // namespace studio
