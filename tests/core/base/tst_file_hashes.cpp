#include "core/api/outcome.h"
#include "core/base/error.h"
#include "core/base/file_hashes.h"
#include "core/base/sha256.h"

#include <QTemporaryDir>
#include <QtTest>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>

using namespace studio;
namespace fs = std::filesystem;

namespace {

// FIPS 180-2, appendix B: "abc", and a million times "a".
constexpr const char* kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr const char* kMillion = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

} // namespace

class TestFileHashes : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    fs::path path(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }
    fs::path write(const char* name, const std::string& content) const
    {
        std::ofstream(path(name), std::ios::binary) << content;
        return path(name);
    }

private Q_SLOTS:
    void hashesEqualTheStandardsExamples()
    {
        QCOMPARE(sha256(std::as_bytes(std::span("abc", 3))), std::string(kAbc));
        QCOMPARE(sha256OfFile(write("abc", "abc"), {}), std::string(kAbc));
        QCOMPARE(sha256OfFile(write("million", std::string(1000000, 'a')), {}), std::string(kMillion));
    }

    void filesOfSeveralPiecesHashAsAWhole()
    {
        const std::string large((std::size_t{9} << 20) + 5, 'x');
        QCOMPARE(sha256OfFile(write("large", large), {}), sha256(std::as_bytes(std::span(large))));
    }

    void aFileIsReadOnceUntilItChanges()
    {
        const fs::path file = write("model", "abc");
        int pieces = 0;
        const auto count = [&pieces] { ++pieces; };
        {
            FileHashes hashes(path("state"));
            QCOMPARE(hashes.of(file, count), std::string(kAbc));
            QVERIFY(pieces > 0);
        }
        pieces = 0;
        FileHashes hashes(path("state"));
        QCOMPARE(hashes.of(file, count), std::string(kAbc));
        QCOMPARE(pieces, 0);
        write("model", "abd");
        fs::last_write_time(file, fs::last_write_time(file) + std::chrono::seconds(2));
        QCOMPARE(hashes.of(file, count), sha256(std::as_bytes(std::span("abd", 3))));
        QVERIFY(pieces > 0);
    }

    void readingCanBeCancelled()
    {
        FileHashes hashes(path("cancelled"));
        const fs::path file = write("model", "abc");
        QVERIFY_EXCEPTION_THROWN(hashes.of(file, [] { throw Cancelled{}; }), Cancelled);
        QCOMPARE(hashes.of(file, {}), std::string(kAbc));
    }

    void aBrokenListIsMadeAgain()
    {
        fs::create_directories(path("broken"));
        write("broken/hashes.json", "{\"version\": 1, \"files\": [{\"path\": 3}]}");
        FileHashes hashes(path("broken"));
        QCOMPARE(hashes.of(write("model", "abc"), {}), std::string(kAbc));
    }

    void aMissingFileIsSaid()
    {
        FileHashes hashes({});
        QVERIFY_EXCEPTION_THROWN(hashes.of(path("nowhere"), {}), Error);
    }
};

QTEST_GUILESS_MAIN(TestFileHashes)
#include "tst_file_hashes.moc"
