#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Who may talk to the service. Pure functions on header values.
namespace studio::http {

struct AccessRules {
    std::string apiKey; ///< empty: none is asked for
    std::vector<std::string>
        origins; ///< pages of these origins may call, letter by letter ("https://example.org")
    std::vector<std::string> hosts; ///< names of this service besides localhost and plain addresses
};

/// "localhost", 127.0.0.0/8, ::1.
bool isLoopback(std::string_view host);

/// A Host header without its port; empty if it is malformed. "[::1]:7860" -> "::1".
std::string hostOf(std::string_view header);

/// True for addresses, localhost and the names of the rules. A name of somebody else's means that a page has pointed
/// its own domain at this machine (DNS rebinding).
bool hostAllowed(std::string_view header, const AccessRules& rules);

/// True for the origins of the rules and for the service's own pages.
bool originAllowed(std::string_view origin, std::string_view host, const AccessRules& rules);

/// True if no key is asked for, or one of the headers carries it: "Bearer KEY", "Basic ..." with the key as password
/// (as A1111's clients send it), or X-API-Key.
bool keyMatches(std::string_view authorization, std::string_view apiKeyHeader, const AccessRules& rules);

/// Standard base64; empty for anything else.
std::string fromBase64(std::string_view text);

} // namespace studio::http
