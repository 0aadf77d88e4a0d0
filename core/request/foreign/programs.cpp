#include "core/api/request_json.h"
#include "core/base/error.h"
#include "core/request/foreign/json_fields.h"
#include "core/request/foreign/readers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace studio {

namespace {

struct ForeignProgram {
    const char* name;
    bool (*recognises)(const PictureMetadata&);
    ImportedRequest (*read)(const PictureMetadata&);
};

bool isInfotext(const PictureMetadata& metadata)
{
    return !metadata.parameters.empty() && !looksLikeObject(metadata.parameters);
}

ImportedRequest readInfotext(const PictureMetadata& metadata)
{
    Outcome<ImportedRequest> read = requestFromInfotext(metadata.parameters);
    if (const Failure* failure = failureOf(read))
        throw Error(failure->kind, failure->detail);
    return std::get<ImportedRequest>(std::move(read));
}

bool isOurs(const PictureMetadata& metadata)
{
    return !metadata.requestJson.empty();
}

ImportedRequest readOurs(const PictureMetadata& metadata)
{
    const Outcome<Request> read = requestFromJson(metadata.requestJson);
    if (const Failure* failure = failureOf(read))
        throw Error(failure->kind, failure->detail);
    return {std::get<Request>(read), {}, "Hires Studio"};
}

/// Tried in this order. The infotext is last: some programs write one beside their own format, and it says less.
constexpr std::array kPrograms{
    ForeignProgram{"Hires Studio", &isOurs, &readOurs},
    ForeignProgram{"InvokeAI", &isInvokeAi, &readInvokeAi},
    ForeignProgram{"Fooocus", &isFooocus, &readFooocus},
    ForeignProgram{"Draw Things", &isDrawThings, &readDrawThings},
    ForeignProgram{"stable-diffusion.cpp", &isSdCpp, &readSdCpp},
    ForeignProgram{"ComfyUI", &isComfyUi, &readComfyUi},
    ForeignProgram{"A1111's text", &isInfotext, &readInfotext},
};

ImportedRequest readPicture(const PictureMetadata& metadata)
{
    std::vector<std::string> failed;
    for (const ForeignProgram& program : kPrograms) {
        if (!program.recognises(metadata))
            continue;
        try {
            ImportedRequest imported = program.read(metadata);
            imported.notHonoured.insert(imported.notHonoured.begin(), failed.begin(), failed.end());
            return imported;
        } catch (const Error& error) {
            failed.push_back(
                fmt::format("The settings of {} cannot be read: {}", program.name, error.what()));
        }
    }
    if (!failed.empty())
        throw Error(ErrorKind::BadInput, failed.front());
    if (looksLikeObject(metadata.parameters))
        throw Error(ErrorKind::BadInput,
            "The picture carries settings of a program that is not known here; type them in yourself.");
    throw Error(ErrorKind::BadInput,
        "The picture carries no settings: they were removed when it was saved, or its program writes none.");
}

} // namespace

const std::string* otherText(const PictureMetadata& metadata, std::string_view key)
{
    const auto found = std::find_if(
        metadata.other.begin(), metadata.other.end(), [&](const auto& text) { return text.first == key; });
    return found == metadata.other.end() ? nullptr : &found->second;
}

Outcome<ImportedRequest> requestFromPicture(const PictureMetadata& metadata) noexcept
{
    return settle([&] { return readPicture(metadata); });
}

bool carriesSettings(const PictureMetadata& metadata) noexcept
{
    return !metadata.parameters.empty()
        || std::any_of(kPrograms.begin(), kPrograms.end(),
            [&](const ForeignProgram& program) { return program.recognises(metadata); });
}

} // namespace studio
