#include "ui/models/prompt_history.h"

namespace studio::ui {

PromptHistory::PromptHistory(QStringList entries)
    : m_entries(std::move(entries))
{ }

void PromptHistory::add(const QString& prompt)
{
    const QString text = prompt.trimmed();
    if (text.isEmpty())
        return;
    m_entries.removeAll(text);
    m_entries.prepend(text);
    if (m_entries.size() > kMost)
        m_entries.resize(kMost);
}

} // namespace studio::ui
