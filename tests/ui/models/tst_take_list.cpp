#include "ui/models/take_list.h"

#include "core/api/picture_file.h"
#include "test_pictures.h"
#include "ui/convert/strings.h"

#include <QFile>
#include <QMimeData>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

using namespace studio;
using namespace studio::ui;

namespace {

TakeSummary summary(const std::string& id, std::int64_t created)
{
    TakeSummary take;
    take.id = id;
    take.created = created;
    take.state = TakeState::Finished;
    take.prompt = "a lake";
    return take;
}

std::shared_ptr<const Take> made(Extent size = {64, 64})
{
    auto take = std::make_shared<Take>();
    take->plan.request.seed = 7;
    Layer layer;
    layer.size = size;
    layer.picture = test::shared(test::landscape(size, 3));
    take->layers.push_back(layer);
    return take;
}

QStringList idsOf(const TakeList& list)
{
    QStringList ids;
    for (int row = 0; row < list.rowCount(); ++row)
        ids << toQt(list.row(row).summary.id);
    return ids;
}

QStringList split(const char* words)
{
    return QString::fromLatin1(words).split(u' ', Qt::SkipEmptyParts);
}

std::vector<TakeSummary> newestFirst(const QStringList& ids)
{
    std::vector<TakeSummary> takes;
    for (qsizetype i = 0; i < ids.size(); ++i)
        takes.push_back(summary(toStd(ids[i]), 1000 - i));
    return takes;
}

} // namespace

class TestTakeList : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsDraggedOutCarriesItsRecipeOnlyIfItMay();
    void aNewListLeavesRowsInTheirPlaces_data();
    void aNewListLeavesRowsInTheirPlaces();
    void onlyWhatChangedIsSaid();
    void whatWasNotKeptStaysBesideTheStore();
    void aSecondRunOfATakeIsNoNewRow();
    void takesOnTheDiskAreForgottenFirst();
    void stateIsSaidInWords();
};

void TestTakeList::aNewListLeavesRowsInTheirPlaces_data()
{
    QTest::addColumn<QStringList>("before");
    QTest::addColumn<QStringList>("after");
    QTest::addColumn<bool>("kept"); ///< the views need not begin anew
    QTest::newRow("the same") << split("d c b a") << split("d c b a") << true;
    QTest::newRow("from nothing") << QStringList() << split("b a") << true;
    QTest::newRow("to nothing") << split("b a") << QStringList() << true;
    QTest::newRow("one more") << split("b a") << split("c b a") << true;
    QTest::newRow("one less") << split("d c b a") << split("d b a") << true;
    QTest::newRow("some come, some go") << split("f d b a") << split("g f e d c b") << true;
    QTest::newRow("all others") << split("d c") << split("b a") << true;
    QTest::newRow("turned round") << split("b a") << split("a b") << false;
}

void TestTakeList::aNewListLeavesRowsInTheirPlaces()
{
    QFETCH(const QStringList, before);
    QFETCH(const QStringList, after);
    QFETCH(const bool, kept);
    TakeList list;
    list.setStored(newestFirst(before));
    std::map<QString, QPersistentModelIndex> places;
    for (int row = 0; row < list.rowCount(); ++row)
        places[toQt(list.row(row).summary.id)] = list.index(row);
    QSignalSpy reset(&list, &QAbstractItemModel::modelReset);
    list.setStored(newestFirst(after));
    QCOMPARE(idsOf(list), after);
    QCOMPARE(reset.count(), kept ? 0 : 1);
    for (const auto& [id, place] : places) {
        if (kept)
            QCOMPARE(place.isValid() ? place.row() : -1, static_cast<int>(after.indexOf(id)));
    }
}

void TestTakeList::onlyWhatChangedIsSaid()
{
    TakeList list;
    std::vector<TakeSummary> takes = newestFirst(split("c b a"));
    list.setStored(takes);
    takes[1].starred = true;
    QSignalSpy changed(&list, &QAbstractItemModel::dataChanged);
    list.setStored(takes);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed.front().front().toModelIndex().row(), 1);
    QVERIFY(list.row(1).summary.starred);
}

void TestTakeList::whatWasNotKeptStaysBesideTheStore()
{
    TakeList list;
    const std::string id = list.add(made());
    QVERIFY(!list.row(0).stored);
    list.setStored(newestFirst(split("b a")));
    QCOMPARE(idsOf(list), QStringList({toQt(id), QStringLiteral("b"), QStringLiteral("a")}));
    QVERIFY(list.take(0));
    QVERIFY(!list.take(1));
}

void TestTakeList::aSecondRunOfATakeIsNoNewRow()
{
    TakeList list;
    list.setStored(newestFirst(split("b a")));
    const auto second = made();
    list.add(second, "a");
    QCOMPARE(idsOf(list), split("b a"));
    QCOMPARE(list.take(1), second);
    QCOMPARE(list.rowOf(second.get()), 1);
    QVERIFY(!list.row(1).thumbnail.isNull());
}

void TestTakeList::takesOnTheDiskAreForgottenFirst()
{
    TakeList list;
    // Three of these are more than may stay in memory.
    const auto large = [] {
        auto take = std::make_shared<Take>(*made());
        take->layers.front().size = {12000, 12000};
        return take;
    };
    list.add(large(), "a");
    list.add(large(), "b");
    list.add(large());
    QCOMPARE(list.rowCount(), 3);
    QVERIFY(list.take(0) && list.take(1) && !list.take(2)); // the oldest can be read again
    list.add(large());
    list.add(large());
    list.add(large());
    QCOMPARE(list.rowCount(), 4); // a, b and the newest two: the others were nowhere else
    QVERIFY(list.take(0));
}

void TestTakeList::stateIsSaidInWords()
{
    TakeList list;
    std::vector<TakeSummary> takes = newestFirst(split("a"));
    takes.front().state = TakeState::Interrupted;
    takes.front().starred = true;
    takes.front().seed = 42;
    list.setStored(takes);
    const QString words = list.data(list.index(0), Qt::AccessibleTextRole).toString();
    for (const char* word : {"cut off", "starred", "seed 42"})
        QVERIFY2(words.contains(QLatin1String(word)), qPrintable(words));
    QCOMPARE(list.data(list.index(0), Qt::AccessibleDescriptionRole).toString(), QStringLiteral("a lake"));
    // Of many runs one that was cut off is no news; a file that cannot be read is.
    takes.front().finishedRuns = 20;
    takes.front().damage = "run-3/plan.json cannot be read.";
    list.setStored(takes);
    QVERIFY(!list.data(list.index(0), Qt::AccessibleTextRole).toString().contains(QStringLiteral("cut off")));
    QVERIFY(list.data(list.index(0), Qt::ToolTipRole).toString().contains(QStringLiteral("run-3/plan.json")));
    takes.front().state = TakeState::Damaged;
    list.setStored(takes);
    QCOMPARE(list.data(list.index(0), Qt::AccessibleTextRole).toString(), QStringLiteral("damaged, starred"));
}

void TestTakeList::whatIsDraggedOutCarriesItsRecipeOnlyIfItMay()
{
    const QTemporaryDir folder;
    auto take = std::make_shared<Take>(*made());
    take->plan.request.prompt = "a secret place";
    take->plan.request.seed = 7;
    const auto layer = take->layers.front();
    const std::filesystem::path kept = toPath(folder.filePath(QStringLiteral("standard.png")));
    const auto bytes = encodePicture(*layer.picture, metadataFor(*take, layer));
    QVERIFY(!failureOf(writeNewFile(kept, std::get<std::string>(bytes))));
    TakeSummary stored = summary("b", 20);
    stored.picture = kept;
    TakeList list;
    list.setStored({stored});
    list.add(take); // one in memory, before the one on the disk
    QCOMPARE(list.rowCount(), 2);
    for (const Recipe recipe : {Recipe::Without, Recipe::With}) {
        list.setDragged(recipe);
        for (int row = 0; row < list.rowCount(); ++row) {
            const std::unique_ptr<QMimeData> mime(list.mimeData({list.index(row)}));
            QVERIFY(mime && mime->hasUrls());
            const QString file = mime->urls().value(0).toLocalFile();
            QCOMPARE(mime->urls().value(0).toLocalFile(), file); // made once
            const auto read = loadPicture(toPath(file));
            const auto* dragged = std::get_if<LoadedPicture>(&read);
            QVERIFY(dragged && dragged->picture == *layer.picture);
            const std::string text = dragged->metadata.requestJson + dragged->metadata.parameters;
            QCOMPARE(text.find("a secret place") != std::string::npos, recipe == Recipe::With);
            if (file != pathToQt(kept))
                QFile::remove(file);
        }
    }
    QVERIFY(QFile::exists(pathToQt(kept)));
}

QTEST_MAIN(TestTakeList)
#include "tst_take_list.moc"
