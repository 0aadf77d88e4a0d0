#include "ui/panels/choices.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QSet>
#include <QStandardItemModel>
#include <QTest>

using namespace studio;
using namespace studio::ui;

namespace {

const std::vector<CatalogEntry> kSamplers{{"heun", "Heun", {}}, {"of_tomorrow", "Of tomorrow", {}},
    {"lcm", "LCM", {}}, {"euler", "Euler", "Plain"}, {"dpmpp_2m", "DPM++ 2M", {}}};

QStringList idsOf(const std::vector<Choice>& choices)
{
    QStringList ids;
    for (const Choice& choice : choices)
        ids << choice.id;
    return ids;
}

} // namespace

class TestChoices : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, Scheme::Dark); }

    void everyRowOfATableIsOfferedOnceUnderAHeading()
    {
        const std::vector<Choice> choices = samplerChoices(kSamplers);
        QCOMPARE(idsOf(choices),
            (QStringList{QStringLiteral("euler"), QStringLiteral("dpmpp_2m"), QStringLiteral("heun"),
                QStringLiteral("lcm"), QStringLiteral("of_tomorrow")}));
        QSet<QString> finished;
        QString group;
        for (const Choice& choice : choices) {
            QVERIFY(!choice.group.isEmpty());
            QVERIFY(!finished.contains(choice.group)); // a heading comes once
            if (choice.group != group && !group.isEmpty())
                finished << group;
            group = choice.group;
        }
        QCOMPARE(choices.front().hint, QStringLiteral("Plain"));
    }

    void whatIsPutFirstStaysFirst()
    {
        const std::vector<Choice> choices
            = scheduleChoices({{"karras", "Karras", {}}, {"model", "Model's own", {}}},
                {{QString(), QStringLiteral("As the first pass")}});
        QCOMPARE(idsOf(choices), (QStringList{QString(), QStringLiteral("model"), QStringLiteral("karras")}));
        QVERIFY(choices.front().group.isEmpty());
    }

    void headingsCannotBeChosen()
    {
        CalmComboBox box;
        box.setChoices(samplerChoices(kSamplers));
        box.choose(QStringLiteral("dpmpp_2m"));
        QCOMPARE(box.currentText(), QStringLiteral("DPM++ 2M"));
        QTest::keyClick(&box, Qt::Key_Down); // over a heading
        QCOMPARE(box.chosen(), QStringLiteral("heun"));
        QTest::keyClick(&box, Qt::Key_Home);
        QCOMPARE(box.chosen(), QStringLiteral("euler"));
        box.choose(box.itemText(0)); // the heading's own words name no entry
        QCOMPARE(box.currentIndex(), -1);
    }

    void aListThatStaysTheSameIsLeftAlone()
    {
        CalmComboBox box;
        box.setChoices(samplerChoices(kSamplers));
        box.choose(QStringLiteral("lcm"));
        const QStandardItem* item = qobject_cast<QStandardItemModel*>(box.model())->item(1);
        box.setChoices(samplerChoices(kSamplers));
        QCOMPARE(qobject_cast<QStandardItemModel*>(box.model())->item(1), item);
        box.setChoices(samplerChoices({kSamplers.begin(), kSamplers.begin() + 3}));
        QCOMPARE(box.chosen(), QStringLiteral("lcm")); // still there, still chosen
    }
};

QTEST_MAIN(TestChoices)
#include "tst_choices.moc"
