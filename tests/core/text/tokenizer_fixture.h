#pragma once

#include <QByteArray>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <QTemporaryDir>

#include <filesystem>
#include <stdexcept>

namespace studio::tests {

inline QByteArray contentOf(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        throw std::runtime_error("cannot open " + path.toStdString());
    return file.readAll();
}

inline void writeFile(const QString& path, const QByteArray& content)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        throw std::runtime_error("cannot write " + path.toStdString());
}

inline QString oraclePath(const char* name)
{
    return QStringLiteral(STUDIO_SOURCE_DIR "/tests/oracle/text/") + QLatin1String(name);
}

/// The lines of a packed file of the oracle.
inline QList<QByteArray> oracleLines(const char* name)
{
    QList<QByteArray> lines = qUncompress(contentOf(oraclePath(name))).split('\n');
    if (!lines.isEmpty() && lines.last().isEmpty())
        lines.removeLast();
    return lines;
}

/// CLIP's vocabulary as a diffusers folder has it, made from the list of merges by code of its own.
inline void writeClipFolder(const QString& folder, const QByteArray& padToken)
{
    QList<QByteArray> merges = contentOf(QStringLiteral(STUDIO_VOCABULARY)).split('\n').mid(1, 48894);
    QList<QByteArray> bytes;
    const auto addRange = [&bytes](uint first, uint last) {
        for (uint c = first; c <= last; ++c)
            bytes.append(QString(QChar(c)).toUtf8());
    };
    addRange(0x21, 0x7E);
    addRange(0xA1, 0xAC);
    addRange(0xAE, 0xFF);
    addRange(0x100, 0x143);
    QJsonObject tokens;
    int next = 0;
    for (const QByteArray& byte : std::as_const(bytes))
        tokens.insert(QString::fromUtf8(byte), next++);
    for (const QByteArray& byte : std::as_const(bytes))
        tokens.insert(QString::fromUtf8(byte + "</w>"), next++);
    for (const QByteArray& merge : std::as_const(merges))
        tokens.insert(QString::fromUtf8(QByteArray(merge).replace(" ", "")), next++);
    tokens.insert(QStringLiteral("<|startoftext|>"), next++);
    tokens.insert(QStringLiteral("<|endoftext|>"), next++);
    writeFile(folder + QStringLiteral("/vocab.json"), QJsonDocument(tokens).toJson(QJsonDocument::Compact));
    writeFile(folder + QStringLiteral("/merges.txt"), "#version: 0.2\n" + merges.join('\n') + '\n');
    const QByteArray special = R"({"content": "%", "lstrip": false, "normalized": true, "rstrip": false})";
    const QByteArray end = QByteArray(special).replace("%", "<|endoftext|>");
    writeFile(folder + QStringLiteral("/special_tokens_map.json"),
        R"({"bos_token": )" + QByteArray(special).replace("%", "<|startoftext|>") + R"(, "eos_token": )" + end
            + R"(, "unk_token": "<|endoftext|>", "pad_token": ")" + padToken + "\"}");
}

inline std::filesystem::path pathOf(const QString& path)
{
    return path.toStdString();
}

} // namespace studio::tests
