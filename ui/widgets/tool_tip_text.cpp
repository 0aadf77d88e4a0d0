#include "ui/widgets/tool_tip_text.h"

#include <QTextDocument>

namespace studio::ui {

QString toolTipText(const QString& text)
{
    return Qt::mightBeRichText(text) || text.contains(u'<') ? Qt::convertFromPlainText(text) : text;
}

} // namespace studio::ui
