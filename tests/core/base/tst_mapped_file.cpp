#include "core/base/mapped_file.h"

#include "core/base/error.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <string_view>

#include <sys/stat.h>

using namespace studio;

namespace {

ErrorKind refusal(const std::filesystem::path& path)
{
    try {
        MappedFile::open(path);
    } catch (const Error& error) {
        return error.kind();
    }
    return ErrorKind::Internal;
}

} // namespace

class TestMappedFile : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    std::filesystem::path write(const std::string& name, const QByteArray& bytes)
    {
        const std::filesystem::path path = std::filesystem::path(m_folder.path().toStdString()) / name;
        QFile file(QString::fromStdString(path.string()));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("Cannot write %s", path.c_str());
        return path;
    }

private Q_SLOTS:
    void theBytesOfAFileAreThere()
    {
        const auto file = MappedFile::open(write("\xE6\xB3\xA2 \xC3\xA9t\xC3\xA9", "wave"));
        QCOMPARE(std::string_view(reinterpret_cast<const char*>(file->bytes().data()), file->bytes().size()),
            std::string_view("wave"));
    }

    void anEmptyFileHasNoBytes()
    {
        QCOMPARE(MappedFile::open(write("empty", {}))->bytes().size(), std::size_t(0));
    }

    void whatIsNoRegularFileIsRefused()
    {
        const std::filesystem::path root = m_folder.path().toStdString();
        QVERIFY(refusal(root / "nothing") == ErrorKind::FileMissing);
        QVERIFY(refusal(root / "nothing" / "deeper") == ErrorKind::FileMissing);
        QVERIFY(refusal(root) == ErrorKind::BadInput);
        QVERIFY(refusal("/dev/zero") == ErrorKind::BadInput);
        QCOMPARE(::mkfifo((root / "pipe").c_str(), 0600), 0);
        QVERIFY(refusal(root / "pipe") == ErrorKind::BadInput);
    }

    void droppedPagesComeBackUnchanged()
    {
        const auto file = MappedFile::open(write("pages", QByteArray(1'000'001, 'x')));
        const auto isWhole = [&](std::span<const std::byte> range) {
            return std::all_of(
                range.begin(), range.end(), [](std::byte byte) { return byte == std::byte('x'); });
        };
        file->readAhead(file->bytes());
        QVERIFY(isWhole(file->bytes()));
        file->dropPages(file->bytes());
        file->dropPages(file->bytes().subspan(5000, 3));
        file->dropPages(file->bytes().subspan(1'000'001));
        QVERIFY(isWhole(file->bytes()));
    }

    void theMappingOutlivesTheFilesName()
    {
        const std::filesystem::path path = write("gone", "still here");
        const auto file = MappedFile::open(path);
        std::filesystem::remove(path);
        QVERIFY(file->bytes().back() == std::byte('e'));
    }
};

QTEST_GUILESS_MAIN(TestMappedFile)
#include "tst_mapped_file.moc"
