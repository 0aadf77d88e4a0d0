#include "ui/panels/prompt_edit.h"

#include "ui/theme/syntax_tokens.h"
#include "ui/theme/theme.h"
#include "ui/widgets/completion_popup.h"

#include <QApplication>
#include <QClipboard>
#include <QHelpEvent>
#include <QScrollBar>
#include <QTest>
#include <QTextBlock>
#include <QTextLayout>
#include <QToolTip>
#include <QVBoxLayout>

using namespace studio::ui;

class TestPromptEdit : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        applyTheme(*qApp, Scheme::Dark);
        m_edit = std::make_unique<PromptEdit>(4, PromptEdit::Purpose::Prompt);
        m_edit->setNames(
            {true, {{QStringLiteral("ink_wash"), {}, 0.8, {}}, {QStringLiteral("film"), {}, 1.0, {}}},
                {{QStringLiteral("easynegative"), {}, 1.0, {}}}, {QStringLiteral("trees")}});
        m_edit->resize(320, 120);
        m_edit->show();
        m_edit->activateWindow();
        m_edit->setFocus();
    }

    void cleanup() { m_edit.reset(); }

    void theLanguageHasColoursAndGrounds()
    {
        m_edit->setPlainText(QStringLiteral("a (red:1.5)\n<lora:no:1> fox"));
        const auto first = formats(0);
        const SyntaxTokens& syntax = syntaxTokens(Scheme::Dark);
        QCOMPARE(at(first, 2).foreground().color(), syntax.more);
        QCOMPARE(at(first, 4).background().color(), emphasisGround(Scheme::Dark, 1.5));
        QVERIFY(!at(first, 0).hasProperty(QTextFormat::BackgroundBrush));
        const auto second = formats(1);
        QCOMPARE(at(second, 3).underlineStyle(), QTextCharFormat::WaveUnderline); // not by colour alone
        QCOMPARE(at(second, 3).foreground().color(), syntax.name);
    }

    void aChangeReachesTheOtherLines()
    {
        m_edit->setPlainText(QStringLiteral("a\nb"));
        QVERIFY(formats(1).isEmpty());
        m_edit->moveCursor(QTextCursor::Start);
        QTest::keyClicks(m_edit.get(), QStringLiteral("("));
        QTRY_COMPARE(at(formats(1), 0).background().color(), emphasisGround(Scheme::Dark, 1.1));
    }

    void anotherThemeHasOtherColours()
    {
        m_edit->setPlainText(QStringLiteral("(red:1.5)"));
        applyTheme(*qApp, Scheme::Light);
        QTRY_COMPARE(at(formats(0), 0).foreground().color(), syntaxTokens(Scheme::Light).more);
    }

    void plainTextHasNone()
    {
        m_edit->setPlainText(QStringLiteral("(red:1.5) <lora:no:1>"));
        m_edit->setSyntax(false);
        QVERIFY(formats(0).isEmpty());
        QVERIFY(m_edit->wordsAt(2).isEmpty());
        QTest::keyClick(m_edit.get(), Qt::Key_Up, Qt::ControlModifier);
        QCOMPARE(m_edit->toPlainText(), QStringLiteral("(red:1.5) <lora:no:1>"));
    }

    void thePointerIsToldTheWeight()
    {
        m_edit->setPlainText(QStringLiteral("((fox))"));
        QTextCursor cursor(m_edit->document());
        cursor.setPosition(3);
        const QPoint place = m_edit->cursorRect(cursor).center() + QPoint(2, 0);
        QHelpEvent help(QEvent::ToolTip, place, m_edit->viewport()->mapToGlobal(place));
        QApplication::sendEvent(m_edit->viewport(), &help);
        QCOMPARE(QToolTip::text(), QStringLiteral("1.21"));
    }

    void theScreenReaderIsToldOnDemand()
    {
        m_edit->setPlainText(QStringLiteral("((fox))"));
        QTextCursor cursor(m_edit->document());
        cursor.setPosition(3);
        m_edit->setTextCursor(cursor);
        QTest::keyClick(m_edit.get(), Qt::Key_I, Qt::ControlModifier);
        QCOMPARE(m_edit->accessibleDescription(), QStringLiteral("1.21"));
    }

    void ctrlUpWeighsAndIsUndoneAtOnce()
    {
        m_edit->setPlainText(QStringLiteral("a red fox"));
        QTextCursor cursor(m_edit->document());
        cursor.setPosition(4);
        m_edit->setTextCursor(cursor);
        QTest::keyClick(m_edit.get(), Qt::Key_Up, Qt::ControlModifier);
        QCOMPARE(m_edit->toPlainText(), QStringLiteral("a (red:1.05) fox"));
        QCOMPARE(m_edit->textCursor().selectedText(), QStringLiteral("red"));
        QTest::keyClick(m_edit.get(), Qt::Key_Up, Qt::ControlModifier);
        QCOMPARE(m_edit->toPlainText(), QStringLiteral("a (red:1.1) fox"));
        m_edit->undo();
        QCOMPARE(m_edit->toPlainText(), QStringLiteral("a (red:1.05) fox"));
        m_edit->undo();
        QCOMPARE(m_edit->toPlainText(), QStringLiteral("a red fox"));
    }

    void adaptersAreOfferedAndTaken()
    {
        type("<lora:in");
        QVERIFY(m_edit->completion().isVisible());
        QCOMPARE(m_edit->completion().chosen(), 0);
        QVERIFY(m_edit->accessibleDescription().contains(QStringLiteral("ink_wash")));
        QTest::keyClick(m_edit.get(), Qt::Key_Return);
        QCOMPARE(m_edit->toPlainText(), QStringLiteral("<lora:ink_wash:0.8>"));
        QVERIFY(!m_edit->completion().isVisible());
        m_edit->undo();
        QCOMPARE(m_edit->toPlainText(), QStringLiteral("<lora:in"));
    }

    void arrowsChooseAndTabTakes()
    {
        type("a <");
        QCOMPARE(m_edit->completion().count(), 2);
        QTest::keyClick(m_edit.get(), Qt::Key_Down);
        QCOMPARE(m_edit->completion().chosen(), 1);
        QTest::keyClick(m_edit.get(), Qt::Key_Down);
        QCOMPARE(m_edit->completion().chosen(), 0);
        QTest::keyClick(m_edit.get(), Qt::Key_Tab);
        QVERIFY(m_edit->toPlainText().startsWith(QStringLiteral("a <lora:")));
    }

    void escapeClosesTheListAndNothingElse()
    {
        type("__t");
        QVERIFY(m_edit->completion().isVisible());
        QTest::keyClick(m_edit.get(), Qt::Key_Escape);
        QVERIFY(!m_edit->completion().isVisible());
        QCOMPARE(m_edit->toPlainText(), QStringLiteral("__t"));
        QTest::keyClicks(m_edit.get(), QStringLiteral("r"));
        QTest::keyClick(m_edit.get(), Qt::Key_Tab);
        QCOMPARE(m_edit->toPlainText(), QStringLiteral("__trees__"));
    }

    void ordinaryTypingIsNotDisturbed()
    {
        type("a easyn"); // a name begins like this, and the line ends all the same
        QVERIFY(m_edit->completion().isVisible());
        QCOMPARE(m_edit->completion().chosen(), -1);
        QTest::keyClick(m_edit.get(), Qt::Key_Return);
        QCOMPARE(m_edit->toPlainText(), QStringLiteral("a easyn\n"));
        type("fox and hill");
        QVERIFY(!m_edit->completion().isVisible());
    }

    void aNameIsTakenWithTab()
    {
        type("easyn");
        QTest::keyClick(m_edit.get(), Qt::Key_Tab);
        QCOMPARE(m_edit->toPlainText(), QStringLiteral("easynegative"));
    }

    void aTextFromOutsideLeavesTheCaretWhereItWas()
    {
        m_edit->setPlainText(QStringLiteral("a red fox <lora:film:1>"));
        QTextCursor cursor(m_edit->document());
        cursor.setPosition(5);
        m_edit->setTextCursor(cursor);
        m_edit->replaceText(QStringLiteral("a red fox <lora:film:0.5>"));
        QCOMPARE(m_edit->textCursor().position(), 5);
        m_edit->undo();
        QCOMPARE(m_edit->toPlainText(), QStringLiteral("a red fox <lora:film:1>"));
    }

    void undoGoesBackPhraseByPhrase()
    {
        type("a calm lake, snowy mountains, morning light");
        undo();
        QCOMPARE(m_edit->toPlainText(), QStringLiteral("a calm lake, snowy mountains, "));
        undo();
        QCOMPARE(m_edit->toPlainText(), QStringLiteral("a calm lake, "));
        QTest::keyClick(m_edit.get(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(m_edit->toPlainText(), QStringLiteral("a calm lake, snowy mountains, "));
        undo();
        undo();
        QVERIFY(m_edit->toPlainText().isEmpty());
    }

    void undoLeavesTheBeginningOfALongPhrase()
    {
        type("a lighthouse keeper who looks out over the sea at night");
        undo();
        QCOMPARE(m_edit->toPlainText(), QStringLiteral("a lighthouse keeper who looks "));
    }

    void aPauseEndsAStepOfUndo()
    {
        type("a red");
        QTest::qWait(TypingSteps::kPause + 100);
        type(" fox");
        undo();
        QCOMPARE(m_edit->toPlainText(), QStringLiteral("a red"));
        type(" hen");
        m_edit->beginUndoStep();
        type(" at dawn");
        undo();
        QCOMPARE(m_edit->toPlainText(), QStringLiteral("a red hen"));
    }

    void whatIsPastedIsUndoneByItself()
    {
        type("a fox");
        QApplication::clipboard()->setText(QStringLiteral(" in snow"));
        QTest::keyClick(m_edit.get(), Qt::Key_V, Qt::ControlModifier);
        type(" at dawn");
        undo();
        QCOMPARE(m_edit->toPlainText(), QStringLiteral("a fox in snow"));
        undo();
        QCOMPARE(m_edit->toPlainText(), QStringLiteral("a fox"));
    }

    void itGrowsWithItsTextAndShowsWholeLines()
    {
        QWidget window;
        auto* column = new QVBoxLayout(&window);
        auto* edit = new PromptEdit(4, PromptEdit::Purpose::Prompt, &window);
        column->addWidget(edit);
        column->addStretch();
        window.resize(344, 900);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        edit->setFocus();
        const int before = edit->height();
        QTest::keyClicks(edit, QStringLiteral("one\rtwo\rthree\rfour"));
        QTest::qWait(20);
        QCOMPARE(edit->height(), before);
        QTest::keyClicks(edit, QStringLiteral("\rfive\rsix\rseven"));
        QTRY_VERIFY(edit->height() > before);
        QTRY_COMPARE(edit->verticalScrollBar()->maximum(), 0); // all of it is in view
        for (int i = 0; i < 12; ++i)
            QTest::keyClicks(edit, QStringLiteral("\rmore"));
        QTest::qWait(20);
        QVERIFY(edit->height() < 300); // there is an end to it
        QVERIFY(edit->verticalScrollBar()->value() > 0);
        const QRect first = edit->cursorRect(edit->cursorForPosition(QPoint(2, 3)));
        QVERIFY2(first.top() >= -1 && first.top() <= 1, qPrintable(QString::number(first.top())));
        const int most = edit->height();
        window.resize(344, 500);
        QTRY_VERIFY(edit->height() < most);
        edit->clear();
        QTRY_VERIFY(edit->height() <= before);
    }

    void theNegativePromptNamesNoAdapters()
    {
        PromptEdit negative(2, PromptEdit::Purpose::Negative);
        negative.setNames({true, {{QStringLiteral("ink_wash"), {}, 1.0, {}}}, {}, {}});
        negative.show();
        negative.setFocus();
        QTest::keyClicks(&negative, QStringLiteral("<lora:in"));
        QVERIFY(!negative.completion().isVisible());
    }

private:
    using Formats = QList<QTextLayout::FormatRange>;

    void type(const char* text) { QTest::keyClicks(m_edit.get(), QString::fromUtf8(text)); }
    void undo() { QTest::keyClick(m_edit.get(), Qt::Key_Z, Qt::ControlModifier); }
    Formats formats(int block) const
    {
        return m_edit->document()->findBlockByNumber(block).layout()->formats();
    }
    static QTextCharFormat at(const Formats& formats, int position)
    {
        for (const QTextLayout::FormatRange& range : formats)
            if (position >= range.start && position < range.start + range.length)
                return range.format;
        return {};
    }

    std::unique_ptr<PromptEdit> m_edit;
};

QTEST_MAIN(TestPromptEdit)
#include "tst_prompt_edit.moc"
