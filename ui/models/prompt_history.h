#pragma once

#include <QStringList>

namespace studio::ui {

/// The prompts that were used, the newest first, each once. A plain value; the settings keep it.
class PromptHistory {
public:
    static constexpr int kMost = 100;

    explicit PromptHistory(QStringList entries = {});

    void add(const QString& prompt);
    const QStringList& entries() const { return m_entries; }

private:
    QStringList m_entries;
};

} // namespace studio::ui
