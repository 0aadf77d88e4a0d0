#pragma once

#include <QToolButton>

namespace studio::ui {

/// The caption of a pane: a letter, the layer's name and size. Opens a menu to choose another layer.
class LayerChip : public QToolButton {
    Q_OBJECT

public:
    explicit LayerChip(QWidget* parent = nullptr);

    /// `letter` may be empty (a single picture, a preview).
    void setContent(const QString& letter, const QString& label, const QString& detail);
    /// The choices of the menu; fewer than two: a plain caption.
    void setChoices(const QStringList& labels, int current);
    /// Marks the picture that is in sight while two share the place.
    void setInSight(bool inSight);
    /// The widest the chip may be drawn; the name is shortened to fit.
    void setRoom(int width);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void chosen(int layer);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    bool hasMenu() const;
    int fixedWidth() const; ///< all but label and detail

    QString m_letter;
    QString m_label;
    QString m_detail;
    QStringList m_choices;
    bool m_inSight = false;
    int m_room = 320;
};

} // namespace studio::ui
