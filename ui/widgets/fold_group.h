#pragma once

#include <QCoreApplication>
#include <QString>
#include <QWidget>

class QAbstractButton;
class QLabel;

namespace studio::ui {

/// A titled part of a column that can be folded. Folded, it still says in a few words what it holds.
class FoldGroup : public QWidget {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::FoldGroup)

public:
    FoldGroup(const QString& title, QWidget* content, QWidget* parent = nullptr);

    void setOpen(bool open);
    bool isOpen() const;
    void setSummary(const QString& summary);
    QWidget* content() const { return m_content; }

private:
    QAbstractButton* m_title = nullptr;
    QLabel* m_summary = nullptr;
    QWidget* m_content = nullptr;
};

} // namespace studio::ui
