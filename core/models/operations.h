#pragma once

#include "core/nn/module.h"

namespace studio::models {

/// Floating-point operations of one evaluation of a network for one picture: a multiplication with its addition counts
/// as two. Counted from the shapes of the weights. What every layer does beside its products (norms, activations) is
/// left out: some hundredths.
struct OperationCount {
    double perCell = 0.0;        ///< grows with the cells of the latent, H/8 * W/8
    double perCellSquared = 0.0; ///< self-attention

    /// `cells`: of the latent
    double at(double cells) const { return perCell * cells + perCellSquared * cells * cells; }
};

/// A UNet with `levels` levels that reads a text of `contextLength` tokens. The keys and values of the text are made once
/// a prompt, and not counted.
OperationCount unetOperations(nn::Module& unet, int levels, int contextLength);

/// The two halves of an autoencoder with `levels` levels.
OperationCount encoderOperations(nn::Module& vae, int levels);
OperationCount decoderOperations(nn::Module& vae, int levels);

/// A text encoder that reads `tokens` tokens.
double textOperations(nn::Module& encoder, int tokens);

/// An ESRGAN network, for one pixel of the picture that comes in.
double upscalerOperations(nn::Module& network, int unshuffle, int upsamplings);

} // namespace studio::models
