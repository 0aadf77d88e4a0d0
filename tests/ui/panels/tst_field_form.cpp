#include "ui/models/size_presets.h"
#include "ui/panels/field_form.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QTest>
#include <QToolButton>

using namespace studio;
using namespace studio::ui;

namespace {

struct SizeForm {
    SizeForm()
        : form(state)
    {
        state.change([](Request& r) { r.standard.size = Extent{832, 1216}; });
        SizeRow row;
        row.label = QStringLiteral("Standard");
        row.read = [](const StudioState& s) { return s.standardSize(); };
        row.write = [](Request& r, Extent size) { r.standard.size = size; };
        form.add(row);
        form.refresh();
    }
    template <class Part> Part* part(const char* name)
    {
        for (Part* one : form.findChildren<Part*>()) {
            if (one->accessibleName() == QLatin1String(name))
                return one;
        }
        return nullptr;
    }
    Extent size() const { return state.standardSize(); }

    StudioState state;
    FieldForm form;
};

} // namespace

class TestFieldForm : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { applyTheme(*qApp, Scheme::Dark); }

    void aSideChangesAloneUnlessTheRatioIsKept()
    {
        SizeForm f;
        auto* width = f.part<CalmSpinBox>("Standard, width");
        auto* height = f.part<CalmSpinBox>("Standard, height");
        auto* lock = f.part<QToolButton>("Standard, keep the ratio");
        QVERIFY(width && height && lock && !lock->isChecked());
        width->setValue(1024);
        QVERIFY((f.size() == Extent{1024, 1216}));
        width->setValue(832);
        lock->click();
        width->setValue(1664);
        QVERIFY((f.size() == Extent{1664, 2432}));
        height->setValue(1216);
        QVERIFY((f.size() == Extent{832, 1216}));
        lock->click();
        height->setValue(832);
        QVERIFY((f.size() == Extent{832, 832}));
    }

    void roundingDoesNotAddUp()
    {
        SizeForm f;
        f.part<QToolButton>("Standard, keep the ratio")->click();
        auto* width = f.part<CalmSpinBox>("Standard, width");
        for (int side = 832; side <= 1664; side += 8)
            width->setValue(side);
        for (int side = 1664; side >= 832; side -= 8)
            width->setValue(side);
        QVERIFY((f.size() == Extent{832, 1216}));
    }

    void swappingAndSizesFromElsewhereBringTheirRatio()
    {
        SizeForm f;
        f.part<QToolButton>("Standard, keep the ratio")->click();
        f.part<QToolButton>("Standard, swap width and height")->click();
        QVERIFY((f.size() == Extent{1216, 832}));
        auto* width = f.part<CalmSpinBox>("Standard, width");
        width->setValue(2432);
        QVERIFY((f.size() == Extent{2432, 1664}));
        f.state.change([](Request& r) { r.standard.size = Extent{1024, 1024}; });
        width->setValue(512);
        QVERIFY((f.size() == Extent{512, 512}));
    }
};

QTEST_MAIN(TestFieldForm)
#include "tst_field_form.moc"
