#include "core/takes/stored_answers.h"

#include "core/api/log.h"
#include "core/base/error.h"
#include "core/weights/format/safetensors.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <set>

namespace studio {

namespace {

namespace fs = std::filesystem;

constexpr const char* kFormat = "hires-studio denoiser answers";
constexpr const char* kDenoised = "denoised";
constexpr const char* kUnconditional = "unconditional";

/// "2.17.denoised": stage, call, which of the two.
std::string tensorName(int stage, int call, const char* part)
{
    return fmt::format("{}.{}.{}", stage, call, part);
}

std::pair<int, int> stageAndCall(const std::string& name)
{
    int stage = -1, call = -1;
    char dot = 0;
    if (std::sscanf(name.c_str(), "%d.%d%c", &stage, &call, &dot) != 3 || dot != '.' || stage < 0 || call < 0)
        throw Error(ErrorKind::FileCorrupt, "\"" + name + "\" names no call of the denoiser.");
    return {stage, call};
}

std::optional<Latent> latentIn(const SafetensorsFile& file, const std::string& name)
{
    const SafetensorsEntry* entry = file.header().find(name);
    if (!entry)
        return std::nullopt;
    if (entry->dtype != StoredType::F32 || entry->shape.size() != 3)
        throw Error(ErrorKind::FileCorrupt, file.path().string() + ": \"" + name + "\" is no latent.");
    const StoredTensor tensor = file.tensor(*entry);
    Latent latent{{entry->shape[0], entry->shape[1], entry->shape[2]}, {}};
    latent.values.resize(tensor.bytes / sizeof(float));
    if (tensor.bytes > 0)
        std::memcpy(latent.values.data(), tensor.data, tensor.bytes);
    return latent;
}

/// The calls of one file; throws Error if it is none of AnswerWriter's.
std::set<std::pair<int, int>> callsIn(const SafetensorsFile& file)
{
    const auto format = file.header().metadata.find("format");
    if (format == file.header().metadata.end() || format->second != kFormat)
        throw Error(ErrorKind::FileCorrupt, file.path().string() + " holds no answers of a denoiser.");
    std::set<std::pair<int, int>> calls;
    for (const SafetensorsEntry& entry : file.header().tensors)
        calls.insert(stageAndCall(entry.name));
    for (const auto& [stage, call] : calls)
        if (!latentIn(file, tensorName(stage, call, kDenoised)))
            throw Error(ErrorKind::FileCorrupt, file.path().string() + " lacks an answer.");
    return calls;
}

} // namespace

AnswerWriter::AnswerWriter(fs::path folder, std::chrono::milliseconds every)
    : m_folder(std::move(folder))
    , m_every(every)
{ }

void AnswerWriter::add(const DenoiserAnswer& answer)
{
    if (!m_waiting.empty() && m_waiting.front().stage != answer.stage)
        flush();
    if (m_waiting.empty())
        m_oldest = std::chrono::steady_clock::now();
    m_waiting.push_back(answer);
    if (std::chrono::steady_clock::now() - m_oldest >= m_every)
        flush();
}

void AnswerWriter::flush()
{
    if (m_waiting.empty())
        return;
    std::vector<SafetensorsWriter::Tensor> tensors;
    std::vector<const Latent*> values;
    const auto add = [&](const DenoiserAnswer& answer, const char* part, const Latent& latent) {
        tensors.push_back({tensorName(answer.stage, answer.call, part), StoredType::F32,
            {latent.shape.begin(), latent.shape.end()}});
        values.push_back(&latent);
    };
    for (const DenoiserAnswer& answer : m_waiting) {
        add(answer, kDenoised, answer.denoised);
        if (!answer.unconditional.values.empty())
            add(answer, kUnconditional, answer.unconditional);
    }
    fs::create_directories(m_folder);
    const fs::path file
        = m_folder / fmt::format("{}-{}.safetensors", m_waiting.front().stage, m_waiting.front().call);
    SafetensorsWriter writer(file, tensors, {{"format", kFormat}, {"version", "1"}});
    for (std::size_t i = 0; i < values.size(); ++i)
        writer.write(i, 0, std::as_bytes(std::span(values[i]->values)));
    writer.finish();
    m_waiting.clear();
}

StoredAnswers::StoredAnswers(const fs::path& folder)
{
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none)) {
        if (entry.path().extension() != ".safetensors")
            continue;
        const Outcome<bool> read = settle([&] {
            auto file = std::make_unique<SafetensorsFile>(entry.path());
            for (const auto& place : callsIn(*file))
                m_places[place] = file.get();
            m_files.push_back(std::move(file));
            return true;
        });
        if (const Failure* failure = failureOf(read))
            logWarning("Some steps will be run again: " + failure->detail);
    }
    // What stands behind a gap cannot be reached.
    for (auto it = m_places.begin(); it != m_places.end();) {
        const auto [stage, call] = it->first;
        const bool reached = call == 0 || m_places.contains({stage, call - 1});
        it = reached ? std::next(it) : m_places.erase(it);
    }
}

StoredAnswers::~StoredAnswers() = default;

std::optional<DenoiserAnswer> StoredAnswers::find(int stage, int call) const
{
    const auto place = m_places.find({stage, call});
    if (place == m_places.end())
        return std::nullopt;
    return DenoiserAnswer{stage, call, latentIn(*place->second, tensorName(stage, call, kDenoised)).value(),
        latentIn(*place->second, tensorName(stage, call, kUnconditional)).value_or(Latent{})};
}

} // namespace studio
