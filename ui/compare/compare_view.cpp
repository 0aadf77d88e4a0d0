#include "ui/compare/compare_view.h"

#include "ui/compare/compare_actions.h"
#include "ui/compare/compare_bar.h"
#include "ui/compare/compare_canvas.h"
#include "ui/compare/compare_readout.h"
#include "ui/compare/comparison_sheet.h"
#include "ui/compare/layer_chip.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QVBoxLayout>
#include <QtConcurrentRun>

#include <algorithm>

namespace studio::ui {

namespace {

/// Room for the captions and the bar, in device-independent pixels.
constexpr Insets kOverlayInsets{44, 60};

std::array<std::uint8_t, 3> pixelOf(const Picture8& picture, QPoint at)
{
    const auto* value
        = picture.values.data() + 3 * (static_cast<std::size_t>(at.y()) * picture.size.width + at.x());
    return {value[0], value[1], value[2]};
}

} // namespace

CompareView::CompareView(QWidget* parent)
    : QWidget(parent)
    , m_actions(new CompareActions(this))
    , m_canvas(new CompareCanvas(this))
    , m_bar(new CompareBar(*m_actions, m_canvas))
    , m_readout(new CompareReadout(this))
    , m_reducedMotion(prefersReducedMotion())
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_canvas, 1);
    column->addWidget(m_readout);
    setFocusProxy(m_canvas);
    for (int i = 0; i < kMaxPanes; ++i) {
        auto* chip = new LayerChip(m_canvas);
        chip->hide();
        connect(chip, &LayerChip::chosen, this, [this, i](int layer) {
            change([&](CompareSettings& s) {
                int& own = i == 0 ? s.first : s.second;
                int& other = i == 0 ? s.second : s.first;
                if (other == layer)
                    other = own; // choosing the other one's picture changes places
                own = layer;
            });
        });
        m_chips.push_back(chip);
    }
    m_measuring.setMaxThreadCount(1);
    m_measuring.setThreadPriority(QThread::LowestPriority);
    m_blinkTimer.setInterval(kBlinkMs);
    m_canvas->setInsets(kOverlayInsets);
    connectActions();
    connect(
        m_canvas, &CompareCanvas::viewChanged, this, [this] { m_bar->setZoom(m_canvas->scene().zoom()); });
    connect(m_canvas, &CompareCanvas::resized, this, &CompareView::updateOverlay);
    connect(m_canvas, &CompareCanvas::dragOutWanted, this, [this](int layer) {
        if (!m_preview) // a preview is no picture to keep
            Q_EMIT dragOutWanted(layer);
    });
    connect(m_canvas, &CompareCanvas::probeChanged, this, &CompareView::updateReading);
    connect(m_canvas, &CompareCanvas::settingsChanged, this, [this] {
        // Dragging the wipe changes the canvas first.
        m_settings.wipePosition = m_canvas->settings().wipePosition;
    });
    showCurrent();
}

CompareView::~CompareView()
{
    // The window closes while the base class is destroyed; the canvas then loses the focus and would tell us so.
    m_canvas->disconnect(this);
    m_stopMeasuring.request_stop();
    m_measuring.waitForDone();
}

template <class Change> void CompareView::change(Change&& change)
{
    CompareSettings changed = m_settings;
    change(changed);
    setSettings(changed);
}

void CompareView::connectActions()
{
    for (const ModeInfo& info : kModes)
        connect(m_actions->mode(info.mode), &QAction::triggered, this,
            [this, mode = info.mode] { setMode(mode); });
    connect(m_actions->fit, &QAction::triggered, m_canvas, &CompareCanvas::fit);
    connect(m_actions->oneToOne, &QAction::triggered, m_canvas, &CompareCanvas::oneToOne);
    connect(m_actions->zoomIn, &QAction::triggered, m_canvas, [this] { m_canvas->zoomStep(1); });
    connect(m_actions->zoomOut, &QAction::triggered, m_canvas, [this] { m_canvas->zoomStep(-1); });
    connect(m_actions->swap, &QAction::triggered, this,
        [this] { change([](CompareSettings& s) { std::swap(s.first, s.second); }); });
    connect(m_actions->smooth, &QAction::triggered, this, [this](bool on) {
        change([on](CompareSettings& s) { s.sampling = on ? Sampling::Smooth : Sampling::Nearest; });
    });
    connect(m_actions->flip, &QAction::triggered, this,
        [this] { change([](CompareSettings& s) { s.showSecond = !s.showSecond; }); });
    connect(m_actions->overlays, &QAction::toggled, this, [this](bool shown) {
        m_canvas->setInsets(shown ? kOverlayInsets : Insets{});
        updateOverlay();
    });
    connect(m_actions->option, &QAction::triggered, this, &CompareView::applyOption);
    connect(m_actions->gain, &QAction::triggered, this,
        [this] { change([](CompareSettings& s) { s.gain = s.gain >= 16 ? 1 : s.gain * 2; }); });
    connect(m_actions->wipeBack, &QAction::triggered, this, [this] { moveDivider(-0.02); });
    connect(m_actions->wipeForward, &QAction::triggered, this, [this] { moveDivider(0.02); });
    connect(m_actions, &CompareActions::panWanted, m_canvas, &CompareCanvas::pan);
    connect(m_actions, &CompareActions::probeMoveWanted, m_canvas, &CompareCanvas::moveProbe);
    connect(m_canvas, &CompareCanvas::flipHeld, this, &CompareView::flip);
    connect(m_bar, &CompareBar::zoomEntered, m_canvas, &CompareCanvas::zoomTo);
    connect(m_bar, &CompareBar::opacityChanged, this,
        [this](double opacity) { change([opacity](CompareSettings& s) { s.opacity = opacity; }); });
    connect(&m_blinkTimer, &QTimer::timeout, this,
        [this] { change([](CompareSettings& s) { s.showSecond = !s.showSecond; }); });
}

void CompareView::applyOption()
{
    if (m_settings.mode == CompareMode::Blink) {
        m_blinking = !m_blinking;
        return updateBlink();
    }
    change([this](CompareSettings& s) {
        switch (s.mode) {
        case CompareMode::Side:
            s.panes = s.panes >= std::min(kMaxPanes, static_cast<int>(m_layers.size())) ? 2 : s.panes + 1;
            break;
        case CompareMode::Wipe:
            s.wipeAxis = s.wipeAxis == WipeAxis::Vertical ? WipeAxis::Horizontal : WipeAxis::Vertical;
            break;
        case CompareMode::Difference:
            s.gain = s.gain >= 16 ? 1 : s.gain * 2;
            break;
        case CompareMode::Loupe:
            s.magnification = s.magnification >= 8 ? 2 : s.magnification * 2;
            break;
        case CompareMode::Single:
            s.showSecond = !s.showSecond;
            break;
        case CompareMode::Overlay:
            s.opacity = s.opacity < 0.25 ? 0.5 : s.opacity < 0.75 ? 1.0 : 0.0;
            break;
        case CompareMode::Blink:
            break;
        }
    });
}

void CompareView::moveDivider(double step)
{
    change([step](CompareSettings& s) {
        double& value = s.mode == CompareMode::Overlay ? s.opacity : s.wipePosition;
        value = std::clamp(value + step, 0.0, 1.0);
    });
}

void CompareView::flip(bool pressed)
{
    if (m_preview || m_layers.size() < 2)
        return;
    if (m_settings.mode == CompareMode::Blink) {
        if (!pressed)
            return;
        m_blinking = false; // from here on by hand
        change([](CompareSettings& s) { s.showSecond = !s.showSecond; });
        return updateBlink();
    }
    CompareSettings shown = valid(m_settings);
    if (pressed) {
        shown.showSecond = !(shown.mode == CompareMode::Single && shown.showSecond);
        shown.mode = CompareMode::Single;
    }
    m_canvas->setSettings(shown);
    updateChips();
}

void CompareView::setLayers(std::vector<CompareLayer> layers)
{
    std::erase_if(
        layers, [](const CompareLayer& layer) { return !layer.picture || !layer.picture->size.isSet(); });
    m_layers = std::move(layers);
    m_preview.reset();
    m_settings.first = 0;
    m_settings.second = std::max(0, static_cast<int>(m_layers.size()) - 1);
    m_settings.showSecond = false;
    if (!m_modeChosen && m_layers.size() > 1)
        m_settings.mode = CompareMode::Wipe;
    showCurrent();
    Q_EMIT settingsChanged();
}

void CompareView::setPreview(CompareLayer preview, Extent finalSize)
{
    if (!preview.picture || !preview.picture->size.isSet())
        return;
    const bool first = !m_preview.has_value();
    m_preview = std::move(preview);
    CompareSettings settings;
    settings.sampling = Sampling::Smooth;
    m_canvas->setLayers({*m_preview}, settings, finalSize);
    if (first) {
        updateBlink();
        startMeasuring();
    }
    updateOverlay();
}

void CompareView::clearPreview()
{
    if (!m_preview)
        return;
    m_preview.reset();
    showCurrent();
}

void CompareView::setEmptyWidget(QWidget* widget)
{
    delete m_empty;
    m_empty = widget;
    if (m_empty)
        m_empty->setParent(m_canvas);
    updateOverlay();
}

CompareSettings CompareView::settings() const
{
    return m_settings;
}

CompareSettings CompareView::valid(CompareSettings settings) const
{
    const int last = std::max(0, static_cast<int>(m_layers.size()) - 1);
    settings.first = std::clamp(settings.first, 0, last);
    settings.second = std::clamp(settings.second, 0, last);
    settings.panes = std::clamp(settings.panes, 2, kMaxPanes);
    if (m_layers.size() < 2) {
        settings.mode = CompareMode::Single;
        settings.showSecond = false;
    }
    if (settings.mode != CompareMode::Single && settings.mode != CompareMode::Blink)
        settings.showSecond = false;
    return settings;
}

void CompareView::setSettings(const CompareSettings& settings)
{
    const CompareMode before = m_settings.mode;
    m_settings = settings;
    const int last = std::max(0, static_cast<int>(m_layers.size()) - 1);
    m_settings.first = std::clamp(m_settings.first, 0, last);
    m_settings.second = std::clamp(m_settings.second, 0, last);
    if (!m_preview)
        m_canvas->setSettings(valid(m_settings));
    if (m_settings.mode != before) {
        m_blinking = m_settings.mode == CompareMode::Blink && !m_reducedMotion;
        updateBlink();
    }
    updateOverlay();
    startMeasuring();
    Q_EMIT settingsChanged();
}

void CompareView::setMode(CompareMode mode)
{
    m_modeChosen = true;
    change([mode](CompareSettings& s) {
        s.mode = mode;
        s.showSecond = false;
    });
}

void CompareView::setReducedMotion(bool reduced)
{
    m_reducedMotion = reduced;
    m_blinking = m_settings.mode == CompareMode::Blink && !reduced;
    updateBlink();
}

void CompareView::showCurrent()
{
    m_canvas->setLayers(m_layers, valid(m_settings));
    updateBlink();
    updateOverlay();
    startMeasuring();
}

void CompareView::updateBlink()
{
    const bool run = m_blinking && !m_preview && m_layers.size() > 1 && m_settings.mode == CompareMode::Blink
        && isVisible();
    if (run && !m_blinkTimer.isActive())
        m_blinkTimer.start();
    else if (!run)
        m_blinkTimer.stop();
    updateBar();
}

bool CompareView::comparesTwo() const
{
    return !m_preview && m_layers.size() > 1 && m_settings.first != m_settings.second;
}

void CompareView::startMeasuring()
{
    const bool pair = comparesTwo();
    const auto picture = [&](int layer) {
        return pair ? m_layers[static_cast<std::size_t>(layer)].picture : std::shared_ptr<const Picture8>();
    };
    const std::shared_ptr<const Picture8> first = picture(m_settings.first);
    const std::shared_ptr<const Picture8> second = picture(m_settings.second);
    if (first.get() == m_measured[0] && second.get() == m_measured[1])
        return;
    m_measured[0] = first.get();
    m_measured[1] = second.get();
    m_stopMeasuring.request_stop();
    m_stopMeasuring = std::stop_source();
    m_metrics.reset();
    m_readout->setMetrics(m_metrics, pair);
    Q_EMIT metricsChanged();
    if (!pair)
        return;
    const std::stop_token stop = m_stopMeasuring.get_token();
    QtConcurrent::run(&m_measuring, [first, second, stop] {
        return measure(*first, *second, stop);
    }).then(this, [this, stop](std::optional<CompareMetrics> metrics) {
        if (stop.stop_requested())
            return; // another pair was asked for meanwhile
        m_metrics = std::move(metrics);
        m_readout->setMetrics(m_metrics, true);
        Q_EMIT metricsChanged();
    });
}

void CompareView::updateReading()
{
    const std::optional<QPointF> probe = m_canvas->probe();
    const CompareSettings& settings = m_canvas->settings();
    const std::vector<CompareLayer>& layers = m_canvas->layers();
    if (!probe || layers.empty())
        return m_readout->setReading(std::nullopt, false);
    PixelReading reading{{static_cast<int>(probe->x()), static_cast<int>(probe->y())}, {}, {}};
    const auto read = [&](int layer) -> std::optional<std::array<std::uint8_t, 3>> {
        const QPoint at = m_canvas->scene().pixelAt(static_cast<std::size_t>(layer), *probe);
        if (at.x() < 0)
            return std::nullopt;
        return pixelOf(*layers[static_cast<std::size_t>(layer)].picture, at);
    };
    reading.first = read(settings.first);
    reading.second = read(settings.second);
    m_readout->setReading(reading, layers.size() > 1);
}

QImage CompareView::sheet(QStringList notes) const
{
    const CompareSettings settings = valid(m_settings);
    if (comparesTwo() && m_metrics && settings.mode != CompareMode::Single)
        notes << m_readout->metricsText();
    return makeComparisonSheet(m_layers, settings, notes);
}

void CompareView::hideEvent(QHideEvent* event)
{
    m_blinkTimer.stop();
    QWidget::hideEvent(event);
}

bool CompareView::event(QEvent* event)
{
    const bool handled = QWidget::event(event);
    if (event->type() == QEvent::Show) {
        updateBlink();
        updateOverlay();
    }
    return handled;
}

} // namespace studio::ui
