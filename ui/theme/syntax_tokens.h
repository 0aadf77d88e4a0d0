#pragma once

#include "ui/theme/tokens.h"

namespace studio::ui {

/// Colours of the prompt's language, on the ground of a field. Never the only mark: each part is also spelled out, and
/// what is wrong is underlined.
struct SyntaxTokens {
    QColor more;    ///< brackets of what counts more
    QColor less;    ///< brackets of what counts less
    QColor change;  ///< what changes on the way
    QColor name;    ///< adapters and embeddings
    QColor choice;  ///< wildcards and choices
    QColor join;    ///< AND, BREAK
    QColor comment; ///< what is not read
};

const SyntaxTokens& syntaxTokens(Scheme scheme);

/// The ground of text of a weight: the field's own at 1, warmer above, cooler below; the further away, the stronger.
/// Everything that stands on a field stays legible on it.
QColor emphasisGround(Scheme scheme, double weight);

} // namespace studio::ui
