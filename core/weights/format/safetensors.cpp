#include "core/weights/format/safetensors.h"

#include "core/base/error.h"
#include "core/weights/format/header_parser.h"
#include "core/weights/format/sentences.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace studio {

namespace {

constexpr std::size_t kLengthBytes = 8;

/// The header's text, its length checked against the file's.
std::string_view headerText(std::span<const std::byte> file, const HeaderParser& complaint)
{
    if (file.size() < kLengthBytes)
        complaint.fail(fmt::format("it has only {} bytes", file.size()));
    std::uint64_t length = 0;
    for (std::size_t i = 0; i < kLengthBytes; ++i)
        length |= static_cast<std::uint64_t>(file[i]) << (8 * i);
    if (length > kMaximumHeaderBytes)
        complaint.fail("the length it gives for its header is more than 100 MB");
    if (length > file.size() - kLengthBytes)
        complaint.fail(fmt::format("its header is {} bytes long, the file only {}", length, file.size()));
    const std::string_view text(reinterpret_cast<const char*>(file.data()) + kLengthBytes, length);
    if (text.empty() || text.front() != '{')
        complaint.fail("its header does not begin with a brace");
    return text;
}

/// Bytes that the shape and type ask for; nothing: more than a file can have.
std::optional<std::size_t> bytesOf(const std::vector<std::int64_t>& shape, StoredType type)
{
    std::size_t bytes = byteSize(type);
    for (const std::int64_t extent : shape)
        if (__builtin_mul_overflow(bytes, static_cast<std::size_t>(extent), &bytes))
            return std::nullopt;
    return bytes;
}

SafetensorsEntry entryFrom(
    std::string name, HeaderParser::Tensor tensor, std::size_t dataSize, const HeaderParser& parser)
{
    const std::optional<StoredType> type = typeFromFormatName(tensor.dtype);
    if (!type)
        parser.fail(fmt::format(
            "tensor {} is of type {}, which is not read here", readable(name), readable(tensor.dtype, 20)));
    const auto begin = static_cast<std::size_t>(tensor.begin);
    const auto end = static_cast<std::size_t>(tensor.end);
    if (begin > end)
        parser.fail(fmt::format("tensor {} ends before it begins", readable(name)));
    if (end > dataSize)
        parser.fail(
            fmt::format("tensor {} reaches {} bytes beyond the end of the file; the download is not whole",
                readable(name), end - dataSize));
    const std::optional<std::size_t> wanted = bytesOf(tensor.shape, *type);
    if (!wanted || *wanted != end - begin)
        parser.fail(fmt::format("tensor {} has {} bytes, which does not fit {} of {}", readable(name),
            end - begin, shapeText(tensor.shape), formatName(*type)));
    return {std::move(name), *type, std::move(tensor.shape), begin, end};
}

/// The ranges must cover the data once.
void checkCoverage(
    const std::vector<SafetensorsEntry>& tensors, std::size_t dataSize, const HeaderParser& parser)
{
    std::vector<std::uint32_t> order(tensors.size());
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return std::pair(tensors[a].begin, tensors[a].end) < std::pair(tensors[b].begin, tensors[b].end);
    });
    std::size_t covered = 0;
    for (const std::uint32_t i : order) {
        const SafetensorsEntry& tensor = tensors[i];
        if (tensor.begin < covered)
            parser.fail(fmt::format("tensor {} overlaps another", readable(tensor.name)));
        if (tensor.begin > covered)
            parser.fail(fmt::format("{} bytes before tensor {} belong to no tensor", tensor.begin - covered,
                readable(tensor.name)));
        covered = tensor.end;
    }
    if (covered != dataSize)
        parser.fail(fmt::format("{} bytes at its end belong to no tensor", dataSize - covered));
}

} // namespace

const SafetensorsEntry* SafetensorsHeader::find(std::string_view name) const noexcept
{
    const auto found = std::lower_bound(tensors.begin(), tensors.end(), name,
        [](const SafetensorsEntry& entry, std::string_view wanted) { return entry.name < wanted; });
    return found != tensors.end() && found->name == name ? &*found : nullptr;
}

SafetensorsHeader parseSafetensorsHeader(std::span<const std::byte> file, std::string_view name)
{
    const std::string_view text = headerText(file, HeaderParser({}, name));
    HeaderParser parser(text, name);
    SafetensorsHeader header;
    header.dataStart = kLengthBytes + text.size();
    const std::size_t dataSize = file.size() - header.dataStart;
    bool hasMetadata = false;
    while (std::optional<std::string> tensorName = parser.nextName()) {
        if (*tensorName == "__metadata__") {
            if (std::exchange(hasMetadata, true))
                parser.fail("its header has two __metadata__");
            parser.strings([&](std::string key, std::string value) {
                if (header.metadata.size() == kMaximumMetadata)
                    parser.fail(fmt::format("its header has more than {} notes", kMaximumMetadata));
                if (const auto [at, isNew] = header.metadata.emplace(std::move(key), std::move(value));
                    !isNew)
                    parser.fail(fmt::format("its header gives {} twice", readable(at->first)));
            });
            continue;
        }
        if (header.tensors.size() == kMaximumTensors)
            parser.fail(fmt::format("its header lists more than {} tensors", kMaximumTensors));
        HeaderParser::Tensor tensor = parser.tensor(*tensorName);
        header.tensors.push_back(entryFrom(std::move(*tensorName), std::move(tensor), dataSize, parser));
    }
    std::sort(header.tensors.begin(), header.tensors.end(),
        [](const SafetensorsEntry& a, const SafetensorsEntry& b) { return a.name < b.name; });
    const auto twin = std::adjacent_find(header.tensors.begin(), header.tensors.end(),
        [](const SafetensorsEntry& a, const SafetensorsEntry& b) { return a.name == b.name; });
    if (twin != header.tensors.end())
        parser.fail(fmt::format("its header gives tensor {} twice", readable(twin->name)));
    checkCoverage(header.tensors, dataSize, parser);
    return header;
}

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path)
    : SafetensorsFile(MappedFile::open(path))
{ }

SafetensorsFile::SafetensorsFile(std::shared_ptr<const MappedFile> file)
    : m_file(std::move(file))
    , m_header(parseSafetensorsHeader(m_file->bytes(), fileName(m_file->path())))
{ }

StoredTensor SafetensorsFile::tensor(const SafetensorsEntry& entry) const
{
    StoredTensor tensor;
    tensor.dtype = entry.dtype;
    tensor.shape = entry.shape;
    tensor.data = m_file->bytes().data() + m_header.dataStart + entry.begin;
    tensor.bytes = entry.end - entry.begin;
    tensor.file = m_file;
    return tensor;
}

TensorMap SafetensorsFile::tensors() const
{
    TensorMap all;
    for (const SafetensorsEntry& entry : m_header.tensors)
        all.emplace_hint(all.end(), entry.name, tensor(entry));
    return all;
}

} // namespace studio
