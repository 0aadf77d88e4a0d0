#include "ui/sweep/sweep_canvas.h"

#include "ui/jobs/sweep_run.h"
#include "ui/sweep/sweep_painter.h"
#include "ui/sweep/sweep_words.h"
#include "ui/theme/tokens.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace studio::ui {

namespace {

constexpr int kLeastCell = 96; // device-independent pixels

} // namespace

SweepCanvas::SweepCanvas(QWidget* parent)
    : QWidget(parent)
{
    setAttribute(Qt::WA_OpaquePaintEvent);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Contact sheet"));
    connect(&m_store, &PyramidStore::built, this, [this] {
        gather();
        redraw();
    });
}

void SweepCanvas::setRun(SweepRun* run, const Catalog* catalog)
{
    if (m_run)
        m_run->disconnect(this);
    m_run = run;
    m_catalog = catalog;
    m_marked = {-1, -1};
    m_single = false;
    m_current = 0;
    m_probe.reset();
    m_scene = {};
    if (m_run)
        connect(m_run, &SweepRun::cellChanged, this, [this](int cell) {
            const Extent size = m_run->size();
            if (isDone(cell) || (size.isSet() && !(size == m_scene.size())))
                gather(); // a forecast knows the size before the first picture is there
            redraw();
            if (cell == m_current)
                Q_EMIT currentChanged();
        });
    gather();
    layOut();
    Q_EMIT marksChanged();
    Q_EMIT currentChanged();
    Q_EMIT viewChanged();
}

bool SweepCanvas::isDone(int cell) const
{
    return m_run && cell >= 0 && cell < static_cast<int>(m_run->cells().size())
        && m_run->cells()[static_cast<std::size_t>(cell)].picture;
}

void SweepCanvas::gather()
{
    m_pyramids.clear();
    m_layers.clear();
    if (!m_run)
        return;
    std::vector<Extent> sizes;
    for (const SweepCell& cell : m_run->cells()) {
        m_pyramids.push_back(cell.picture ? m_store.request(cell.picture) : nullptr);
        m_layers.push_back(cell.picture ? static_cast<int>(sizes.size()) : -1);
        if (cell.picture)
            sizes.push_back(cell.picture->size);
    }
    m_scene.setLayers(std::move(sizes), m_run->size());
    layOut();
    Q_EMIT viewChanged();
}

void SweepCanvas::layOut()
{
    if (!m_run)
        return redraw();
    const SweepSetup& setup = m_run->setup();
    if (m_single) {
        m_sheet = layOutSheet(size(), SheetGrid{}, SheetMargins{});
        m_sheet.cells.assign(1, rect().adjusted(0, kHeadHeight, 0, 0));
    } else {
        m_sheet = layOutSheet(size(), sheetGrid(setup), m_scene.size(), sheetMargins(setup), kLeastCell);
    }
    // In the middle of what it does not fill.
    const QSize rest = (size() - m_sheet.size).expandedTo(QSize(0, 0));
    for (auto* rects : {&m_sheet.cells, &m_sheet.columnHeads, &m_sheet.rowHeads, &m_sheet.rowGroupHeads,
             &m_sheet.columnGroupHeads}) {
        for (QRect& each : *rects)
            each.translate(m_single ? 0 : rest.width() / 2, m_single ? 0 : rest.height() / 2);
    }
    if (!m_sheet.cells.empty())
        m_scene.setPane(deviceArea(m_current).size(), {}, 0);
    redraw();
}

QSize SweepCanvas::minimumSizeHint() const
{
    if (!m_run || m_single)
        return {240, 200};
    const SweepSetup& setup = m_run->setup();
    return layOutSheet(QSize(0, 0), sheetGrid(setup), m_scene.size(), sheetMargins(setup), kLeastCell).size;
}

QRect SweepCanvas::cellArea(int cell) const
{
    if (!m_run || cell < 0 || cell >= static_cast<int>(m_run->cells().size()))
        return {};
    if (m_single)
        return cell == m_current ? m_sheet.cells.front() : QRect();
    return m_sheet.cells[static_cast<std::size_t>(cell)];
}

QRect SweepCanvas::deviceArea(int cell) const
{
    const double ratio = devicePixelRatioF();
    const QRect area = cellArea(cell);
    return {QPoint(qRound(area.x() * ratio), qRound(area.y() * ratio)),
        QSize(qRound(area.width() * ratio), qRound(area.height() * ratio))};
}

void SweepCanvas::redraw()
{
    m_stale = true;
    update();
}

const QImage& SweepCanvas::frame()
{
    const double ratio = devicePixelRatioF();
    const QSize wanted = (QSizeF(size()) * ratio).toSize().expandedTo(QSize(1, 1));
    if (m_frame.size() != wanted || m_frame.devicePixelRatio() != ratio) {
        m_frame = QImage(wanted, QImage::Format_RGB32);
        m_frame.setDevicePixelRatio(ratio);
        m_stale = true;
    }
    if (m_stale) {
        m_frame.fill(tokensOf(palette()).canvas);
        for (int cell = 0; m_run && cell < static_cast<int>(m_run->cells().size()); ++cell)
            renderCell(cell);
        m_stale = false;
    }
    return m_frame;
}

void SweepCanvas::renderCell(int cell)
{
    const QRect area = deviceArea(cell);
    const auto index = static_cast<std::size_t>(cell);
    if (area.isEmpty() || !m_frame.rect().contains(area) || !m_pyramids[index])
        return;
    // The cell's part of the frame as an image of its own, on the same memory.
    QImage part(m_frame.scanLine(area.top()) + 4 * area.left(), area.width(), area.height(),
        m_frame.bytesPerLine(), QImage::Format_RGB32);
    FrameRequest request;
    request.layers = {m_pyramids[index]};
    request.background = tokensOf(palette()).canvas;
    m_renderer.renderPart(request, 0, m_scene.mapping(static_cast<std::size_t>(m_layers[index])), part);
}

void SweepCanvas::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.drawImage(QPointF(0, 0), frame());
    if (!m_run)
        return;
    paintHeads(painter);
    for (int cell = 0; cell < static_cast<int>(m_run->cells().size()); ++cell) {
        if (!cellArea(cell).isEmpty())
            paintCell(painter, cell);
    }
}

void SweepCanvas::paintHeads(QPainter& painter)
{
    const Tokens& t = tokensOf(palette());
    if (m_single)
        return drawSheetTitle(
            painter, QRect(0, 0, width(), kHeadHeight), cellWords(m_run->setup(), m_current, *m_catalog), t);
    drawSheetHeads(painter, m_sheet, m_run->setup(), *m_catalog, t, font());
}

void SweepCanvas::paintCell(QPainter& painter, int cell)
{
    const QRect area = cellArea(cell);
    const Tokens& t = tokensOf(palette());
    if (!isDone(cell))
        drawCellState(painter, area, m_run->cells()[static_cast<std::size_t>(cell)], t);
    else if (m_probe)
        paintProbe(painter, cell, area);
    if (m_loupe && m_probe && m_pyramids[static_cast<std::size_t>(cell)])
        paintLoupe(painter, cell, area);
    for (int mark = 0; mark < 2; ++mark) {
        if (m_marked[static_cast<std::size_t>(mark)] == cell)
            drawMark(painter, area, mark, t);
    }
    if (cell == m_current && !m_single)
        drawCurrent(painter, area, hasFocus(), t);
}

void SweepCanvas::paintProbe(QPainter& painter, int, const QRect& area)
{
    const QPointF at = QPointF(area.topLeft()) + m_scene.toPane(*m_probe) / devicePixelRatioF();
    if (QRectF(area).contains(at))
        drawProbe(painter, area, at);
}

void SweepCanvas::paintLoupe(QPainter& painter, int cell, const QRect& area)
{
    const double ratio = devicePixelRatioF();
    const QPointF at = m_scene.toPane(*m_probe) / ratio;
    const QRect box = sheetLoupeArea(area, at + area.topLeft());
    QImage part((QSizeF(box.size()) * ratio).toSize(), QImage::Format_RGB32);
    const double zoom = m_scene.zoom() * kSheetLoupe;
    const QPoint corner(static_cast<int>(std::floor(part.width() / 2.0 - m_probe->x() * zoom)),
        static_cast<int>(std::floor(part.height() / 2.0 - m_probe->y() * zoom)));
    const auto index = static_cast<std::size_t>(cell);
    FrameRequest request;
    request.layers = {m_pyramids[index]};
    request.background = tokensOf(palette()).canvas;
    m_renderer.renderPart(
        request, 0, m_scene.mapping(static_cast<std::size_t>(m_layers[index]), corner, zoom), part);
    part.setDevicePixelRatio(ratio);
    painter.drawImage(box.topLeft(), part);
    drawLoupeFrame(painter, box, tokensOf(palette()));
}

void SweepCanvas::resizeEvent(QResizeEvent*)
{
    layOut();
    Q_EMIT viewChanged();
}

void SweepCanvas::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        redraw();
    QWidget::changeEvent(event);
}

void SweepCanvas::setCurrent(int cell)
{
    if (!m_run || cell == m_current || cell < 0 || cell >= static_cast<int>(m_run->cells().size()))
        return;
    m_current = cell;
    redraw();
    Q_EMIT currentChanged();
}

void SweepCanvas::toggleMark(int cell)
{
    if (!isDone(cell))
        return;
    if (m_marked[0] == cell)
        m_marked = {m_marked[1], -1};
    else if (m_marked[1] == cell)
        m_marked[1] = -1;
    else if (m_marked[0] < 0)
        m_marked[0] = cell;
    else
        m_marked[1] = cell;
    update();
    Q_EMIT marksChanged();
}

void SweepCanvas::setShowsOne(bool single)
{
    if (single == m_single)
        return;
    m_single = single;
    updateGeometry();
    layOut();
    Q_EMIT viewChanged();
}

void SweepCanvas::setLoupe(bool loupe)
{
    m_loupe = loupe;
    update();
    Q_EMIT viewChanged();
}

QPointF SweepCanvas::anchor() const
{
    return m_scene.clearCentre();
}

void SweepCanvas::fit()
{
    m_scene.fit();
    redraw();
    Q_EMIT viewChanged();
}

void SweepCanvas::oneToOne()
{
    m_scene.zoomTo(1.0, anchor());
    redraw();
    Q_EMIT viewChanged();
}

void SweepCanvas::zoomStep(int direction)
{
    m_scene.zoomStep(direction, anchor());
    redraw();
    Q_EMIT viewChanged();
}

} // namespace studio::ui
