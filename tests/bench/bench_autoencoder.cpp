// Seconds and memory of decoding and encoding one picture, beside what the plan reckons with.
//
//   bench_autoencoder [MODEL [SIZE]]      (the built-in model, 1024)

#include "app/process_setup.h"
#include "core/base/error.h"
#include "core/base/system_memory.h"
#include "core/pipeline/autoencode.h"
#include "core/pipeline/model_store.h"

#include <ATen/ATen.h>

#include <chrono>
#include <cstdlib>
#include <iostream>

using namespace studio;

namespace {

template <class Work> auto measured(const char* name, const Work& work)
{
    returnFreeMemory();
    resetPeakMemory();
    const std::int64_t before = peakMemory();
    const auto start = std::chrono::steady_clock::now();
    auto out = work();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    std::cout << name << ": " << seconds.count() << " s, " << double(peakMemory() - before) / 1e9
              << " GB more than before" << std::endl;
    return out;
}

} // namespace

int main(int argc, char** argv)
{
    prepareProcessForNetworks();
    const std::string path = argc > 1 ? argv[1] : STUDIO_SOURCE_DIR "/resources/demo_model";
    const int size = argc > 2 ? std::atoi(argv[2]) : 1024;
    const c10::InferenceMode inference;
    try {
        pipeline::LoadedModel model(ModelFiles::open(path, {}), STUDIO_VOCABULARY);
        const pipeline::DevicePolicy policy = pipeline::chooseDevice({.device = "cpu"});
        const models::Vae& vae = model.vae(policy);
        const std::int64_t cells = size / vae.factor();
        at::Tensor latent = at::randn({1, vae.config().latentChannels, cells, cells}, at::kFloat);
        std::cout << "reckoned with: "
                  << double(pipeline::autoencoderPeakBytes(vae.config(), {size, size}, at::kFloat)) / 1e9
                  << " GB\n";
        const at::Tensor picture
            = measured("decode", [&] { return pipeline::decodeLatent(vae, latent, policy, {}); });
        measured("encode", [&] { return pipeline::encodePictureTensor(vae, picture, policy, {}).mean; });
    } catch (const Error& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
    return 0;
}
