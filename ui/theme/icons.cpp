#include "ui/theme/icons.h"

#include "ui/theme/tokens.h"

#include <QDir>
#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QLoggingCategory>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace studio::ui {

namespace {

const QString kFolder = QStringLiteral(":/studio/icons");
constexpr double kDesignSize = 20.0;
constexpr double kStroke = 1.5;

QByteArray source(const QString& name)
{
    QFile file(kFolder + u'/' + name + QStringLiteral(".svg"));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QColor colourFor(QIcon::Mode mode)
{
    const QPalette palette = QGuiApplication::palette();
    switch (mode) {
    case QIcon::Disabled:
        return palette.color(QPalette::Disabled, QPalette::ButtonText);
    case QIcon::Selected:
        return tokensOf(palette).onAccent;
    default:
        return palette.color(QPalette::Active, QPalette::ButtonText);
    }
}

/// Paints the SVG in the palette's colour of the moment.
class PaletteIconEngine : public QIconEngine {
public:
    explicit PaletteIconEngine(QString name)
        : m_name(std::move(name))
    { }

    void paint(QPainter* painter, const QRect& area, QIcon::Mode mode, QIcon::State) override
    {
        const double ratio = painter->device()->devicePixelRatioF();
        painter->drawPixmap(area, iconPixmap(m_name, area.width(), colourFor(mode), ratio));
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1.0);
    }

    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal scale) override
    {
        // Qt hands over device pixels here, and the scale they were made with.
        QPixmap drawn = iconPixmap(m_name, qRound(size.width() / scale), colourFor(mode), scale);
        return drawn;
    }

    QIconEngine* clone() const override { return new PaletteIconEngine(m_name); }
    QString key() const override { return QStringLiteral("studio.icon"); }
    QString iconName() override { return m_name; }
    bool isNull() override { return false; }

private:
    QString m_name;
};

} // namespace

QPixmap iconPixmap(const QString& name, int size, const QColor& colour, double devicePixelRatio)
{
    const QString key = QStringLiteral("studio-icon:%1:%2:%3:%4")
                            .arg(name)
                            .arg(size)
                            .arg(colour.rgba(), 8, 16)
                            .arg(devicePixelRatio);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    QByteArray drawing = source(name);
    // One stroke width on the screen at every size the icon is shown in.
    drawing.replace("currentColor", colour.name(QColor::HexRgb).toLatin1());
    drawing.replace("stroke-width=\"1.5\"",
        QByteArrayLiteral("stroke-width=\"") + QByteArray::number(kStroke * kDesignSize / size) + '"');
    QSvgRenderer renderer(drawing);
    pixmap = QPixmap(QSize(size, size) * devicePixelRatio);
    pixmap.fill(Qt::transparent);
    if (renderer.isValid()) {
        QPainter painter(&pixmap);
        painter.setOpacity(colour.alphaF());
        renderer.render(&painter, QRectF(QPointF(0, 0), QSizeF(pixmap.size())));
    }
    pixmap.setDevicePixelRatio(devicePixelRatio);
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

QIcon icon(const QString& name)
{
    if (!QFile::exists(kFolder + u'/' + name + QStringLiteral(".svg"))) {
        qWarning("There is no icon named %s.", qPrintable(name));
        return {};
    }
    return QIcon(new PaletteIconEngine(name));
}

QStringList iconNames()
{
    QStringList names;
    for (const QString& file : QDir(kFolder).entryList({QStringLiteral("*.svg")}, QDir::Files, QDir::Name))
        names << file.chopped(4);
    return names;
}

} // namespace studio::ui
