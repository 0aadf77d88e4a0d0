#include "core/request/foreign/xmp.h"

#include "core/base/error.h"

#include <expat.h>

#include <memory>

namespace studio {

namespace {

constexpr std::size_t kMostBytes = 4 << 20;
constexpr char kSeparator = ' '; ///< between namespace and name
constexpr std::string_view kUserComment = "http://ns.adobe.com/exif/1.0/ UserComment";
constexpr std::string_view kDescription = "http://purl.org/dc/elements/1.1/ description";

/// Collects the characters within the two properties, which may stand in an rdf:Alt of rdf:li, or as attributes.
class Collector {
public:
    explicit Collector(XML_Parser parser)
        : m_parser(parser)
    {
        XML_SetUserData(parser, this);
        XML_SetElementHandler(
            parser,
            [](void* self, const XML_Char* name, const XML_Char** rows) { of(self).begin(name, rows); },
            [](void* self, const XML_Char*) { of(self).end(); });
        XML_SetCharacterDataHandler(parser, [](void* self, const XML_Char* text, int length) {
            of(self).append({text, static_cast<std::size_t>(length)});
        });
        // XMP has no document type; one could only define entities.
        XML_SetStartDoctypeDeclHandler(
            parser, [](void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
                XML_StopParser(of(self).m_parser, XML_FALSE);
            });
    }
    XmpTexts texts;

private:
    static Collector& of(void* self) { return *static_cast<Collector*>(self); }

    std::string* textFor(std::string_view name)
    {
        if (name == kUserComment)
            return &texts.userComment;
        return name == kDescription ? &texts.description : nullptr;
    }

    void begin(std::string_view name, const XML_Char** attributes)
    {
        for (; attributes[0]; attributes += 2)
            if (std::string* text = textFor(attributes[0]); text && text->empty())
                *text = attributes[1];
        if (m_within == 0) {
            m_current = textFor(name);
            m_within = m_current && m_current->empty() ? 1 : 0;
            return;
        }
        // rdf:Alt holds the same in several languages; the first is the default one.
        m_blanks = !m_current->empty() && name.ends_with(" li") ? true : m_blanks;
        ++m_within;
    }

    void end()
    {
        if (m_within > 0 && --m_within == 0)
            m_blanks = false;
    }

    void append(std::string_view characters)
    {
        if (m_within == 0 || m_blanks)
            return;
        // The space that indents the elements around a text is none of it.
        if (m_current->empty() && characters.find_first_not_of(" \t\r\n") == std::string_view::npos)
            return;
        *m_current += characters;
    }

    XML_Parser m_parser;
    std::string* m_current = nullptr;
    int m_within = 0;
    bool m_blanks = false; ///< the first text is complete
};

void trimEnd(std::string& text)
{
    text.erase(text.find_last_not_of(" \t\r\n") + 1);
}

} // namespace

XmpTexts readXmp(std::string_view packet)
{
    if (packet.size() > kMostBytes)
        throw Error(ErrorKind::BadInput, "Its XMP packet is too long to be read.");
    struct Free {
        void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
    };
    const std::unique_ptr<XML_ParserStruct, Free> parser(XML_ParserCreateNS("UTF-8", kSeparator));
    if (!parser)
        throw std::bad_alloc();
    Collector collector(parser.get());
    if (XML_Parse(parser.get(), packet.data(), static_cast<int>(packet.size()), XML_TRUE) != XML_STATUS_OK)
        throw Error(
            ErrorKind::BadInput, "Its XMP packet is damaged. Take the picture as its program saved it.");
    trimEnd(collector.texts.userComment);
    trimEnd(collector.texts.description);
    return std::move(collector.texts);
}

} // namespace studio
