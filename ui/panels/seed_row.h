#pragma once

#include <QCoreApplication>
#include <QWidget>

#include <cstdint>
#include <functional>
#include <optional>

class QHBoxLayout;
class QLabel;
class QLineEdit;
class QToolButton;

namespace studio::ui {

class StudioController;

/// The seed: its value, random, lock, from the picture in sight, +1.
class SeedRow : public QWidget {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::SeedRow)

public:
    explicit SeedRow(StudioController& controller, QWidget* parent = nullptr);

    /// The seed of the picture that is looked at; set by the window.
    void setSeedInSight(std::optional<std::uint64_t> seed);
    QLineEdit* field() const { return m_field; }
    QString faultText() const; ///< why what stands in the field is not used; empty: it is

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QToolButton* addTool(const QString& icon, const QString& name, std::function<void()> act);
    QWidget* makeFault();
    void showSeed();
    void showLastSeed();
    void showFault();
    void typed();
    void setSeed(std::optional<std::uint64_t> seed);

    StudioController& m_controller;
    QHBoxLayout* m_row = nullptr;
    QLineEdit* m_field = nullptr;
    QWidget* m_fault = nullptr; ///< the sentence below the field, with its sign
    QLabel* m_faultWords = nullptr;
    QToolButton* m_random = nullptr;
    QToolButton* m_lock = nullptr;
    QToolButton* m_reuse = nullptr;
    QToolButton* m_next = nullptr;
    std::optional<std::uint64_t> m_inSight;
    std::optional<std::uint64_t> m_shown; ///< the state's seed, as it was shown last
};

} // namespace studio::ui
