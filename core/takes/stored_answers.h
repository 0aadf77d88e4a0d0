#pragma once

#include "core/api/job_context.h"

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace studio {

class SafetensorsFile;

/// Keeps the denoiser's answers of one run in a folder, some calls a file. Every file appears whole, under its name.
class AnswerWriter {
public:
    /// A file is written when the oldest answer that is not on the disk is so old: a short pass writes nothing.
    AnswerWriter(std::filesystem::path folder, std::chrono::milliseconds every);

    /// Throws Error (DiskFull and others); what was not written then is kept and tried again with the next.
    void add(const DenoiserAnswer& answer);

    /// Whatever is not on the disk yet.
    void flush();

private:
    std::filesystem::path m_folder;
    std::chrono::milliseconds m_every;
    std::chrono::steady_clock::time_point m_oldest;
    std::vector<DenoiserAnswer> m_waiting; // of one stage
};

/// The answers that a folder holds.
class StoredAnswers {
public:
    /// A file that cannot be read counts as if it were not there, with all after it of its stage: a sampler that is
    /// walked again needs them in their order. No folder: no answers.
    explicit StoredAnswers(const std::filesystem::path& folder);
    ~StoredAnswers();

    std::optional<DenoiserAnswer> find(int stage, int call) const;
    int count() const { return static_cast<int>(m_places.size()); }

private:
    std::vector<std::unique_ptr<SafetensorsFile>> m_files;
    std::map<std::pair<int, int>, const SafetensorsFile*> m_places; // stage and call
};

} // namespace studio
