#pragma once

#include "ui/models/prompt_completion.h"
#include "ui/models/prompt_reading.h"
#include "ui/panels/typing_steps.h"

#include <QPlainTextEdit>

#include <functional>

namespace studio::ui {

class CompletionPopup;
class PromptHighlighter;

/// A field for prompts. Tab leaves it, undo goes back over everything, also over texts that were put in from outside.
/// It shows how the prompt is read, says so of what is under the pointer or the caret (Ctrl+I), weighs words with Ctrl+Up
/// and Ctrl+Down, and offers the names that prompts may hold.
class PromptEdit : public QPlainTextEdit {
    Q_OBJECT

public:
    enum class Purpose { Prompt, Negative };

    /// `lines`: as high as it is at least. It grows with its text, as far as the window has room for it.
    explicit PromptEdit(int lines, Purpose purpose, QWidget* parent = nullptr);

    /// Replaces the text as one step that can be undone. What stays the same is not touched, and the caret stays.
    void replaceText(const QString& text);

    /// What is typed from here on is undone by itself.
    void beginUndoStep() { m_steps.begin(); }

    /// Off: every character is text.
    void setSyntax(bool on);
    void setNames(const PromptNames& names);
    /// Of the pass that the text is for: when its changes come.
    void setClock(const PromptClock& clock);

    /// What stands at a position, in words; empty: plain text.
    QString wordsAt(int position) const;
    const CompletionPopup& completion() const { return *m_popup; }

    /// A file that is dropped here is for the window: its name is no prompt.
    std::function<void(const QString& path)> fileDropped;
    /// Hears of a text after it was pasted or dropped here.
    std::function<void(const QString& text)> pasted;
    /// A picture without words was pasted here: it is for the window, too.
    std::function<void()> picturePasted;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void inputMethodEvent(QInputMethodEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void insertFromMimeData(const QMimeData* source) override;

private:
    bool completes(const QKeyEvent& event);
    bool commands(const QKeyEvent& event);
    void weigh(double delta);
    void sayWordsAtCaret();
    void offer();
    void accept(int row);
    void sayChoice(int row);
    double lineHeight() const;
    int shownLines() const;
    void fitLines();
    void replace(qsizetype begin, qsizetype end, const QString& text);

    TypingSteps m_steps;
    int m_lines = 0;
    int m_linesNow = 0; ///< that the layout knows of
    Purpose m_purpose;
    bool m_syntax = true;
    PromptNames m_names;
    PromptClock m_clock;
    PromptHighlighter* m_highlighter = nullptr;
    CompletionPopup* m_popup = nullptr;
    std::optional<CompletionContext> m_context; ///< of the list that is open
    std::vector<Completion> m_offered;
};

} // namespace studio::ui
