#pragma once

#include "ui/theme/tokens.h"

#include <QCoreApplication>
#include <QListView>

#include <functional>
#include <string>

namespace studio::ui {

class TakeArchive;

/// All takes in a row, the newest at the left end. Drag one out to save it elsewhere.
class Filmstrip : public QListView {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::Filmstrip)

public:
    explicit Filmstrip(TakeArchive& archive, QWidget* parent = nullptr);

    static constexpr int kTile = spacing::kFilmstrip - 24; ///< side of a take's picture
    static constexpr int kGap = 8;
    static QRect frameIn(const QRect& cell); ///< where the picture lies

    /// The person went to a take.
    std::function<void(const std::string& id)> chosen;
    /// The person went further than the first take.
    std::function<void()> wentBeforeFirst;

    /// While this program runs, its run has a tile of its own: what the store says of it meanwhile is not shown.
    void setRunHidden(bool hidden);

    /// Selects a take without telling anybody; nothing is selected if it is not in the list.
    void select(const std::string& id);
    void step(int rows); ///< to a neighbour

protected:
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    void hideRows();

    TakeArchive& m_archive;
    std::string m_selected; ///< survives a new list
    bool m_quiet = false;
    bool m_runHidden = false;
};

} // namespace studio::ui
