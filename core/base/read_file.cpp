#include "core/base/read_file.h"

#include "core/base/error.h"

#include <fstream>

namespace studio {

std::string readFile(const std::filesystem::path& path, std::uintmax_t maxBytes)
{
    const std::string name = path.string();
    std::error_code unknown;
    const std::filesystem::file_status status = std::filesystem::status(path, unknown);
    if (!std::filesystem::exists(status))
        throw Error(ErrorKind::FileMissing, name + ": there is no such file.");
    if (!std::filesystem::is_regular_file(status))
        throw Error(ErrorKind::BadInput, name + ": this is not a file but a folder or a device.");
    const std::uintmax_t size = std::filesystem::file_size(path);
    if (size > maxBytes)
        throw Error(
            ErrorKind::BadInput, name + ": the file is too large (" + std::to_string(size >> 20) + " MB).");
    std::ifstream file(path, std::ios::binary);
    std::string bytes(static_cast<std::size_t>(size), '\0');
    if (!file || !file.read(bytes.data(), static_cast<std::streamsize>(size)))
        throw Error(ErrorKind::BadInput, name + ": the file cannot be read; look at its permissions.");
    return bytes;
}

} // namespace studio
