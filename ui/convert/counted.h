#pragma once

#include <QString>

namespace studio::ui {

/// The singular or the plural of a sentence. English has no file of translations that would tell them apart by itself;
/// `more` is translated with its number (tr("%n takes", nullptr, count)), and so other languages have forms of their own.
inline QString counted(int count, const QString& one, const QString& more)
{
    return count == 1 ? one : more;
}

} // namespace studio::ui
