#include "core/weights/format/safetensors.h"

#include "core/base/error.h"
#include "tests/core/weights/format/raw_file.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>
#include <functional>
#include <optional>

#include <unistd.h>

using namespace studio;
using namespace studio::testing;

namespace {

constexpr const char* kOneFloat = R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";

std::string entry(
    const std::string& name, const std::string& type, const std::string& shape, const std::string& offsets)
{
    return "\"" + name + "\":{\"dtype\":\"" + type + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets
        + "}";
}

/// The sentence a file is refused with; nothing: it was read.
std::optional<std::string> refusal(const QByteArray& file)
{
    try {
        parseSafetensorsHeader(bytesOf(file), "x.safetensors");
        return std::nullopt;
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::FileCorrupt)
            qFatal("The wrong kind of error: %s", error.what());
        return error.what();
    }
}

/// Most this process has ever had resident, in bytes.
std::size_t peakMemory()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:"))
            return std::stoull(line.substr(6)) * 1024;
    return 0;
}

/// A temporary file of `size` bytes without disk blocks, that begins with `front`.
std::filesystem::path sparseFile(const QTemporaryDir& folder, const QByteArray& front, std::uintmax_t size)
{
    const auto path
        = writeFile(std::filesystem::path(folder.path().toStdString()) / "sparse.safetensors", front);
    std::filesystem::resize_file(path, size);
    return path;
}

} // namespace

class TestSafetensors : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aSoundFileIsRead()
    {
        const std::string header
            = "{\"__metadata__\":{\"format\":\"pt\",\"t\\u00e4g\":\"\\ud83c\\udf0a\\n\"},"
            + entry("b", "F16", "[2,3]", "[4,16]") + " , " + entry("a", "F32", "[]", "[0,4]") + ","
            + entry("none", "I64", "[0,7]", "[16,16]") + "}   ";
        const SafetensorsHeader read = parseSafetensorsHeader(bytesOf(rawFile(header, 16)), "x");
        QCOMPARE(read.tensors.size(), std::size_t(3));
        QCOMPARE(read.dataStart, 8 + header.size());
        const SafetensorsEntry* b = read.find("b");
        QVERIFY(b);
        QVERIFY(b->dtype == StoredType::F16);
        QCOMPARE(b->shape, (std::vector<std::int64_t>{2, 3}));
        QCOMPARE(b->begin, std::size_t(4));
        QVERIFY(read.find("a")->shape.empty());
        QVERIFY(!read.find("c"));
        QCOMPARE(read.metadata.at("format"), std::string("pt"));
        QCOMPARE(read.metadata.at("t\xC3\xA4g"), std::string("\xF0\x9F\x8C\x8A\n"));
    }

    void everyDtypeIsRead_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("bytes");
        QTest::newRow("F64") << "F64" << 8;
        QTest::newRow("F32") << "F32" << 4;
        QTest::newRow("F16") << "F16" << 2;
        QTest::newRow("BF16") << "BF16" << 2;
        QTest::newRow("F8_E4M3") << "F8_E4M3" << 1;
        QTest::newRow("F8_E5M2") << "F8_E5M2" << 1;
        QTest::newRow("I64") << "I64" << 8;
        QTest::newRow("I32") << "I32" << 4;
        QTest::newRow("I16") << "I16" << 2;
        QTest::newRow("I8") << "I8" << 1;
        QTest::newRow("U8") << "U8" << 1;
        QTest::newRow("BOOL") << "BOOL" << 1;
    }
    void everyDtypeIsRead()
    {
        QFETCH(QString, name);
        QFETCH(int, bytes);
        const std::string type = name.toStdString();
        const std::string header
            = "{" + entry("a", type, "[3]", "[0," + std::to_string(3 * bytes) + "]") + "}";
        const SafetensorsHeader read = parseSafetensorsHeader(bytesOf(rawFile(header, 3 * bytes)), "x");
        QCOMPARE(std::string(formatName(read.tensors.at(0).dtype)), type);
        QCOMPARE(byteSize(read.tensors.at(0).dtype), static_cast<std::size_t>(bytes));
    }

    void hostileFilesAreRefusedWithOneSentence_data();
    void hostileFilesAreRefusedWithOneSentence()
    {
        QFETCH(QByteArray, file);
        QFETCH(QString, says);
        const std::optional<std::string> sentence = refusal(file);
        QVERIFY2(sentence, "the file was read");
        const QString text = QString::fromStdString(*sentence);
        QVERIFY2(text.contains(says), qPrintable(text));
        QVERIFY2(text.startsWith(QStringLiteral("x.safetensors ")), qPrintable(text));
        QVERIFY2(text.endsWith(u'.') && !text.contains(u'\n') && text.size() < 400, qPrintable(text));
    }

    void everyPrefixOfASoundFileIsRefused()
    {
        const QByteArray whole
            = rawFile("{\"__metadata__\":{\"k\":\"v\"}," + entry("a", "F32", "[2,1]", "[0,8]") + "}", 8);
        QVERIFY(!refusal(whole));
        for (qsizetype length = 0; length < whole.size(); ++length)
            QVERIFY2(refusal(whole.first(length)), qPrintable(QString::number(length)));
    }

    void everyByteOfASoundHeaderMayBeBroken()
    {
        const QByteArray whole
            = rawFile("{\"__metadata__\":{\"k\":\"v\"}," + entry("a", "F32", "[2,1]", "[0,8]") + "}", 8);
        int read = 0;
        for (qsizetype at = 0; at + 8 < whole.size(); ++at)
            for (int value = 0; value < 256; ++value) {
                QByteArray broken = whole;
                broken[at] = static_cast<char>(value);
                read += refusal(broken) ? 0 : 1;
            }
        QVERIFY(read > 0); // another letter in a name or a note does no harm
        QVERIFY(read < 256 * 40);
    }

    void aHeaderOfNearlyAHundredMegabytesIsRefusedWithoutFurtherCopies()
    {
        const QTemporaryDir folder;
        // One string of 90 MB, never closed.
        QByteArray front = rawFile("{\"", 0, 90'000'000);
        front.append(QByteArray(90'000'000 - 2, 'a'));
        const auto path = sparseFile(folder, front, static_cast<std::uintmax_t>(front.size()));
        front.clear();
        front.squeeze();
        const std::size_t before = peakMemory();
        QVERIFY_EXCEPTION_THROWN(SafetensorsFile{path}, Error);
        QVERIFY2(peakMemory() < before + 200'000'000, qPrintable(QString::number(peakMemory() - before)));
    }

    void aFileOfEightGigabytesThatIsAllZerosIsRefused()
    {
        const QTemporaryDir folder;
        const auto path = sparseFile(folder, {}, std::uintmax_t(8) << 30);
        QVERIFY_EXCEPTION_THROWN(SafetensorsFile{path}, Error);
    }

    void manyTensorsAreCountedBeforeTheyAreKept()
    {
        std::string header = "{";
        for (int i = 0; i < 200'000; ++i)
            header += (i ? "," : "") + entry(std::to_string(i), "U8", "[0]", "[0,0]");
        const std::optional<std::string> sentence = refusal(rawFile(header + "}", 0));
        QVERIFY(sentence && sentence->find("more than 100000 tensors") != std::string::npos);
    }

    void whatTheWriterWritesIsReadBack()
    {
        const QTemporaryDir folder;
        const std::filesystem::path path = std::filesystem::path(folder.path().toStdString())
            / "\xE6\xB3\xA2 \xC3\xA9t\xC3\xA9 \"1\".safetensors";
        const std::vector<float> values{1.5f, -2.0f, 3.25f, 0.0f, 5.0f, 6.0f};
        SafetensorsWriter writer(path,
            {{"z \"quoted\" \xC3\xA9", StoredType::F32, {2, 3}}, {"empty", StoredType::F32, {0}},
                {"a", StoredType::U8, {3}}},
            {{"note", "two\nlines"}});
        writer.write(2, 1, std::as_bytes(std::span("bc", 2)));
        writer.write(2, 0, std::as_bytes(std::span("a", 1)));
        writer.write(0, 0, std::as_bytes(std::span(values)));
        QVERIFY(!std::filesystem::exists(path));
        writer.finish();
        const SafetensorsFile file(path);
        QCOMPARE(file.header().metadata.at("note"), std::string("two\nlines"));
        const TensorMap tensors = file.tensors();
        QCOMPARE(tensors.size(), std::size_t(3));
        const StoredTensor& z = tensors.at("z \"quoted\" \xC3\xA9");
        QCOMPARE(reinterpret_cast<std::uintptr_t>(z.data) % 8, std::uintptr_t(0));
        QCOMPARE(std::memcmp(z.data, values.data(), z.bytes), 0);
        QCOMPARE(std::string_view(reinterpret_cast<const char*>(tensors.at("a").data), 3),
            std::string_view("abc"));
    }

    void anUnfinishedFileLeavesNothingBehind()
    {
        const QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath(QStringLiteral("half.safetensors")).toStdString();
        {
            SafetensorsWriter writer(path, {{"a", StoredType::F32, {2}}});
            QVERIFY_EXCEPTION_THROWN(writer.write(0, 4, std::as_bytes(std::span("12345", 5))), Error);
        }
        QVERIFY(std::filesystem::is_empty(path.parent_path()));
        QVERIFY_EXCEPTION_THROWN(
            SafetensorsWriter(path, {{"a", StoredType::F32, {}}, {"a", StoredType::F32, {}}}), Error);
        QVERIFY(std::filesystem::is_empty(path.parent_path()));
    }
};

void TestSafetensors::hostileFilesAreRefusedWithOneSentence_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const QByteArray& file, const char* says) {
        QTest::newRow(name) << file << QString::fromUtf8(says);
    };
    const auto object
        = [](const std::string& inside, qsizetype data) { return rawFile("{" + inside + "}", data); };
    const auto one = [&](const char* type, const char* shape, const char* offsets, qsizetype data) {
        return object(entry("a", type, shape, offsets), data);
    };
    const std::string good = entry("a", "F32", "[1]", "[0,4]");

    row("empty file", {}, "only 0 bytes");
    row("seven bytes", QByteArray(7, '\0'), "only 7 bytes");
    row("header longer than the file", rawFile(kOneFloat, 4, 5000), "its header is 5000 bytes long");
    row("header one byte too long", rawFile(kOneFloat, 0, std::strlen(kOneFloat) + 1),
        "bytes long, the file only");
    row("header of 100 MB and one", rawFile(kOneFloat, 4, 100'000'001), "more than 100 MB");
    row("header length of all ones", rawFile(kOneFloat, 4, ~std::uint64_t(0)), "more than 100 MB");
    row("header length at the sign bit", rawFile(kOneFloat, 4, std::uint64_t(1) << 63), "more than 100 MB");
    row("header of no bytes", rawFile("", 4), "begin with a brace");
    row("header that is a list", rawFile("[1]", 0), "begin with a brace");
    row("header with a byte order mark", rawFile(std::string("\xEF\xBB\xBF") + kOneFloat, 4),
        "begin with a brace");
    row("header that is not UTF-8", object("\"\xFF\":{}", 0), "not UTF-8");
    row("header with an overlong code", object("\"\xC0\x80\":{}", 0), "not UTF-8");
    row("header cut in a name", rawFile("{\"a", 0), "ends inside a string");
    row("header cut in an entry", rawFile("{\"a\":{\"dtype\"", 0), "ends in the middle");
    row("header that goes on", rawFile(std::string(kOneFloat) + "{}", 4), "after the closing brace");
    row("header with a trailing comma", object(good + ",", 4), "must stand");
    row("header without commas", object(good + entry("b", "F32", "[1]", "[4,8]"), 8), "must stand");
    row("unknown escape", object("\"\\x\":{}", 0), "unknown escape");
    row("half a surrogate pair", object("\"\\ud800\":{}", 0), "half a surrogate pair");
    row("second half of a pair alone", object("\"\\udc00\":{}", 0), "half a surrogate pair");
    row("unfinished escape", object("\"\\u12\":{}", 0), "unfinished \\u escape");

    row("overlapping ranges", object(good + "," + entry("b", "F32", "[1]", "[2,6]"), 6), "overlaps");
    row("the same range twice", object(good + "," + entry("b", "F32", "[1]", "[0,4]"), 4), "overlaps");
    row("range beyond the file", one("F32", "[2]", "[0,8]", 4), "4 bytes beyond the end of the file");
    row("range far beyond the file", one("U8", "[1]", "[9223372036854775806,9223372036854775807]", 4),
        "beyond the end");
    row("range that ends before it begins", one("F32", "[1]", "[4,0]", 4), "ends before it begins");
    row("hole between tensors", object(good + "," + entry("b", "F32", "[1]", "[8,12]"), 12),
        "belong to no tensor");
    row("hole before the first", one("F32", "[1]", "[4,8]", 8), "belong to no tensor");
    row("bytes behind the last", one("F32", "[1]", "[0,4]", 12), "8 bytes at its end belong to no tensor");
    row("data without tensors", rawFile("{}", 12), "12 bytes at its end");
    row("truncated data", one("F32", "[1000]", "[0,4000]", 3999), "the download is not whole");

    row("shape product beyond 64 bits", one("F32", "[4294967296,4294967296]", "[0,0]", 0), "does not fit");
    row("shape product that wraps to the size", one("U8", "[4294967297,4294967296]", "[0,4]", 4),
        "does not fit");
    row("shape times dtype that wraps", one("F64", "[2305843009213693953]", "[0,8]", 8), "does not fit");
    row("fewer bytes than the shape asks for", one("F32", "[2]", "[0,4]", 4), "does not fit [2] of F32");
    row("more bytes than the shape asks for", one("F16", "[1]", "[0,4]", 4), "does not fit [1] of F16");
    row("nine dimensions", one("U8", "[1,1,1,1,1,1,1,1,1]", "[0,1]", 1), "more than 8 numbers");
    row("negative extent", one("F32", "[-1]", "[0,4]", 4), "no whole number");
    row("negative offset", one("F32", "[1]", "[-4,0]", 4), "no whole number");
    row("fractional extent", one("F32", "[1.5]", "[0,4]", 4), "no whole number");
    row("fractional offset", one("F32", "[1]", "[0,4.0]", 4), "no whole number");
    row("extent with an exponent", one("F32", "[1e0]", "[0,4]", 4), "no whole number");
    row("extent with leading zeros", one("F32", "[01]", "[0,4]", 4), "no whole number");
    row("huge extent", one("F32", "[99999999999999999999999999]", "[0,4]", 4), "too large");
    row("extent of 2^63", one("F32", "[9223372036854775808]", "[0,4]", 4), "too large");
    row("extent that is a text", one("F32", "[\"1\"]", "[0,4]", 4), "no whole number");
    row("extent that is null", one("F32", "[null]", "[0,4]", 4), "no whole number");
    row("one offset", one("F32", "[1]", "[0]", 4), "two offsets");
    row("three offsets", one("F32", "[1]", "[0,4,4]", 4), "more than 2 numbers");
    row("unknown dtype", one("F4", "[1]", "[0,4]", 4), "of type \"F4\"");
    row("dtype of 10000 letters", object(entry("a", std::string(10'000, 'F'), "[1]", "[0,4]"), 4),
        "not read here");

    row("deep lists as a shape",
        one("F32", (std::string(20'000, '[') + std::string(20'000, ']')).c_str(), "[0,4]", 4),
        "no whole number");
    row("deep objects as an entry",
        rawFile(
            [] {
                std::string deep;
                for (int i = 0; i < 100'000; ++i)
                    deep += "{\"a\":";
                return deep;
            }(),
            0),
        "unknown field");
    row("a tensor twice", object(good + "," + entry("a", "F32", "[1]", "[4,8]"), 8), "tensor \"a\" twice");
    row("a tensor twice in two spellings", object(good + "," + entry("\\u0061", "F32", "[1]", "[4,8]"), 8),
        "twice");
    row("a field twice", object(R"("a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]})", 4),
        "field twice");
    row("metadata twice", object(R"("__metadata__":{},"__metadata__":{})", 0), "two __metadata__");
    row("a note twice", object(R"("__metadata__":{"a":"1","a":"2"})", 0), "gives \"a\" twice");
    row("metadata with a number", object(R"("__metadata__":{"a":1})", 0), "must stand");
    row("metadata with an object", object(R"("__metadata__":{"a":{}})", 0), "must stand");
    row("metadata that is a list", object(R"("__metadata__":[])", 0), "must stand");
    row("an unknown field", object(R"("a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":1})", 4),
        "unknown field");
    row("no dtype", object(R"("a":{"shape":[1],"data_offsets":[0,4]})", 4), "lacks its dtype");
    row("no shape", object(R"("a":{"dtype":"F32","data_offsets":[0,4]})", 4), "lacks its dtype");
    row("no offsets", object(R"("a":{"dtype":"F32","shape":[1]})", 4), "lacks its dtype");
    row("an entry that is null", object(R"("a":null)", 4), "must stand");
    row("a name that is a number", rawFile("{1:{}}", 0), "must stand");
    row("a name with line breaks", object("\"a\\nb\":{}", 0), "lacks its dtype");
}

QTEST_GUILESS_MAIN(TestSafetensors)
#include "tst_safetensors.moc"
