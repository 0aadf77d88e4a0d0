#pragma once

#include "ui/models/sweep.h"

#include <QWidget>

#include <optional>

class QLabel;
class QLineEdit;
class QListWidget;
class QStackedWidget;

namespace studio::ui {

class CalmComboBox;

/// One axis of a sweep that is being set up: which setting, and its values.
class SweepAxisEditor : public QWidget {
    Q_OBJECT

public:
    /// `optional`: there may be no such axis. Values are proposed around those of `request`.
    SweepAxisEditor(const QString& title, bool optional, const Request& request, const Catalog& catalog,
        QWidget* parent = nullptr);

    void choose(const QString& axisId); ///< empty: none
    /// Nothing: there is no such axis.
    std::optional<SweepAxis> axis() const;
    /// What is wrong with what was typed; empty: nothing.
    QString fault() const;

    QLineEdit& numbers() const { return *m_numbers; }
    QListWidget& rows() const { return *m_rows; }

Q_SIGNALS:
    void changed();

private:
    void propose();
    void fillRows(const SweepAxisInfo& info);

    const Request m_request;
    const Catalog& m_catalog;
    CalmComboBox* m_choice = nullptr;
    QStackedWidget* m_pages = nullptr;
    QLineEdit* m_numbers = nullptr;
    QLabel* m_hint = nullptr;
    QListWidget* m_rows = nullptr;
};

} // namespace studio::ui
