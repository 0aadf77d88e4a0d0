#include "ui/compare/comparison_sheet.h"

#include "ui/compare/frame_renderer.h"
#include "ui/theme/tokens.h"
#include "ui/theme/typography.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace studio::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(ComparisonSheet)
};

/// All lengths follow the picture, so that a sheet reads the same at every size.
struct Measure {
    int margin = 0;
    int caption = 0; ///< height of a caption
    int font = 0;
};

Measure measureFor(Extent scene)
{
    const int side = std::max(scene.width, scene.height);
    return {std::max(12, side / 48), std::max(28, side / 22), std::max(13, side / 48)};
}

QString captionOf(const CompareLayer& layer, const QString& letter)
{
    const QString size = Words::tr("%1 × %2").arg(layer.picture->size.width).arg(layer.picture->size.height);
    QString text = letter.isEmpty() ? layer.label : Words::tr("%1   %2").arg(letter, layer.label);
    text += QStringLiteral("   ") + size;
    return layer.caption.isEmpty() || layer.caption.contains(size)
        ? text
        : text + QStringLiteral("   ") + layer.caption;
}

bool showsEachAlone(CompareMode mode)
{
    return mode == CompareMode::Side || mode == CompareMode::Loupe || mode == CompareMode::Blink;
}

QString sentenceFor(const CompareSettings& settings)
{
    switch (settings.mode) {
    case CompareMode::Wipe:
        return settings.wipeAxis == WipeAxis::Vertical ? Words::tr("A left of the line, B right of it")
                                                       : Words::tr("A above the line, B below it");
    case CompareMode::Overlay:
        return Words::tr("B over A at %1 %").arg(std::lround(settings.opacity * 100));
    case CompareMode::Difference:
        return Words::tr("Difference of A and B, amplified %1 times").arg(settings.gain);
    default:
        return {};
    }
}

} // namespace

QImage makeComparisonSheet(const std::vector<CompareLayer>& layers, const CompareSettings& settings)
{
    if (layers.empty())
        return {};
    FrameRequest request{settings, {}, {}, {}, tokens(Scheme::Light).canvas};
    std::vector<Extent> sizes;
    for (const CompareLayer& layer : layers) {
        sizes.push_back(layer.picture->size);
        request.layers.push_back(PicturePyramid::build(*layer.picture));
    }
    request.scene.setLayers(sizes);
    const Extent size = request.scene.size();
    const QSize pane(size.width, size.height);
    request.scene.setPane(pane, {}, 0);
    request.scene.fit();

    CompareSettings wanted = settings;
    if (showsEachAlone(settings.mode) && layers.size() > 1)
        wanted.mode = CompareMode::Side;
    request.settings = wanted;
    const bool side = wanted.mode == CompareMode::Side;
    const std::vector<int> shown = side || wanted.mode == CompareMode::Single
        ? paneLayers(wanted, static_cast<int>(layers.size()))
        : std::vector<int>{wanted.first, wanted.second};
    const int columns = side ? static_cast<int>(shown.size()) : 1;
    const Measure measure = measureFor(size);
    const int lines = side || shown.size() == 1 ? 1 : 2 + (sentenceFor(wanted).isEmpty() ? 0 : 1);

    QImage sheet(columns * (pane.width() + measure.margin) + measure.margin,
        pane.height() + 2 * measure.margin + lines * measure.caption, QImage::Format_RGB32);
    sheet.fill(tokens(Scheme::Light).window);
    QImage frame(columns * pane.width(), pane.height(), QImage::Format_RGB32);
    for (int i = 0; i < columns; ++i)
        request.panes.emplace_back(QPoint(i * pane.width(), 0), pane);
    FrameRenderer().render(request, frame);

    QPainter painter(&sheet);
    QFont font = fontFor(TextRole::Body);
    font.setPixelSize(measure.font);
    painter.setFont(font);
    painter.setPen(tokens(Scheme::Light).text);
    for (int i = 0; i < columns; ++i) {
        const int x = measure.margin + i * (pane.width() + measure.margin);
        painter.drawImage(QPoint(x, measure.margin), frame, request.panes[static_cast<std::size_t>(i)]);
    }
    const auto write = [&](int column, int line, const QString& text) {
        const QRect area(measure.margin + column * (pane.width() + measure.margin),
            measure.margin + pane.height() + line * measure.caption + measure.margin / 4, pane.width(),
            measure.caption);
        drawTabular(painter, area, Qt::AlignLeft | Qt::AlignVCenter,
            painter.fontMetrics().elidedText(text, Qt::ElideRight, area.width()));
    };
    for (std::size_t i = 0; i < shown.size(); ++i) {
        const QString letter = shown.size() > 1 ? QString(QChar(u'A' + static_cast<char16_t>(i))) : QString();
        const CompareLayer& layer = layers[static_cast<std::size_t>(shown[i])];
        write(side ? static_cast<int>(i) : 0, side ? 0 : static_cast<int>(i), captionOf(layer, letter));
    }
    if (lines == 3)
        write(0, 2, sentenceFor(wanted));
    return sheet;
}

} // namespace studio::ui
