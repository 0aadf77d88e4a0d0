#pragma once

#include "ui/models/studio_state.h"

#include <QObject>

#include <optional>
#include <vector>

namespace studio::ui {

/// An adapter that the request names, in its list or in the prompt, or that waits to be switched on again.
struct UsedAdapter {
    enum class Source { List, Resting, Prompt };
    Source source = Source::List;
    std::size_t index = 0; ///< among those of its source
    AdapterChoice choice;
    QString written; ///< of the prompt: the tag as it stands there

    bool operator==(const UsedAdapter&) const = default;
};

/// What the panel of adapters changes. Those that act are the request's own; those that are switched off are kept
/// here, because a request holds nothing that does not act.
class AdapterUse : public QObject {
    Q_OBJECT

public:
    explicit AdapterUse(StudioState& state, QObject* parent = nullptr);

    /// The list with those switched off among it, then those of the prompt.
    const std::vector<UsedAdapter>& used() const { return m_used; }
    /// Whether the list, acting or not, or the prompt names this file.
    bool isUsed(const QString& path) const;

    void add(const QString& path, double weight = 1.0);
    void remove(const UsedAdapter& used);
    void remove(const QString& path); ///< out of the list; of the prompt, if it stands there alone
    void setEnabled(const UsedAdapter& used, bool enabled);
    /// Of the first pass. The text encoder's weight goes along where it is the same.
    void setFirst(const UsedAdapter& used, double weight);
    /// Of the second pass; absent: as in the first.
    void setSecond(const UsedAdapter& used, std::optional<double> weight);

    /// Those that are switched off, as text to keep between two runs.
    QString resting() const;
    void setResting(const QString& text);

Q_SIGNALS:
    void changed();

private:
    template <class Change> void changeChoice(const UsedAdapter& used, Change&& change);
    void refresh();

    StudioState& m_state;
    std::vector<AdapterChoice> m_resting;
    std::vector<std::string> m_order; ///< names as they came: switched off and on, an adapter keeps its place
    std::vector<UsedAdapter> m_used;
};

} // namespace studio::ui
