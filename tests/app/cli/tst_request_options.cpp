#include "app/cli/generate_options.h"
#include "core/api/presets.h"
#include "core/api/request_json.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>
#include <set>
#include <sstream>

#include <unistd.h>

using namespace studio;
using namespace studio::cli;

namespace {

using Words = std::vector<std::string>;

GenerateOptions parsed(const Words& arguments)
{
    GenerateOptions options;
    std::ostringstream help;
    parse(generateSyntax(options), arguments, help);
    return options;
}

Request requestOf(Words arguments)
{
    arguments.insert(arguments.end(), {"--prompt", "x"});
    return parsed(arguments).picture.resolved();
}

std::string refusal(const Words& arguments)
{
    try {
        std::mt19937_64 random(1);
        const GenerateOptions options = parsed(arguments);
        requestsOf(options, random);
    } catch (const UsageError& error) {
        return error.what();
    }
    return {};
}

struct Expectation {
    Words arguments;
    bool (*holds)(const Request&);
};

/// One row for each option that decides the picture.
const std::vector<Expectation> kExpectations{
    {{"--prompt-syntax", "plain"}, [](const Request& r) { return r.prompts.syntax == PromptSyntax::Plain; }},
    {{"--emphasis", "no-norm"}, [](const Request& r) { return r.prompts.emphasis == Emphasis::NoNorm; }},
    {{"--clip-skip", "3"}, [](const Request& r) { return r.prompts.clipSkip == 3; }},
    {{"--style", "Ink", "--style", "Fog"},
        [](const Request& r) {
            return r.prompts.styles == Words{"Ink", "Fog"};
        }},
    {{"--lora", "ink", "--lora", "/loras/a:b.safetensors:0.5", "--lora", "fog:0.75:-.25"},
        [](const Request& r) {
            return r.adapters.size() == 3 && r.adapters[0] == AdapterChoice{"ink"}
            && r.adapters[1] == AdapterChoice{"/loras/a:b.safetensors", 0.5, 0.5}
            && r.adapters[2] == AdapterChoice{"fog", 0.75, -0.25};
        }},
    {{"--lora", "ink:0.8", "--hires-lora", "ink:0.4", "--hires-lora", "fog"},
        [](const Request& r) {
            return r.adapters.size() == 2 && r.adapters[0] == AdapterChoice{"ink", 0.8, 0.8, 0.4, 0.4}
            && r.adapters[1] == AdapterChoice{"fog", 0.0, 0.0, 1.0, 1.0};
        }},
    {{"--sigmas", "14.5, 2,0"},
        [](const Request& r) {
            return r.sampling.sigmas == std::vector<double>{14.5, 2.0, 0.0};
        }},
    {{"--cfg-rescale", "0.7"}, [](const Request& r) { return r.sampling.guidanceShape.rescale == 0.7; }},
    {{"--cfg-start", "0.1"}, [](const Request& r) { return r.sampling.guidanceShape.start == 0.1; }},
    {{"--cfg-end", "0.9"}, [](const Request& r) { return r.sampling.guidanceShape.end == 0.9; }},
    {{"--skip-negative-below", "2.5"},
        [](const Request& r) { return r.sampling.guidanceShape.skipNegativeBelow == 2.5; }},
    {{"--skip-negative-in-all"}, [](const Request& r) { return r.sampling.guidanceShape.skipNegativeInAll; }},
    {{"--eta", "0.5"}, [](const Request& r) { return r.sampling.tuning.eta == 0.5; }},
    {{"--s-noise", "1.05"}, [](const Request& r) { return r.sampling.tuning.noiseScale == 1.05; }},
    {{"--s-churn", "3"}, [](const Request& r) { return r.sampling.tuning.churn == 3.0; }},
    {{"--s-tmin", "0.25"}, [](const Request& r) { return r.sampling.tuning.churnFrom == 0.25; }},
    {{"--s-tmax", "8"}, [](const Request& r) { return r.sampling.tuning.churnTo == 8.0; }},
    {{"--ensd", "31337"}, [](const Request& r) { return r.sampling.tuning.noiseSeedDelta == 31337; }},
    {{"--negative", "blurry"}, [](const Request& r) { return r.negativePrompt == "blurry"; }},
    {{"--mode", "simple"}, [](const Request& r) { return r.mode == Mode::Simple; }},
    {{"--mode", "compare"}, [](const Request& r) { return r.mode == Mode::Compare; }},
    {{"--preset", "speed"},
        [](const Request& r) { return r.sampling.steps == 20 && r.sampling.guidance == 7.0; }},
    {{"--seed", "18446744073709551615"}, [](const Request& r) { return r.seed == UINT64_MAX; }},
    {{"--seed", "-1"}, [](const Request& r) { return !r.seed; }},
    {{"--seed", "random"}, [](const Request& r) { return !r.seed; }},
    {{"--init", "photo.jpg"}, [](const Request& r) { return r.initPicture == "photo.jpg"; }},
    {{"--steps", "7"}, [](const Request& r) { return r.sampling.steps == 7; }},
    {{"--cfg", "3.5"}, [](const Request& r) { return r.sampling.guidance == 3.5; }},
    {{"--sampler", "heun"}, [](const Request& r) { return r.sampling.sampler == "heun"; }},
    {{"--schedule", "karras"}, [](const Request& r) { return r.sampling.schedule == "karras"; }},
    {{"--noise", "philox"}, [](const Request& r) { return r.noise == NoiseSource::Philox; }},
    {{"--width", "640", "--height", "512"},
        [](const Request& r) {
            return r.standard.size == Extent{640, 512};
        }},
    {{"--width", "640", "--height", "512", "--mode", "simple"},
        [](const Request& r) {
            return r.simple.base == Extent{640, 512} && !r.standard.size;
        }},
    {{"--width", "640", "--height", "512", "--mode", "simple", "--hires-base", "320"},
        [](const Request& r) {
            return r.simple.base == Extent{320, 320} && r.standard.size == Extent{640, 512};
        }},
    {{"--use-refiner"}, [](const Request& r) { return r.standard.useRefiner; }},
    {{"--refiner-strength", "0.5"}, [](const Request& r) { return r.standard.refinerStrength == 0.5; }},
    {{"--face-restoration"}, [](const Request& r) { return r.faceRestoration; }},
    {{"--hires-base", "512x640"},
        [](const Request& r) {
            return r.hires.base == Extent{512, 640} && r.simple.base == Extent{512, 640};
        }},
    {{"--hires-target", "1024x1280"},
        [](const Request& r) {
            return r.hires.rungs[0].target == Extent{1024, 1280};
        }},
    {{"--hires-scale", "2.5"},
        [](const Request& r) { return r.hires.rungs[0].scale == 2.5 && r.simple.scale == 2.5; }},
    {{"--hires-strength", "0.6"}, [](const Request& r) { return r.hires.rungs[0].strength == 0.6; }},
    {{"--strength-meaning", "a1111"},
        [](const Request& r) { return r.hires.rungs[0].meaning == StrengthMeaning::A1111; }},
    {{"--hires-steps", "12"}, [](const Request& r) { return r.hires.rungs[0].steps == 12; }},
    {{"--hires-cfg", "4"}, [](const Request& r) { return r.hires.rungs[0].guidance == 4.0; }},
    {{"--hires-upscaler", "x4.safetensors"},
        [](const Request& r) {
            return r.hires.rungs[0].upscaler == "x4.safetensors" && r.simple.upscaler == "x4.safetensors";
        }},
    {{"--hires-prompt", "sharp"}, [](const Request& r) { return r.hires.rungs[0].prompt == "sharp"; }},
    {{"--hires-negative", "soft"},
        [](const Request& r) { return r.hires.rungs[0].negativePrompt == "soft"; }},
    {{"--hires-sampler", "heun"}, [](const Request& r) { return r.hires.rungs[0].sampler == "heun"; }},
    {{"--hires-schedule", "karras"}, [](const Request& r) { return r.hires.rungs[0].schedule == "karras"; }},
    {{"--hires-model", "b.safetensors"},
        [](const Request& r) { return r.hires.rungs[0].model == "b.safetensors"; }},
    {{"--handover", "8bit"}, [](const Request& r) { return r.handover == Handover::EightBit; }},
    {{"--model", "m.safetensors"}, [](const Request& r) { return r.models.base == "m.safetensors"; }},
    {{"--refiner", "r.safetensors"}, [](const Request& r) { return r.models.refiner == "r.safetensors"; }},
    {{"--vae", "v.safetensors"}, [](const Request& r) { return r.models.vae == "v.safetensors"; }},
    {{"--device", "cuda:1"}, [](const Request& r) { return r.execution.device == "cuda:1"; }},
    {{"--dtype", "bf16"}, [](const Request& r) { return r.execution.precision == Precision::BFloat16; }},
};

} // namespace

class TestRequestOptions : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    std::string fileWith(const char* name, const std::string& text)
    {
        const std::string path = m_folder.filePath(QString::fromLatin1(name)).toStdString();
        std::ofstream(path) << text;
        return path;
    }

private Q_SLOTS:
    void everyOptionSetsItsField()
    {
        for (const Expectation& expectation : kExpectations) {
            QVERIFY2(
                expectation.holds(requestOf(expectation.arguments)), expectation.arguments.front().c_str());
            QVERIFY2(!expectation.holds(requestOf({})) || expectation.arguments.front() == "--seed",
                "holds without the option too");
        }
    }

    void everyRowOfTheTableIsTested()
    {
        std::set<std::string> tested{"--prompt", "--request", "--from-take"};
        for (const Expectation& expectation : kExpectations) {
            for (const std::string& word : expectation.arguments)
                tested.insert(word);
        }
        RequestOptions options;
        for (const OptionRow& row : requestRows(options))
            QVERIFY2(tested.count(row.name) == 1, row.name.c_str());
    }

    void aTakeIsGoneOnFrom()
    {
        const auto store = std::get<std::shared_ptr<TakeStore>>(
            openTakeStore({m_folder.filePath(QStringLiteral("takes")).toStdString(), 0}));
        Take take;
        take.plan.request.prompt = "a boat";
        take.plan.request.seed = 3;
        take.plan.request.standard.size = Extent{64, 64};
        take.firstPassLatent = {{4, 8, 8}, std::vector<float>(256, 0.5f)};
        const auto recorder = store->record();
        recorder->planned(take.plan);
        recorder->finish(take);
        const std::filesystem::path folder = store->settings().folder / recorder->id();

        const Words words{"--from-take", folder.string() + "/", "--hires-strength", "0.5"};
        const Request request = parsed(words).picture.resolved();
        QVERIFY(request.mode == Mode::Hires); // a standard picture has no second pass to repeat
        QVERIFY(request.prompt == "a boat" && request.seed == 3u);
        QCOMPARE(request.hires.rungs[0].strength, 0.5);
        QCOMPARE(request.firstPass, (folder / "first_pass.safetensors").string());

        QVERIFY(
            refusal({"--from-take", folder.string(), "--count", "2"}).find("--count") != std::string::npos);
        QVERIFY(refusal({"--from-take", "/no/such/take"}).find("no folder") != std::string::npos);
        QVERIFY(!failureOf(store->trash(recorder->id())));
        const std::filesystem::path trash = store->settings().folder / "trash";
        QVERIFY(
            refusal({"--from-take", (trash / recorder->id()).string()}).find("Bring") != std::string::npos);
        QVERIFY(
            !std::filesystem::exists(trash / ".lock") && !std::filesystem::exists(trash / "index.sqlite"));
        store->restore(recorder->id());
        std::filesystem::remove(folder / "first_pass.safetensors");
        QVERIFY(refusal({"--from-take", folder.string()}).find("--init") != std::string::npos);
    }

    void wrongValuesGetASentence_data()
    {
        QTest::addColumn<QString>("option");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("part");
        const auto row = [](const char* option, const char* value, const char* part) {
            QTest::addRow("%s %s", option, value)
                << QString::fromUtf8(option) << QString::fromUtf8(value) << QString::fromUtf8(part);
        };
        row("--steps", "abc", "--steps: \"abc\" is not a whole number.");
        row("--steps", "0", "--steps: 0 is outside 1 to 1000.");
        row("--steps", "30.5", "is not a whole number.");
        row("--cfg", "nan", "is not a number.");
        row("--cfg", "1e9", "is outside 0 to 100.");
        row("--seed", "-7", "is not a whole number from 0");
        row("--seed", "18446744073709551616", "is not a whole number from 0");
        row("--mode", "fast", "\"fast\" is none of standard, simple, hires, compare.");
        row("--hires-target", "big", "is not a size such as 768x512.");
        row("--hires-target", "768x", "is not a size");
        row("--hires-target", "-768x512", "is not a size");
        row("--hires-strength", "-0.1", "is outside 0 to 20.");
        row("--hires-strength", "1.5", "--hires-strength: The number must lie between 0 and 1; it is 1.5.");
        row("--device", "toaster", "--device: The device must be auto");
        row("--preset", "ultra", "\"ultra\" is no preset; there are best and speed.");
        row("--count", "0", "is outside 1 to");
        row("--name", "a/b", "a name has no folders in it");
        row("--name", "[sed]", "there is no tag [sed]");
        row("--quality", "101", "is outside 1 to 100.");
        row("--format", "bmp", "is none of png, jpeg, webp.");
        row("--hires-target", "1001x1001", "multiples of 8");
        row("--hires-base", "7x7", "--hires-base: Both sides must lie between 64 and 8192");
    }
    void wrongValuesGetASentence()
    {
        QFETCH(QString, option);
        QFETCH(QString, value);
        QFETCH(QString, part);
        const std::string sentence = refusal({"--prompt", "x", option.toStdString(), value.toStdString()});
        QVERIFY2(sentence.find(part.toStdString()) != std::string::npos, sentence.c_str());
    }

    void optionsThatContradictAreRefused()
    {
        QCOMPARE(
            refusal({"--prompt", "x", "--width", "512"}), std::string("--width needs --height as well."));
        QVERIFY(
            refusal({"--prompt", "x", "--width", "7", "--height", "64"}).find("--width and --height: Both")
            == 0);
        QVERIFY(refusal({"--prompt", "x", "--hires-scale", "2", "--hires-target", "1024"}).find("give one")
            != std::string::npos);
        QVERIFY(refusal({}).find("Say what to make") == 0);
        QCOMPARE(refusal({"--prompt", ""}), std::string());
    }

    void aScaleOnTheCommandLineReplacesALoadedTarget()
    {
        Request saved;
        saved.prompt = "saved";
        saved.seed = 5;
        saved.hires.rungs = {Rung{}, Rung{}};
        saved.hires.rungs[0].target = Extent{1024, 1024};
        saved.hires.rungs[1].target = Extent{1536, 1536};
        const std::string file = fileWith("saved.json", toJson(saved, 2));
        const Request request
            = parsed({"--hires-scale", "2", "--hires-steps", "9", "--request", file}).picture.resolved();
        QCOMPARE(request.prompt, std::string("saved"));
        QVERIFY(request.seed == std::optional<std::uint64_t>(5));
        QVERIFY(request.hires.rungs[0].target == (Extent{1024, 1024}));
        QVERIFY(!request.hires.rungs[1].target);
        QVERIFY(request.hires.rungs[1].scale == 2.0);
        QCOMPARE(request.hires.rungs[0].steps, 9);
        QCOMPARE(request.hires.rungs[1].steps, 9);
    }

    void optionsOverrideALoadedRequestWhateverTheOrder()
    {
        Request saved;
        saved.prompt = "saved";
        saved.sampling.steps = 44;
        saved.sampling.guidance = 2.0;
        const std::string file = fileWith("order.json", toJson(saved));
        for (const Words& words :
            {Words{"--request", file, "--steps", "3"}, Words{"--steps", "3", "--request", file}}) {
            const Request request = parsed(words).picture.resolved();
            QCOMPARE(request.sampling.steps, 3);
            QCOMPARE(request.sampling.guidance, 2.0);
            QCOMPARE(request.prompt, std::string("saved"));
        }
    }

    void aPresetGivesWayToOptions()
    {
        const Request best = requestOf({"--preset", "best"});
        QVERIFY(best.mode == Mode::Hires);
        QCOMPARE(best.sampling.steps, 50);
        QCOMPARE(best.sampling.guidance, 8.0);
        QVERIFY(best.standard.useRefiner);
        const Request changed = requestOf({"--steps", "9", "--preset", "best"});
        QCOMPARE(changed.sampling.steps, 9);
        QCOMPARE(changed.sampling.guidance, 8.0);
    }

    void countGivesTheSeedsThatFollow()
    {
        std::mt19937_64 random(1);
        const GenerateOptions options = parsed({"--prompt", "x", "--seed", "41", "--count", "3"});
        const std::vector<Request> requests = requestsOf(options, random);
        QCOMPARE(requests.size(), std::size_t(3));
        for (std::size_t i = 0; i < 3; ++i)
            QVERIFY(requests[i].seed == std::optional<std::uint64_t>(41 + i));
    }

    void withoutASeedEveryPromptDrawsItsOwn()
    {
        const std::string file = fileWith("two.txt", "a\nb\n");
        std::mt19937_64 random(1);
        const std::vector<Request> requests = requestsOf(parsed({"--prompts", file, "--count", "2"}), random);
        QCOMPARE(requests.size(), std::size_t(4));
        QVERIFY(*requests[1].seed == *requests[0].seed + 1);
        QVERIFY(*requests[2].seed != *requests[0].seed);
        QVERIFY(*requests[0].seed <= 0xFFFFFFFF);
    }

    void promptsMayBeTextOrJson()
    {
        const std::string file = fileWith("mixed.txt",
            "\xEF\xBB\xBF"
            "a lighthouse\r\n\n  {\"prompt\": \"a boat\", \"sampling\": {\"steps\": 4}}\n[red|blue] car\n");
        std::mt19937_64 random(1);
        const auto requests = requestsOf(
            parsed({"--prompts", file, "--negative", "blurry", "--steps", "9", "--seed", "1"}), random);
        QCOMPARE(requests.size(), std::size_t(3));
        QCOMPARE(requests[0].prompt, std::string("a lighthouse"));
        QCOMPARE(requests[1].prompt, std::string("a boat"));
        QCOMPARE(requests[1].sampling.steps, 4);
        QCOMPARE(requests[2].prompt, std::string("[red|blue] car"));
        for (const Request& request : requests) {
            QCOMPARE(request.negativePrompt, std::string("blurry"));
            QVERIFY(request.seed == std::optional<std::uint64_t>(1));
        }
        QCOMPARE(requests[0].sampling.steps, 9);
    }

    void aWrongLineOfPromptsIsNamed()
    {
        const std::string file = fileWith("wrong.txt", "fine\n{\"prompt\": 3}\n");
        QVERIFY(refusal({"--prompts", file}).find("line 2") != std::string::npos);
        const std::string bytes = fileWith("bytes.txt", "fine\n\n\xFF\xFE\n");
        QVERIFY(refusal({"--prompts", bytes}).find("line 3: The text holds bytes") != std::string::npos);
        const std::string empty = fileWith("empty.txt", "\n \n");
        QVERIFY(refusal({"--prompts", empty}).find("no prompt") != std::string::npos);
        QVERIFY(refusal({"--prompts", "/no/such/file"}).find("cannot be opened") != std::string::npos);
    }

    void aRequestMayComeThroughAPipe()
    {
        int ends[2] = {-1, -1};
        QCOMPARE(::pipe(ends), 0);
        const std::string text = toJson(Request{.prompt = "piped"});
        QCOMPARE(::write(ends[1], text.data(), text.size()), ssize_t(text.size()));
        ::close(ends[1]);
        const std::string file = "/proc/self/fd/" + std::to_string(ends[0]);
        QCOMPARE(parsed({"--request", file}).picture.resolved().prompt, std::string("piped"));
        ::close(ends[0]);
    }

    void aFileThatIsNoRequestIsRefused()
    {
        QVERIFY(refusal({"--request", "/no/such/file"}).find("cannot be opened") != std::string::npos);
        QVERIFY(!refusal({"--request", fileWith("text.txt", "hello")}).empty());
        QVERIFY(!refusal({"--request", fileWith("broken.json", "{\"prompt\": ")}).empty());
        QVERIFY(!refusal({"--request", fileWith("unknown.json", "{\"promt\": \"x\"}")}).empty());
    }
};

QTEST_GUILESS_MAIN(TestRequestOptions)
#include "tst_request_options.moc"
