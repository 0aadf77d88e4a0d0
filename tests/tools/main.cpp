// random_checkpoint SPEC.json OUT: writes an SDXL checkpoint with random weights, of full size if the spec is.

#include "tests/tools/random_checkpoint.h"

#include <charconv>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace studio;
using namespace studio::testing;

constexpr const char* kUsage
    = "random_checkpoint SPEC.json OUT [--form folder|single] [--dtype fp16|fp32|bf16|fp8_e4m3|fp8_e5m2]\n"
      "                  [--shards N] [--variant fp16]\n"
      "SPEC.json: one of tests/oracle/models. OUT: a folder (the default), or a file for --form single.\n";

std::optional<StoredType> typeNamed(std::string_view name)
{
    for (const StoredType type :
        {StoredType::F32, StoredType::F16, StoredType::BF16, StoredType::F8E4M3, StoredType::F8E5M2})
        if (shortName(type) == name)
            return type;
    return std::nullopt;
}

/// False: the pair is none of ours.
bool takeOption(CheckpointOptions& options, std::string_view name, std::string_view value)
{
    if (name == "--form" && (value == "folder" || value == "single")) {
        options.form = value == "single" ? CheckpointForm::SingleFile : CheckpointForm::Folder;
        return true;
    }
    if (name == "--dtype") {
        const std::optional<StoredType> type = typeNamed(value);
        options.dtype = type.value_or(options.dtype);
        return type.has_value();
    }
    if (name == "--shards") {
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), options.shards);
        return error == std::errc() && end == value.data() + value.size() && options.shards >= 1;
    }
    if (name == "--variant") {
        options.variant = value;
        return !value.empty();
    }
    return false;
}

} // namespace

int main(int count, char** arguments)
{
    const std::vector<std::string> words(arguments + 1, arguments + count);
    CheckpointOptions options;
    bool understood = words.size() >= 2 && words.size() % 2 == 0;
    for (std::size_t i = 2; understood && i < words.size(); i += 2)
        understood = takeOption(options, words[i], words[i + 1]);
    if (!understood) {
        std::fputs(kUsage, stderr);
        return 2;
    }
    try {
        writeRandomCheckpoint(readSpec(words[0]), words[1], options);
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "%s\n", failure.what());
        return 1;
    }
    return 0;
}
