#pragma once

#include "core/api/catalog.h"
#include "core/api/outcome.h"
#include "ui/jobs/latest_task.h"
#include "ui/panels/prompt_edit.h"

#include <QCoreApplication>
#include <QWidget>

#include <vector>

class QMenu;
class QToolButton;

namespace studio::ui {

class ElidedLabel;
class NumberLabel;
class StudioController;

/// Prompt and negative prompt with their token counts, the prompts used before, and the styles laid around them.
class PromptPanel : public QWidget {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::PromptPanel)

public:
    explicit PromptPanel(StudioController& controller, QWidget* parent = nullptr);

    PromptEdit* prompt() const { return m_prompt; }
    PromptEdit* negative() const { return m_negative; }
    /// Fills `menu` with the styles to choose from, those in use checked.
    void fillStyles(QMenu& menu, const Outcome<std::vector<CatalogEntry>>& styles);

private:
    QWidget* head(const QString& title, QWidget* buddy, NumberLabel*& count, bool history);
    void showRequest();
    void showNames();
    void showSteps();
    void showCounts();
    void showHistory(QWidget* below);
    QToolButton* tool(const QString& icon, const QString& name, QWidget* parent);
    void showStyles(const Outcome<std::vector<CatalogEntry>>& styles);

    StudioController& m_controller;
    PromptEdit* m_prompt = nullptr;
    PromptEdit* m_negative = nullptr;
    NumberLabel* m_promptCount = nullptr;
    NumberLabel* m_negativeCount = nullptr;
    QToolButton* m_styles = nullptr;
    ElidedLabel* m_styleNames = nullptr;
    QThreadPool m_lane;
    LatestTask<Outcome<std::vector<CatalogEntry>>> m_styleReader;
};

} // namespace studio::ui
