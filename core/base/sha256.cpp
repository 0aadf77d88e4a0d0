#include "core/base/sha256.h"

#include "core/base/error.h"

#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <memory>
#include <vector>

namespace studio {

namespace {

constexpr std::size_t kPiece = std::size_t{4} << 20;

using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

void require(int answer)
{
    if (answer != 1)
        throw Error(ErrorKind::Internal, "The checksum of a file could not be computed.");
}

std::string digits(const Digest& digest, unsigned int length)
{
    constexpr const char* kDigits = "0123456789abcdef";
    std::string text;
    for (unsigned int i = 0; i < length; ++i) {
        text += kDigits[digest[i] >> 4];
        text += kDigits[digest[i] & 15];
    }
    return text;
}

} // namespace

std::string sha256(std::span<const std::byte> bytes)
{
    Digest digest{};
    unsigned int length = 0;
    require(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr));
    return digits(digest, length);
}

std::string sha256OfFile(const std::filesystem::path& file, const std::function<void()>& checkpoint)
{
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    require(context ? 1 : 0);
    require(EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr));
    std::ifstream in(file, std::ios::binary);
    std::vector<char> piece(kPiece);
    while (in) {
        if (checkpoint)
            checkpoint();
        in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        require(EVP_DigestUpdate(context.get(), piece.data(), static_cast<std::size_t>(in.gcount())));
    }
    if (!in.eof())
        throw Error(ErrorKind::FileCorrupt, "The file " + file.string() + " could not be read to its end.");
    Digest digest{};
    unsigned int length = 0;
    require(EVP_DigestFinal_ex(context.get(), digest.data(), &length));
    return digits(digest, length);
}

} // namespace studio
