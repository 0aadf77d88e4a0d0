#pragma once

#include <stdexcept>
#include <string>

namespace studio::http {

/// An answer that is not a success: thrown anywhere below a handler, turned into a response in one place.
class HttpError : public std::runtime_error {
public:
    /// `field`: the body's field that is wrong; empty if it is not about one.
    HttpError(int status, const std::string& sentence, std::string field = {})
        : std::runtime_error(sentence)
        , m_status(status)
        , m_field(std::move(field))
    { }

    /// `retryAfter`: seconds after which the client may try again.
    HttpError(int status, const std::string& sentence, int retryAfter)
        : std::runtime_error(sentence)
        , m_status(status)
        , m_retryAfter(retryAfter)
    { }

    int status() const noexcept { return m_status; }
    const std::string& field() const noexcept { return m_field; }

    /// Seconds after which the client may try again; 0: not said.
    int retryAfter() const noexcept { return m_retryAfter; }

private:
    int m_status;
    std::string m_field;
    int m_retryAfter = 0;
};

inline constexpr int kBadRequest = 400;
inline constexpr int kUnauthorized = 401;
inline constexpr int kForbidden = 403;
inline constexpr int kNotFound = 404;
inline constexpr int kMethodNotAllowed = 405;
inline constexpr int kConflict = 409;
inline constexpr int kPayloadTooLarge = 413;
inline constexpr int kUnsupportedMediaType = 415;
inline constexpr int kUnprocessable = 422;
inline constexpr int kTooManyRequests = 429;
inline constexpr int kInternalError = 500;
inline constexpr int kUnavailable = 503;

} // namespace studio::http
