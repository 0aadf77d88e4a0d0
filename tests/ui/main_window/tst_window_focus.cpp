#include "opened_window.h"
#include "ui/compare/compare_view.h"
#include "ui/main_window/dialogs.h"
#include "ui/panels/generate_footer.h"
#include "ui/panels/mode_bar.h"
#include "ui/panels/prompt_panel.h"
#include "ui/panels/seed_row.h"
#include "ui/widgets/fold_group.h"
#include "ui/widgets/progress_button.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QLineEdit>
#include <QScrollArea>
#include <QToolButton>

using namespace studio;
using namespace studio::ui;
using Opened = studio::test::OpenedWindow;

namespace {

QAbstractButton* titleOf(FoldGroup* group)
{
    return group->findChild<QAbstractButton*>(QString(), Qt::FindDirectChildrenOnly);
}

QString nameOf(const QWidget* widget)
{
    return QStringLiteral("%1 “%2”").arg(
        QLatin1String(widget->metaObject()->className()), widget->accessibleName());
}

/// Everything the Tab key visits, from the prompt until it is back.
QList<QWidget*> tabbed(Opened& o, const std::function<void(QWidget*)>& at = {})
{
    o.window.promptPanel().prompt()->setFocus();
    QList<QWidget*> reached;
    while (reached.size() < 300 && !reached.contains(QApplication::focusWidget())) {
        reached << QApplication::focusWidget();
        if (at)
            at(reached.back());
        QTest::keyClick(reached.back(), Qt::Key_Tab);
    }
    return reached;
}

} // namespace

class TestWindowFocus : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyThemeOf({}); }
    void tabGoesDownTheLeftColumn();
    void aHeadingComesBeforeWhatItHeads();
    void whatHasTheFocusIsInSight();
    void theFocusFollowsAModeChosenByItsKey();
};

void TestWindowFocus::tabGoesDownTheLeftColumn()
{
    Opened o;
    QVERIFY(o.ready);
    const QList<QWidget*> reached = tabbed(o);
    const auto first = [&](const QWidget* part) {
        for (qsizetype i = 0; i < reached.size(); ++i) {
            if (reached[i] == part || part->isAncestorOf(reached[i]))
                return i;
        }
        return qsizetype{-1};
    };
    const QList<const QWidget*> parts{o.window.promptPanel().prompt(), o.window.promptPanel().negative(),
        &o.window.modeBar(), &o.window.seedRow(), o.window.panel(QStringLiteral("size")),
        o.window.panel(QStringLiteral("second_pass")), o.window.panel(QStringLiteral("sampling")),
        o.window.panel(QStringLiteral("model")), o.window.footer().button(), &o.window.view()};
    QList<qsizetype> places;
    for (const QWidget* part : parts) {
        places << first(part);
        QVERIFY2(places.back() >= 0, qPrintable(nameOf(part)));
    }
    QVERIFY(std::is_sorted(places.begin(), places.end()));
}

void TestWindowFocus::aHeadingComesBeforeWhatItHeads()
{
    Opened o;
    QVERIFY(o.ready);
    o.window.modeBar().action(Mode::Hires)->trigger();
    for (const char* id : {"size", "second_pass", "sampling", "model", "advanced"})
        o.window.panel(QLatin1String(id))->setOpen(true);
    const QList<QWidget*> reached = tabbed(o);
    QStringList wrong;
    int judged = 0;
    for (QWidget* each : o.window.findChildren<QWidget*>()) {
        auto* group = dynamic_cast<FoldGroup*>(each);
        if (!group || !group->isVisible())
            continue;
        const qsizetype title = reached.indexOf(titleOf(group));
        for (qsizetype i = 0; i < reached.size(); ++i) {
            if (group->content()->isAncestorOf(reached[i])) {
                ++judged;
                if (i < title || title < 0)
                    wrong << nameOf(reached[i]);
            }
        }
    }
    QVERIFY(judged > 10);
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
}

void TestWindowFocus::whatHasTheFocusIsInSight()
{
    Opened o;
    QVERIFY(o.ready);
    o.window.resize(1280, 800);
    o.window.modeBar().action(Mode::Hires)->trigger();
    for (const char* id : {"size", "second_pass", "sampling", "model", "advanced"})
        o.window.panel(QLatin1String(id))->setOpen(true);
    QTest::qWait(50);
    auto* area = qobject_cast<QScrollArea*>(
        o.window.panel(QStringLiteral("size"))->parentWidget()->parentWidget()->parentWidget());
    QVERIFY(area);
    QStringList hidden;
    const auto judge = [&](QWidget* widget) {
        const QRect place(widget->mapTo(area->viewport(), QPoint(0, 0)), widget->size());
        if (!area->viewport()->rect().contains(place))
            hidden << nameOf(widget)
                    + QStringLiteral(" at %1, %2 px high").arg(place.top()).arg(place.height());
    };
    tabbed(o, [&](QWidget* widget) {
        if (area->widget()->isAncestorOf(widget))
            judge(widget);
    });
    QVERIFY2(hidden.isEmpty(), qPrintable(hidden.join(u'\n')));
    // Into the scrolled column from outside, at its end, and from above, at its beginning.
    QAbstractButton* last = titleOf(o.window.panel(QStringLiteral("advanced")));
    last->setFocus(Qt::BacktabFocusReason);
    judge(last);
    QAbstractButton* first = titleOf(o.window.panel(QStringLiteral("size")));
    o.window.seedRow().field()->setFocus();
    first->setFocus(Qt::TabFocusReason);
    judge(first);
    QVERIFY2(hidden.isEmpty(), qPrintable(hidden.join(u'\n')));
}

void TestWindowFocus::theFocusFollowsAModeChosenByItsKey()
{
    Opened o;
    QVERIFY(o.ready);
    QTest::keyClick(&o.window, Qt::Key_3, Qt::ControlModifier);
    const auto buttonOf = [&](Mode mode) {
        for (QToolButton* button : o.window.modeBar().findChildren<QToolButton*>()) {
            if (button->defaultAction() == o.window.modeBar().action(mode))
                return button;
        }
        return static_cast<QToolButton*>(nullptr);
    };
    buttonOf(Mode::Hires)->setFocus(Qt::TabFocusReason);
    QTest::keyClick(&o.window, Qt::Key_4, Qt::ControlModifier);
    QVERIFY(buttonOf(Mode::Compare)->hasFocus());
    o.window.promptPanel().prompt()->setFocus();
    QTest::keyClick(&o.window, Qt::Key_1, Qt::ControlModifier);
    QVERIFY(o.window.promptPanel().prompt()->hasFocus()); // it stays where one types
}

QTEST_MAIN(TestWindowFocus)
#include "tst_window_focus.moc"
