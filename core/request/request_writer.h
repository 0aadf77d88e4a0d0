#pragma once

// For .cpp files of this folder only: it brings the JSON library along.

#include "core/request/fields.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace studio {

inline nlohmann::ordered_json extentJson(Extent size)
{
    return nlohmann::ordered_json::array({size.width, size.height});
}

/// Walks the rows and writes every field in their order, absent ones as null.
class RequestWriter {
public:
    template <class Part> static nlohmann::ordered_json write(const Part& part)
    {
        RequestWriter writer;
        visitFields(writer, part);
        return std::move(writer.m_object);
    }

    template <class T, class Rule> void number(const char* name, const T& value, Rule) { put(name, value); }
    template <class T> void text(const char* name, const T& value, TextRule) { put(name, value); }
    void flag(const char* name, bool value) { put(name, value); }
    void seed(const char* name, const std::optional<std::uint64_t>& value) { put(name, value); }
    void size(const char* name, const std::optional<Extent>& value, SizeRule)
    {
        m_object[name] = value ? extentJson(*value) : nlohmann::ordered_json();
    }
    template <class Enum, std::size_t N>
    void choice(const char* name, Enum value, const std::array<Choice<Enum>, N>& choices)
    {
        m_object[name] = idOf(value, choices);
    }
    template <class Part> void object(const char* name, const Part& part) { m_object[name] = write(part); }
    void wholeNumber(const char* name, std::uint64_t value) { put(name, value); }
    void texts(const char* name, const std::vector<std::string>& values, TextRule, std::size_t)
    {
        m_object[name] = values;
    }
    void numbers(const char* name, const std::vector<double>& values, Range, std::size_t)
    {
        m_object[name] = values;
    }
    template <class Element>
    void list(const char* name, const std::vector<Element>& elements, std::size_t, std::size_t)
    {
        m_object[name] = nlohmann::ordered_json::array();
        for (const Element& element : elements)
            m_object[name].push_back(write(element));
    }

private:
    template <class T> void put(const char* name, const T& value) { m_object[name] = value; }
    template <class T> void put(const char* name, const std::optional<T>& value)
    {
        m_object[name] = value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
    }

    nlohmann::ordered_json m_object = nlohmann::ordered_json::object();
};

} // namespace studio
