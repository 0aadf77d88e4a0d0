#pragma once

#include <ATen/ATen.h>

#include <QByteArray>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QString>

#include <cstring>
#include <stdexcept>
#include <string>

namespace studio::tests {

/// A file of reference vectors (safetensors) under tests/oracle, read by code of its own: the reader under test must
/// not judge itself. Tensors come as float32, or int64 where the file says so.
class VectorFile {
public:
    explicit VectorFile(const char* path)
    {
        QFile file(QStringLiteral(STUDIO_SOURCE_DIR "/tests/oracle/") + QString::fromUtf8(path));
        if (!file.open(QIODevice::ReadOnly))
            throw std::runtime_error(std::string("cannot open ") + path);
        const QByteArray bytes = file.readAll();
        qint64 headerSize = 0;
        std::memcpy(&headerSize, bytes.constData(), sizeof headerSize);
        m_header = QJsonDocument::fromJson(bytes.mid(8, headerSize)).object();
        m_data = bytes.mid(8 + headerSize);
    }

    /// The metadata entry "settings", itself JSON.
    QJsonObject settings() const
    {
        const QString text = m_header[QStringLiteral("__metadata__")][QStringLiteral("settings")].toString();
        return QJsonDocument::fromJson(text.toUtf8()).object();
    }

    at::Tensor operator[](const std::string& name) const
    {
        const QJsonObject row = m_header[QString::fromStdString(name)].toObject();
        if (row.isEmpty())
            throw std::runtime_error("no reference tensor named " + name);
        std::vector<std::int64_t> shape;
        for (const QJsonValue& extent : row[QStringLiteral("shape")].toArray())
            shape.push_back(extent.toInteger());
        const bool whole = row[QStringLiteral("dtype")].toString() == QStringLiteral("I64");
        at::Tensor tensor = at::empty(shape, whole ? at::kLong : at::kFloat);
        const QJsonArray offsets = row[QStringLiteral("data_offsets")].toArray();
        const qint64 begin = offsets[0].toInteger();
        if (offsets[1].toInteger() - begin != static_cast<qint64>(tensor.nbytes()))
            throw std::runtime_error("the reference tensor " + name + " is neither float32 nor int64");
        std::memcpy(tensor.data_ptr(), m_data.constData() + begin, tensor.nbytes());
        return tensor;
    }

private:
    QJsonObject m_header;
    QByteArray m_data;
};

/// |a - b| / |b|
inline double relativeError(const at::Tensor& a, const at::Tensor& b)
{
    const at::Tensor reference = b.to(at::kDouble);
    return (a.to(at::kDouble) - reference).norm().item<double>() / reference.norm().item<double>();
}

} // namespace studio::tests
