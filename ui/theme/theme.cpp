#include "ui/theme/theme.h"

#include "ui/theme/studio_style.h"
#include "ui/theme/typography.h"

#include <QAbstractButton>
#include <QApplication>
#include <QPixmapCache>
#include <QToolTip>
#include <QVariant>

namespace studio::ui {

namespace {

constexpr const char* kButtonRole = "studioButtonRole";

} // namespace

void applyTheme(QApplication& application, Scheme scheme)
{
    const QPalette palette = makePalette(tokens(scheme));
    if (qobject_cast<StudioStyle*>(application.style()) == nullptr)
        application.setStyle(new StudioStyle); // the application owns it
    application.setFont(applicationFont());
    application.setPalette(palette);
    QToolTip::setPalette(palette);
    // Icons are drawn in the palette's colour and Qt keeps their pixmaps.
    QPixmapCache::clear();
    for (QWidget* window : QApplication::topLevelWidgets())
        window->update();
}

bool prefersReducedMotion()
{
    return qEnvironmentVariableIntValue("STUDIO_REDUCED_MOTION") != 0;
}

void setButtonRole(QAbstractButton& button, ButtonRole role)
{
    button.setProperty(kButtonRole, static_cast<int>(role));
    button.update();
}

ButtonRole buttonRole(const QObject* button)
{
    return button ? static_cast<ButtonRole>(button->property(kButtonRole).toInt()) : ButtonRole::Plain;
}

} // namespace studio::ui
