#include "ui/compare/comparison_sheet.h"

#include "ui/compare/frame_renderer.h"
#include "ui/theme/tokens.h"
#include "ui/theme/typography.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <numeric>

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

/// What is drawn and where, before a line is written.
struct Plan {
    FrameRequest request;
    QSize pane;             ///< of one picture
    std::vector<int> shown; ///< layers that are named
    int columns = 1;
};

Plan planFor(const std::vector<CompareLayer>& layers, const CompareSettings& settings)
{
    Plan plan;
    plan.request.settings = settings;
    plan.request.background = tokens(Scheme::Light).canvas;
    std::vector<Extent> sizes;
    for (const CompareLayer& layer : layers) {
        sizes.push_back(layer.picture->size);
        plan.request.layers.push_back(PicturePyramid::build(*layer.picture));
    }
    CompareScene& scene = plan.request.scene;
    scene.setLayers(sizes);
    plan.pane = QSize(scene.size().width, scene.size().height);
    scene.setPane(plan.pane, {}, 0);
    scene.fit();
    CompareSettings& wanted = plan.request.settings;
    if (showsEachAlone(wanted.mode) && layers.size() > 1)
        wanted.mode = CompareMode::Side;
    const bool alone = wanted.mode == CompareMode::Side || wanted.mode == CompareMode::Single;
    plan.shown = alone ? paneLayers(wanted, static_cast<int>(layers.size()))
                       : std::vector<int>{wanted.first, wanted.second};
    if (wanted.mode == CompareMode::Side)
        plan.columns = static_cast<int>(plan.shown.size());
    for (int i = 0; i < plan.columns; ++i)
        plan.request.panes.emplace_back(QPoint(i * plan.pane.width(), 0), plan.pane);
    return plan;
}

QStringList captionsOf(
    const Plan& plan, const std::vector<CompareLayer>& layers, const CompareSettings& wanted)
{
    QStringList captions;
    for (std::size_t i = 0; i < plan.shown.size(); ++i) {
        const QString letter
            = plan.shown.size() > 1 ? QString(QChar(u'A' + static_cast<char16_t>(i))) : QString();
        captions << captionOf(layers[static_cast<std::size_t>(plan.shown[i])], letter);
    }
    if (const QString sentence = sentenceFor(wanted); !sentence.isEmpty())
        captions << sentence;
    return captions;
}

/// Where A ends and B begins: without the line, two like pictures look like one.
void drawWipeLine(QPainter& painter, const Plan& plan, QPoint corner)
{
    const CompareSettings& settings = plan.request.settings;
    if (settings.mode != CompareMode::Wipe || plan.shown.size() < 2)
        return;
    const int thickness = std::max(2, std::max(plan.pane.width(), plan.pane.height()) / 512);
    const int at = wipeLine(settings, plan.request.scene) - thickness / 2;
    const QRect line = settings.wipeAxis == WipeAxis::Vertical ? QRect(at, 0, thickness, plan.pane.height())
                                                               : QRect(0, at, plan.pane.width(), thickness);
    const QRect pane(corner, plan.pane);
    painter.fillRect(line.adjusted(-1, -1, 1, 1).translated(corner).intersected(pane), QColor(0, 0, 0, 110));
    painter.fillRect(line.translated(corner).intersected(pane), Qt::white);
}

constexpr int kWrapped = Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap;

/// Of each note in a column of that width, with the room to the next one.
std::vector<int> noteHeights(const QStringList& notes, const QFont& font, int width, int apart)
{
    std::vector<int> heights;
    for (const QString& note : notes)
        heights.push_back(
            QFontMetrics(font).boundingRect(QRect(0, 0, width, 1 << 20), kWrapped, note).height() + apart);
    return heights;
}

} // namespace

QImage makeComparisonSheet(
    const std::vector<CompareLayer>& layers, const CompareSettings& settings, const QStringList& notes)
{
    if (layers.empty())
        return {};
    const Plan plan = planFor(layers, settings);
    const CompareSettings& wanted = plan.request.settings;
    const bool beside = wanted.mode == CompareMode::Side;
    const QStringList captions = captionsOf(plan, layers, wanted);
    const Measure measure = measureFor(plan.request.scene.size());
    const int lines = beside ? 1 : static_cast<int>(captions.size());
    QFont font = fontFor(TextRole::Body);
    font.setPixelSize(measure.font);
    const int width = plan.columns * (plan.pane.width() + measure.margin) + measure.margin;
    const int below = plan.pane.height() + measure.margin + lines * measure.caption + measure.margin / 2;
    const std::vector<int> heights = noteHeights(notes, font, width - 2 * measure.margin, measure.margin / 2);

    QImage frame(plan.columns * plan.pane.width(), plan.pane.height(), QImage::Format_RGB32);
    FrameRenderer().render(plan.request, frame);
    QImage sheet(width, std::accumulate(heights.begin(), heights.end(), below + measure.margin / 2),
        QImage::Format_RGB32);
    sheet.fill(tokens(Scheme::Light).window);
    QPainter painter(&sheet);
    painter.setFont(font);
    painter.setPen(tokens(Scheme::Light).text);
    const auto left
        = [&](int column) { return measure.margin + column * (plan.pane.width() + measure.margin); };
    for (int i = 0; i < plan.columns; ++i)
        painter.drawImage(
            QPoint(left(i), measure.margin), frame, plan.request.panes[static_cast<std::size_t>(i)]);
    drawWipeLine(painter, plan, QPoint(left(0), measure.margin));
    for (int i = 0; i < captions.size(); ++i) {
        const int line = beside ? 0 : i;
        const QRect area(left(beside ? i : 0),
            measure.margin + plan.pane.height() + line * measure.caption + measure.margin / 4,
            plan.pane.width(), measure.caption);
        drawTabular(painter, area, Qt::AlignLeft | Qt::AlignVCenter,
            painter.fontMetrics().elidedText(captions[i], Qt::ElideRight, area.width()));
    }
    painter.setPen(tokens(Scheme::Light).secondary);
    int top = below;
    for (int i = 0; i < notes.size(); ++i) {
        const int height = heights[static_cast<std::size_t>(i)];
        painter.drawText(QRect(measure.margin, top, width - 2 * measure.margin, height), kWrapped, notes[i]);
        top += height;
    }
    return sheet;
}

} // namespace studio::ui
