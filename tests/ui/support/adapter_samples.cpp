#include "adapter_samples.h"

#include "core/weights/format/safetensors.h"
#include "ui/convert/strings.h"

#include <QDir>
#include <QFile>
#include <QImage>
#include <QLinearGradient>
#include <QPainter>

#include <array>

namespace studio::test {

namespace {

QString write(const QString& path, const std::vector<SafetensorsWriter::Tensor>& tensors,
    const std::map<std::string, std::string, std::less<>>& metadata)
{
    SafetensorsWriter writer(ui::toPath(path), tensors, metadata);
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const auto values = tensors[i].shape[0] * tensors[i].shape[1];
        writer.write(i, 0, std::vector<std::byte>(std::size_t(values) * 2));
    }
    writer.finish();
    return path;
}

struct Sample {
    const char* name;
    const char* words;
    int hue;
};

constexpr std::array kSamples{Sample{"amber_dusk", "amber dusk, low sun", 30}, Sample{"blueprint", "", 210},
    Sample{"charcoal_v2", "charcoal drawing", 0}, Sample{"film_grain", "film still, 35mm, grain", 45},
    Sample{"gouache", "gouache painting", 160}, Sample{"ink_wash", "ink wash, sumi-e", 230},
    Sample{"isometric_room", "isometric", 280}, Sample{"linocut", "linocut print, two colours", 15},
    Sample{"paper_cut", "layered paper cut", 340},
    Sample{"pastel_sky_with_a_long_name_v3_fp16", "pastel sky", 195},
    Sample{"stained_glass", "stained glass window", 120}, Sample{"tilt_shift", "", 90}};

} // namespace

QString writeLora(const QString& folder, const QString& name, int textWidth,
    const std::map<std::string, std::string, std::less<>>& metadata)
{
    QDir().mkpath(folder);
    const std::string layer = "lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k";
    return write(folder + u'/' + name + QStringLiteral(".safetensors"),
        {{layer + ".lora_down.weight", StoredType::F16, {8, textWidth}},
            {layer + ".lora_up.weight", StoredType::F16, {640, 8}}},
        metadata);
}

QString writeEmbedding(const QString& folder, const QString& name, int vectors)
{
    QDir().mkpath(folder);
    return write(folder + u'/' + name + QStringLiteral(".safetensors"),
        {{"clip_l", StoredType::F16, {vectors, 768}}, {"clip_g", StoredType::F16, {vectors, 1280}}}, {});
}

QString writePicture(const QString& folder, const QString& name, int seed)
{
    QDir().mkpath(folder);
    QImage image(240, 320, QImage::Format_RGB888);
    QPainter painter(&image);
    QLinearGradient sky(0, 0, 60, 320);
    sky.setColorAt(0, QColor::fromHsv(seed % 360, 90, 235));
    sky.setColorAt(1, QColor::fromHsv((seed + 40) % 360, 170, 90));
    painter.fillRect(image.rect(), sky);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor::fromHsv((seed + 180) % 360, 60, 250));
    painter.drawEllipse(QPoint(60 + seed % 120, 110), 34, 34);
    painter.setBrush(QColor::fromHsv((seed + 60) % 360, 140, 60));
    painter.drawPolygon(QPolygon(
        {{0, 260}, {70, 150 + seed % 40}, {140, 230}, {190, 170}, {240, 250}, {240, 320}, {0, 320}}));
    painter.end();
    const QString path = folder + u'/' + name;
    image.save(path);
    return path;
}

QString writeText(const QString& folder, const QString& name, const QByteArray& text)
{
    QDir().mkpath(folder);
    QFile file(folder + u'/' + name);
    if (file.open(QIODevice::WriteOnly))
        file.write(text);
    return file.fileName();
}

void writeManyLoras(const QString& folder)
{
    for (const Sample& sample : kSamples) {
        const QString name = QString::fromLatin1(sample.name);
        std::map<std::string, std::string, std::less<>> metadata;
        if (*sample.words)
            metadata["modelspec.trigger_phrase"] = sample.words;
        writeLora(folder, name, 2048, metadata);
        if (sample.hue != 90) // one has no picture
            writePicture(folder, name + QStringLiteral(".preview.png"), sample.hue);
    }
    writeLora(folder, QStringLiteral("anime_lineart_sd15"), 768);
    writePicture(folder, QStringLiteral("anime_lineart_sd15.png"), 300);
    writeText(folder, QStringLiteral("broken_download.safetensors"), "<!DOCTYPE html><html></html>");
    writeText(
        folder, QStringLiteral("film_grain.json"), R"({"preferred weight": 0.7, "notes": "best below 0.8"})");
}

} // namespace studio::test
