#pragma once

#include <string>
#include <string_view>

namespace studio {

/// The two texts of an XMP packet (ISO 16684-1) that programs keep settings in.
struct XmpTexts {
    std::string userComment; ///< exif:UserComment
    std::string description; ///< dc:description, in its first language
};

/// Throws Error (BadInput) if the packet is no XML, has a document type, or is longer than 4 MB.
XmpTexts readXmp(std::string_view packet);

} // namespace studio
