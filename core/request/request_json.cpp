#include "core/api/request_json.h"

#include "core/base/error.h"
#include "core/request/fields.h"
#include "core/request/request_writer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <limits>
#include <set>

namespace studio {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;

[[noreturn]] void refuse(const std::string& field, const std::string& sentence)
{
    throw Error(ErrorKind::BadInput, fmt::format("{}: {}", field, sentence));
}

/// Walks the rows and takes over what stands in an object; what stands there under no row's name is refused.
class Reader {
public:
    explicit Reader(const Json& object)
        : m_object(&object)
    {
        m_known.insert("version");
    }

    void text(const char* name, std::string& value, TextRule)
    {
        if (const Json* found = find(name, &Json::is_string, "a text"))
            value = found->get<std::string>();
    }
    void flag(const char* name, bool& value)
    {
        if (const Json* found = find(name, &Json::is_boolean, "true or false"))
            value = found->get<bool>();
    }
    void number(const char* name, double& value, Range)
    {
        if (const Json* found = find(name, &Json::is_number, "a number"))
            value = found->get<double>();
    }
    void number(const char* name, int& value, Range)
    {
        if (const Json* found = find(name, &Json::is_number_integer, "a whole number"))
            value = toInt(name, *found);
    }
    void seed(const char* name, std::optional<std::uint64_t>& value)
    {
        if (emptied(name, value))
            return;
        if (const Json* found = find(name, &Json::is_number_unsigned, "a whole number from 0, or null"))
            value = found->get<std::uint64_t>();
    }
    void size(const char* name, std::optional<Extent>& value, SizeRule)
    {
        if (emptied(name, value))
            return;
        const Json* found = find(name, &Json::is_array, "[width, height], or null");
        if (!found)
            return;
        if (found->size() != 2 || !(*found)[0].is_number_integer() || !(*found)[1].is_number_integer())
            refuse(m_path + name, "This must be [width, height], or null.");
        value = Extent{toInt(name, (*found)[0]), toInt(name, (*found)[1])};
    }

    template <class T> void number(const char* name, std::optional<T>& value, Range range)
    {
        optional(name, value, [&](T& present) { number(name, present, range); });
    }
    void text(const char* name, std::optional<std::string>& value, TextRule rule)
    {
        optional(name, value, [&](std::string& present) { text(name, present, rule); });
    }

    template <class Enum, std::size_t N>
    void choice(const char* name, Enum& value, const std::array<Choice<Enum>, N>& choices)
    {
        const Json* found = find(name, &Json::is_string, "a text");
        if (!found)
            return;
        std::vector<std::string_view> ids;
        for (const Choice<Enum>& choice : choices) {
            ids.push_back(choice.id);
            if (choice.id == found->get_ref<const std::string&>()) {
                value = choice.value;
                return;
            }
        }
        refuse(m_path + name, fmt::format("This must be one of {}.", fmt::join(ids, ", ")));
    }

    template <class Part> void object(const char* name, Part& part)
    {
        if (const Json* found = find(name, &Json::is_object, "an object"))
            Reader(*found, m_path + name + ".").read(part);
    }

    void wholeNumber(const char* name, std::uint64_t& value)
    {
        if (const Json* found = find(name, &Json::is_number_unsigned, "a whole number from 0"))
            value = found->get<std::uint64_t>();
    }
    void texts(const char* name, std::vector<std::string>& values, TextRule, std::size_t most)
    {
        each(name, most, &Json::is_string, "a list of texts", values);
    }
    void numbers(const char* name, std::vector<double>& values, Range, std::size_t most)
    {
        each(name, most, &Json::is_number, "a list of numbers", values);
    }

    template <class Element>
    void list(const char* name, std::vector<Element>& elements, std::size_t most, std::size_t)
    {
        const Json* found = find(name, &Json::is_array, "a list");
        if (!found)
            return;
        if (found->size() > most)
            refuse(m_path + name, fmt::format("The list may have at most {} entries.", most));
        elements.resize(found->size());
        for (std::size_t i = 0; i < elements.size(); ++i) {
            const std::string path = fmt::format("{}{}[{}]", m_path, name, i);
            if (!(*found)[i].is_object())
                refuse(path, "This must be an object.");
            Reader((*found)[i], path + ".").read(elements[i]);
        }
    }

    template <class Part> void read(Part& part)
    {
        visitFields(*this, part);
        for (const auto& [name, value] : m_object->items())
            if (!m_known.contains(name))
                refuse(m_path + name, "There is no such field.");
    }

private:
    Reader(const Json& object, std::string path)
        : m_object(&object)
        , m_path(std::move(path))
    { }

    const Json* find(const char* name, bool (Json::*isRight)() const noexcept, const char* wanted)
    {
        m_known.insert(name);
        const auto found = m_object->find(name);
        if (found == m_object->end())
            return nullptr;
        if (!((*found).*isRight)())
            refuse(m_path + name, fmt::format("This must be {}.", wanted));
        return &*found;
    }

    template <class Value>
    void each(const char* name, std::size_t most, bool (Json::*isRight)() const noexcept, const char* wanted,
        std::vector<Value>& values)
    {
        const Json* found = find(name, &Json::is_array, wanted);
        if (!found)
            return;
        if (found->size() > most)
            refuse(m_path + name, fmt::format("The list may have at most {} entries.", most));
        values.clear();
        for (const Json& value : *found) {
            if (!(value.*isRight)())
                refuse(m_path + name, fmt::format("This must be {}.", wanted));
            values.push_back(value.get<Value>());
        }
    }

    /// True if the field is null: the value is absent from now on.
    template <class T> bool emptied(const char* name, std::optional<T>& value)
    {
        m_known.insert(name);
        const auto found = m_object->find(name);
        if (found == m_object->end() || !found->is_null())
            return false;
        value.reset();
        return true;
    }

    template <class T, class Read> void optional(const char* name, std::optional<T>& value, const Read& read)
    {
        if (emptied(name, value) || !m_object->contains(name))
            return;
        T present{};
        read(present);
        value = std::move(present);
    }

    int toInt(const char* name, const Json& number) const
    {
        const auto value = number.get<double>();
        if (value < std::numeric_limits<int>::min() || value > std::numeric_limits<int>::max())
            refuse(m_path + name, "The number is far out of range.");
        return number.get<int>();
    }

    const Json* m_object;
    std::string m_path;
    std::set<std::string, std::less<>> m_known;
};

Json parse(std::string_view text)
{
    try {
        return Json::parse(text);
    } catch (const Json::parse_error& error) {
        throw Error(
            ErrorKind::BadInput, fmt::format("The request is no JSON; look near byte {}.", error.byte));
    } catch (const Json::exception&) {
        throw Error(ErrorKind::BadInput, "The request holds a number that is too large for any field.");
    }
}

void refuseOtherVersions(const Json& root)
{
    if (!root.is_object())
        throw Error(ErrorKind::BadInput, "A request is a JSON object: {\"prompt\": ...}.");
    const auto version = root.find("version");
    if (version == root.end() || *version == kVersion)
        return;
    if (version->is_number_integer() && *version > kVersion)
        refuse("version",
            "The request was written by a newer version of this program. Update the program to read it.");
    refuse("version", fmt::format("This must be {}.", kVersion));
}

} // namespace

std::string toJson(const Request& request, int indent)
{
    Json root{{"version", kVersion}};
    root.update(RequestWriter::write(request));
    return root.dump(indent, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

Outcome<Request> requestFromJson(std::string_view text, const Request& defaults) noexcept
{
    return settle([&] {
        const Json root = parse(text);
        refuseOtherVersions(root);
        Request request = defaults;
        Reader(root).read(request);
        if (const std::vector<Issue> issues = check(request); !issues.empty())
            refuse(issues.front().field, issues.front().message);
        return request;
    });
}

Outcome<Request> requestFromJson(std::string_view text) noexcept
{
    return settle([&] {
        Outcome<Request> outcome = requestFromJson(text, Request{});
        if (const Failure* failure = failureOf(outcome))
            throw Error(failure->kind, failure->detail);
        return std::get<Request>(std::move(outcome));
    });
}

} // namespace studio
