#pragma once

#include "app/cli/argument_parser.h"
#include "core/api/engine.h"
#include "core/api/request.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace studio::cli {

/// What the options say about one picture: the request itself, and what becomes part of it once all are read.
struct RequestOptions {
    Request request;
    std::optional<std::string> prompt; ///< set once --prompt was given, or a request was loaded
    std::filesystem::path fromTake;    ///< folder of the take whose first pass is gone on from; empty: none
    std::optional<int> width;
    std::optional<int> height;
    std::optional<Extent> hiresBase;
    std::optional<Extent> hiresTarget;
    std::optional<double> hiresScale;
    std::vector<std::string> notes; ///< what a loaded picture's text asked for and cannot be done

    bool operator==(const RequestOptions&) const = default;

    /// The request with everything in its place. Throws UsageError for options that contradict one another and for
    /// values that check() refuses.
    Request resolved() const;
};

/// --model, --refiner, --vae, --device, --dtype.
std::vector<OptionRow> modelRows(Request& request);

/// --styles, --wildcards, --threads, --lora-dir, --embedding-dir, --upscaler-dir.
std::vector<OptionRow> engineRows(EngineOptions& options);

/// --request, --preset and every option that decides the picture, in this order: later rows win.
std::vector<OptionRow> requestRows(RequestOptions& options);

void append(std::vector<OptionRow>& rows, std::vector<OptionRow> more);

} // namespace studio::cli
