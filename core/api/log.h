#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace studio {

enum class LogLevel { Debug, Info, Warning, Error };

struct LogLine {
    LogLevel level = LogLevel::Info;
    std::string time; ///< local time, "14:03:21.512"
    std::string text; ///< one whole sentence
};

/// Starts the log: a rotating file (5 MB, 3 files) if `file` is not empty, and standard error from `console` up.
/// Called once, by the composition root, before anything else of the core. Never throws: a log file that cannot be
/// opened is said on standard error and the program goes on.
void startLog(const std::filesystem::path& file, LogLevel console) noexcept;

/// Calls `sink` for each line from now on, on the thread that logs. Answers a number for removeLogSink.
int addLogSink(std::function<void(const LogLine&)> sink);
void removeLogSink(int sink);

void logDebug(const std::string& sentence);
void logInfo(const std::string& sentence);
void logWarning(const std::string& sentence);
void logError(const std::string& sentence);

} // namespace studio
