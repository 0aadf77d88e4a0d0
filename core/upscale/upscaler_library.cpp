#include "core/upscale/upscaler_library.h"

#include "core/api/log.h"
#include "core/base/error.h"
#include "core/upscale/network_upscaler.h"
#include "core/upscale/upscalers.h"

#include <algorithm>
#include <array>
#include <map>

namespace studio::upscale {

namespace {

namespace fs = std::filesystem;

constexpr const char* kExtension = ".safetensors";
constexpr std::size_t kOpenNetworks = 2;

class TableUpscaler : public Upscaler {
public:
    explicit TableUpscaler(const UpscalerInfo& row)
        : m_row(row)
    { }

    PictureF enlarge(const PictureF& picture, Extent target, const Workplace& workplace) override
    {
        return m_row.enlarge(picture, target, workplace.checkpoint);
    }

    Picture8 enlarge8(const Picture8& picture, Extent target, const Workplace& workplace) override
    {
        return m_row.enlarge8(picture, target, workplace.checkpoint);
    }

private:
    const UpscalerInfo& m_row;
};

/// Names of the networks in the folders, with their files.
std::map<std::string, fs::path> networksIn(const std::vector<fs::path>& folders)
{
    std::map<std::string, fs::path> found;
    for (const fs::path& folder : folders) {
        std::error_code error;
        for (const fs::directory_entry& entry : fs::directory_iterator(folder, error))
            if (entry.path().extension() == kExtension && entry.is_regular_file(error))
                found.emplace(entry.path().stem().string(), entry.path());
    }
    return found;
}

bool isFile(const fs::path& path)
{
    std::error_code ignored; // a path that cannot be read is no file to open
    return fs::is_regular_file(path, ignored);
}

} // namespace

UpscalerLibrary::UpscalerLibrary(std::vector<fs::path> folders)
    : m_folders(std::move(folders))
{
    std::erase(m_folders, fs::path{});
}

std::vector<CatalogEntry> UpscalerLibrary::entries() const
{
    std::vector<CatalogEntry> rows;
    for (const UpscalerInfo& row : upscalers())
        rows.push_back({row.id, row.label, row.description});
    for (const auto& [name, path] : networksIn(m_folders)) {
        try {
            const int scale = UpscalerFile::open(path).config.scale();
            rows.push_back({name, name,
                "A network (ESRGAN) that enlarges " + std::to_string(scale)
                    + " times; adds what it has learned."});
        } catch (const Error& error) {
            logWarning(error.what());
        }
    }
    return rows;
}

fs::path UpscalerLibrary::find(const std::string& id) const
{
    const bool isName = fs::path(id).filename() == fs::path(id);
    if (isName)
        for (const fs::path& folder : m_folders)
            // Names with an ending, and those of pickles, are found so that they can be refused with the reason.
            for (const char* ending : std::array{kExtension, "", ".pth", ".pt"})
                if (isFile(folder / (id + ending)))
                    return folder / (id + ending);
    return isFile(id) ? fs::path(id) : fs::path{};
}

std::shared_ptr<Upscaler> UpscalerLibrary::open(const std::string& id)
{
    for (const UpscalerInfo& row : upscalers())
        if (row.id == id)
            return std::make_shared<TableUpscaler>(row);
    const fs::path path = find(id);
    if (!path.empty())
        return openFile(path);
    std::string known;
    for (const UpscalerInfo& row : upscalers())
        known += (known.empty() ? "" : ", ") + std::string(row.id);
    for (const auto& [name, file] : networksIn(m_folders))
        known += ", " + name;
    throw Error(ErrorKind::BadInput,
        "There is no upscaler \"" + id + "\"; there are: " + known
            + ". An ESRGAN network's file (.safetensors) can be named by its path too.");
}

std::shared_ptr<Upscaler> UpscalerLibrary::openFile(const fs::path& path)
{
    const std::lock_guard lock(m_lock);
    std::error_code ignored; // a file that is gone is refused, with words, where it is opened
    const fs::file_time_type changed = fs::last_write_time(path, ignored);
    std::erase_if(m_networks, [&](const Network& one) { return one.path == path && one.changed != changed; });
    const auto found = std::find_if(
        m_networks.begin(), m_networks.end(), [&](const Network& one) { return one.path == path; });
    if (found != m_networks.end())
        return found->upscaler;
    m_networks.push_back({path, changed, std::make_shared<NetworkUpscaler>(UpscalerFile::open(path))});
    std::shared_ptr<Upscaler> opened = m_networks.back().upscaler;
    if (m_networks.size() > kOpenNetworks)
        m_networks.erase(m_networks.begin());
    return opened;
}

void UpscalerLibrary::clear()
{
    const std::lock_guard lock(m_lock);
    m_networks.clear();
}

} // namespace studio::upscale
