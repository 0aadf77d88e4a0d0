#pragma once

#include <QCoreApplication>
#include <QWidget>

#include <functional>

class QLabel;
class QLineEdit;

namespace studio::ui {

/// A folder that is typed or chosen. What is no full path is refused with a sentence, and the folder stays as it was.
class FolderField : public QWidget {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::FolderField)

public:
    /// `inUse`: the folder as it is. `chosen`: the one that shall take its place; empty: the usual one.
    FolderField(const QString& name, std::function<QString()> inUse,
        std::function<void(const QString& folder)> chosen, QWidget* parent = nullptr);

    QLineEdit& field() const { return *m_field; }
    /// Why what was typed is not used; empty: it is.
    QString fault() const;

private:
    void takeTyped();
    void browse();

    std::function<QString()> m_inUse;
    std::function<void(const QString&)> m_chosen;
    QLineEdit* m_field = nullptr;
    QWidget* m_faultRow = nullptr;
    QLabel* m_fault = nullptr;
};

} // namespace studio::ui
