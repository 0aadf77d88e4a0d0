#pragma once

#include "core/api/take.h"

#include <QCoreApplication>
#include <QListView>

#include <functional>
#include <memory>

namespace studio::ui {

class TakeList;

/// The takes of this session in a row, the newest at the right end. Drag one out to save it elsewhere.
class Filmstrip : public QListView {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::Filmstrip)

public:
    explicit Filmstrip(TakeList& takes, QWidget* parent = nullptr);

    std::function<void(std::shared_ptr<const Take>)> chosen;

    void showNewest();   ///< selects it without telling anybody
    void step(int rows); ///< to a neighbour

protected:
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    TakeList& m_takes;
    bool m_quiet = false;
};

} // namespace studio::ui
