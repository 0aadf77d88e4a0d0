#pragma once

#include "ui/models/adapter_use.h"

#include <QFrame>

#include <functional>

class QCheckBox;
class QLabel;
class QToolButton;

namespace studio::ui {

class AdapterLibrary;
class CalmSpinBox;
class ElidedLabel;
class FieldLabel;
class StudioController;
class ThumbnailLoader;

/// One adapter in use: whether it acts, how strong in each pass, its trigger words, and what the plan says about it.
class AdapterCard : public QFrame {
    Q_OBJECT

public:
    AdapterCard(StudioController& controller, ThumbnailLoader& pictures, const UsedAdapter& used,
        QWidget* parent = nullptr);

    const UsedAdapter& used() const { return m_used; }
    /// The same adapter with other values.
    void setUsed(const UsedAdapter& used);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QWidget* makeHead();
    QWidget* makeWeights();
    QWidget* makeSaid();
    void addWeight(class QHBoxLayout& row, const QString& label, const QString& hint, FieldLabel*& name,
        CalmSpinBox*& box);
    void fillWords();
    void showFile();
    void showPlan();
    void showWords();

    StudioController& m_controller;
    ThumbnailLoader& m_pictures;
    UsedAdapter m_used;
    QLabel* m_picture = nullptr;
    QCheckBox* m_acts = nullptr;
    ElidedLabel* m_name = nullptr;
    ElidedLabel* m_detail = nullptr;
    QToolButton* m_remove = nullptr;
    FieldLabel* m_firstLabel = nullptr;
    FieldLabel* m_secondLabel = nullptr;
    CalmSpinBox* m_first = nullptr;
    CalmSpinBox* m_second = nullptr;
    QWidget* m_words = nullptr;
    QLabel* m_sign = nullptr;
    QLabel* m_said = nullptr;
    std::vector<std::string> m_wordsShown;
};

/// The sentences of a plan, or of its refusal, that are about this adapter.
QStringList saidOf(const StudioState& state, const UsedAdapter& used, const QString& file);

} // namespace studio::ui
