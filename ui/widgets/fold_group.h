#pragma once

#include <QCoreApplication>
#include <QString>
#include <QWidget>

#include <functional>

namespace studio::ui {

class FoldTitle;

/// A titled part of a column that can be folded. Folded, it still says in a few words what it holds.
class FoldGroup : public QWidget {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::FoldGroup)

public:
    /// Room at the left for the focus ring around the title; an outer group's content stands flush behind it.
    static constexpr int kRingRoom = 4;

    /// Inner: a part of a part, with a smaller title.
    enum class Level { Outer, Inner };

    FoldGroup(const QString& title, QWidget* content, QWidget* parent = nullptr, Level level = Level::Outer);

    void setOpen(bool open);
    bool isOpen() const;
    /// `hint`: the same in a sentence, for the tool tip; empty: the summary.
    void setSummary(const QString& summary, const QString& hint = {});
    QWidget* content() const { return m_content; }

    /// The person folded or unfolded it.
    std::function<void(bool open)> folded;

private:
    FoldTitle* m_title = nullptr;
    QString m_summary;
    QWidget* m_content = nullptr;
};

} // namespace studio::ui
