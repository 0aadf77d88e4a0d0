#pragma once

#include "core/api/catalog.h"
#include "core/upscale/upscaler.h"

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace studio::upscale {

/// Finds upscalers: rows of the table by their id, networks by their name in one of the folders (NAME.safetensors)
/// or by their path. Safe from any thread.
class UpscalerLibrary {
public:
    /// Folders that do not exist are passed over; of two networks with one name the first folder's counts.
    explicit UpscalerLibrary(std::vector<std::filesystem::path> folders);

    /// The table, then the folders' networks in the order of their names.
    std::vector<CatalogEntry> entries() const;

    /// Reads headers only; a network stays open until clear(), as long as its file does not change. Throws Error:
    /// BadInput naming what exists; what UpscalerFile::open throws.
    std::shared_ptr<Upscaler> open(const std::string& id);

    /// Lets go of all networks that nobody holds.
    void clear();

private:
    struct Network {
        std::filesystem::path path;
        std::filesystem::file_time_type changed;
        std::shared_ptr<Upscaler> upscaler;
    };

    std::filesystem::path find(const std::string& id) const;
    std::shared_ptr<Upscaler> openFile(const std::filesystem::path& path);

    std::vector<std::filesystem::path> m_folders;
    std::mutex m_lock;
    std::vector<Network> m_networks;
};

} // namespace studio::upscale
