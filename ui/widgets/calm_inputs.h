#pragma once

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>

#include <functional>
#include <optional>
#include <vector>

namespace studio::ui {

/// Inputs that answer the wheel only while they hold the focus, so that scrolling a panel changes nothing.

class CalmSpinBox : public QDoubleSpinBox {
public:
    explicit CalmSpinBox(QWidget* parent = nullptr);

    QString textFromValue(double value) const override; ///< without digits that mean nothing

    /// Shows a value without telling anybody. A number that is being typed stays as it stands: once it has been typed to
    /// its end, it counts, and without one this value does.
    void showValue(double value);

protected:
    void wheelEvent(QWheelEvent* event) override;

private:
    bool isBeingTyped() const;

    std::optional<double> m_withheld; ///< to be shown when nothing is being typed any more
};

/// The number that is being typed counts from here on, although its field keeps the focus. For what is ordered by a
/// key: it is meant with the number that stands there.
void takeTypedNumber();

/// One entry of a CalmComboBox.
struct Choice {
    QString id;
    QString label;
    QString hint;
    QString group; ///< heading it stands under; empty: none

    bool operator==(const Choice&) const = default;
};

class CalmComboBox : public QComboBox {
public:
    explicit CalmComboBox(QWidget* parent = nullptr);

    /// Entries of one group follow one another. Leaves the list alone if it is the same, so that an open one stays.
    void setChoices(std::vector<Choice> choices);
    /// Chooses without telling anybody; an id that is not in the list: nothing is chosen.
    void choose(const QString& id);
    QString chosen() const;

protected:
    bool event(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    void addHeading(const QString& text);

    std::vector<Choice> m_choices;
};

/// The name of a value. Dragging it sideways changes the value, a double click brings the default back, a dot says
/// that the value is not the default.
class FieldLabel : public QLabel {
public:
    explicit FieldLabel(const QString& text, QWidget* parent = nullptr);

    std::function<void(int steps)> dragged; ///< empty: nothing to drag
    std::function<void()> resetWanted;

    void setChanged(bool changed);
    bool isChanged() const { return m_changed; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void enterEvent(QEnterEvent* event) override;

private:
    bool m_changed = false;
    int m_from = 0; ///< where the drag counted its last step
};

} // namespace studio::ui
