#pragma once

#include "ui/compare/picture_metrics.h"

#include <QPoint>
#include <QWidget>

#include <optional>

namespace studio::ui {

/// What lies under the cursor, in both pictures.
struct PixelReading {
    QPoint position;                                  ///< output pixels
    std::optional<std::array<std::uint8_t, 3>> first; ///< RGB of A; empty outside of it
    std::optional<std::array<std::uint8_t, 3>> second;
};

/// The line under the canvas: the pixel under the cursor on the left, the numbers of the comparison on the
/// right.
class CompareReadout : public QWidget {
    Q_OBJECT

public:
    explicit CompareReadout(QWidget* parent = nullptr);

    void setReading(const std::optional<PixelReading>& reading, bool pair);
    /// No metrics: being computed, if `pair`.
    void setMetrics(const std::optional<CompareMetrics>& metrics, bool pair);
    /// Shown while nothing is under the cursor, as far as the numbers leave room for it.
    void setHint(const QString& hint);
    void setEmpty(bool empty); ///< there is no picture: the line looks like the canvas

    QString readingText() const; ///< as shown, for tests and screen readers
    QString metricsText() const;
    QString shownHint() const;    ///< as there is room; empty: there is none
    QString shownMetrics() const; ///< likewise

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {200, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QStringList numberParts() const;
    int roomForNumbers() const;
    int drawReading(QPainter& painter, int x) const;
    int drawColour(
        QPainter& painter, int x, const QString& letter, const std::array<std::uint8_t, 3>& colour) const;

    std::optional<PixelReading> m_reading;
    std::optional<CompareMetrics> m_metrics;
    bool m_pair = false;     ///< the reading has two pixels
    bool m_measures = false; ///< there are two pictures to measure
    bool m_empty = false;
    QString m_hint;
};

} // namespace studio::ui
