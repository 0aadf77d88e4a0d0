#pragma once

#include <QString>

#include <map>
#include <string>

namespace studio::test {

/// Writes `name`.safetensors with one LoRA layer that reads texts of this width: 2048 is SDXL, 768 Stable Diffusion 1.x.
/// Answers its path.
QString writeLora(const QString& folder, const QString& name, int textWidth = 2048,
    const std::map<std::string, std::string, std::less<>>& metadata = {});

/// A textual inversion for SDXL of so many vectors.
QString writeEmbedding(const QString& folder, const QString& name, int vectors = 2);

/// A picture of a landscape, `name` with its ending.
QString writePicture(const QString& folder, const QString& name, int seed = 0);

QString writeText(const QString& folder, const QString& name, const QByteArray& text);

/// A folder as an artist has it: twelve LoRAs with pictures and words, two of other families, a broken file.
void writeManyLoras(const QString& folder);

} // namespace studio::test
