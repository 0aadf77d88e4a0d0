#include "ui/models/sweep.h"

#include "ui/convert/strings.h"
#include "ui/convert/words.h"

#include <QCoreApplication>
#include <QRandomGenerator>
#include <QRegularExpression>

#include <algorithm>
#include <array>
#include <cmath>

namespace studio::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(studio::ui::Sweep)
};

/// Three numbers around one, its own in the middle.
std::vector<double> around(double present, double distance, double least, double most)
{
    std::vector<double> numbers{
        std::clamp(present - distance, least, most), present, std::clamp(present + distance, least, most)};
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    return numbers;
}

std::vector<double> strengthsAround(double present, double most)
{
    return around(std::round(present * 100) / 100, 0.15 * most, 0.0, most);
}

std::vector<double> stepsAround(double present, double most)
{
    return around(present, std::max(1.0, std::round(present * 0.4)), 1.0, most);
}

std::vector<double> guidancesAround(double present, double most)
{
    return around(present, 2.5, 0.0, most);
}

/// A strength may also be a noise level.
double strongest(const Request& request)
{
    return request.hires.rungs.back().meaning == StrengthMeaning::Sigma ? 20.0 : 1.0;
}

const std::array kAxes{
    SweepAxisInfo{.id = "strength",
        .title = QT_TRANSLATE_NOOP("studio::ui::Sweep", "Strength"),
        .mostFor = strongest,
        .proposal = strengthsAround,
        .read =
            [](const Request& r) {
                return SweepValue{r.hires.rungs.back().strength, {}};
            },
        .write = [](Rung& rung, const SweepValue& v) { rung.strength = v.number; }},
    SweepAxisInfo{.id = "upscaler",
        .title = QT_TRANSLATE_NOOP("studio::ui::Sweep", "Upscaler"),
        .table = &Catalog::upscalers,
        .read =
            [](const Request& r) {
                return SweepValue{0.0, r.hires.rungs.back().upscaler};
            },
        .write = [](Rung& rung, const SweepValue& v) { rung.upscaler = v.id; }},
    SweepAxisInfo{.id = "steps",
        .title = QT_TRANSLATE_NOOP("studio::ui::Sweep", "Steps"),
        .least = 1.0,
        .most = 1000.0,
        .whole = true,
        .proposal = stepsAround,
        .read =
            [](const Request& r) {
                return SweepValue{double(r.hires.rungs.back().steps), {}};
            },
        .write = [](Rung& rung, const SweepValue& v) { rung.steps = static_cast<int>(v.number); }},
    SweepAxisInfo{.id = "sampler",
        .title = QT_TRANSLATE_NOOP("studio::ui::Sweep", "Sampler"),
        .table = &Catalog::samplers,
        .read =
            [](const Request& r) {
                return SweepValue{0.0, r.hires.rungs.back().sampler.value_or(r.sampling.sampler)};
            },
        .write = [](Rung& rung, const SweepValue& v) { rung.sampler = v.id; }},
    SweepAxisInfo{.id = "schedule",
        .title = QT_TRANSLATE_NOOP("studio::ui::Sweep", "Schedule"),
        .table = &Catalog::schedules,
        .read =
            [](const Request& r) {
                return SweepValue{0.0, r.hires.rungs.back().schedule.value_or(r.sampling.schedule)};
            },
        .write = [](Rung& rung, const SweepValue& v) { rung.schedule = v.id; }},
    SweepAxisInfo{.id = "guidance",
        .title = QT_TRANSLATE_NOOP("studio::ui::Sweep", "Guidance"),
        .most = 100.0,
        .proposal = guidancesAround,
        .read =
            [](const Request& r) {
                return SweepValue{r.hires.rungs.back().guidance.value_or(r.sampling.guidance), {}};
            },
        .write = [](Rung& rung, const SweepValue& v) { rung.guidance = v.number; }},
};

QString faultOf(const SweepAxis& axis, const Request& request)
{
    const QString title = sweepAxisTitle(*axis.info);
    if (axis.values.empty())
        return Words::tr("%1 has no values; give it at least one.").arg(title);
    if (axis.info->table)
        return {};
    for (const SweepValue& value : axis.values) {
        const QString number = numberWords(value.number);
        if (value.number < axis.info->least || value.number > mostOf(*axis.info, request))
            return Words::tr("%1 %2 is out of range; it goes from %3 to %4.")
                .arg(title, number, numberWords(axis.info->least), numberWords(mostOf(*axis.info, request)));
        if (axis.info->whole && value.number != std::round(value.number))
            return Words::tr("%1 %2 is no whole number.").arg(title, number);
    }
    return {};
}

} // namespace

std::span<const SweepAxisInfo> sweepAxes()
{
    return kAxes;
}

double mostOf(const SweepAxisInfo& info, const Request& request)
{
    return info.mostFor ? info.mostFor(request) : info.most;
}

const SweepAxisInfo* findSweepAxis(const QString& id)
{
    for (const SweepAxisInfo& info : kAxes) {
        if (QLatin1String(info.id) == id)
            return &info;
    }
    return nullptr;
}

std::vector<Request> sweepRequests(const SweepSetup& setup)
{
    std::vector<Request> requests;
    for (int i = 0; i < setup.cells(); ++i) {
        Request request = setup.request;
        int rest = i;
        for (const SweepAxis& axis : setup.axes) {
            const int count = static_cast<int>(axis.values.size());
            const SweepValue& value = axis.values[static_cast<std::size_t>(rest % count)];
            rest /= count;
            for (Rung& rung : request.hires.rungs)
                axis.info->write(rung, value);
        }
        requests.push_back(std::move(request));
    }
    return requests;
}

QString sweepFault(const SweepSetup& setup)
{
    for (std::size_t i = 0; i < setup.axes.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (setup.axes[i].info == setup.axes[j].info)
                return Words::tr("%1 stands on two axes; choose another for one of them.")
                    .arg(sweepAxisTitle(*setup.axes[i].info));
        }
        if (const QString fault = faultOf(setup.axes[i], setup.request); !fault.isEmpty())
            return fault;
    }
    if (setup.cells() > kMostSweepCells)
        return Words::tr("%1 pictures are too many for one sheet; it holds %2.")
            .arg(setup.cells())
            .arg(kMostSweepCells);
    return {};
}

std::optional<std::vector<double>> numbersIn(const QString& text, const QLocale& locale)
{
    const bool decimalComma = locale.decimalPoint() == QStringLiteral(",");
    // A comma before a blank parts numbers everywhere.
    static const QRegularExpression partingComma(QStringLiteral(",(?=\\s|$)"));
    QString plain = text;
    plain.replace(partingComma, QStringLiteral(" "));
    plain.replace(u',', decimalComma ? u'.' : u' ');
    static const QRegularExpression blanks(QStringLiteral("[;\\s]+"));
    std::vector<double> numbers;
    for (const QString& piece : plain.split(blanks, Qt::SkipEmptyParts)) {
        bool isNumber = false;
        const double number = piece.toDouble(&isNumber);
        if (!isNumber || !std::isfinite(number))
            return std::nullopt;
        if (std::find(numbers.begin(), numbers.end(), number) == numbers.end())
            numbers.push_back(number);
    }
    return numbers;
}

QString sweepAxisTitle(const SweepAxisInfo& info)
{
    return QCoreApplication::translate("studio::ui::Sweep", info.title);
}

QString sweepValueWords(const SweepAxisInfo& info, const SweepValue& value, const Catalog& catalog)
{
    if (!info.table)
        return numberWords(value.number);
    for (const CatalogEntry& entry : catalog.*info.table) {
        if (entry.id == value.id)
            return toQt(entry.label);
    }
    return toQt(value.id);
}

Request sweepStart(Request request)
{
    request.mode = Mode::Hires;
    if (!request.seed)
        request.seed = QRandomGenerator::global()->generate(); // 32 bits: what other programs read, too
    return request;
}

} // namespace studio::ui
