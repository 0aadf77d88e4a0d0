#pragma once

// For .cpp files of this folder only: it brings the JSON library along.

#include "core/base/error.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace studio {

/// An object read from a file, with typed access that names file and field when something is wrong.
class JsonFile {
public:
    /// At most 16 MB and 32 levels deep. Throws Error: FileMissing, FileCorrupt.
    explicit JsonFile(const std::filesystem::path& file);

    const nlohmann::json& root() const { return m_root; }
    const std::filesystem::path& path() const { return m_path; }

    /// Absent and null are the same.
    bool has(std::string_view field) const;

    std::string text(std::string_view field, std::string_view absent) const;
    bool flag(std::string_view field, bool absent) const;
    double number(std::string_view field, double absent) const;

    /// 1..65536.
    std::int64_t count(std::string_view field, std::int64_t absent) const;

    /// One per level: a list of `levels` counts, or one count that stands for all of them.
    std::vector<std::int64_t> counts(std::string_view field, std::int64_t absent, std::size_t levels) const;

    std::vector<std::string> texts(std::string_view field) const;
    std::vector<std::int64_t> counts(std::string_view field) const;

    [[noreturn]] void fail(std::string_view field, std::string_view wanted) const;
    [[noreturn]] void unsupported(std::string_view what) const;

private:
    const nlohmann::json& at(std::string_view field) const;

    std::filesystem::path m_path;
    nlohmann::json m_root;
};

} // namespace studio
