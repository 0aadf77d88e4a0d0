#include "core/base/replace_file.h"

#include "core/api/picture_file.h"
#include "core/base/error.h"

namespace studio {

void replaceFile(const std::filesystem::path& path, const std::string& bytes)
{
    const Outcome<std::filesystem::path> beside
        = writeNewFile(path.parent_path() / ("." + path.filename().string() + ".part"), bytes);
    if (const Failure* failure = failureOf(beside))
        throw Error(failure->kind, failure->detail);
    std::error_code error;
    std::filesystem::rename(std::get<std::filesystem::path>(beside), path, error);
    if (!error)
        return;
    std::error_code ignored;
    std::filesystem::remove(std::get<std::filesystem::path>(beside), ignored);
    throw Error(ErrorKind::BadInput, path.string() + " was not written: " + error.message() + ".");
}

} // namespace studio
