#pragma once

#include "app/http/lane.h"
#include "app/http/model_facts.h"
#include "core/api/take.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// A1111's `/sdapi/v1`, the part that lets its clients make pictures here: bodies become requests, takes become
/// answers. No sockets, no engine. Meanings and defaults are those of A1111 1.10, but for sizes, which default to the
/// model's own.
namespace studio::http {

struct TextToImageCall {
    std::vector<Request> requests;  ///< batch_size x n_iter, with seeds that follow one another
    std::vector<std::string> notes; ///< a sentence for each thing that was asked for and is not done
    bool sendImages = true;
    std::size_t batchSize = 1;
    std::string parameters; ///< the body, to be sent back
};

/// `POST txt2img`. Throws HttpError.
TextToImageCall parseTextToImage(std::string_view body, const ModelFacts& facts);

/// A finished picture of a call, with its file's bytes.
struct SentPicture {
    const Take* take = nullptr;
    const Layer* layer = nullptr;
    std::string png;
};

std::string textToImageAnswer(const TextToImageCall& call, const std::vector<SentPicture>& pictures);

/// `GET progress`: of the job that runs, or of none (`state` null). `preview`: a PNG's bytes, may be empty.
std::string progressAnswer(
    const Job::State* state, std::size_t waiting, bool interrupted, const std::string& preview);

std::string samplersAnswer(const Catalog& catalog);
std::string schedulersAnswer(const Catalog& catalog);
std::string upscalersAnswer(const Catalog& catalog);
std::string modelsAnswer(const ModelFacts& facts);
std::string optionsAnswer(const ModelFacts& facts);

/// The bytes of the picture in a `POST png-info` body ({"image": base64, with or without "data:...;base64,"}).
/// Throws HttpError.
std::string pictureOf(std::string_view body);
std::string pngInfoAnswer(
    const std::string& parameters, const std::vector<std::pair<std::string, std::string>>& items);

} // namespace studio::http
