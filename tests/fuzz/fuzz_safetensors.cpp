// The reader of checkpoints: whatever the bytes are, they are read or refused with a sentence.

#include "core/api/inspection.h"
#include "core/base/error.h"
#include "core/weights/format/model_files.h"
#include "core/weights/format/safetensors.h"
#include "tests/fuzz/memory_file.h"

#include <cstdlib>
#include <string>
#include <vector>

namespace {

using namespace studio;

/// An odd first byte: the rest is a file. An even one: the rest is a header behind two bytes that give the amount of
/// data, so that the length in front need not be guessed.
std::vector<std::uint8_t> fileFrom(std::span<const std::uint8_t> input)
{
    if (input.empty() || input[0] % 2 == 1 || input.size() < 3)
        return {input.begin() + (input.empty() ? 0 : 1), input.end()};
    const std::size_t dataBytes = input[1] + 256u * input[2];
    const std::span<const std::uint8_t> header = input.subspan(3);
    std::vector<std::uint8_t> file;
    for (int i = 0; i < 8; ++i)
        file.push_back(static_cast<std::uint8_t>(header.size() >> (8 * i)));
    file.insert(file.end(), header.begin(), header.end());
    file.resize(file.size() + dataBytes);
    return file;
}

void requireOneSentence(const std::string& sentence)
{
    if (sentence.empty() || sentence.size() > 2000 || sentence.find('\n') != std::string::npos
        || sentence.back() != '.')
        std::abort();
}

/// False: refused.
template <class Work> bool isRead(Work&& work)
{
    try {
        work();
        return true;
    } catch (const Error& error) {
        requireOneSentence(error.what());
        return false;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::vector<std::uint8_t> file = fileFrom({data, size});
    SafetensorsHeader header;
    if (!isRead([&] { header = parseSafetensorsHeader(std::as_bytes(std::span(file)), "fuzz"); }))
        return 0;
    for (const SafetensorsEntry& entry : header.tensors)
        if (entry.begin > entry.end || header.dataStart + entry.end > file.size())
            std::abort();
    const fuzz::MemoryFile memory(file);
    const Outcome<Inspection> inspection = inspect(memory.path());
    if (const Failure* failure = failureOf(inspection))
        requireOneSentence(failure->detail);
    isRead([&] { ModelFiles::open(memory.path()); });
    return 0;
}
