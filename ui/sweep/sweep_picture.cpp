#include "ui/sweep/sweep_picture.h"

#include "ui/compare/frame_renderer.h"
#include "ui/jobs/sweep_run.h"
#include "ui/sweep/sweep_layout.h"
#include "ui/sweep/sweep_words.h"
#include "ui/theme/tokens.h"
#include "ui/theme/typography.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace studio::ui {

namespace {

/// Cells of the pictures' size, smaller by one factor if they are too many.
QSize cellSize(Extent size, int cells, qint64 mostPixels)
{
    const double all = static_cast<double>(size.width) * size.height * cells;
    const double scale = std::min(1.0, std::sqrt(static_cast<double>(mostPixels) / std::max(1.0, all)));
    return {std::max(1, static_cast<int>(size.width * scale)),
        std::max(1, static_cast<int>(size.height * scale))};
}

/// Lengths follow the cells, so that a sheet reads the same at every size.
SheetMargins marginsFor(const SweepSetup& setup, QSize cell)
{
    const int unit = std::max(14, std::max(cell.width(), cell.height()) / 24);
    SheetMargins margins;
    margins.top = 2 * unit;
    margins.left = setup.rows() > 1 ? 7 * unit : unit;
    margins.rowGroup = setup.rowGroups() > 1 ? 2 * unit : 0;
    margins.columnGroup = setup.columnGroups() > 1 ? 2 * unit : 0;
    margins.gap = std::max(2, unit / 3);
    margins.betweenColumnGroups = setup.columnGroups() > 1 ? unit : 0;
    return margins;
}

} // namespace

SweepPictures sweepPictures(const SweepRun& run, const Catalog& catalog)
{
    SweepPictures parts{run.setup(), catalog, run.size(), {}};
    for (const SweepCell& cell : run.cells())
        parts.pictures.push_back(cell.picture);
    return parts;
}

QImage makeSweepPicture(const SweepPictures& parts, qint64 mostPixels)
{
    const SweepSetup& setup = parts.setup;
    const Catalog& catalog = parts.catalog;
    if (!parts.size.isSet())
        return {};
    const QSize cell = cellSize(parts.size, setup.cells(), mostPixels);
    const SheetMargins margins = marginsFor(setup, cell);
    const SheetLayout layout = layOutSheet(cell, sheetGrid(setup), margins);
    const Tokens& t = tokens(Scheme::Light);
    QImage sheet(layout.size + QSize(margins.gap, margins.gap), QImage::Format_RGB32);
    sheet.fill(t.window);
    FrameRenderer renderer;
    CompareScene scene;
    for (std::size_t i = 0; i < layout.cells.size(); ++i) {
        const std::shared_ptr<const Picture8>& picture = parts.pictures[i];
        if (!picture)
            continue;
        scene.setLayers({picture->size});
        scene.setPane(cell, {}, 0);
        scene.fit();
        FrameRequest request;
        request.layers = {PicturePyramid::build(*picture)};
        request.background = t.window;
        QImage part(cell, QImage::Format_RGB32);
        renderer.renderPart(request, 0, scene.mapping(0), part);
        QPainter(&sheet).drawImage(layout.cells[i].topLeft(), part);
    }
    QPainter painter(&sheet);
    QFont font = fontFor(TextRole::Body);
    font.setPixelSize(std::max(11, margins.top / 3));
    painter.setFont(font);
    painter.setPen(t.text);
    const auto write = [&](const QRect& area, Qt::Alignment side, int axis, int index) {
        const QString words = sweepAxisTitle(*setup.axes[static_cast<std::size_t>(axis)].info) + u' '
            + axisValueWords(setup, axis, index, catalog);
        painter.drawText(area.adjusted(margins.gap, 0, -margins.gap, 0),
            side | Qt::AlignVCenter | Qt::TextWordWrap, words);
    };
    for (std::size_t i = 0; i < layout.columnHeads.size(); ++i)
        write(layout.columnHeads[i], Qt::AlignHCenter, 0, static_cast<int>(i));
    for (std::size_t i = 0; setup.rows() > 1 && i < layout.rowHeads.size(); ++i)
        write(layout.rowHeads[i], Qt::AlignRight, 1, static_cast<int>(i) * setup.columns());
    const int ofGroup = setup.columns() * setup.rows();
    for (std::size_t i = 0; i < layout.rowGroupHeads.size(); ++i)
        write(layout.rowGroupHeads[i], Qt::AlignLeft, 2, static_cast<int>(i) * ofGroup);
    for (std::size_t i = 0; i < layout.columnGroupHeads.size(); ++i)
        write(layout.columnGroupHeads[i], Qt::AlignHCenter, 3,
            static_cast<int>(i) * ofGroup * setup.rowGroups());
    return sheet;
}

} // namespace studio::ui
