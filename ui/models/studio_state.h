#pragma once

#include "core/api/catalog.h"
#include "core/api/outcome.h"
#include "core/api/plan.h"
#include "core/api/request.h"

#include <QObject>
#include <QString>

#include <optional>
#include <utility>
#include <vector>

namespace studio::ui {

/// What the person asks for, and what the engine has said about it. The single truth of the window: widgets
/// show it and change it, and keep nothing of their own. Lives on the thread of the window.
class StudioState : public QObject {
    Q_OBJECT

public:
    explicit StudioState(QObject* parent = nullptr);

    const Request& request() const { return m_request; }
    void setRequest(Request request);
    /// Calls `change` with the request and tells everybody if that changed something.
    template <class Change> void change(Change&& change)
    {
        Request changed = m_request;
        change(changed);
        setRequest(std::move(changed));
    }

    /// Puts a request in the place of the whole one. The one before can be had back; `by` names what took its place:
    /// "the settings of sea.png".
    void replaceRequest(Request request, const QString& by);
    /// The same for a change of many values at once.
    template <class Change> void replace(const QString& by, Change&& change)
    {
        Request changed = m_request;
        change(changed);
        replaceRequest(std::move(changed), by);
    }
    /// What undoReplacement takes back, and redoReplacement brings again; empty: there is nothing. What was changed
    /// since the replacement goes with it, and comes again with it.
    QString lastReplacement() const;
    QString lastUndone() const;
    void undoReplacement();
    void redoReplacement();

    /// A request without a single choice, resolved for the models in use: sizes, strengths, steps. Of SDXL
    /// until the engine has answered.
    const Request& defaults() const { return m_defaults; }
    void setDefaults(Request resolved);

    /// The engine's tables; empty until it is open.
    const Catalog& catalog() const { return m_catalog; }
    void setCatalog(Catalog catalog);

    /// What the request will do; absent while it is being worked out for the first time or cannot be planned.
    const std::optional<Plan>& plan() const { return m_plan; }
    /// Why there is no plan.
    const std::optional<Failure>& planFailure() const { return m_planFailure; }
    void setPlan(Plan plan);
    void setPlanFailure(Failure failure);

    /// The seed of the last picture made; what lock and +1 go by while the seed is random.
    std::optional<std::uint64_t> lastSeed() const { return m_lastSeed; }
    void setLastSeed(std::uint64_t seed);

    // Sizes as they will be: the person's, else the model's.
    Extent standardSize() const;
    Extent firstPassSize() const; ///< of the mode in use; hires' in compare
    Extent targetSize() const;    ///< of the last rung
    Extent simpleSize() const;    ///< after enlarging

    /// The request as planned, if a first picture or a kept first pass decides its sizes.
    const Request* sizedByPicture() const;

Q_SIGNALS:
    void requestChanged();
    void replaced(const QString& by);
    void replacementsChanged(); ///< what can be taken back, or brought again
    void defaultsChanged();
    void catalogChanged();
    void planChanged();
    void lastSeedChanged();

private:
    struct Replacement {
        Request other; ///< what was there before it, or with it
        QString by;
    };
    void exchange(std::vector<Replacement>& from, std::vector<Replacement>& to);

    Request m_request;
    std::vector<Replacement> m_replacements; ///< the last ones, newest last
    std::vector<Replacement> m_undone;
    Request m_defaults;
    Catalog m_catalog;
    std::optional<Plan> m_plan;
    std::optional<Failure> m_planFailure;
    std::optional<std::uint64_t> m_lastSeed;
};

/// The size that the last rung of a request ends at, if no picture decides it.
Extent hiresTarget(const Request& request, const Request& defaults);

/// A request with the sizes SDXL was made for.
Request sdxlDefaults();

/// `side` times `scale`, to the nearest multiple of 8, 64..8192.
int scaledSide(int side, double scale);

/// The size in words as the plan will have it: "256 × 256 → 512 × 512"; one line for each part in compare.
QString sizesInWords(const StudioState& state);

} // namespace studio::ui
