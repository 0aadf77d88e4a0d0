#pragma once

#include <QFrame>

#include <vector>

class QListWidget;

namespace studio::ui {

/// A short list below what is being typed. It never takes the focus: the field keeps the keyboard and passes on what
/// is for the list.
class CompletionPopup : public QFrame {
    Q_OBJECT

public:
    struct Row {
        QString label;
        QString detail;

        bool operator==(const Row&) const = default;
    };

    explicit CompletionPopup(QWidget* field);

    /// Opens below `caret` (above it where the screen ends), in coordinates of the screen. `chosen`: the row that Enter
    /// takes; -1: none yet.
    void open(const std::vector<Row>& rows, const QRect& caret, int chosen);
    int chosen() const;
    int count() const;
    /// Moves the choice, round at the ends.
    void move(int rows);

Q_SIGNALS:
    void accepted(int row);
    void moved(int row);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QListWidget* m_list = nullptr;
};

} // namespace studio::ui
