#pragma once

// What lies in a store's folder beside the takes' own folders.

namespace studio {

inline constexpr const char* kStoreLockFile
    = ".lock";                                       ///< shared: a take is being made; exclusive: tidying up
inline constexpr const char* kNewPrefix = ".new-";   ///< a take's folder before it has its name
inline constexpr const char* kGonePrefix = ".gone-"; ///< a take's folder that is being removed
inline constexpr const char* kTrashFolder = "trash"; ///< takes thrown away, as they were
inline constexpr const char* kIndexFile = "index.sqlite"; ///< can be removed at any time

} // namespace studio
