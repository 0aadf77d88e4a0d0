#pragma once

#include <QByteArray>
#include <QFile>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace studio::testing {

/// The bytes of a safetensors file with this header and so much data, whether they fit each other or not.
inline QByteArray rawFile(std::string_view header, qsizetype dataBytes, std::uint64_t statedLength)
{
    QByteArray file;
    for (int i = 0; i < 8; ++i)
        file.append(static_cast<char>(static_cast<unsigned char>(statedLength >> (8 * i))));
    file.append(header.data(), static_cast<qsizetype>(header.size()));
    file.append(QByteArray(dataBytes, '\1'));
    return file;
}

inline QByteArray rawFile(std::string_view header, qsizetype dataBytes)
{
    return rawFile(header, dataBytes, header.size());
}

inline std::span<const std::byte> bytesOf(const QByteArray& file)
{
    return std::as_bytes(std::span(file.constData(), static_cast<std::size_t>(file.size())));
}

inline std::filesystem::path writeFile(const std::filesystem::path& path, const QByteArray& bytes)
{
    std::filesystem::create_directories(path.parent_path());
    QFile file(QString::fromStdString(path.string()));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("Cannot write %s", path.c_str());
    return path;
}

} // namespace studio::testing
