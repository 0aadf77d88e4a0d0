#pragma once

#include "ui/models/applicability.h"
#include "ui/models/studio_state.h"
#include "ui/widgets/calm_inputs.h"

#include <QCoreApplication>
#include <QWidget>

#include <functional>
#include <optional>
#include <vector>

class QGridLayout;
class QToolButton;

namespace studio::ui {

/// What every row says about the value it shows. A row is a description; FieldForm makes the widgets.
struct FieldRow {
    QString label;
    QString hint;                   ///< tool tip
    std::optional<Setting> setting; ///< what decides whether the mode uses it; absent: always
    std::function<void(Request&, const Request& defaults)>
        reset; ///< back to what the model or program proposes
    std::function<bool(const StudioState&)> isChanged;
};

struct NumberRow : FieldRow {
    double least = 0.0;
    double most = 1.0;
    double step = 1.0;
    int decimals = 0;
    QString suffix;
    QString atLeast; ///< what the least value means, in words; empty: itself
    std::function<double(const StudioState&)> read;
    std::function<void(Request&, double)> write;
};

struct ChoiceRow : FieldRow {
    std::function<std::vector<Choice>(const StudioState&)> choices;
    std::function<QString(const StudioState&)> read;
    std::function<void(Request&, const QString& id)> write;
    std::function<QWidget*(QWidget* parent)> beside; ///< makes what stands behind the list; empty: nothing
};

struct SizeRow : FieldRow {
    std::function<Extent(const StudioState&)> read;
    std::function<void(Request&, Extent)> write;
};

struct SwitchRow : FieldRow {
    std::function<bool(const StudioState&)> read;
    std::function<void(Request&, bool)> write;
};

/// Labelled values of a state, one a row. The widgets hold nothing: they show the state and change it. What the mode
/// does not use is disabled and says why.
class FieldForm : public QWidget {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::FieldForm)

public:
    explicit FieldForm(StudioState& state, QWidget* parent = nullptr);

    void add(const NumberRow& row);
    void add(const ChoiceRow& row);
    void add(const SizeRow& row);
    void add(const SwitchRow& row);
    /// A widget over both columns.
    void addWide(QWidget* widget);
    /// A widget below the field of the last row: a note on it.
    void addUnder(QWidget* widget);
    /// A widget of one's own behind a label; `setting` disables it.
    void addField(const QString& label, QWidget* widget, std::optional<Setting> setting = {});
    /// Called whenever the rows are brought up to date.
    void addUpdate(std::function<void()> update) { m_updates.push_back(std::move(update)); }
    void refresh();

    /// Enables or disables `widget` and tells the reason to pointers and screen readers.
    static void setUsable(QWidget& widget, const QString& whyNot, const QString& hint);

private:
    struct SizeParts {
        CalmSpinBox* width = nullptr;
        CalmSpinBox* height = nullptr;
        QToolButton* lock = nullptr;
        QToolButton* swap = nullptr;
    };
    void connectSize(const SizeRow& row, const SizeParts& parts);
    void writeSize(const SizeRow& row, Extent size);
    FieldLabel* place(const FieldRow& row, QWidget* field, std::vector<QWidget*> parts);

    StudioState& m_state;
    QGridLayout* m_grid = nullptr;
    std::vector<std::function<void()>> m_updates;
};

} // namespace studio::ui
