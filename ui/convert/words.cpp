#include "ui/convert/words.h"

#include "ui/convert/strings.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

namespace studio::ui {

namespace {

QString say(const char* text)
{
    return QCoreApplication::translate("studio::ui::Words", text);
}

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
        return say("%1 ms").arg(std::lround(1000 * seconds));
    if (seconds < 60)
        return say("%1 s").arg(QLocale().toString(seconds, 'f', 1));
    const int whole = static_cast<int>(std::lround(seconds));
    if (whole < 3600)
        return say("%1 min %2 s").arg(whole / 60).arg(padded(whole % 60));
    return say("%1 h %2 min").arg(whole / 3600).arg(padded(whole % 3600 / 60));
}

QString aboutSeconds(double seconds)
{
    if (seconds < 10)
        return say("~%1 s").arg(numberWords(std::max(0.1, seconds), 1));
    const int step = seconds < 60 ? 1 : 5;
    return QStringLiteral("~")
        + (seconds < 60 ? say("%1 s").arg(std::lround(seconds))
                        : secondsWords(std::round(seconds / step) * step));
}

QString bytesWords(std::int64_t bytes)
{
    const double megabytes = static_cast<double>(bytes) / 1e6;
    return megabytes < 999.5 ? say("%1 MB").arg(std::lround(megabytes))
                             : say("%1 GB").arg(QLocale().toString(megabytes / 1e3, 'f', 1));
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
        return say("Standard");
    case Mode::Simple:
        return say("Simple");
    case Mode::Hires:
        return say("Hires fix");
    case Mode::Compare:
        return say("Compare");
    }
    return {};
}

QString modeHint(Mode mode)
{
    switch (mode) {
    case Mode::Standard:
        return say("One pass at the size you choose");
    case Mode::Simple:
        return say("One pass, then enlarged without new detail");
    case Mode::Hires:
        return say("A first pass, enlarged, then denoised again for real detail");
    case Mode::Compare:
        return say("All three from one seed, beside one another");
    }
    return {};
}

QString layerName(LayerKind kind)
{
    switch (kind) {
    case LayerKind::Standard:
        return say("Standard");
    case LayerKind::FirstPass:
        return say("First pass");
    case LayerKind::Simple:
        return say("Simple");
    case LayerKind::Upscaled:
        return say("Enlarged only");
    case LayerKind::Hires:
        return say("Hires");
    }
    return {};
}

QString stageName(const PlannedStage& stage)
{
    switch (stage.kind) {
    case StageKind::EncodeText:
        return say("Text");
    case StageKind::Denoise:
        if (stage.rung >= 0)
            return stage.rung == 0 ? say("Hires") : say("Hires %1").arg(stage.rung + 1);
        return stage.role == ModelRole::Refiner ? say("Refiner") : say("Base");
    case StageKind::Decode:
        return say("Decode");
    case StageKind::Upscale:
        return say("Enlarge");
    case StageKind::EncodeImage:
        return say("Encode");
    case StageKind::LoadPicture:
        return say("Open picture");
    case StageKind::RestoreFaces:
        return say("Faces");
    case StageKind::LoadLatent:
        return say("First pass");
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
        return say("GPU %1").arg(name.mid(static_cast<qsizetype>(kCuda.size())));
    return name == QLatin1String("cpu") ? say("CPU") : name;
}

QString failureTitle(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::BadInput:
        return say("These settings cannot run");
    case ErrorKind::FileMissing:
        return say("A file is not there");
    case ErrorKind::FileCorrupt:
        return say("A file is damaged");
    case ErrorKind::UnsupportedModel:
        return say("This model is of another kind");
    case ErrorKind::OutOfMemory:
        return say("There was not enough memory");
    case ErrorKind::DiskFull:
        return say("The disk is full");
    case ErrorKind::Internal:
        return say("Something went wrong");
    }
    return {};
}

QString failureRemedy(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::BadInput:
        return {};
    case ErrorKind::FileMissing:
        return say("Choose the file again, or rescan the folder.");
    case ErrorKind::FileCorrupt:
        return say("Download or copy it again.");
    case ErrorKind::UnsupportedModel:
        return say("Choose an SDXL base or refiner checkpoint.");
    case ErrorKind::OutOfMemory:
        return say("Choose a smaller size, or close other programs and try again.");
    case ErrorKind::DiskFull:
        return say("Make room, or choose another folder in the settings.");
    case ErrorKind::Internal:
        return say("Try again; the log holds the details.");
    }
    return {};
}

QString stepsWords(const PlannedStage& stage, int asked)
{
    const double sigma = stage.sigmas.empty() ? 0.0 : stage.sigmas.front();
    return say("%1 of %2 steps, starts at σ %3")
        .arg(stage.steps)
        .arg(asked)
        .arg(numberWords(sigma, sigma < 10 ? 2 : 1));
}

} // namespace studio::ui
