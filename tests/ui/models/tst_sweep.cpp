#include "ui/models/sweep.h"
#include "ui/models/sweep_file.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace studio;
using namespace studio::ui;

namespace {

SweepAxis numbers(const char* id, std::vector<double> values)
{
    SweepAxis axis{findSweepAxis(QLatin1String(id)), {}};
    for (const double value : values)
        axis.values.push_back({value, {}});
    return axis;
}

SweepAxis rows(const char* id, std::vector<std::string> values)
{
    SweepAxis axis{findSweepAxis(QLatin1String(id)), {}};
    for (const std::string& value : values)
        axis.values.push_back({0.0, value});
    return axis;
}

} // namespace

class TestSweep : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cellsRunOverColumnsThenRowsThenGroups();
    void fourAxesMakeGroupsOfColumns();
    void everyRungTakesTheValues();
    void eachAxisReadsWhatItWrites_data();
    void eachAxisReadsWhatItWrites();
    void eachProposalMayBeRun_data();
    void eachProposalMayBeRun();
    void faultsAreSaid_data();
    void faultsAreSaid();
    void numbersAreReadAsTheyAreTyped_data();
    void numbersAreReadAsTheyAreTyped();
    void theStartIsAHiresFixWithASeed();
    void eachRequestIsFoundInItsCell();
    void whatWasWrittenIsReadAgain();
    void aFileThatMakesNoSenseIsNoSweep_data();
    void aFileThatMakesNoSenseIsNoSweep();
};

void TestSweep::cellsRunOverColumnsThenRowsThenGroups()
{
    SweepSetup setup{{},
        {numbers("strength", {0.2, 0.4, 0.6}), numbers("steps", {10, 20}),
            rows("upscaler", {"lanczos", "nearest"})}};
    QCOMPARE(setup.cells(), 12);
    const std::vector<Request> requests = sweepRequests(setup);
    const auto rung = [&](std::size_t cell) { return requests[cell].hires.rungs.front(); };
    QCOMPARE(rung(0).strength, 0.2);
    QCOMPARE(rung(1).strength, 0.4);
    QCOMPARE(rung(2).strength, 0.6);
    QCOMPARE(rung(2).steps, 10);
    QCOMPARE(rung(3).strength, 0.2);
    QCOMPARE(rung(3).steps, 20);
    QCOMPARE(rung(5).upscaler, std::string("lanczos"));
    QCOMPARE(rung(6).upscaler, std::string("nearest"));
    QCOMPARE(rung(11).strength, 0.6);
    QCOMPARE(rung(11).steps, 20);
}

void TestSweep::fourAxesMakeGroupsOfColumns()
{
    StoredSweep sweep;
    sweep.setup = {sweepStart({}),
        {numbers("strength", {0.2, 0.4, 0.6}), numbers("steps", {10, 20}),
            rows("upscaler", {"lanczos", "nearest"}), rows("sampler", {"euler", "dpmpp_2m"})}};
    QCOMPARE(sweep.setup.columnGroups(), 2);
    QCOMPARE(sweep.setup.cells(), 24);
    const std::vector<Request> requests = sweepRequests(sweep.setup);
    QCOMPARE(requests[11].hires.rungs.front().sampler.value_or(""), std::string("euler"));
    QCOMPARE(requests[12].hires.rungs.front().sampler.value_or(""), std::string("dpmpp_2m"));
    QCOMPARE(requests[12].hires.rungs.front().strength, 0.2);
    for (std::size_t cell = 0; cell < requests.size(); ++cell)
        QCOMPARE(sweepCellOf(sweep.setup, requests[cell]), static_cast<int>(cell));
    // It is there after a restart, too.
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("sweep.json"));
    QVERIFY(writeSweep(sweep, file));
    const auto read = readSweep(file);
    QVERIFY(read && read->setup.axes.size() == 4);
}

void TestSweep::everyRungTakesTheValues()
{
    SweepSetup setup{{}, {numbers("strength", {0.2, 0.4})}};
    setup.request.hires.rungs.resize(2);
    for (const Rung& rung : sweepRequests(setup).back().hires.rungs)
        QCOMPARE(rung.strength, 0.4);
}

void TestSweep::eachAxisReadsWhatItWrites_data()
{
    QTest::addColumn<QString>("id");
    for (const SweepAxisInfo& info : sweepAxes())
        QTest::newRow(info.id) << QString::fromLatin1(info.id);
}

void TestSweep::eachAxisReadsWhatItWrites()
{
    QFETCH(const QString, id);
    const SweepAxisInfo& info = *findSweepAxis(id);
    Request request;
    const SweepValue value = info.table ? SweepValue{0.0, "another"} : SweepValue{1.0, {}};
    const Request before = request;
    info.write(request.hires.rungs.back(), value);
    QVERIFY(!(request == before));
    QVERIFY(info.read(request) == value);
    QVERIFY(request.sampling == before.sampling); // the first pass is left alone
}

void TestSweep::eachProposalMayBeRun_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<double>("present");
    for (const SweepAxisInfo& info : sweepAxes()) {
        if (info.table)
            continue;
        for (const double present : {info.least, info.most, 1.0})
            QTest::addRow("%s around %g", info.id, present) << QString::fromLatin1(info.id) << present;
    }
}

void TestSweep::eachProposalMayBeRun()
{
    QFETCH(const QString, id);
    QFETCH(const double, present);
    SweepAxis axis{findSweepAxis(id), {}};
    for (const double number : axis.info->proposal(present, mostOf(*axis.info, sweepStart({}))))
        axis.values.push_back({number, {}});
    QVERIFY(axis.values.size() >= 2);
    const SweepSetup setup{sweepStart({}), {axis}};
    QVERIFY2(sweepFault(setup).isEmpty(), qPrintable(sweepFault(setup)));
    for (const Request& request : sweepRequests(setup))
        QVERIFY(check(request).empty());
}

void TestSweep::faultsAreSaid_data()
{
    QTest::addColumn<std::vector<SweepAxis>>("axes");
    QTest::addColumn<QString>("words");
    using Axes = std::vector<SweepAxis>;
    QTest::newRow("no values") << Axes{numbers("strength", {})} << QStringLiteral("no values");
    QTest::newRow("out of range") << Axes{numbers("strength", {0.2, 1.2})} << QStringLiteral("1.2");
    QTest::newRow("not whole") << Axes{numbers("steps", {10.5})} << QStringLiteral("whole");
    QTest::newRow("twice") << Axes{numbers("steps", {10}), numbers("steps", {20})}
                           << QStringLiteral("two axes");
    std::vector<double> many;
    for (int i = 1; i <= 101; ++i)
        many.push_back(i);
    QTest::newRow("too many") << Axes{numbers("steps", many)} << QStringLiteral("101");
    QTest::newRow("nothing is wrong") << Axes{numbers("steps", {10, 20})} << QString();
}

void TestSweep::faultsAreSaid()
{
    QFETCH(const std::vector<SweepAxis>, axes);
    QFETCH(const QString, words);
    const QString fault = sweepFault({{}, axes});
    QCOMPARE(fault.isEmpty(), words.isEmpty());
    QVERIFY2(fault.contains(words), qPrintable(fault));
}

void TestSweep::numbersAreReadAsTheyAreTyped_data()
{
    using Numbers = std::vector<double>;
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("locale");
    QTest::addColumn<Numbers>("numbers");
    QTest::newRow("blanks") << "0.2 0.35  0.5"
                            << "en_US" << Numbers{0.2, 0.35, 0.5};
    QTest::newRow("commas") << "0.2,0.35, 0.5"
                            << "en_US" << Numbers{0.2, 0.35, 0.5};
    QTest::newRow("whole numbers") << "15,25,40"
                                   << "en_US" << Numbers{15, 25, 40};
    QTest::newRow("decimal commas") << "0,2 0,35; 0,5"
                                    << "de_DE" << Numbers{0.2, 0.35, 0.5};
    QTest::newRow("decimal commas, parted by commas") << "0,2, 0,35"
                                                      << "de_DE" << Numbers{0.2, 0.35};
    QTest::newRow("points where commas are usual") << "0.2 0.35"
                                                   << "de_DE" << Numbers{0.2, 0.35};
    QTest::newRow("twice the same") << "1 2 1"
                                    << "en_US" << Numbers{1, 2};
    QTest::newRow("nothing") << " "
                             << "en_US" << Numbers{};
    QTest::newRow("a word") << "1 two"
                            << "en_US" << Numbers{-1}; // no numbers at all
    QTest::newRow("not finite") << "1 inf"
                                << "en_US" << Numbers{-1};
}

void TestSweep::numbersAreReadAsTheyAreTyped()
{
    QFETCH(const QString, text);
    QFETCH(const QString, locale);
    QFETCH(const std::vector<double>, numbers);
    const auto read = numbersIn(text, QLocale(locale));
    if (numbers == std::vector<double>{-1})
        QVERIFY(!read);
    else
        QCOMPARE(read.value_or(std::vector<double>{-1}), numbers);
}

void TestSweep::theStartIsAHiresFixWithASeed()
{
    const Request started = sweepStart({});
    QVERIFY(started.mode == Mode::Hires && started.seed);
    Request seeded;
    seeded.seed = 7;
    QCOMPARE(sweepStart(seeded).seed.value_or(0), std::uint64_t{7});
}

void TestSweep::eachRequestIsFoundInItsCell()
{
    const SweepSetup setup{sweepStart({}),
        {numbers("strength", {0.1, 0.2, 0.3}), rows("sampler", {"euler", "dpmpp_2m"}),
            numbers("guidance", {5, 7.5})}};
    const std::vector<Request> requests = sweepRequests(setup);
    for (std::size_t cell = 0; cell < requests.size(); ++cell)
        QCOMPARE(sweepCellOf(setup, requests[cell]), static_cast<int>(cell));
    Request other = requests.front();
    other.hires.rungs.front().strength = 0.15;
    QCOMPARE(sweepCellOf(setup, other), -1);
}

void TestSweep::whatWasWrittenIsReadAgain()
{
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("sweep.json"));
    QVERIFY(!readSweep(file));
    StoredSweep sweep;
    sweep.setup
        = {sweepStart({}), {numbers("strength", {0.1, 0.30000000000000004}), rows("sampler", {"euler"})}};
    sweep.setup.request.prompt = "Größe";
    sweep.setup.request.seed = 18446744073709551615u;
    sweep.group = "a-b-c";
    sweep.takes = {"20260101-120000-abcdef", "20260101-120001-abcdef"};
    QVERIFY(writeSweep(sweep, file));
    const auto read = readSweep(file);
    QVERIFY(read.has_value());
    QVERIFY(read->setup.request == sweep.setup.request);
    QCOMPARE(read->setup.axes.size(), std::size_t{2});
    for (std::size_t axis = 0; axis < 2; ++axis) {
        QCOMPARE(read->setup.axes[axis].info, sweep.setup.axes[axis].info);
        QVERIFY(read->setup.axes[axis].values == sweep.setup.axes[axis].values);
    }
    QCOMPARE(read->group, sweep.group);
    QVERIFY(read->takes == sweep.takes);
}

void TestSweep::aFileThatMakesNoSenseIsNoSweep_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("cut off") << QByteArray(R"({"version": 1, "axes)");
    QTest::newRow("newer") << QByteArray(
        R"({"version": 2, "request": {}, "axes": [], "group": "", "takes": []})");
    QTest::newRow("no axes") << QByteArray(
        R"({"version": 1, "request": {"version": 1}, "axes": [], "group": "", "takes": []})");
    QTest::newRow("unknown axis") << QByteArray(
        R"({"version": 1, "request": {"version": 1}, "axes": [{"id": "x", "values": [1]}], "group": "", "takes": []})");
    QTest::newRow("out of range") << QByteArray(
        R"({"version": 1, "request": {"version": 1}, "axes": [{"id": "strength", "values": [7]}], "group": "", "takes": []})");
}

void TestSweep::aFileThatMakesNoSenseIsNoSweep()
{
    QFETCH(const QByteArray, bytes);
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("sweep.json")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes);
    file.close();
    QVERIFY(!readSweep(file.fileName()));
}

QTEST_MAIN(TestSweep)
#include "tst_sweep.moc"
