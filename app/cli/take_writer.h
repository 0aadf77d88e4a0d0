#pragma once

#include "core/api/job_context.h"
#include "core/api/picture_file.h"
#include "core/api/take.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace studio::cli {

/// Which layers become files, and how.
struct WriteSettings {
    std::filesystem::path folder = ".";
    std::string namePattern;
    bool firstPass = false; ///< besides the main layer
    bool allLayers = false;
    SaveOptions save;
};

/// Saves the layers of one take: each as soon as it is finished, and whatever is missing at the end.
/// Used on the thread that runs the job.
class TakeWriter {
public:
    explicit TakeWriter(WriteSettings settings);

    /// Where the engine calls; hand them to its JobContext.
    void planned(const Plan& plan);
    void layerFinished(const Layer& layer);

    /// Saves what was not: wanted layers whose first attempt failed, and every finished layer of a take that was
    /// cancelled or failed.
    void finish(const Take& take);

    const std::map<LayerKind, std::filesystem::path>& written() const { return m_written; }
    /// One for each layer that is not saved.
    const std::vector<Failure>& failures() const { return m_failures; }

private:
    bool wants(LayerKind kind) const;
    void save(const Take& take, const Layer& layer);

    WriteSettings m_settings;
    Take m_begun; // the plan alone: all that a layer's metadata needs
    std::map<LayerKind, std::filesystem::path> m_written;
    std::vector<Failure> m_failures;
};

/// Makes the folder where pictures will go, before the minutes it takes to make one. A sentence if that fails;
/// `option` names the folder.
std::optional<Failure> prepareFolder(const std::filesystem::path& folder, const char* option = "--out");

} // namespace studio::cli
