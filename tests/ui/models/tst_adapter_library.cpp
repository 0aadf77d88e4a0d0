#include "adapter_samples.h"
#include "studio_under_test.h"
#include "ui/convert/strings.h"
#include "ui/jobs/thumbnail_loader.h"
#include "ui/models/adapter_library.h"
#include "ui/models/adapter_list.h"
#include "ui/models/adapter_use.h"

#include <QDir>
#include <QImage>
#include <QSignalSpy>
#include <QtTest>

using namespace studio;
using namespace studio::ui;

class TestAdapterLibrary : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyFolderIsRead()
    {
        test::writeLora(at("one"), QStringLiteral("ink"));
        test::writeLora(at("two/styles"), QStringLiteral("film"));
        test::writeLora(at("two"), QStringLiteral("ink"), 768); // a name the first folder has
        test::writeEmbedding(at("words"), QStringLiteral("bad_hands"));
        test::writeText(at("wild/trees"), QStringLiteral("tall.txt"), "fir\noak\n");
        const AdapterScan scan = scanAdapters({{at("one"), at("two")}, {at("words")}, at("wild"), QString()});
        QCOMPARE(scan.adapters.size(), std::size_t(2));
        QCOMPARE(scan.adapters[0].name, std::string("film"));
        QCOMPARE(scan.adapters[1].family, std::string("SDXL"));
        QCOMPARE(scan.embeddings.size(), std::size_t(1));
        QCOMPARE(scan.wildcards, QStringList{QStringLiteral("trees/tall")});
    }

    void theFoldersOfA1111BesideTheModelAreReadToo()
    {
        test::writeLora(at("webui/models/Lora"), QStringLiteral("beside"));
        QDir().mkpath(at("webui/models/Stable-diffusion"));
        const AdapterScan scan
            = scanAdapters({{}, {}, QString(), at("webui/models/Stable-diffusion/model.safetensors")});
        QCOMPARE(scan.adapters.size(), std::size_t(1));
        QCOMPARE(scan.searched, QStringList{at("webui/models/Lora")});
    }

    void whatCannotBeUsedIsShownWithTheReason()
    {
        test::writeManyLoras(at("many"));
        AdapterLibrary library;
        library.setFolders({{at("many")}, {}, QString(), QString()});
        QTRY_VERIFY(library.isKnown());
        StudioState state;
        AdapterUse use(state);
        ThumbnailLoader pictures;
        AdapterList list(library, use, pictures);
        QCOMPARE(list.rowCount(), 14);
        QVERIFY(list.index(13).data(AdapterList::WhyNotRole).toString().contains(QStringLiteral("web page")));
        const QModelIndex last = list.index(12);
        QCOMPARE(last.data().toString(), QStringLiteral("anime_lineart_sd15")); // those that fit come first
        QVERIFY(
            last.data(AdapterList::WhyNotRole).toString().contains(QStringLiteral("Stable Diffusion 1.x")));
        QVERIFY(last.data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("cannot be used")));
        QVERIFY(!last.data(Qt::CheckStateRole).isValid());
        list.toggle(last);
        QVERIFY(state.request().adapters.empty());
    }

    void aClickPutsAnAdapterToUseAtItsUsualWeight()
    {
        test::writeManyLoras(at("click"));
        AdapterLibrary library;
        library.setFolders({{at("click")}, {}, QString(), QString()});
        QTRY_VERIFY(library.isKnown());
        StudioState state;
        AdapterUse use(state);
        ThumbnailLoader pictures;
        AdapterList list(library, use, pictures);
        list.setSearch(QStringLiteral("GRAIN film"));
        QCOMPARE(list.rowCount(), 1);
        list.toggle(list.index(0));
        QCOMPARE(state.request().adapters.size(), std::size_t(1));
        QCOMPARE(state.request().adapters[0].unet, 0.7); // as A1111 keeps it
        QCOMPARE(list.index(0).data(Qt::CheckStateRole).toInt(), int(Qt::Checked));
        list.toggle(list.index(0));
        QVERIFY(state.request().adapters.empty());
        list.setSearch(QStringLiteral("nothing like it"));
        QCOMPARE(list.rowCount(), 0);
    }

    void picturesComeInTheBackgroundAsSquares()
    {
        test::writeManyLoras(at("pictures"));
        AdapterLibrary library;
        library.setFolders({{at("pictures")}, {}, QString(), QString()});
        QTRY_VERIFY(library.isKnown());
        StudioState state;
        AdapterUse use(state);
        ThumbnailLoader pictures;
        AdapterList list(library, use, pictures);
        list.setSearch(QStringLiteral("film grain"));
        QCOMPARE(list.rowCount(), 1);
        QSignalSpy changed(&list, &AdapterList::dataChanged);
        const auto picture = [&] { return list.index(0).data(AdapterList::PictureRole).value<QImage>(); };
        QVERIFY(picture().isNull());
        QTRY_VERIFY(changed.count() > 0);
        QCOMPARE(picture().width(), picture().height());
        QVERIFY(picture().width() >= 96);
    }

    void namesAreFoundAsPromptsWriteThem()
    {
        const QString path = test::writeLora(at("names"), QStringLiteral("film.v1.2"));
        AdapterLibrary library;
        library.setFolders({{at("names")}, {}, QString(), QString()});
        QTRY_VERIFY(library.isKnown());
        for (const QString& name :
            {path, QStringLiteral("film.v1.2"), QStringLiteral("film.v1.2.safetensors")})
            QVERIFY2(library.adapter(name), qPrintable(name));
        QVERIFY(!library.adapter(QStringLiteral("film")));
    }

private:
    QString at(const char* name) const { return m_folder.filePath(QLatin1String(name)); }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestAdapterLibrary)
#include "tst_adapter_library.moc"
