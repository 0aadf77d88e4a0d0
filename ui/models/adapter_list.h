#pragma once

#include "core/api/adapter_files.h"

#include <QAbstractListModel>

#include <vector>

namespace studio::ui {

class AdapterLibrary;
class AdapterUse;
class ThumbnailLoader;

/// The adapters that were found and match what is searched for, as rows.
class AdapterList : public QAbstractListModel {
    Q_OBJECT

public:
    /// Pixels of the longer side that pictures are asked for with: enough for a square of 48 on a dense screen.
    static constexpr int kPictureSide = 192;

    enum Role {
        PathRole = Qt::UserRole,
        DetailRole,  ///< family, rank and trigger words in a line; or why it cannot be used
        WhyNotRole,  ///< a sentence; empty: it can be used
        PictureRole, ///< QImage, square; null: there is none, or not yet
    };

    AdapterList(
        AdapterLibrary& library, AdapterUse& use, ThumbnailLoader& pictures, QObject* parent = nullptr);

    /// Every word must stand in the name, the folder, the family or the trigger words.
    void setSearch(const QString& text);
    /// Puts an adapter to use, or takes it out of use. Nothing happens to one that cannot be used.
    void toggle(const QModelIndex& index);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    void fill();
    bool matches(const AdapterFile& file) const;
    void showAgain();

    AdapterLibrary& m_library;
    AdapterUse& m_use;
    ThumbnailLoader& m_pictures;
    QString m_search;
    std::vector<AdapterFile> m_rows;
};

/// What a row says below the name.
QString detailsOf(const AdapterFile& file);

} // namespace studio::ui
