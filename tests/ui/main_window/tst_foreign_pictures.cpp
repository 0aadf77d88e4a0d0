// Pictures of other programs that are dropped on the real window, and our own beside them.
#include "core/api/picture_file.h"
#include "core/api/request_json.h"
#include "opened_window.h"
#include "test_pictures.h"
#include "ui/convert/strings.h"
#include "ui/main_window/dialogs.h"
#include "ui/models/foreign_request.h"
#include "ui/widgets/notice.h"

using namespace studio;
using namespace studio::ui;

namespace {

constexpr const char* kFromElsewhere
    = "a mill\nNegative prompt: rain\nSteps: 31, Sampler: Euler a, CFG scale: 5, "
      "Seed: 5, Size: 832x1216, Model hash: 0123456789, Model: anotherXL, "
      "Version: v1.10.1";

/// A window in which the person has chosen models, a device and a model of its own for the second pass.
struct Opened : studio::test::OpenedWindow {
    Opened()
    {
        studio.controller.state().change([](Request& r) {
            r.mode = Mode::Hires;
            r.models = {
                "/models/juggernaut.safetensors", "/models/refiner.safetensors", "/models/vae.safetensors"};
            r.execution = {"cpu", Precision::BFloat16};
            r.hires.rungs.front().model = "/models/second.safetensors";
        });
        mine = request();
    }

    const Request& request() { return studio.controller.state().request(); }

    QString picture(const PictureMetadata& metadata)
    {
        const auto bytes = encodePicture(studio::test::flat({8, 8}, {9, 9, 9}), metadata);
        const QString path = studio.folder.filePath(QStringLiteral("dropped.png"));
        QFile file(path);
        if (file.open(QIODevice::WriteOnly))
            file.write(QByteArray::fromStdString(std::get<std::string>(bytes)));
        return path;
    }

    Request mine;
};

} // namespace

class TestForeignPictures : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyThemeOf({}); }
    void theModelInUseStays();
    void ourOwnBringTheirModelBack();
    void ourTextAloneBringsNoModel();
    void whatStaysIsSaidByName();
};

void TestForeignPictures::theModelInUseStays()
{
    Opened o;
    QVERIFY(o.ready);
    o.window.openFile(o.picture({kFromElsewhere, {}, {}}));
    QTRY_COMPARE_WITH_TIMEOUT(o.request().prompt, std::string("a mill"), 10000);
    QCOMPARE(o.request().sampling.steps, 31);
    QVERIFY(o.request().models == o.mine.models);
    QVERIFY(o.request().execution == o.mine.execution);
    QCOMPARE(o.request().hires.rungs.front().model, o.mine.hires.rungs.front().model);
    const QString said = QStringLiteral("Made with AUTOMATIC1111; your juggernaut stays in use.");
    QVERIFY2(o.window.notice().sentence().contains(said), qPrintable(o.window.notice().sentence()));
    QVERIFY(o.window.notice().sentence().contains(QStringLiteral("anotherXL")));
}

void TestForeignPictures::ourOwnBringTheirModelBack()
{
    Opened o;
    QVERIFY(o.ready);
    Request demo;
    demo.prompt = "with the built-in model";
    o.window.openFile(o.picture({kFromElsewhere, toJson(demo), {}}));
    QTRY_COMPARE_WITH_TIMEOUT(o.request().prompt, demo.prompt, 10000);
    QVERIFY(o.request().models == ModelChoice{});
}

void TestForeignPictures::ourTextAloneBringsNoModel()
{
    Opened o;
    QVERIFY(o.ready);
    // As sites leave it that strip what they do not know.
    o.window.openFile(o.picture({"a barn\nSteps: 12, Seed: 5, Version: Hires Studio 0.1.0", {}, {}}));
    QTRY_COMPARE_WITH_TIMEOUT(o.request().prompt, std::string("a barn"), 10000);
    QVERIFY(o.request().models == o.mine.models);
}

void TestForeignPictures::whatStaysIsSaidByName()
{
    QCOMPARE(keptModelInWords(QStringLiteral("ComfyUI"), Request{}),
        QStringLiteral("Made with ComfyUI; the built-in model stays in use."));
    QCOMPARE(keptModelInWords(QString(), Request{}),
        QStringLiteral("Made with another program; the built-in model stays in use."));
    // More passes than there are here: what has no counterpart is nobody's choice.
    Request foreign;
    foreign.hires.rungs.resize(2);
    Request present;
    present.hires.rungs.front().model = "/models/second.safetensors";
    const Request both = withModelsOf(foreign, present);
    QCOMPARE(both.hires.rungs[0].model, std::string("/models/second.safetensors"));
    QVERIFY(both.hires.rungs[1].model.empty());
}

QTEST_MAIN(TestForeignPictures)
#include "tst_foreign_pictures.moc"
