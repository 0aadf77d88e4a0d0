#pragma once

#include "core/api/infotext.h"

#include <string>
#include <string_view>

/// One pair of functions for each program that has a format of its own (see programs.cpp for the table). `is...` looks
/// at names and first characters alone; `read...` throws Error (BadInput) if the text cannot be read.
namespace studio {

/// The text of a picture by its key ("prompt", "invokeai_metadata"); null if there is none.
const std::string* otherText(const PictureMetadata& metadata, std::string_view key);

bool isInvokeAi(const PictureMetadata& metadata);
ImportedRequest readInvokeAi(const PictureMetadata& metadata);

bool isFooocus(const PictureMetadata& metadata);
ImportedRequest readFooocus(const PictureMetadata& metadata);

bool isDrawThings(const PictureMetadata& metadata);
ImportedRequest readDrawThings(const PictureMetadata& metadata);

/// Newer files alone: older ones have no more than an infotext.
bool isSdCpp(const PictureMetadata& metadata);
ImportedRequest readSdCpp(const PictureMetadata& metadata);

bool isComfyUi(const PictureMetadata& metadata);
ImportedRequest readComfyUi(const PictureMetadata& metadata);

} // namespace studio
