#pragma once

#include "core/base/error.h"
#include "core/weights/format/model_files.h"

#include <QtTest>

#include <filesystem>
#include <string>
#include <string_view>

namespace studio::testing {

/// The sentence with which a checkpoint is refused, if the error is of that kind.
inline std::string openRefusal(
    const std::filesystem::path& path, ErrorKind kind, const std::filesystem::path& vae = {})
{
    try {
        ModelFiles::open(path, vae);
    } catch (const Error& error) {
        return error.kind() == kind ? error.what() : std::string("another kind of error: ") + error.what();
    }
    return "nothing was refused";
}

/// Prints the sentence if it does not say that.
inline bool says(const std::string& sentence, std::string_view part)
{
    if (sentence.find(part) != std::string::npos)
        return true;
    qWarning("%s", sentence.c_str());
    return false;
}

} // namespace studio::testing
