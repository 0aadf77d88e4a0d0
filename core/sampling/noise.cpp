#include "core/sampling/noise.h"

#include "core/sampling/philox.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

namespace studio::sampling {

NoiseStream::NoiseStream(NoiseSource source, std::uint64_t seed)
    : m_source(source)
    , m_seed(seed)
    , m_generator(at::detail::createCPUGenerator(seed))
{ }

NoiseStream NoiseStream::copy() const
{
    NoiseStream other = *this;
    other.m_generator = m_generator.clone();
    return other;
}

at::Tensor NoiseStream::draw(at::IntArrayRef shape)
{
    const auto options = at::TensorOptions().dtype(at::kFloat).device(at::kCPU);
    if (m_source == NoiseSource::Torch)
        return at::randn(shape, m_generator, options);

    at::Tensor noise = at::empty(shape, options);
    fillPhiloxNormal({noise.data_ptr<float>(), static_cast<std::size_t>(noise.numel())}, m_seed, m_calls++);
    return noise;
}

} // namespace studio::sampling
