#include "core/weights/format/safetensors.h"

#include "core/base/error.h"
#include "core/weights/format/sentences.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <set>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace studio {

namespace {

[[noreturn]] void refuse(const std::filesystem::path& path, int code)
{
    const bool isFull = code == ENOSPC || code == EDQUOT || code == EFBIG;
    throw Error(isFull ? ErrorKind::DiskFull : ErrorKind::BadInput,
        fmt::format("{} cannot be written: {}.", path.string(), std::generic_category().message(code)));
}

void writeAt(
    int descriptor, std::span<const std::byte> bytes, std::size_t offset, const std::filesystem::path& path)
{
    while (!bytes.empty()) {
        const ssize_t written = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            refuse(path, written == 0 ? EIO : errno);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        offset += static_cast<std::size_t>(written);
    }
}

std::size_t byteCount(const SafetensorsWriter::Tensor& tensor)
{
    std::size_t bytes = byteSize(tensor.dtype);
    for (const std::int64_t extent : tensor.shape)
        bytes *= static_cast<std::size_t>(extent);
    return bytes;
}

/// The header's length and the header, padded so that the data begins at a multiple of 8.
std::string frontFor(std::string header)
{
    header.append((8 - header.size() % 8) % 8, ' ');
    std::string front;
    for (int i = 0; i < 8; ++i)
        front += static_cast<char>(static_cast<unsigned char>(header.size() >> (8 * i)));
    return front + header;
}

} // namespace

SafetensorsWriter::SafetensorsWriter(std::filesystem::path path, const std::vector<Tensor>& tensors,
    const std::map<std::string, std::string, std::less<>>& metadata)
    : m_path(std::move(path))
    , m_temporary(m_path.string() + fmt::format(".{}.part", ::getpid()))
{
    std::set<std::string_view> names;
    std::size_t end = 0;
    std::string text = metadata.empty() ? "" : "\"__metadata__\":" + nlohmann::json(metadata).dump();
    for (const Tensor& tensor : tensors) {
        if (!names.insert(tensor.name).second)
            throw Error(ErrorKind::BadInput, fmt::format("Tensor {} is given twice.", readable(tensor.name)));
        m_starts.push_back(end);
        end += byteCount(tensor);
        text += fmt::format(R"({}{}:{{"dtype":"{}","shape":[{}],"data_offsets":[{},{}]}})",
            text.empty() ? "" : ",", nlohmann::json(tensor.name).dump(), formatName(tensor.dtype),
            fmt::join(tensor.shape, ","), m_starts.back(), end);
    }
    m_starts.push_back(end);
    m_front = frontFor("{" + text + "}");
    for (std::size_t& start : m_starts)
        start += m_front.size();

    m_descriptor = ::open(m_temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (m_descriptor < 0)
        refuse(m_path, errno);
}

SafetensorsWriter::~SafetensorsWriter()
{
    if (m_descriptor < 0)
        return;
    ::close(m_descriptor);
    ::unlink(m_temporary.c_str());
}

void SafetensorsWriter::write(std::size_t tensor, std::size_t offset, std::span<const std::byte> bytes)
{
    const std::size_t begin = m_starts.at(tensor) + offset;
    if (begin + bytes.size() > m_starts.at(tensor + 1))
        throw Error(ErrorKind::Internal, "More bytes were written for a tensor than it has.");
    writeAt(m_descriptor, bytes, begin, m_path);
}

void SafetensorsWriter::finish()
{
    writeAt(m_descriptor, std::as_bytes(std::span(m_front)), 0, m_path);
    // Tensors that nobody wrote are zeros, not a shorter file.
    if (::ftruncate(m_descriptor, static_cast<off_t>(m_starts.back())) != 0 || ::fsync(m_descriptor) != 0)
        refuse(m_path, errno);
    if (::close(std::exchange(m_descriptor, -1)) != 0 || ::rename(m_temporary.c_str(), m_path.c_str()) != 0) {
        const int code = errno;
        ::unlink(m_temporary.c_str());
        refuse(m_path, code);
    }
}

} // namespace studio
