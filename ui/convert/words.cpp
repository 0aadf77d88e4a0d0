#include "ui/convert/words.h"

#include "ui/convert/strings.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace studio::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::Words)
};

QString padded(int number)
{
    return QStringLiteral("%1").arg(number, 2, 10, QLatin1Char('0'));
}

} // namespace

QString sizeWords(Extent size)
{
    return QStringLiteral("%1 × %2").arg(size.width).arg(size.height);
}

QString secondsWords(double seconds)
{
    if (seconds < 0.095)
        return Words::tr("%1 ms").arg(std::lround(1000 * seconds));
    if (seconds < 60)
        return Words::tr("%1 s").arg(QLocale().toString(seconds, 'f', 1));
    const int whole = static_cast<int>(std::lround(seconds));
    if (whole < 3600)
        return Words::tr("%1 min %2 s").arg(whole / 60).arg(padded(whole % 60));
    return Words::tr("%1 h %2 min").arg(whole / 3600).arg(padded(whole % 3600 / 60));
}

QString aboutSeconds(double seconds)
{
    if (seconds < 10)
        return Words::tr("~%1 s").arg(numberWords(std::max(0.1, seconds), 1));
    const int step = seconds < 60 ? 1 : 5;
    return QStringLiteral("~")
        + (seconds < 60 ? Words::tr("%1 s").arg(std::lround(seconds))
                        : secondsWords(std::round(seconds / step) * step));
}

QString bytesWords(std::int64_t bytes)
{
    const double megabytes = static_cast<double>(bytes) / 1e6;
    if (bytes > 0 && megabytes < 0.9995)
        return Words::tr("%1 kB").arg(std::max<long>(1, std::lround(1e3 * megabytes)));
    return megabytes < 999.5 ? Words::tr("%1 MB").arg(std::lround(megabytes))
                             : Words::tr("%1 GB").arg(QLocale().toString(megabytes / 1e3, 'f', 1));
}

QString numberWords(double value, int decimals)
{
    const double scale = std::pow(10.0, decimals);
    QLocale locale;
    locale.setNumberOptions(QLocale::OmitGroupSeparator);
    QString text = locale.toString(std::round(value * scale) / scale, 'f', decimals);
    const QString point = locale.decimalPoint();
    if (text.contains(point)) {
        while (text.endsWith(u'0'))
            text.chop(1);
        if (text.endsWith(point))
            text.chop(point.size());
    }
    return text;
}

QString modeName(Mode mode)
{
    switch (mode) {
    case Mode::Standard:
        return Words::tr("Standard");
    case Mode::Simple:
        return Words::tr("Simple");
    case Mode::Hires:
        return Words::tr("Hires fix");
    case Mode::Compare:
        return Words::tr("Compare");
    }
    return {};
}

QString modeHint(Mode mode)
{
    switch (mode) {
    case Mode::Standard:
        return Words::tr("One pass at the size you choose");
    case Mode::Simple:
        return Words::tr("One pass, then enlarged without new detail");
    case Mode::Hires:
        return Words::tr("A first pass, enlarged, then denoised again for real detail");
    case Mode::Compare:
        return Words::tr("All three from one seed, beside one another");
    }
    return {};
}

QString layerName(LayerKind kind)
{
    switch (kind) {
    case LayerKind::Standard:
        return Words::tr("Standard");
    case LayerKind::FirstPass:
        return Words::tr("First pass");
    case LayerKind::Simple:
        return Words::tr("Simple");
    case LayerKind::Upscaled:
        return Words::tr("Enlarged only");
    case LayerKind::Hires:
        return Words::tr("Hires");
    }
    return {};
}

QString stageName(const PlannedStage& stage)
{
    switch (stage.kind) {
    case StageKind::EncodeText:
        return Words::tr("Text");
    case StageKind::Denoise:
        if (stage.rung >= 0)
            return stage.rung == 0 ? Words::tr("Hires") : Words::tr("Hires %1").arg(stage.rung + 1);
        return stage.role == ModelRole::Refiner ? Words::tr("Refiner") : Words::tr("Base");
    case StageKind::Decode:
        return Words::tr("Decode");
    case StageKind::Upscale:
        return Words::tr("Enlarge");
    case StageKind::EncodeImage:
        return Words::tr("Encode");
    case StageKind::LoadPicture:
        return Words::tr("Open picture");
    case StageKind::RestoreFaces:
        return Words::tr("Faces");
    case StageKind::LoadLatent:
        return Words::tr("First pass");
    }
    return {};
}

QString precisionName(const std::string& precision)
{
    if (precision == "bfloat16")
        return QStringLiteral("bf16");
    if (precision == "float16")
        return QStringLiteral("fp16");
    return QStringLiteral("fp32");
}

QString deviceName(const std::string& device)
{
    constexpr std::string_view kCuda = "cuda:";
    const QString name = toQt(device);
    if (device.starts_with(kCuda))
        return Words::tr("GPU %1").arg(name.mid(static_cast<qsizetype>(kCuda.size())));
    return name == QLatin1String("cpu") ? Words::tr("CPU") : name;
}

QString failureTitle(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::BadInput:
        return Words::tr("These settings cannot run");
    case ErrorKind::FileMissing:
        return Words::tr("A file is not there");
    case ErrorKind::FileCorrupt:
        return Words::tr("A file is damaged");
    case ErrorKind::UnsupportedModel:
        return Words::tr("This model is of another kind");
    case ErrorKind::OutOfMemory:
        return Words::tr("There was not enough memory");
    case ErrorKind::DiskFull:
        return Words::tr("The disk is full");
    case ErrorKind::Internal:
        return Words::tr("Something went wrong");
    }
    return {};
}

QString failureRemedy(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::BadInput:
        return {};
    case ErrorKind::FileMissing:
        return Words::tr("Choose the file again, or rescan the folder.");
    case ErrorKind::FileCorrupt:
        return Words::tr("Download or copy it again.");
    case ErrorKind::UnsupportedModel:
        return Words::tr("Choose an SDXL base or refiner checkpoint.");
    case ErrorKind::OutOfMemory:
        return Words::tr("Choose a smaller size, or close other programs and try again.");
    case ErrorKind::DiskFull:
        return Words::tr("Make room, or choose another folder in the settings.");
    case ErrorKind::Internal:
        return Words::tr("Try again; the log holds the details.");
    }
    return {};
}

QString stepsWords(const PlannedStage& stage, int asked)
{
    const double sigma = stage.sigmas.empty() ? 0.0 : stage.sigmas.front();
    return Words::tr("%1 of %2 steps, starts at\u00a0σ\u00a0%3")
        .arg(stage.steps)
        .arg(asked)
        .arg(numberWords(sigma, sigma < 10 ? 2 : 1));
}

} // namespace studio::ui
