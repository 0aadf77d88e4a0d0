#include "ui/jobs/take_archive.h"

#include "stored_takes.h"
#include "studio_under_test.h"
#include "ui/convert/strings.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace studio;
using namespace studio::ui;
using test::smallRequest;
using test::storeCutOffTake;
using test::storeTake;
using test::waitUntil;

namespace {

constexpr int kPatience = 30000;

/// An archive over a folder that does not exist yet.
struct Opened {
    QTemporaryDir folder;
    std::filesystem::path place = toPath(folder.path()) / "takes";
    TakeArchive archive;

    bool list()
    {
        QSignalSpy listed(&archive, &TakeArchive::listed);
        archive.setFolder(place);
        archive.begin();
        return listed.wait(kPatience);
    }

    bool filter(TakeFilter filter)
    {
        QSignalSpy listed(&archive, &TakeArchive::listed);
        archive.setFilter(std::move(filter));
        return listed.wait(kPatience);
    }

    QStringList found()
    {
        QStringList prompts;
        for (int row = 0; row < archive.found().rowCount(); ++row)
            prompts << toQt(archive.found().row(row).summary.prompt);
        return prompts;
    }
};

template <class T> struct Answered {
    std::optional<Outcome<T>> outcome;

    TakeArchive::Answer<T> heard()
    {
        return [this](const Outcome<T>& answer) { outcome = answer; };
    }
    bool wait()
    {
        return waitUntil([this] { return outcome.has_value(); }, kPatience);
    }
    const T& value() const { return std::get<T>(*outcome); }
};

} // namespace

class TestTakeArchive : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void lookingMakesNoFolder();
    void takesOfEarlierSessionsAreListedNewestFirst();
    void theFilterFindsWordsStarsAndDays();
    void whatOtherProgramsDoIsSeen();
    void aStoredTakeOpensAsItWasMade();
    void aDamagedPictureIsLeftOutAndSaid();
    void takesGoIntoTheTrashAndComeBack();
    void theNewestCutOffRunIsFound();
    void aRunStandsWhereItsAnswersEnd();
    void aSecondPassBeginsAtTheKeptLatent();
};

void TestTakeArchive::lookingMakesNoFolder()
{
    Opened o;
    QVERIFY(o.list());
    QCOMPARE(o.archive.takes().rowCount(), 0);
    Answered<std::optional<CutOff>> cutOff;
    o.archive.findCutOff({}, cutOff.heard());
    QVERIFY(cutOff.wait());
    QVERIFY(!cutOff.value());
    QVERIFY(!std::filesystem::exists(o.place));
}

void TestTakeArchive::takesOfEarlierSessionsAreListedNewestFirst()
{
    Opened o;
    storeTake(o.place, smallRequest("first", 1));
    storeTake(o.place, smallRequest("second", 2));
    QVERIFY(o.list());
    QCOMPARE(o.found(), QStringList({QStringLiteral("second"), QStringLiteral("first")}));
    QCOMPARE(o.archive.takes().rowCount(), 2);
    QVERIFY(o.archive.takes().row(0).stored && !o.archive.takes().take(0));
}

void TestTakeArchive::theFilterFindsWordsStarsAndDays()
{
    Opened o;
    storeTake(o.place, smallRequest("a calm lake", 41));
    const std::string id = storeTake(o.place, smallRequest("a harbour at dusk", 42, Mode::Standard));
    QVERIFY(o.list());
    const auto with = [](const char* text) {
        TakeFilter filter;
        filter.query.text = text;
        return filter;
    };
    for (const char* words : {"harbour", "DUSK a", "42", "standard dusk"}) {
        QVERIFY(o.filter(with(words)));
        QCOMPARE(o.found(), QStringList{QStringLiteral("a harbour at dusk")});
    }
    QCOMPARE(o.archive.takes().rowCount(), 2); // the filmstrip has no filter
    QVERIFY(o.filter(with("harbour lake")));
    QVERIFY(o.found().isEmpty());

    TakeFilter starred;
    starred.query.starredOnly = true;
    QVERIFY(o.filter(starred));
    QVERIFY(o.found().isEmpty());
    QSignalSpy listed(&o.archive, &TakeArchive::listed);
    o.archive.star({id}, true, {});
    QVERIFY(listed.wait(kPatience));
    QCOMPARE(o.found(), QStringList{QStringLiteral("a harbour at dusk")});

    TakeFilter days;
    days.from = QDateTime::currentMSecsSinceEpoch() + 1000;
    QVERIFY(o.filter(days));
    QVERIFY(o.found().isEmpty());
    days.from = 0;
    days.until = QDateTime::currentMSecsSinceEpoch() + 1000;
    QVERIFY(o.filter(days));
    QCOMPARE(o.found().size(), 2);
}

void TestTakeArchive::whatOtherProgramsDoIsSeen()
{
    Opened o;
    const std::string first = storeTake(o.place, smallRequest("first", 1));
    QVERIFY(o.list());
    storeTake(o.place, smallRequest("of another program", 2));
    QTRY_COMPARE_WITH_TIMEOUT(o.archive.takes().rowCount(), 2, kPatience);
    const auto other = test::openStore(o.place);
    other->star(first, true);
    QTRY_VERIFY_WITH_TIMEOUT(o.archive.found().row(1).summary.starred, kPatience);
    other->trash(first);
    QTRY_COMPARE_WITH_TIMEOUT(o.archive.takes().rowCount(), 1, kPatience);
    QCOMPARE(o.archive.trashed(), 1);
}

void TestTakeArchive::aStoredTakeOpensAsItWasMade()
{
    Opened o;
    const Request request = smallRequest("a lake", 7);
    const std::string id = storeTake(o.place, request);
    QVERIFY(o.list());
    Answered<OpenedTake> opened;
    o.archive.open(id, {}, opened.heard());
    QVERIFY(opened.wait());
    const std::shared_ptr<const Take> take = opened.value().take;
    QCOMPARE(take->plan.request.prompt, request.prompt);
    QVERIFY(take->ending == Ending::Finished);
    QCOMPARE(take->layers.size(), std::size_t{3});
    for (const Layer& layer : take->layers) {
        QVERIFY(layer.picture);
        QVERIFY(layer.picture->size == layer.size);
    }
    QVERIFY((take->find(LayerKind::Hires)->size == Extent{128, 128}));
    QVERIFY(take->find(LayerKind::Hires)->seconds >= take->find(LayerKind::FirstPass)->seconds);
    QCOMPARE(o.archive.idOf(take.get()), id);
    QCOMPARE(o.archive.takes().take(0), take); // going back to it reads nothing again
}

void TestTakeArchive::aDamagedPictureIsLeftOutAndSaid()
{
    Opened o;
    const std::string id = storeTake(o.place, smallRequest("a lake", 7));
    QVERIFY(o.list());
    QFile file(pathToQt(o.place / id / "run-1" / "upscaled.png"));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.resize(100));
    file.close();
    Answered<OpenedTake> opened;
    o.archive.open(id, {}, opened.heard());
    QVERIFY(opened.wait());
    QCOMPARE(opened.value().take->layers.size(), std::size_t{2});
    QVERIFY(opened.value().take->find(LayerKind::Hires));
    const auto& notes = opened.value().take->notes;
    QVERIFY(std::any_of(notes.begin(), notes.end(),
        [](const std::string& note) { return note.find("upscaled.png") != std::string::npos; }));
}

void TestTakeArchive::takesGoIntoTheTrashAndComeBack()
{
    Opened o;
    const std::string first = storeTake(o.place, smallRequest("first", 1));
    const std::string second = storeTake(o.place, smallRequest("second", 2));
    QVERIFY(o.list());
    Answered<TakeChanges> trashed;
    o.archive.trash({first, second}, trashed.heard());
    QVERIFY(trashed.wait());
    QCOMPARE(trashed.value().done, (std::vector<std::string>{first, second}));
    QVERIFY(trashed.value().refused.empty());
    QTRY_COMPARE_WITH_TIMEOUT(o.archive.takes().rowCount(), 0, kPatience);
    TakeFilter trash;
    trash.query.trashed = true;
    QVERIFY(o.filter(trash));
    QCOMPARE(o.found().size(), 2);
    Answered<TakeChanges> back;
    o.archive.restore({first}, back.heard());
    QVERIFY(back.wait());
    QTRY_COMPARE_WITH_TIMEOUT(o.archive.takes().rowCount(), 1, kPatience);
    Answered<int> emptied;
    o.archive.emptyTrash(emptied.heard());
    QVERIFY(emptied.wait());
    QCOMPARE(emptied.value(), 1);
    QVERIFY(!std::filesystem::exists(o.place / "trash" / second));
    Answered<TakeChanges> gone;
    o.archive.star({second, first}, true, gone.heard());
    QVERIFY(gone.wait());
    QCOMPARE(gone.value().done, std::vector<std::string>{first}); // though one before it is not there
    QCOMPARE(gone.value().refused.size(), std::size_t{1});
    QCOMPARE(gone.value().refused.front().id, second);
    QVERIFY(!gone.value().refused.front().failure.detail.empty());
}

void TestTakeArchive::theNewestCutOffRunIsFound()
{
    Opened o;
    const std::string older = storeCutOffTake(o.place, smallRequest("older", 1), 2);
    const std::string newer = storeCutOffTake(o.place, smallRequest("newer", 2), 6);
    storeCutOffTake(o.place, smallRequest("without an answer", 3), 0);
    storeTake(o.place, smallRequest("finished", 4));
    QVERIFY(o.list());
    Answered<std::optional<CutOff>> found;
    o.archive.findCutOff({}, found.heard());
    QVERIFY(found.wait());
    QVERIFY(found.value().has_value());
    QCOMPARE(found.value()->id, newer);
    QCOMPARE(found.value()->answers, 6);
    Answered<std::optional<CutOff>> next;
    o.archive.findCutOff({newer}, next.heard());
    QVERIFY(next.wait());
    QCOMPARE(next.value()->id, older);
}

void TestTakeArchive::aRunStandsWhereItsAnswersEnd()
{
    Plan plan;
    PlannedStage pass;
    pass.kind = StageKind::Denoise;
    pass.steps = 10;
    pass.evaluations = 20; // a sampler of second order
    PlannedStage other;
    other.kind = StageKind::Decode;
    plan.stages = {other, pass, other, pass};
    plan.stages.back().steps = plan.stages.back().evaluations = 8;
    const auto at = [&plan](int answers) {
        const Standing standing = standingOf(plan, answers);
        return std::pair(standing.stage, standing.step);
    };
    QCOMPARE(at(0), std::pair(1, 0));
    QCOMPARE(at(7), std::pair(1, 3));
    QCOMPARE(at(20), std::pair(1, 10));
    QCOMPARE(at(23), std::pair(3, 3));
    QCOMPARE(at(28), std::pair(3, 8));
    QCOMPARE(standingOf(Plan{}, 3).stage, -1);
}

void TestTakeArchive::aSecondPassBeginsAtTheKeptLatent()
{
    Opened o;
    const std::string id = storeTake(o.place, smallRequest("a lake", 7, Mode::Compare));
    const Outcome<StoredTake> read = readStoredTake(o.place, id);
    const auto& take = std::get<StoredTake>(read);
    const Request request = secondPassRequest(take, 0);
    QVERIFY(request.mode == Mode::Hires);
    QVERIFY(std::filesystem::exists(request.firstPass));
    QCOMPARE(request.prompt, std::string("a lake"));
    Request whole = wholeRequest(take, 0);
    QVERIFY(whole.firstPass.empty() && whole.mode == Mode::Compare);
}

QTEST_MAIN(TestTakeArchive)
#include "tst_take_archive.moc"
