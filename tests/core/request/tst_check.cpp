#include "core/api/request.h"

#include <QtTest>

#include <cmath>
#include <functional>
#include <limits>

using namespace studio;

Q_DECLARE_METATYPE(std::function<void(Request&)>)

class TestCheck : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theDefaultsMayBePlanned() { QVERIFY(check(Request{}).empty()); }

    void wrongValuesAreNamed_data()
    {
        QTest::addColumn<std::function<void(Request&)>>("spoil");
        QTest::addColumn<QString>("field");
        const auto row = [](const char* name, const char* field, std::function<void(Request&)> spoil) {
            QTest::newRow(name) << std::move(spoil) << QString::fromLatin1(field);
        };
        const double nan = std::numeric_limits<double>::quiet_NaN();
        row("no steps", "sampling.steps", [](Request& r) { r.sampling.steps = 0; });
        row("too many steps", "sampling.steps", [](Request& r) { r.sampling.steps = 1001; });
        row("negative guidance", "sampling.guidance", [](Request& r) { r.sampling.guidance = -0.1; });
        row("guidance that is no number", "sampling.guidance",
            [=](Request& r) { r.sampling.guidance = nan; });
        row("endless guidance", "sampling.guidance", [](Request& r) { r.sampling.guidance = HUGE_VAL; });
        row("no sampler", "sampling.sampler", [](Request& r) { r.sampling.sampler.clear(); });
        row("odd size", "standard.size", [](Request& r) { r.standard.size = Extent{1023, 1024}; });
        row("small size", "standard.size", [](Request& r) { r.standard.size = Extent{56, 1024}; });
        row("large size", "standard.size", [](Request& r) { r.standard.size = Extent{1024, 8200}; });
        row("refiner's strength", "standard.refiner_strength",
            [](Request& r) { r.standard.refinerStrength = 1.1; });
        row("simple scale", "simple.scale", [](Request& r) { r.simple.scale = 0.5; });
        row("no rungs", "hires.rungs", [](Request& r) { r.hires.rungs.clear(); });
        row("many rungs", "hires.rungs", [](Request& r) { r.hires.rungs.resize(9); });
        row("a fraction's strength", "hires.rungs[0].strength",
            [](Request& r) { r.hires.rungs[0].strength = 1.5; });
        row("a noise level's strength", "hires.rungs[0].strength", [](Request& r) {
            r.hires.rungs[0].meaning = StrengthMeaning::Sigma;
            r.hires.rungs[0].strength = 20.5;
        });
        row("a second rung's steps", "hires.rungs[1].steps", [](Request& r) {
            r.hires.rungs.resize(2);
            r.hires.rungs[1].steps = -1;
        });
        row("a rung's target", "hires.rungs[0].target", [](Request& r) {
            r.hires.rungs[0].target = Extent{0, 0};
        });
        row("a rung's guidance", "hires.rungs[0].guidance",
            [](Request& r) { r.hires.rungs[0].guidance = 101; });
        row("crop", "conditioning.crop_left", [](Request& r) { r.conditioning.cropLeft = -1; });
        row("device", "execution.device", [](Request& r) { r.execution.device = "gpu"; });
        row("device's number", "execution.device", [](Request& r) { r.execution.device = "cuda:x"; });
        row("zero byte", "prompt", [](Request& r) { r.prompt = std::string("a\0b", 3); });
        row("no text", "negative_prompt", [](Request& r) { r.negativePrompt = "\xC3("; });
        row("long prompt", "prompt", [](Request& r) { r.prompt = std::string(100'001, 'a'); });
        row("path of two lines", "models.base", [](Request& r) { r.models.base = "a\nb"; });
    }
    void wrongValuesAreNamed()
    {
        QFETCH(std::function<void(Request&)>, spoil);
        QFETCH(QString, field);
        Request request;
        spoil(request);
        const std::vector<Issue> issues = check(request);
        QCOMPARE(issues.size(), std::size_t(1));
        QCOMPARE(QString::fromStdString(issues[0].field), field);
        QVERIFY2(issues[0].message.ends_with('.'), issues[0].message.c_str());
    }

    void valuesAtTheEndsAreRight()
    {
        Request request;
        request.prompt = "two\nlines";
        request.sampling.steps = 1000;
        request.sampling.guidance = 0;
        request.standard.size = Extent{64, 8192};
        request.simple.scale = 8;
        request.hires.rungs[0].meaning = StrengthMeaning::Sigma;
        request.hires.rungs[0].strength = 14.6;
        request.execution.device = "cuda:1";
        QVERIFY(check(request).empty());
    }
};

QTEST_GUILESS_MAIN(TestCheck)
#include "tst_check.moc"
