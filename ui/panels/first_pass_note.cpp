#include "ui/panels/first_pass_note.h"

#include "ui/convert/strings.h"
#include "ui/convert/words.h"
#include "ui/jobs/studio_controller.h"
#include "ui/jobs/take_archive.h"
#include "ui/theme/control_painter.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/typography.h"

#include <QHBoxLayout>
#include <QPushButton>

namespace studio::ui {

namespace {

constexpr int kPicture = 44;

/// The take a stored first pass lies in: its folder's name.
std::string takeOf(const Request& request)
{
    return std::filesystem::path(request.firstPass).parent_path().filename().string();
}

} // namespace

FirstPassNote::FirstPassNote(StudioController& controller, QWidget* parent)
    : QFrame(parent)
    , m_controller(controller)
    , m_picture(new QLabel(this))
    , m_title(new QLabel(tr("First pass kept"), this))
    , m_sentence(new QLabel(this))
{
    QFont bold = m_title->font();
    bold.setWeight(QFont::DemiBold);
    m_title->setFont(bold);
    m_sentence->setWordWrap(true);
    m_sentence->setTextFormat(Qt::PlainText);
    setTextRole(*m_sentence, TextRole::Caption);
    m_picture->setFixedSize(kPicture, kPicture);
    m_picture->setAlignment(Qt::AlignCenter);
    auto* leave = new QPushButton(tr("Begin anew"), this);
    leave->setToolTip(tr("Leave the kept first pass: the next run makes one of its own"));
    setButtonRole(*leave, ButtonRole::Plain);
    QObject::connect(leave, &QPushButton::clicked, this,
        [this] { m_controller.state().change([](Request& request) { request.firstPass.clear(); }); });

    auto* text = new QVBoxLayout;
    text->setSpacing(2);
    text->addWidget(m_title);
    text->addWidget(m_sentence);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(spacing::kInGroup, spacing::kInGroup, spacing::kInGroup, spacing::kInGroup);
    row->setSpacing(spacing::kInGroup);
    row->addWidget(m_picture, 0, Qt::AlignTop);
    row->addLayout(text, 1);
    row->addWidget(leave, 0, Qt::AlignVCenter);
    setAccessibleName(tr("First pass kept"));
    QObject::connect(&controller.state(), &StudioState::requestChanged, this, [this] { update(); });
    TakeArchive& archive = controller.archive();
    QObject::connect(&archive, &TakeArchive::listed, this, [this] { update(); });
    QObject::connect(&archive.thumbnails(), &ThumbnailLoader::arrived, this, [this] { showPicture(); });
    update();
}

QString FirstPassNote::sentence() const
{
    return m_sentence->text();
}

void FirstPassNote::update()
{
    const Request& request = m_controller.state().request();
    setVisible(!request.firstPass.empty());
    if (request.firstPass.empty())
        return;
    const bool fits = request.mode == Mode::Hires || request.mode == Mode::Simple;
    const TakeList& takes = m_controller.archive().takes();
    const int row = takes.rowOf(takeOf(request));
    if (!fits)
        m_sentence->setText(
            tr("%1 does not begin at it. Choose Hires fix, or begin anew.").arg(modeName(request.mode)));
    else if (request.mode == Mode::Simple)
        m_sentence->setText(tr("It is enlarged; no pass runs."));
    else if (row >= 0)
        m_sentence->setText(
            tr("Of the take with seed %1. Only the second pass runs.").arg(takes.row(row).summary.seed));
    else
        m_sentence->setText(tr("Only the second pass runs."));
    m_sentence->setToolTip(toQt(request.firstPass));
    setAccessibleDescription(m_sentence->text());
    showPicture();
    QFrame::update();
}

void FirstPassNote::showPicture()
{
    if (!isVisibleTo(parentWidget()))
        return;
    TakeArchive& archive = m_controller.archive();
    const int row = archive.takes().rowOf(takeOf(m_controller.state().request()));
    const double ratio = devicePixelRatioF();
    QImage image;
    if (row >= 0)
        image = archive.thumbnails()
                    .find(archive.takes().row(row).summary.picture, static_cast<int>(kPicture * ratio))
                    .image;
    QPixmap pixmap = image.isNull()
        ? iconPixmap(QStringLiteral("link"), spacing::kLargeIcon, tokensOf(palette()).accent, ratio)
        : QPixmap::fromImage(image);
    pixmap.setDevicePixelRatio(ratio);
    m_picture->setPixmap(pixmap);
}

void FirstPassNote::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Tokens& t = tokensOf(palette());
    const Mode mode = m_controller.state().request().mode;
    const bool fits = mode == Mode::Hires || mode == Mode::Simple;
    drawBox(painter, rect(), t.raised, fits ? t.accent : t.warning, spacing::kRadius);
}

} // namespace studio::ui
