#include "core/api/log.h"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <map>
#include <mutex>

namespace studio {

namespace {

constexpr std::size_t kLogFileBytes = 5u << 20;
constexpr std::size_t kLogFiles = 3;

LogLevel levelOf(spdlog::level::level_enum level)
{
    switch (level) {
    case spdlog::level::trace:
    case spdlog::level::debug:
        return LogLevel::Debug;
    case spdlog::level::info:
        return LogLevel::Info;
    case spdlog::level::warn:
        return LogLevel::Warning;
    default:
        return LogLevel::Error;
    }
}

spdlog::level::level_enum levelOf(LogLevel level)
{
    switch (level) {
    case LogLevel::Debug:
        return spdlog::level::debug;
    case LogLevel::Info:
        return spdlog::level::info;
    case LogLevel::Warning:
        return spdlog::level::warn;
    case LogLevel::Error:
        break;
    }
    return spdlog::level::err;
}

/// Hands each line to the functions that asked for it (the log panel of the window).
class FunctionSink : public spdlog::sinks::base_sink<std::mutex> {
public:
    int add(std::function<void(const LogLine&)> function)
    {
        const std::lock_guard lock(mutex_);
        m_functions.emplace(++m_last, std::move(function));
        return m_last;
    }
    void remove(int number)
    {
        const std::lock_guard lock(mutex_);
        m_functions.erase(number);
    }

protected:
    void sink_it_(const spdlog::details::log_msg& message) override
    {
        const std::time_t seconds = spdlog::log_clock::to_time_t(message.time);
        const auto sinceEpoch = message.time.time_since_epoch();
        const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(sinceEpoch).count() % 1000;
        std::tm local{};
        localtime_r(&seconds, &local);
        LogLine line{levelOf(message.level),
            fmt::format("{:02}:{:02}:{:02}.{:03}", local.tm_hour, local.tm_min, local.tm_sec, millis),
            std::string(message.payload.data(), message.payload.size())};
        for (const auto& [number, function] : m_functions)
            function(line);
    }
    void flush_() override { }

private:
    std::map<int, std::function<void(const LogLine&)>> m_functions;
    int m_last = 0;
};

std::shared_ptr<FunctionSink> functionSink()
{
    static const auto sink = std::make_shared<FunctionSink>();
    return sink;
}

} // namespace

void startLog(const std::filesystem::path& file, LogLevel console) noexcept
{
    try {
        const auto terminal = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
        terminal->set_level(levelOf(console));
        terminal->set_pattern("%v");
        auto logger
            = std::make_shared<spdlog::logger>("studio", spdlog::sinks_init_list{terminal, functionSink()});
        logger->set_level(spdlog::level::debug);
        logger->flush_on(spdlog::level::warn);
        spdlog::set_default_logger(logger);
        if (file.empty())
            return;
        if (file.has_parent_path())
            std::filesystem::create_directories(file.parent_path());
        auto rotating
            = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(file.string(), kLogFileBytes, kLogFiles);
        rotating->set_pattern("%Y-%m-%d %H:%M:%S.%e %l %v");
        logger->sinks().push_back(rotating);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "No log is written to %s: %s\n", file.c_str(), error.what());
    }
}

int addLogSink(std::function<void(const LogLine&)> sink)
{
    return functionSink()->add(std::move(sink));
}

void removeLogSink(int sink)
{
    functionSink()->remove(sink);
}

void logDebug(const std::string& sentence)
{
    spdlog::debug("{}", sentence);
}

void logInfo(const std::string& sentence)
{
    spdlog::info("{}", sentence);
}

void logWarning(const std::string& sentence)
{
    spdlog::warn("{}", sentence);
}

void logError(const std::string& sentence)
{
    spdlog::error("{}", sentence);
}

} // namespace studio
