#include "test_pictures.h"
#include "ui/jobs/settings_store.h"
#include "ui/models/prompt_history.h"
#include "ui/models/settings.h"
#include "ui/models/take_list.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace studio;
using namespace studio::ui;

class TestSettings : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyValueComesBack();
    void nonsenseInTheFileIsReplacedByDefaults();
    void aFolderThatCannotBeWrittenIsReported();
    void twoWindowsKeepWhatEachHasChanged();
    void aPromptIsRememberedOnceAndFirst();
    void takesBeyondTheRoomLeaveTheOldestFirst();
};

void TestSettings::everyValueComesBack()
{
    const QTemporaryDir folder;
    Settings settings;
    settings.theme = ThemeChoice::System;
    settings.reducedMotion = true;
    settings.autoSave = AutoSave::Everything;
    settings.outputFolder = QStringLiteral("/some/Bilder ä");
    settings.namePattern = QStringLiteral("[prompt]");
    settings.format = PictureFormat::WebP;
    settings.quality = 71;
    settings.takesGigabytes = 20;
    settings.metadata = false;
    settings.modelFolders = {QStringLiteral("/a"), QStringLiteral("/b, c")};
    settings.recentModels = {QStringLiteral("/m.safetensors")};
    settings.promptHistory = {QStringLiteral("a lake\nat dawn"), QStringLiteral("日本")};
    settings.lastRequest = QStringLiteral("{\"version\":1}");
    settings.lastFolder = QStringLiteral("/x");
    settings.geometry = QByteArray("\0\1binary", 8);
    settings.leftColumn = false;
    settings.rightColumn = false;
    const QString file = folder.filePath(QStringLiteral("deep/settings.ini"));
    QVERIFY(saveSettings(settings, file, {}));
    QVERIFY(loadSettings(file) == settings);
}

void TestSettings::nonsenseInTheFileIsReplacedByDefaults()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("settings.ini")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("[look]\ntheme=9\n[saving]\nautomatic=many\nquality=4000\ntakes_gigabytes=-3\n");
    file.close();
    const Settings settings = loadSettings(file.fileName());
    QVERIFY(settings.theme == ThemeChoice::Dark);
    QVERIFY(settings.autoSave == AutoSave::Finished);
    QCOMPARE(settings.quality, 100);
    QCOMPARE(settings.takesGigabytes, 0);
}

void TestSettings::aFolderThatCannotBeWrittenIsReported()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("in_the_way")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    Settings settings;
    settings.quality = 50;
    QVERIFY(!saveSettings(settings, file.fileName() + QStringLiteral("/settings.ini"), {}));
}

void TestSettings::twoWindowsKeepWhatEachHasChanged()
{
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("settings.ini"));
    Settings before;
    before.quality = 80;
    before.outputFolder = QStringLiteral("/old");
    QVERIFY(saveSettings(before, file, {}));
    SettingsStore first(file);
    SettingsStore second(file);
    Settings one = first.loaded();
    one.outputFolder = QStringLiteral("/new");
    QVERIFY(first.storeNow(one));
    Settings other = second.loaded();
    other.quality = 60;
    other.theme = ThemeChoice::Light;
    QVERIFY(second.storeNow(other));
    const Settings both = loadSettings(file);
    QCOMPARE(both.outputFolder, QStringLiteral("/new"));
    QCOMPARE(both.quality, 60);
    QVERIFY(both.theme == ThemeChoice::Light);
    // What is changed back is a change, too.
    other.quality = 80;
    QVERIFY(second.storeNow(other));
    QCOMPARE(loadSettings(file).quality, 80);
}

void TestSettings::aPromptIsRememberedOnceAndFirst()
{
    PromptHistory history;
    history.add(QStringLiteral(" one "));
    history.add(QStringLiteral("two"));
    history.add(QStringLiteral("one"));
    history.add(QStringLiteral("  "));
    QCOMPARE(history.entries(), QStringList({QStringLiteral("one"), QStringLiteral("two")}));
    for (int i = 0; i < 2 * PromptHistory::kMost; ++i)
        history.add(QString::number(i));
    QCOMPARE(history.entries().size(), qsizetype{PromptHistory::kMost});
}

void TestSettings::takesBeyondTheRoomLeaveTheOldestFirst()
{
    TakeList list;
    const auto picture = test::shared(test::flat({64, 64}, {9, 9, 9}));
    std::shared_ptr<const Take> newest;
    for (int i = 0; i < 3; ++i) {
        auto take = std::make_shared<Take>();
        // Its size on paper counts: two of them are more than the list keeps.
        take->layers.push_back({LayerKind::Standard, {16000, 14000}, picture, nullptr, 0.0});
        newest = take;
        list.add(take);
    }
    QCOMPARE(list.rowCount(), 1);
    QVERIFY(list.take(0) == newest);
    QVERIFY(!list.take(1));
    list.add(std::make_shared<Take>()); // without a picture there is nothing to show
    QCOMPARE(list.rowCount(), 1);
}

QTEST_MAIN(TestSettings)
#include "tst_settings.moc"
