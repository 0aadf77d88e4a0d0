#include "core/pipeline/picture_tensor.h"

#include <algorithm>

namespace studio::pipeline {

at::Tensor toTensor(const PictureF& picture)
{
    const at::Tensor out = at::empty({1, 3, picture.size.height, picture.size.width});
    std::copy(picture.values.begin(), picture.values.end(), out.data_ptr<float>());
    return out;
}

PictureF toPicture(const at::Tensor& tensor)
{
    const at::Tensor values = tensor.contiguous();
    const float* data = values.data_ptr<float>();
    return {{int(tensor.size(3)), int(tensor.size(2))}, std::vector<float>(data, data + values.numel())};
}

Latent toLatent(const at::Tensor& tensor)
{
    const at::Tensor values = tensor[0].to(at::kCPU).contiguous();
    const float* data = values.const_data_ptr<float>();
    return {
        {values.size(0), values.size(1), values.size(2)}, std::vector<float>(data, data + values.numel())};
}

at::Tensor toTensor(const Latent& latent)
{
    const auto& shape = latent.shape;
    return at::tensor(at::ArrayRef<float>(latent.values), at::kFloat)
        .reshape({1, shape[0], shape[1], shape[2]});
}

Picture8 cropped(const Picture8& picture, const Extent& size)
{
    const Extent inner{std::min(size.width, picture.size.width), std::min(size.height, picture.size.height)};
    if (inner == picture.size)
        return picture;
    const int left = (picture.size.width - inner.width) / 2;
    const int top = (picture.size.height - inner.height) / 2;
    Picture8 out{inner, {}};
    out.values.reserve(std::size_t(3) * std::size_t(inner.width) * std::size_t(inner.height));
    for (int y = 0; y < inner.height; ++y) {
        const auto row = picture.values.begin() + 3 * (std::ptrdiff_t(top + y) * picture.size.width + left);
        out.values.insert(out.values.end(), row, row + 3 * std::ptrdiff_t(inner.width));
    }
    return out;
}

} // namespace studio::pipeline
