#pragma once

#include <QLayout>
#include <QList>

namespace studio::ui {

/// Widgets beside one another, in as many lines as the width asks for.
class FlowLayout : public QLayout {
public:
    explicit FlowLayout(QWidget* parent = nullptr);
    ~FlowLayout() override;

    void addItem(QLayoutItem* item) override;
    int count() const override;
    QLayoutItem* itemAt(int index) const override;
    QLayoutItem* takeAt(int index) override;
    Qt::Orientations expandingDirections() const override { return {}; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize minimumSize() const override;
    QSize sizeHint() const override;
    void setGeometry(const QRect& area) override;

private:
    /// Answers the height; moves the widgets only if asked to.
    int arrange(const QRect& area, bool move) const;

    QList<QLayoutItem*> m_items;
};

} // namespace studio::ui
