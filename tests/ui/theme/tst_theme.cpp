#include "ui/theme/syntax_tokens.h"
#include "ui/theme/theme.h"
#include "ui/theme/typography.h"
#include "ui/widgets/segmented_control.h"

#include <QAction>
#include <QActionGroup>
#include <QPushButton>
#include <QToolButton>
#include <QtTest>

#include <set>

using namespace studio::ui;

class TestTheme : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { applyTheme(*qApp, Scheme::Dark); }

    void contrastFollowsTheDefinition()
    {
        // WCAG's own end points, and #777777 on white, the textbook's near miss.
        QCOMPARE(contrastRatio(Qt::black, Qt::white), 21.0);
        QCOMPARE(contrastRatio(Qt::white, Qt::white), 1.0);
        QVERIFY(std::abs(contrastRatio(QColor(0x77, 0x77, 0x77), Qt::white) - 4.478) < 0.001);
    }

    void everyPairIsLegible_data()
    {
        QTest::addColumn<int>("scheme");
        QTest::newRow("dark") << 0;
        QTest::newRow("light") << 1;
    }

    void everyPairIsLegible()
    {
        QFETCH(int, scheme);
        const Tokens& t = tokens(scheme == 0 ? Scheme::Dark : Scheme::Light);
        QStringList faint;
        for (const ContrastPair& pair : contrastPairs()) {
            const double ratio = contrastRatio(t.*pair.foreground, t.*pair.ground);
            if (ratio < pair.minimum)
                faint << QStringLiteral("%1 on %2 (%3): %4 instead of %5")
                             .arg((t.*pair.foreground).name(), (t.*pair.ground).name(),
                                 QString::fromLatin1(pair.name))
                             .arg(ratio, 0, 'f', 2)
                             .arg(pair.minimum);
        }
        QVERIFY2(faint.isEmpty(), qPrintable(faint.join(u'\n')));
    }

    void thePromptsLanguageIsLegible_data() { everyPairIsLegible_data(); }
    void thePromptsLanguageIsLegible()
    {
        QFETCH(int, scheme);
        const Scheme theme = scheme == 0 ? Scheme::Dark : Scheme::Light;
        const Tokens& t = tokens(theme);
        const SyntaxTokens& s = syntaxTokens(theme);
        constexpr double kText = 4.5;
        // Weights far beyond what anybody writes, and those that turn the text round.
        for (const double weight : {1.0, 1.1, 1.5, 10.0, 0.9, 0.5, 0.01, 0.0, -2.0}) {
            const QColor ground = emphasisGround(theme, weight);
            for (const QColor& colour :
                {t.text, s.more, s.less, s.change, s.name, s.choice, s.join, s.comment})
                QVERIFY2(contrastRatio(colour, ground) >= kText,
                    qPrintable(QStringLiteral("%1 on %2 (weight %3): %4")
                                   .arg(colour.name(), ground.name())
                                   .arg(weight)
                                   .arg(contrastRatio(colour, ground))));
        }
        QVERIFY(contrastRatio(t.bad, t.field) >= 3.0); // the line under what is wrong
        QCOMPARE(emphasisGround(theme, 1.0), t.field);
        QVERIFY(emphasisGround(theme, 1.1) != t.field && emphasisGround(theme, 0.9) != t.field);
        QVERIFY(emphasisGround(theme, 1.1) != emphasisGround(theme, 1.4));
    }

    void theCanvasIsNeutral()
    {
        for (const Scheme scheme : {Scheme::Dark, Scheme::Light}) {
            const QColor canvas = tokens(scheme).canvas;
            QVERIFY(canvas.red() == canvas.green() && canvas.green() == canvas.blue());
        }
    }

    void everyRoleOfThePaletteIsOurs()
    {
        for (const Scheme scheme : {Scheme::Dark, Scheme::Light}) {
            const Tokens& t = tokens(scheme);
            const std::set<QRgb> ours{t.canvas.rgb(), t.window.rgb(), t.panel.rgb(), t.raised.rgb(),
                t.hover.rgb(), t.field.rgb(), t.border.rgb(), t.strongBorder.rgb(), t.outline.rgb(),
                t.text.rgb(), t.secondary.rgb(), t.disabled.rgb(), t.accent.rgb(), t.selection.rgb(),
                t.bad.rgb(), QColor(Qt::black).rgb()};
            const QPalette palette = makePalette(t);
            for (int role = 0; role < QPalette::NColorRoles; ++role) {
                for (const auto group : {QPalette::Active, QPalette::Inactive, QPalette::Disabled})
                    QVERIFY2(
                        ours.contains(palette.color(group, static_cast<QPalette::ColorRole>(role)).rgb()),
                        qPrintable(QString::number(role)));
            }
        }
    }

    void aPaletteKnowsItsTokens()
    {
        for (const Scheme scheme : {Scheme::Dark, Scheme::Light})
            QVERIFY(tokensOf(makePalette(tokens(scheme))).scheme == scheme);
    }

    void aChangeOfThemeReachesWidgetsThatAreShown()
    {
        QPushButton button(QStringLiteral("Save"));
        button.move(500, 500); // away from the pointer
        button.show();
        QVERIFY(tokensOf(button.palette()).scheme == Scheme::Dark);
        const QImage dark = button.grab().toImage();
        applyTheme(*qApp, Scheme::Light);
        QTRY_VERIFY(tokensOf(button.palette()).scheme == Scheme::Light);
        QVERIFY(dark.pixelColor(10, 5) == tokens(Scheme::Dark).raised);
        QCOMPARE(button.grab().toImage().pixelColor(10, 5), tokens(Scheme::Light).raised);
    }

    void thePrimaryButtonIsAccentAndTall()
    {
        QPushButton button(QStringLiteral("Generate"));
        setButtonRole(button, ButtonRole::Primary);
        QCOMPARE(button.sizeHint().height(), spacing::kPrimaryHeight);
        button.resize(200, spacing::kPrimaryHeight);
        QVERIFY(button.grab().toImage().pixelColor(20, 5) == tokens(Scheme::Dark).accent);
    }

    void keyboardFocusIsVisible()
    {
        QWidget page;
        QPushButton button(QStringLiteral("Save"), &page);
        button.setGeometry(10, 10, 100, 28);
        page.resize(120, 50);
        page.show();
        QApplication::setActiveWindow(&page);
        const QImage before = page.grab().toImage();
        button.setFocus(Qt::TabFocusReason);
        page.setAttribute(Qt::WA_KeyboardFocusChange);
        const QImage after = page.grab().toImage();
        QVERIFY(before.pixelColor(60, 10) != tokens(Scheme::Dark).accent);
        QVERIFY(after.pixelColor(60, 10) == tokens(Scheme::Dark).accent);
        QVERIFY(after.pixelColor(60, 11) == tokens(Scheme::Dark).accent);
    }

    void digitsShareOneWidth()
    {
        const QFont font = fontFor(TextRole::Caption);
        QCOMPARE(tabularWidth(font, QStringLiteral("1111")), tabularWidth(font, QStringLiteral("8888")));
        QCOMPARE(font.pixelSize(), 11);
        QVERIFY(fontFor(TextRole::GroupTitle).weight() == QFont::DemiBold);
    }

    void aSegmentedControlIsOneStopForTheKeyboard()
    {
        SegmentedControl control;
        QAction one(QStringLiteral("One")), two(QStringLiteral("Two")), three(QStringLiteral("Three"));
        for (QAction* action : {&one, &two, &three})
            control.addChoice(action, Qt::ToolButtonTextOnly);
        two.setChecked(true);
        int stops = 0;
        for (const QToolButton* button : control.findChildren<QToolButton*>())
            stops += (button->focusPolicy() & Qt::TabFocus) ? 1 : 0;
        QCOMPARE(stops, 1);
        control.show();
        QToolButton* chosen = control.findChildren<QToolButton*>().at(1);
        chosen->setFocus();
        QTest::keyClick(chosen, Qt::Key_Right);
        QVERIFY(three.isChecked() && !two.isChecked());
    }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
