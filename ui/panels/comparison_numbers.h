#pragma once

#include "ui/compare/picture_metrics.h"

#include <QCoreApplication>
#include <QWidget>

#include <optional>
#include <vector>

class QLabel;

namespace studio::ui {

/// The numbers of the comparison in sight, one a row. Not there while nothing is compared.
class ComparisonNumbers : public QWidget {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::ComparisonNumbers)

public:
    explicit ComparisonNumbers(QWidget* parent);

    /// `pair`: what is compared, "First pass and Hires"; empty: nothing is. Without metrics: they are being measured.
    void setNumbers(const QString& pair, const std::optional<CompareMetrics>& metrics);
    QString text() const; ///< all that is shown, one row a line

private:
    QLabel* m_pair = nullptr;
    std::vector<QLabel*> m_names;
    std::vector<QLabel*> m_values;
};

} // namespace studio::ui
