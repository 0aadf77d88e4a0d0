#include "adapter_samples.h"
#include "studio_under_test.h"
#include "ui/models/adapter_library.h"
#include "ui/models/adapter_list.h"
#include "ui/models/adapter_use.h"
#include "ui/panels/adapter_card.h"
#include "ui/panels/adapter_view.h"
#include "ui/panels/panel_table.h"
#include "ui/theme/theme.h"
#include "ui/widgets/calm_inputs.h"
#include "ui/widgets/word_chip.h"

#include <QApplication>
#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QTest>
#include <QToolButton>

using namespace studio;
using namespace studio::ui;
using studio::test::StudioUnderTest;

class TestAdapterPanel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        applyTheme(*qApp, Scheme::Dark);
        m_studio = std::make_unique<StudioUnderTest>();
        m_loras = m_studio->folder.filePath(QStringLiteral("loras"));
        test::writeManyLoras(m_loras);
        Settings settings = controller().settings();
        settings.adapterFolders = {m_loras};
        controller().setSettings(settings);
        state().change([](Request& r) {
            r.mode = Mode::Hires;
            r.prompt = "a hill";
        });
        QVERIFY(m_studio->open());
        QTRY_VERIFY(controller().adapters().isKnown() && !controller().adapters().isScanning());
        m_panel.reset(makeAdapterPanel(controller(), nullptr));
        m_panel->resize(320, 900);
        m_panel->show();
    }

    void cleanup()
    {
        m_panel.reset();
        m_studio.reset();
    }

    void theKeyboardChoosesAndTakesOut()
    {
        auto* view = m_panel->findChild<AdapterView*>();
        view->setFocus();
        view->setCurrentIndex(view->model()->index(0, 0));
        QTest::keyClick(view, Qt::Key_Space);
        QCOMPARE(state().request().adapters.size(), std::size_t(1));
        QCOMPARE(cards().size(), 1);
        QCOMPARE(cards()[0]->accessibleName(), QStringLiteral("amber_dusk"));
        QTest::keyClick(view, Qt::Key_Return);
        QVERIFY(state().request().adapters.empty() && cards().isEmpty());
    }

    void anAdapterOfAnotherFamilySaysWhy()
    {
        auto* view = m_panel->findChild<AdapterView*>();
        view->setCurrentIndex(view->model()->index(12, 0));
        QTest::keyClick(view, Qt::Key_Space);
        QVERIFY(state().request().adapters.empty());
        bool said = false;
        for (const QLabel* label : m_panel->findChildren<QLabel*>())
            said |= label->isVisible()
                && label->text().contains(QStringLiteral("Made for Stable Diffusion 1.x"));
        QVERIFY(said);
    }

    void weightsAreGivenPassByPass()
    {
        use(QStringLiteral("ink_wash"));
        const QList<CalmSpinBox*> boxes = cards()[0]->findChildren<CalmSpinBox*>();
        QCOMPARE(boxes.size(), 2);
        boxes[0]->setValue(0.6);
        QCOMPARE(boxes[1]->value(), 0.6); // as in the first
        boxes[1]->setValue(0.3);
        QCOMPARE(adapter().unet, 0.6);
        QCOMPARE(adapter().secondUnet, std::optional(0.3));
        state().change([](Request& r) { r.mode = Mode::Standard; });
        QVERIFY(!boxes[1]->isEnabled() && boxes[1]->toolTip().contains(QStringLiteral("one pass")));
        QVERIFY(boxes[0]->accessibleName().contains(QStringLiteral("ink_wash")));
    }

    void switchedOffItStaysInSight()
    {
        use(QStringLiteral("ink_wash"));
        auto* acts = cards()[0]->findChild<QCheckBox*>();
        acts->setFocus();
        acts->click();
        QVERIFY(state().request().adapters.empty());
        QCOMPARE(cards().size(), 1);
        acts->click(); // the card is the same: the focus is where it was
        QCOMPARE(state().request().adapters.size(), std::size_t(1));
    }

    void triggerWordsGoIntoThePromptWithOneClick()
    {
        use(QStringLiteral("ink_wash"));
        auto* chip = cards()[0]->findChild<WordChip*>();
        QVERIFY(chip && !chip->isChecked());
        QCOMPARE(chip->text(), QStringLiteral("ink wash, sumi-e"));
        chip->click();
        QCOMPARE(state().request().prompt, std::string("a hill, ink wash, sumi-e"));
        QVERIFY(chip->isChecked());
        chip->click();
        QCOMPARE(state().request().prompt, std::string("a hill"));
    }

    void whatStandsInThePromptIsShownAsSuch()
    {
        state().change([](Request& r) { r.prompt = "a hill <lora:gouache:0.8>"; });
        QCOMPARE(cards().size(), 1);
        const QList<CalmSpinBox*> boxes = cards()[0]->findChildren<CalmSpinBox*>();
        QCOMPARE(boxes[0]->value(), 0.8);
        QVERIFY(!boxes[1]->isEnabled() && boxes[1]->toolTip().contains(QStringLiteral("tag in the prompt")));
        boxes[0]->setValue(0.5);
        QCOMPARE(state().request().prompt, std::string("a hill <lora:gouache:0.5>"));
        cards()[0]->findChild<QToolButton*>()->click();
        QCOMPARE(state().request().prompt, std::string("a hill"));
    }

    void whatThePlanSaysStandsAtTheAdapter()
    {
        m_studio->engine->setWarnings(
            {"4 keys of ink_wash.safetensors match nothing in the model.", "Something else."});
        use(QStringLiteral("ink_wash"));
        const auto said = [&] {
            for (const QLabel* label : cards()[0]->findChildren<QLabel*>())
                if (label->isVisible() && label->text().startsWith(QStringLiteral("4 keys")))
                    return !label->text().contains(QStringLiteral("Something else"));
            return false;
        };
        QTRY_VERIFY(said());
    }

    void withoutFoldersThePanelTeaches()
    {
        StudioUnderTest empty;
        QVERIFY(empty.open());
        QTRY_VERIFY(empty.controller.adapters().isKnown());
        const std::unique_ptr<QWidget> panel(makeAdapterPanel(empty.controller, nullptr));
        panel->show();
        bool taught = false;
        for (const QLabel* label : panel->findChildren<QLabel*>())
            taught |= label->isVisible() && label->text().contains(QStringLiteral("folder"));
        QVERIFY(taught);
        QVERIFY(!panel->findChild<QLineEdit*>()->isVisible());
    }

private:
    StudioController& controller() { return m_studio->controller; }
    StudioState& state() { return controller().state(); }
    const AdapterChoice& adapter() { return state().request().adapters.at(0); }
    QList<AdapterCard*> cards() const
    {
        QList<AdapterCard*> shown;
        for (AdapterCard* card : m_panel->findChildren<AdapterCard*>())
            if (!card->isHidden())
                shown << card;
        return shown;
    }
    void use(const QString& name)
    {
        controller().adapterUse().add(m_loras + u'/' + name + QStringLiteral(".safetensors"));
        QCOMPARE(cards().size(), 1);
    }

    std::unique_ptr<StudioUnderTest> m_studio;
    QString m_loras;
    std::unique_ptr<QWidget> m_panel;
};

QTEST_MAIN(TestAdapterPanel)
#include "tst_adapter_panel.moc"
