#include "core/pipeline/preview.h"

namespace studio::pipeline {

namespace {

/// Least-squares fit of SDXL's latents to colours, as published for ComfyUI's preview, brought to 0..1.
constexpr std::array<std::array<double, 3>, 4> kSdxlLatentToRgb{{
    {0.18255, 0.2116, 0.21705},
    {-0.12665, -0.0021, 0.0534},
    {0.0538, 0.05555, -0.0181},
    {-0.15825, -0.1246, -0.1094},
}};
constexpr std::array<double, 3> kSdxlBias{0.5542, 0.49125, 0.49945};

} // namespace

Picture8 previewOf(const at::Tensor& latent, const ModelDefaults& defaults)
{
    const auto& matrix = defaults.latentToRgb ? *defaults.latentToRgb : kSdxlLatentToRgb;
    const auto& bias = defaults.latentToRgb ? defaults.latentToRgbBias : kSdxlBias;
    const at::Tensor map = at::empty({4, 3});
    for (int row = 0; row < 4; ++row)
        for (int column = 0; column < 3; ++column)
            map.data_ptr<float>()[row * 3 + column] = float(matrix[std::size_t(row)][std::size_t(column)]);
    const at::Tensor offset = at::tensor({float(bias[0]), float(bias[1]), float(bias[2])});
    const at::Tensor values = latent.to(at::kCPU, at::kFloat)[0].permute({1, 2, 0}).matmul(map).add_(offset);
    const at::Tensor bytes = values.clamp_(0.0, 1.0).mul_(255.0).round_().to(at::kByte).contiguous();
    const std::uint8_t* data = bytes.data_ptr<std::uint8_t>();
    return {
        {int(latent.size(3)), int(latent.size(2))}, std::vector<std::uint8_t>(data, data + bytes.numel())};
}

} // namespace studio::pipeline
