// The icons that Qt's own dialogs ask the style for.
#include "ui/theme/icons.h"
#include "ui/theme/studio_style.h"

namespace studio::ui {

namespace {

/// The name of ours; empty: Qt's own will do.
QString nameOf(QStyle::StandardPixmap which)
{
    switch (which) {
    case QStyle::SP_DirIcon:
    case QStyle::SP_DirOpenIcon:
    case QStyle::SP_DirClosedIcon:
    case QStyle::SP_DirLinkIcon:
    case QStyle::SP_DirHomeIcon:
    case QStyle::SP_DesktopIcon:
        return QStringLiteral("folder");
    case QStyle::SP_FileIcon:
    case QStyle::SP_FileLinkIcon:
        return QStringLiteral("file");
    case QStyle::SP_ComputerIcon:
    case QStyle::SP_DriveHDIcon:
    case QStyle::SP_DriveNetIcon:
        return QStringLiteral("drive");
    case QStyle::SP_TrashIcon:
        return QStringLiteral("trash");
    case QStyle::SP_ArrowBack:
    case QStyle::SP_ArrowLeft:
    case QStyle::SP_FileDialogBack:
        return QStringLiteral("chevron-left");
    case QStyle::SP_ArrowForward:
    case QStyle::SP_ArrowRight:
        return QStringLiteral("chevron-right");
    case QStyle::SP_FileDialogToParent:
        return QStringLiteral("chevron-up");
    case QStyle::SP_FileDialogNewFolder:
        return QStringLiteral("folder-new");
    case QStyle::SP_FileDialogListView:
        return QStringLiteral("grid");
    case QStyle::SP_FileDialogDetailedView:
        return QStringLiteral("log");
    case QStyle::SP_MessageBoxInformation:
        return QStringLiteral("info");
    case QStyle::SP_MessageBoxWarning:
        return QStringLiteral("warning");
    case QStyle::SP_MessageBoxCritical:
        return QStringLiteral("error");
    case QStyle::SP_MessageBoxQuestion:
        return QStringLiteral("help");
    default:
        return {};
    }
}

} // namespace

QIcon StudioStyle::standardIcon(StandardPixmap which, const QStyleOption* option, const QWidget* widget) const
{
    const QString name = nameOf(which);
    return name.isEmpty() ? QProxyStyle::standardIcon(which, option, widget) : icon(name);
}

} // namespace studio::ui
