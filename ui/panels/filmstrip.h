#pragma once

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

    /// The person went to a take.
    std::function<void(const std::string& id)> chosen;

    /// Selects a take without telling anybody; nothing is selected if it is not in the list.
    void select(const std::string& id);
    void step(int rows); ///< to a neighbour

protected:
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    TakeArchive& m_archive;
    std::string m_selected; ///< survives a new list
    bool m_quiet = false;
};

} // namespace studio::ui
