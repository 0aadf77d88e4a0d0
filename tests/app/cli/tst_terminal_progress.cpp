#include "app/cli/terminal_progress.h"

#include <QtTest>

#include <algorithm>
#include <sstream>

using namespace studio;
using namespace studio::cli;

namespace {

Plan planOfTwo()
{
    Plan plan;
    plan.stages.resize(2);
    plan.stages[0].label = "Base, 4 steps";
    plan.stages[1].label = "Second pass \xE2\x80\x93 8 steps";
    return plan;
}

} // namespace

class TestTerminalProgress : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void timesReadAsClocks()
    {
        QCOMPARE(clockText(-3), std::string("0:00"));
        QCOMPARE(clockText(42.4), std::string("0:42"));
        QCOMPARE(clockText(125), std::string("2:05"));
        QCOMPARE(clockText(3725), std::string("1:02:05"));
    }

    void theBarNamesStageStepAndTime()
    {
        const std::string bar = progressBar(planOfTwo(), {0, 2, 4, 0.5, 61.0}, 80);
        QCOMPARE(bar, std::string("[############------------]  50 %  Base, 4 steps  2/4  1:01 left"));
    }

    void theBarFitsItsColumnsAndCutsBetweenCharacters()
    {
        const Plan plan = planOfTwo();
        for (std::size_t columns = 0; columns < 90; ++columns) {
            const QString bar = QString::fromStdString(progressBar(plan, {1, 2, 8, 0.75, 5.0}, columns));
            QVERIFY(bar.size() <= static_cast<qsizetype>(columns));
            QVERIFY(bar.indexOf(QChar(0xFFFD)) < 0);
        }
    }

    void elsewhereThanOnATerminalAStageIsALine()
    {
        std::ostringstream out;
        TerminalProgress progress(out, false, 80);
        progress.begin("Picture 1 of 2");
        progress.planned(planOfTwo());
        for (int stage = 0; stage < 2; ++stage) {
            for (int step = 1; step <= 100; ++step)
                progress.report({stage, step, 100, (stage + step / 100.0) / 2, -1});
        }
        progress.end();
        const std::string text = out.str();
        QCOMPARE(std::count(text.begin(), text.end(), '\n'), std::ptrdiff_t(3));
        QVERIFY(text.find("Stage 2 of 2: Second pass") != std::string::npos);
        QVERIFY(text.find('\r') == std::string::npos);
        QVERIFY(text.find('\x1b') == std::string::npos);
    }

    void onATerminalTheBarIsTakenAwayAtTheEnd()
    {
        std::ostringstream out;
        TerminalProgress progress(out, true, 80);
        progress.planned(planOfTwo());
        progress.report({0, 1, 4, 0.1, -1});
        progress.end();
        const std::string text = out.str();
        QVERIFY(text.find("Base, 4 steps") != std::string::npos);
        QVERIFY(text.size() > 4 && text.substr(text.size() - 4) == "\r\x1b[K");
        QVERIFY(text.find('\n') == std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestTerminalProgress)
#include "tst_terminal_progress.moc"
