#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QRegularExpression>
#include <QtTest>

using namespace studio::ui;

namespace {

/// The strongest colour of a picture that is otherwise transparent.
QColor ink(const QImage& image)
{
    QColor strongest(0, 0, 0, 0);
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            if (image.pixelColor(x, y).alpha() > strongest.alpha())
                strongest = image.pixelColor(x, y);
        }
    }
    return strongest;
}

bool alike(const QColor& one, const QColor& two)
{
    return std::abs(one.red() - two.red()) <= 2 && std::abs(one.green() - two.green()) <= 2
        && std::abs(one.blue() - two.blue()) <= 2;
}

} // namespace

class TestIcons : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { applyTheme(*qApp, Scheme::Dark); }

    void theSetHoldsWhatTheWindowNeeds()
    {
        const QStringList names = iconNames();
        for (const char* name : {"generate", "play", "stop", "dice", "lock", "unlock", "reuse", "plus",
                 "minus", "fit", "one-to-one", "side", "wipe-v", "wipe-h", "blink", "overlay", "difference",
                 "loupe", "star", "star-filled", "folder", "save", "copy", "settings", "log", "info",
                 "warning", "error", "check", "chevron-up", "chevron-down", "chevron-left", "chevron-right",
                 "queue", "image", "compare", "trash", "search", "swap", "moon", "sun", "link"})
            QVERIFY2(names.contains(QLatin1String(name)), name);
    }

    void everyIconIsDrawnInOneColourAndStaysInsideItsSquare()
    {
        for (const QString& name : iconNames()) {
            const QImage image = iconPixmap(name, 20, QColor(10, 200, 30), 2.0).toImage();
            QCOMPARE(image.size(), QSize(40, 40));
            QVERIFY2(alike(ink(image), QColor(10, 200, 30)), qPrintable(name));
            for (int i = 0; i < 40; ++i) {
                const int edge = std::max({qAlpha(image.pixel(i, 0)), qAlpha(image.pixel(i, 39)),
                    qAlpha(image.pixel(0, i)), qAlpha(image.pixel(39, i))});
                QVERIFY2(edge < 40, qPrintable(name + QStringLiteral(" touches its edge")));
            }
        }
    }

    void everyFileNamesNoColourOfItsOwn()
    {
        const QRegularExpression foreign(QStringLiteral("#[0-9a-fA-F]{3,6}\"|rgb\\("));
        for (const QString& name : iconNames()) {
            QFile file(QStringLiteral(":/studio/icons/%1.svg").arg(name));
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QString text = QString::fromUtf8(file.readAll());
            QVERIFY2(!foreign.match(text).hasMatch(), qPrintable(name));
            QVERIFY2(text.contains(QStringLiteral("currentColor")), qPrintable(name));
        }
    }

    void anIconFollowsThePalette()
    {
        const QIcon save = icon(QStringLiteral("save"));
        QVERIFY(alike(ink(save.pixmap(16).toImage()), tokens(Scheme::Dark).text));
        QVERIFY(alike(ink(save.pixmap(16, QIcon::Disabled).toImage()), tokens(Scheme::Dark).disabled));
        applyTheme(*qApp, Scheme::Light);
        QVERIFY(alike(ink(save.pixmap(16).toImage()), tokens(Scheme::Light).text));
    }

    void anIconIsSharpOnDenseScreens()
    {
        const QPixmap dense = icon(QStringLiteral("fit")).pixmap(QSize(16, 16), 2.0);
        QCOMPARE(dense.size(), QSize(32, 32));
        QCOMPARE(dense.devicePixelRatio(), 2.0);
    }

    void anUnknownNameIsSaid()
    {
        QTest::ignoreMessage(QtWarningMsg, "There is no icon named nonsense.");
        QVERIFY(icon(QStringLiteral("nonsense")).isNull());
    }
};

QTEST_MAIN(TestIcons)
#include "tst_icons.moc"
