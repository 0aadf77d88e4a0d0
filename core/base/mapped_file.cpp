#include "core/base/mapped_file.h"

#include "core/base/error.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace studio {

namespace {

class Descriptor {
public:
    explicit Descriptor(int number)
        : m_number(number)
    { }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor()
    {
        if (m_number >= 0)
            ::close(m_number);
    }
    int number() const { return m_number; }

private:
    int m_number;
};

[[noreturn]] void refuse(const std::filesystem::path& path, int code)
{
    if (code == ENOENT || code == ENOTDIR)
        throw Error(ErrorKind::FileMissing, fmt::format("There is no file {}.", path.string()));
    throw Error(ErrorKind::BadInput,
        fmt::format("{} cannot be read: {}.", path.string(), std::generic_category().message(code)));
}

/// The whole pages that touch (outward) or lie inside (inward) a range, for madvise.
void advise(std::span<const std::byte> range, int advice, bool inward) noexcept
{
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    auto begin = reinterpret_cast<std::uintptr_t>(range.data());
    auto end = begin + range.size();
    begin = (inward ? begin + page - 1 : begin) / page * page;
    end = (inward ? end : end + page - 1) / page * page;
    if (begin < end)
        ::madvise(reinterpret_cast<void*>(begin), end - begin, advice);
}

} // namespace

std::shared_ptr<const MappedFile> MappedFile::open(const std::filesystem::path& path)
{
    // O_NONBLOCK: a named pipe without a writer must not hang the caller; it is refused below.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.number() < 0)
        refuse(path, errno);
    struct stat facts = {};
    if (::fstat(file.number(), &facts) != 0)
        refuse(path, errno);
    if (S_ISDIR(facts.st_mode))
        throw Error(ErrorKind::BadInput, fmt::format("{} is a folder, not a file.", path.string()));
    if (!S_ISREG(facts.st_mode))
        throw Error(ErrorKind::BadInput, fmt::format("{} is not a regular file.", path.string()));
    const auto size = static_cast<std::size_t>(facts.st_size);
    const std::byte* data = nullptr;
    if (size > 0) {
        void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.number(), 0);
        if (address == MAP_FAILED)
            refuse(path, errno);
        data = static_cast<const std::byte*>(address);
    }
    return std::shared_ptr<const MappedFile>(new MappedFile(path, data, size));
}

MappedFile::MappedFile(std::filesystem::path path, const std::byte* data, std::size_t size)
    : m_path(std::move(path))
    , m_data(data)
    , m_size(size)
{ }

MappedFile::~MappedFile()
{
    if (m_data)
        ::munmap(const_cast<std::byte*>(m_data), m_size);
}

void MappedFile::readAhead(std::span<const std::byte> range) const noexcept
{
    advise(range, MADV_WILLNEED, /*inward=*/false);
}

void MappedFile::dropPages(std::span<const std::byte> range) const noexcept
{
    advise(range, MADV_DONTNEED, /*inward=*/true);
}

} // namespace studio
