#pragma once

#include <QCoreApplication>
#include <QWidget>

#include <cstdint>
#include <functional>
#include <optional>

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

private:
    QToolButton* addTool(const QString& icon, const QString& name, std::function<void()> act);
    void showSeed();
    void typed();
    void setSeed(std::optional<std::uint64_t> seed);

    StudioController& m_controller;
    QLineEdit* m_field = nullptr;
    QToolButton* m_random = nullptr;
    QToolButton* m_lock = nullptr;
    QToolButton* m_reuse = nullptr;
    QToolButton* m_next = nullptr;
    std::optional<std::uint64_t> m_inSight;
};

} // namespace studio::ui
