#pragma once

#include "app/http/model_facts.h"
#include "core/api/take.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// `POST /generate`: a body becomes a request, a take becomes an answer. No sockets, no engine.
namespace studio::http {

struct GenerateCall {
    Request request;
    std::vector<std::string> notes; ///< a sentence for each thing that was asked for and is not done
};

/// Fields: prompt, negative_prompt, width, height, num_inference_steps, guidance_scale, use_refiner, hires_fix,
/// hires_fix_simple, hires_scale, use_face_restoration, seed. A field that is null counts as absent; only the prompt
/// is required. Throws HttpError.
GenerateCall parseGenerate(std::string_view body, const ModelFacts& facts);

/// The answer to a finished take. `png`: the bytes of the picture's file.
std::string generateAnswer(
    const Take& take, const Layer& layer, const std::string& png, const std::vector<std::string>& notes);

/// What a field of the request is called in a body.
struct FieldName {
    std::string_view request; ///< "sampling.steps", as check() names it
    std::string_view body;    ///< "num_inference_steps"
};

/// Throws HttpError naming the body's field if check() refuses a value of the request. Sizes are width and height.
void refuseIssues(const Request& request, std::span<const FieldName> names);

} // namespace studio::http
