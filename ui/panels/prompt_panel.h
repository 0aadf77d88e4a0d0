#pragma once

#include <QCoreApplication>
#include <QPlainTextEdit>
#include <QWidget>

#include <functional>

namespace studio::ui {

class NumberLabel;
class StudioController;

/// A field for prompts: Tab leaves it, undo goes back over everything, also over texts that were put in from outside.
class PromptEdit : public QPlainTextEdit {
public:
    explicit PromptEdit(int lines, QWidget* parent = nullptr);

    /// Replaces the text as one step that can be undone. Does nothing if it is the same.
    void replaceText(const QString& text);

    /// A file that is dropped here is for the window: its name is no prompt.
    std::function<void(const QString& path)> fileDropped;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void insertFromMimeData(const QMimeData* source) override;

private:
    int m_lines = 0;
};

/// Prompt and negative prompt with their token counts and the prompts used before.
class PromptPanel : public QWidget {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::PromptPanel)

public:
    explicit PromptPanel(StudioController& controller, QWidget* parent = nullptr);

    PromptEdit* prompt() const { return m_prompt; }
    PromptEdit* negative() const { return m_negative; }

private:
    QWidget* head(const QString& title, QWidget* buddy, NumberLabel*& count, bool history);
    void showRequest();
    void showCounts();
    void showHistory(QWidget* below);

    StudioController& m_controller;
    PromptEdit* m_prompt = nullptr;
    PromptEdit* m_negative = nullptr;
    NumberLabel* m_promptCount = nullptr;
    NumberLabel* m_negativeCount = nullptr;
};

} // namespace studio::ui
