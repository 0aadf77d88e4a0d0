#pragma once

#include "core/api/infotext.h"

#include <QtTest>

#include <algorithm>
#include <string>

namespace studio {

inline ImportedRequest imported(const PictureMetadata& metadata)
{
    const Outcome<ImportedRequest> outcome = requestFromPicture(metadata);
    if (const Failure* failure = failureOf(outcome))
        qFatal("%s", failure->detail.c_str());
    return std::get<ImportedRequest>(outcome);
}

/// A picture with one text chunk, by way of a PNG's bytes and a file.
inline ImportedRequest fromPng(const QString& folder, const PictureMetadata& metadata)
{
    const Picture8 picture{{8, 8}, std::vector<std::uint8_t>(8 * 8 * 3, 100)};
    const Outcome<std::string> bytes = encodePicture(picture, metadata);
    const std::filesystem::path path = folder.toStdString() + "/picture.png";
    QFile file(QString::fromStdString(path.string()));
    if (!file.open(QIODevice::WriteOnly))
        qFatal("cannot write");
    file.write(QByteArray::fromStdString(std::get<std::string>(bytes)));
    file.close();
    return imported(std::get<PictureMetadata>(loadPictureMetadata(path)));
}

inline ImportedRequest fromFile(const char* name)
{
    const auto read
        = loadPictureMetadata(std::string(STUDIO_SOURCE_DIR "/tests/core/request/foreign/data/") + name);
    if (const Failure* failure = failureOf(read))
        qFatal("%s", failure->detail.c_str());
    return imported(std::get<PictureMetadata>(read));
}

inline bool says(const ImportedRequest& from, const char* words)
{
    return std::any_of(from.notHonoured.begin(), from.notHonoured.end(),
        [&](const std::string& sentence) { return sentence.find(words) != std::string::npos; });
}

/// The sentences, for a failing comparison to show.
inline QString all(const ImportedRequest& from)
{
    QStringList sentences;
    for (const std::string& sentence : from.notHonoured)
        sentences << QString::fromStdString(sentence);
    return sentences.join(QLatin1Char('\n'));
}

} // namespace studio
