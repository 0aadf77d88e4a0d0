#include "app/cli/take_writer.h"

#include "app/cli/file_names.h"

#include <unistd.h>

#include <ctime>
#include <system_error>

namespace studio::cli {

namespace {

Outcome<std::filesystem::path> write(const WriteSettings& settings, const Take& take, const Layer& layer)
{
    const auto bytes = encodePicture(*layer.picture, metadataFor(take, layer), settings.save);
    if (const Failure* failure = failureOf(bytes))
        return *failure;
    const bool main = isMainLayer(take.plan.request.mode, layer.kind);
    const std::string name = fileName(settings.namePattern, take.plan, layer.kind, main, std::time(nullptr));
    return writeNewFile(
        settings.folder / (name + extensionOf(settings.save.format)), std::get<std::string>(bytes));
}

} // namespace

std::optional<Failure> prepareFolder(const std::filesystem::path& folder, const char* option)
{
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (!error && ::access(folder.c_str(), W_OK | X_OK) == 0)
        return std::nullopt;
    const std::string reason = error ? error.message() : "it may not be written";
    return Failure{ErrorKind::BadInput,
        "Pictures cannot be saved in " + folder.string() + " (" + reason + "); choose another folder with "
            + option + "."};
}

TakeWriter::TakeWriter(WriteSettings settings)
    : m_settings(std::move(settings))
{ }

void TakeWriter::planned(const Plan& plan)
{
    m_begun.plan = plan;
}

void TakeWriter::layerFinished(const Layer& layer)
{
    if (wants(layer.kind))
        save(m_begun, layer);
}

void TakeWriter::finish(const Take& take)
{
    const bool everything = take.ending != Ending::Finished;
    m_failures.clear(); // those are tried again
    for (const Layer& layer : take.layers) {
        if (m_written.count(layer.kind) == 0 && (everything || wants(layer.kind)))
            save(take, layer);
    }
}

bool TakeWriter::wants(LayerKind kind) const
{
    return m_settings.allLayers || (m_settings.firstPass && kind == LayerKind::FirstPass)
        || isMainLayer(m_begun.plan.request.mode, kind);
}

void TakeWriter::save(const Take& take, const Layer& layer)
{
    const auto file = write(m_settings, take, layer);
    if (const Failure* failure = failureOf(file))
        m_failures.push_back(*failure);
    else
        m_written[layer.kind] = std::get<std::filesystem::path>(file);
}

} // namespace studio::cli
