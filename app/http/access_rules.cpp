#include "app/http/access_rules.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <cstring>

namespace studio::http {

namespace {

std::string lower(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
        [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

bool isIpv4(const std::string& host)
{
    in_addr address{};
    return inet_pton(AF_INET, host.c_str(), &address) == 1;
}

bool isIpv6(const std::string& host)
{
    in6_addr address{};
    return inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

bool isPort(std::string_view text)
{
    return !text.empty() && text.size() <= 5
        && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// Takes as long for a wrong text as for the right one, whatever they share.
bool equalInConstantTime(std::string_view given, std::string_view wanted)
{
    unsigned difference = given.size() == wanted.size() ? 0 : 1;
    for (std::size_t i = 0; i < given.size(); ++i)
        difference
            |= static_cast<unsigned char>(given[i]) ^ static_cast<unsigned char>(wanted[i % wanted.size()]);
    return difference == 0;
}

bool startsWithWord(std::string_view text, std::string_view word)
{
    return lower(text.substr(0, word.size())) == word;
}

std::array<int, 256> base64Values()
{
    std::array<int, 256> values{};
    values.fill(-1);
    constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t i = 0; i < kAlphabet.size(); ++i)
        values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<int>(i);
    return values;
}

} // namespace

bool isLoopback(std::string_view host)
{
    const std::string name = lower(host);
    if (name == "localhost" || name == "::1")
        return true;
    return isIpv4(name) && name.rfind("127.", 0) == 0;
}

std::string hostOf(std::string_view header)
{
    if (!header.empty() && header.front() == '[') {
        const std::size_t close = header.find(']');
        if (close == std::string_view::npos)
            return {};
        const std::string_view rest = header.substr(close + 1);
        if (!rest.empty() && (rest.front() != ':' || !isPort(rest.substr(1))))
            return {};
        return lower(header.substr(1, close - 1));
    }
    const std::size_t colon = header.find(':');
    if (colon != std::string_view::npos && !isPort(header.substr(colon + 1)))
        return {};
    return lower(header.substr(0, colon));
}

bool hostAllowed(std::string_view header, const AccessRules& rules)
{
    const std::string host = hostOf(header);
    if (host.empty())
        return false;
    if (host == "localhost" || isIpv4(host) || isIpv6(host))
        return true;
    return std::any_of(
        rules.hosts.begin(), rules.hosts.end(), [&](const std::string& name) { return lower(name) == host; });
}

bool originAllowed(std::string_view origin, std::string_view host, const AccessRules& rules)
{
    if (std::find(rules.origins.begin(), rules.origins.end(), origin) != rules.origins.end())
        return true;
    return origin == "http://" + std::string(host);
}

bool keyMatches(std::string_view authorization, std::string_view apiKeyHeader, const AccessRules& rules)
{
    if (rules.apiKey.empty())
        return true;
    if (equalInConstantTime(apiKeyHeader, rules.apiKey))
        return true;
    if (startsWithWord(authorization, "bearer "))
        return equalInConstantTime(authorization.substr(7), rules.apiKey);
    if (startsWithWord(authorization, "basic ")) {
        const std::string pair = fromBase64(authorization.substr(6));
        const std::size_t colon = pair.find(':');
        return colon != std::string::npos
            && equalInConstantTime(std::string_view(pair).substr(colon + 1), rules.apiKey);
    }
    return false;
}

std::string fromBase64(std::string_view text)
{
    static const std::array<int, 256> kValues = base64Values();
    while (!text.empty() && text.back() == '=')
        text.remove_suffix(1);
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const int value = kValues[static_cast<unsigned char>(c)];
        if (value < 0)
            return {};
        bits = (bits << 6) | static_cast<std::uint32_t>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes += static_cast<char>((bits >> count) & 0xFF);
        }
    }
    return bytes;
}

} // namespace studio::http
