#include "core/base/error.h"
#include "core/upscale/upscaler_library.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace studio;
using namespace studio::upscale;

namespace {

namespace fs = std::filesystem;

const fs::path kVectors = fs::path(STUDIO_SOURCE_DIR) / "tests/oracle/upscale";

Failure refusal(UpscalerLibrary& library, const std::string& id)
{
    try {
        library.open(id);
    } catch (const Error& error) {
        return {error.kind(), error.what()};
    }
    return {ErrorKind::Internal, "nothing was refused"};
}

bool says(const Failure& failure, const std::string& words)
{
    return failure.detail.find(words) != std::string::npos;
}

PictureF grey()
{
    return {{8, 8}, std::vector<float>(3 * 64, 0.5f)};
}

} // namespace

class TestUpscalerLibrary : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_first.isValid() && m_second.isValid());
        fs::copy_file(kVectors / "present_x2.safetensors", first() / "Small2x.safetensors");
        fs::copy_file(kVectors / "present_x4.safetensors", first() / "shared.safetensors");
        fs::copy_file(kVectors / "present_x2.safetensors", second() / "shared.safetensors");
        std::ofstream(first() / "old.pth") << "PK\x03\x04 archive/data.pkl";
        std::ofstream(first() / "damaged.safetensors") << "no tensors";
        std::ofstream(first() / "readme.txt") << "not an upscaler";
    }

    void theTableComesFirstThenTheNetworksByName()
    {
        UpscalerLibrary library({first(), second(), {}, "/nowhere/at/all"});
        std::vector<std::string> ids;
        for (const CatalogEntry& entry : library.entries())
            ids.push_back(entry.id);
        // What is damaged is left out, with words in the log.
        QCOMPARE(ids, std::vector<std::string>({"lanczos", "nearest", "Small2x", "shared"}));
        QVERIFY(library.entries()[2].description.find("enlarges 2 times") != std::string::npos);
        QVERIFY(library.entries()[3].description.find("enlarges 4 times") != std::string::npos);
    }

    void networksAreFoundByNameByFileNameAndByPath()
    {
        UpscalerLibrary library({first(), second()});
        const std::shared_ptr<Upscaler> byName = library.open("Small2x");
        QCOMPARE(byName->file(), first() / "Small2x.safetensors");
        QCOMPARE(byName->enlarge(grey(), {16, 16}, {}).size, (Extent{16, 16}));
        QCOMPARE(library.open("Small2x.safetensors"), byName);
        QCOMPARE(library.open((first() / "Small2x.safetensors").string()), byName);
        QCOMPARE(library.open("shared")->file(), first() / "shared.safetensors");
        QVERIFY(library.open("lanczos")->file().empty());
    }

    void aFileThatChangedIsOpenedAnew()
    {
        const fs::path path = first() / "changing.safetensors";
        fs::copy_file(kVectors / "present_x2.safetensors", path);
        UpscalerLibrary library({first()});
        const std::shared_ptr<Upscaler> before = library.open("changing");
        fs::last_write_time(path, fs::last_write_time(path) + std::chrono::seconds(2));
        QVERIFY(library.open("changing") != before);
        fs::remove(path);
    }

    void whatDoesNotExistIsAnsweredWithWhatDoes()
    {
        UpscalerLibrary library({first()});
        const Failure failure = refusal(library, "4x-UltraSharp");
        QCOMPARE(failure.kind, ErrorKind::BadInput);
        QVERIFY2(says(failure, "lanczos, nearest, Small2x") && says(failure, "4x-UltraSharp"),
            failure.detail.c_str());
        QVERIFY(says(refusal(library, "../Small2x"), "There is no upscaler"));
    }

    void picklesAreFoundAndRefusedWithTheReason()
    {
        UpscalerLibrary library({first()});
        for (const char* id : {"old", "old.pth"}) {
            const Failure failure = refusal(library, id);
            QCOMPARE(failure.kind, ErrorKind::UnsupportedModel);
            QVERIFY2(says(failure, "can run any code"), failure.detail.c_str());
        }
    }

private:
    fs::path first() const { return m_first.path().toStdString(); }
    fs::path second() const { return m_second.path().toStdString(); }

    QTemporaryDir m_first;
    QTemporaryDir m_second;
};

QTEST_GUILESS_MAIN(TestUpscalerLibrary)
#include "tst_upscaler_library.moc"
