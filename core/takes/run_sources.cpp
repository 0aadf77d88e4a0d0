#include "core/takes/run_sources.h"

#include "core/base/error.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <set>

namespace studio {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;

bool decidesAPicture(const fs::path& file)
{
    const std::string ending = file.extension().string();
    return ending == ".safetensors" || ending == ".json" || ending == ".txt";
}

/// Every file once, in a fixed order.
class SourcePaths {
public:
    void add(const std::string& path)
    {
        std::error_code none;
        if (path.empty())
            return;
        if (!fs::is_directory(path, none)) {
            m_paths.insert(fs::absolute(path, none));
            return;
        }
        constexpr auto kOptions = fs::directory_options::skip_permission_denied;
        for (fs::recursive_directory_iterator it(path, kOptions, none), end; !none && it != end;
             it.increment(none))
            if (std::error_code gone; it->is_regular_file(gone) && decidesAPicture(it->path()))
                m_paths.insert(fs::absolute(it->path(), gone));
    }

    std::vector<SourceFile> files() const
    {
        std::vector<SourceFile> files;
        for (const fs::path& path : m_paths) {
            std::error_code gone;
            const std::uintmax_t bytes = fs::file_size(path, gone);
            const fs::file_time_type modified = gone ? fs::file_time_type() : fs::last_write_time(path, gone);
            if (gone)
                continue;
            const auto since
                = std::chrono::duration_cast<std::chrono::nanoseconds>(modified.time_since_epoch()).count();
            files.push_back({path.string(), static_cast<std::int64_t>(bytes), since});
        }
        return files;
    }

private:
    std::set<fs::path> m_paths;
};

} // namespace

std::vector<SourceFile> sourcesBelow(const std::vector<std::string>& paths)
{
    SourcePaths sources;
    for (const std::string& path : paths)
        sources.add(path);
    return sources.files();
}

std::vector<SourceFile> sourcesOf(const Plan& plan)
{
    SourcePaths sources;
    sources.add(plan.request.models.base);
    sources.add(plan.request.models.vae);
    for (const PlannedStage& stage : plan.stages) {
        sources.add(stage.model);
        for (const PlannedAdapter& adapter : stage.adapters)
            sources.add(adapter.file);
        for (const PlannedEmbedding& embedding : stage.embeddings)
            sources.add(embedding.file);
    }
    return sources.files();
}

std::string sourcesJson(const std::vector<SourceFile>& files)
{
    Json rows = Json::array();
    for (const SourceFile& file : files)
        rows.push_back({{"path", file.path}, {"bytes", file.bytes}, {"modified", file.modified}});
    return Json{{"version", kVersion}, {"files", std::move(rows)}}.dump(
        1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

std::vector<SourceFile> readSources(std::string_view text)
{
    try {
        const Json root = Json::parse(text);
        std::vector<SourceFile> files;
        for (const Json& row : root.at("files"))
            files.push_back({row.at("path").get<std::string>(), row.at("bytes").get<std::int64_t>(),
                row.at("modified").get<std::int64_t>()});
        return files;
    } catch (const Json::exception& error) {
        throw Error(ErrorKind::FileCorrupt,
            std::string("What a run was made from cannot be read: ") + error.what() + ".");
    }
}

std::string changedSource(const std::vector<SourceFile>& then, const std::vector<SourceFile>& now)
{
    for (const auto& [one, other] : {std::pair{&then, &now}, std::pair{&now, &then}})
        for (const SourceFile& file : *one)
            if (std::ranges::find(*other, file) == other->end())
                return file.path;
    return {};
}

} // namespace studio
