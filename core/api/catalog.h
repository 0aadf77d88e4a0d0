#pragma once

#include <string>
#include <vector>

namespace studio {

/// A row of one of the engine's tables: what files and command lines call it, and what people read.
struct CatalogEntry {
    std::string id;
    std::string label;
    std::string description;

    bool operator==(const CatalogEntry&) const = default;
};

/// What this engine can do. Interfaces show these lists and nothing else.
struct Catalog {
    std::vector<CatalogEntry> samplers;
    std::vector<CatalogEntry> schedules;
    std::vector<CatalogEntry> upscalers;
    std::vector<CatalogEntry> devices; ///< "cpu", "cuda:0", ... with the device's name as label
};

} // namespace studio
