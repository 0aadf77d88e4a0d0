#pragma once

#include <QListView>

namespace studio::ui {

class AdapterList;

/// The adapters that were found. A click, Space or Enter puts one to use or out of use.
class AdapterView : public QListView {
    Q_OBJECT

public:
    explicit AdapterView(AdapterList& list, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    /// Somebody wanted to use what cannot be used; `sentence` says why.
    void refused(const QString& sentence);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void toggle(const QModelIndex& index);

    AdapterList& m_list;
};

} // namespace studio::ui
