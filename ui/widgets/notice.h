#pragma once

#include <QCoreApplication>
#include <QFrame>
#include <QString>

#include <functional>
#include <vector>

class QHBoxLayout;
class QLabel;
class QToolButton;

namespace studio::ui {

/// A message where its cause is: a sign, one sentence, what can be done, details that fold out, a copy button. Hidden
/// until there is something to say.
class Notice : public QFrame {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::Notice)

public:
    enum class Kind { Good, Warning, Bad };
    struct Remedy {
        QString label;
        std::function<void()> act;
    };

    explicit Notice(QWidget* parent = nullptr);

    /// `sentence` is for everybody, `details` (may be empty) for those who look closer.
    void say(Kind kind, const QString& title, const QString& sentence, const QString& details = {},
        std::vector<Remedy> remedies = {});
    QString title() const;
    QString sentence() const;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QToolButton* addTool(const QString& icon, const QString& name, std::function<void()> act);

    Kind m_kind = Kind::Good;
    QLabel* m_sign = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_sentence = nullptr;
    QLabel* m_details = nullptr;
    QToolButton* m_unfold = nullptr;
    QHBoxLayout* m_remedies = nullptr;
};

} // namespace studio::ui
