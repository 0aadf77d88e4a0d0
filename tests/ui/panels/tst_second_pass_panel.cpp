#include "studio_under_test.h"
#include "ui/convert/strings.h"
#include "ui/panels/panel_table.h"
#include "ui/panels/prompt_edit.h"
#include "ui/theme/theme.h"
#include "ui/widgets/calm_inputs.h"

#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QTest>
#include <QToolButton>

using namespace studio;
using namespace studio::ui;
using studio::test::StudioUnderTest;

namespace {

template <class T> T* named(QWidget* parent, const char* name)
{
    for (T* widget : parent->findChildren<T*>()) {
        if (widget->accessibleName() == QString::fromUtf8(name))
            return widget;
    }
    return nullptr;
}

} // namespace

class TestSecondPassPanel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        applyTheme(*qApp, Scheme::Dark);
        m_studio = std::make_unique<StudioUnderTest>();
        state().change([](Request& r) { r.mode = Mode::Hires; });
        QVERIFY(m_studio->open());
        m_panel.reset(makeSecondPassPanel(m_studio->controller, nullptr));
        m_panel->show();
    }

    void cleanup()
    {
        m_panel.reset();
        m_studio.reset();
    }

    void oneOfSeveralPassesCanHaveSettingsOfItsOwn()
    {
        auto* passes = named<CalmSpinBox>(m_panel.get(), "Passes");
        auto* scope = named<CalmComboBox>(m_panel.get(), "Settings of");
        auto* strength = named<CalmSpinBox>(m_panel.get(), "Strength");
        QVERIFY(passes && scope && strength);
        passes->setValue(2);
        strength->setValue(0.6); // of all
        QCOMPARE(rung(0).strength, 0.6);
        QCOMPARE(rung(1).strength, 0.6);
        scope->choose(QStringLiteral("1"));
        Q_EMIT scope->activated(scope->currentIndex());
        strength->setValue(0.3);
        QCOMPARE(rung(0).strength, 0.6);
        QCOMPARE(rung(1).strength, 0.3);
        scope->choose(QStringLiteral("0"));
        Q_EMIT scope->activated(scope->currentIndex());
        QCOMPARE(strength->value(), 0.6); // what is shown follows
        passes->setValue(1);
        QCOMPARE(scope->chosen(), QStringLiteral("-1")); // there is no other
    }

    void eachPassSaysWhatItsStrengthDoes()
    {
        named<CalmSpinBox>(m_panel.get(), "Passes")->setValue(2);
        auto* words = named<QLabel>(m_panel.get(), "What the strength does");
        QVERIFY(words);
        QTRY_COMPARE(words->text().count(QStringLiteral("of 25 steps, starts at\u00a0σ")), 2);
        QVERIFY(words->text().contains(QStringLiteral("Pass 2, 512 × 512")));
    }

    void bothPromptsOfTheSecondPassCanDiffer()
    {
        auto* prompt = named<PromptEdit>(m_panel.get(), "Prompt of the second pass");
        auto* negative = named<PromptEdit>(m_panel.get(), "Negative prompt of the second pass");
        QVERIFY(prompt && negative);
        QTest::keyClicks(prompt, QStringLiteral("finer"));
        QTest::keyClicks(negative, QStringLiteral("noise"));
        QCOMPARE(rung(0).prompt, std::optional<std::string>("finer"));
        QCOMPARE(rung(0).negativePrompt, std::optional<std::string>("noise"));
        prompt->selectAll();
        QTest::keyClick(prompt, Qt::Key_Delete);
        QVERIFY(!rung(0).prompt); // as the first pass again
        state().change([](Request& r) { r.hires.rungs[0].prompt = "sharper"; });
        QCOMPARE(prompt->toPlainText(), QStringLiteral("sharper"));
    }

    void thePromptOfTheSecondPassIsReadOnItsOwnClock()
    {
        auto* prompt = named<PromptEdit>(m_panel.get(), "Prompt of the second pass");
        QTest::keyClicks(prompt, QStringLiteral("[fog:sun:1.5]"));
        QTRY_COMPARE(prompt->wordsAt(0), QStringLiteral("“fog” to step 5 of 8, then “sun”."));
        state().change([](Request& r) { r.prompts.syntax = PromptSyntax::Plain; });
        QTRY_VERIFY(prompt->wordsAt(0).isEmpty());
    }

    void aFirstPictureTakesThePlaceOfTheFirstPass()
    {
        const std::unique_ptr<QWidget> sizes(makeSizePanel(m_studio->controller, nullptr));
        auto* width = named<CalmSpinBox>(sizes.get(), "First pass, width");
        auto* open = named<QToolButton>(sizes.get(), "Start from a picture…");
        auto* clear = named<QToolButton>(sizes.get(), "Start from the prompt again");
        QVERIFY(width && width->isEnabled() && open && open->isEnabled() && clear && clear->isHidden());
        state().change([](Request& r) { r.initPicture = "/somewhere/first.png"; });
        QVERIFY(!width->isEnabled());
        QVERIFY(width->toolTip().contains(QStringLiteral("its own size")));
        QVERIFY(!clear->isHidden());
        state().change([](Request& r) { r.mode = Mode::Compare; });
        QVERIFY(!open->isEnabled() && !open->toolTip().isEmpty()); // and says why
        QVERIFY(clear->isEnabled());                               // it can be taken away in every mode
        clear->click();
        QVERIFY(state().request().initPicture.empty());
    }

private:
    StudioState& state() { return m_studio->controller.state(); }
    const Rung& rung(std::size_t index) { return state().request().hires.rungs.at(index); }

    std::unique_ptr<StudioUnderTest> m_studio;
    std::unique_ptr<QWidget> m_panel;
};

QTEST_MAIN(TestSecondPassPanel)
#include "tst_second_pass_panel.moc"
