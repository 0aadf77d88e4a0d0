#include "core/api/request_json.h"
#include "tests/core/request/foreign/imported.h"

using namespace studio;

namespace {

using Texts = std::vector<PictureMetadata>;

/// A text where each of the programs keeps its own.
Texts everywhere(const std::string& text)
{
    Texts texts;
    for (const char* key : {"prompt", "workflow", "invokeai_metadata", "sd-metadata", "Dream", "Comment",
             "XML:com.adobe.xmp", "Model"})
        texts.push_back({{}, {}, {{key, text}}});
    texts.push_back({text, {}, {{"fooocus_scheme", "fooocus"}}});
    texts.push_back({"a\nSteps: 1, Seed: 2, Version: stable-diffusion.cpp, SDCPP: " + text, {}, {}});
    texts.push_back({text, {}, {}});
    texts.push_back({{}, text, {}});
    texts.push_back({{}, {}, {{"Model", "prompt:" + text}}});
    return texts;
}

/// Either a request that may be planned and saved, or a sentence.
void takes(const PictureMetadata& metadata)
{
    const Outcome<ImportedRequest> outcome = requestFromPicture(metadata);
    if (const Failure* failure = failureOf(outcome)) {
        QVERIFY2(failure->kind == ErrorKind::BadInput, failure->detail.c_str());
        QVERIFY(failure->detail.size() > 20 && failure->detail.size() < 400);
        return;
    }
    const auto& from = std::get<ImportedRequest>(outcome);
    QVERIFY(check(from.request).empty());
    QVERIFY(std::get<Request>(requestFromJson(toJson(from.request))) == from.request);
    QVERIFY(from.notHonoured.size() <= 110);
    for (const std::string& sentence : from.notHonoured)
        QVERIFY2(sentence.size() < 2000, sentence.c_str());
}

std::string nested(int depth, const char* open, const char* close)
{
    std::string text = "{\"positive_prompt\": ";
    for (int i = 0; i < depth; ++i)
        text += open;
    text += "1";
    for (int i = 0; i < depth; ++i)
        text += close;
    return text + "}";
}

/// JSON with the quotes of a text in C++.
std::string quoted(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

/// A node that hands on what it takes, to itself or its neighbours.
std::string ring(const std::string& type, const std::string& input, int size)
{
    std::string graph = "{'s': {'class_type': 'SaveImage', 'inputs': {'images': ['0', 0]}}";
    for (int i = 0; i < size; ++i)
        graph += ", '" + std::to_string(i) + "': {'class_type': '" + type
            + "', 'inputs': {'steps': 2, 'sampler_name': 'euler', '" + input + "': ['"
            + std::to_string((i + 1) % size) + "', 0]}}";
    return quoted(graph + "}");
}

} // namespace

class TestHostileSettings : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void damagedAndHugeTextsAreRefusedInWords_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::newRow("cut JSON") << quoted("{'3': {'class_type': 'KSampler', 'inputs': {'seed': 85");
        QTest::newRow("no text at all") << std::string("{\"c\": \"\xFF\xFE\x80\", \"scale\": 1}");
        QTest::newRow("zeros") << std::string("{\"c\"\0: 1}", 10);
        QTest::newRow("10 MB") << "{\"prompt\": \"" + std::string(10 << 20, 'a') + "\"}";
        QTest::newRow("deep arrays") << nested(100'000, "[", "]");
        QTest::newRow("deep objects") << nested(50'000, "{\"a\":", "}");
        QTest::newRow("an array") << std::string("[1, 2, 3]");
        QTest::newRow("empty object") << std::string("{}");
        QTest::newRow("entities") << std::string(
            "<!DOCTYPE x [<!ENTITY a \"Draw Things\"><!ENTITY b \"&a;&a;&a;&a;\">]><x>Draw Things &b;</x>");
    }
    void damagedAndHugeTextsAreRefusedInWords()
    {
        QFETCH(std::string, text);
        for (const PictureMetadata& metadata : everywhere(text))
            takes(metadata);
    }

    void wrongTypesAreNamedAndLeftOut_data()
    {
        QTest::addColumn<std::string>("value");
        for (const char* value : {"null", "true", "-1", "1e400", "1.5", "\"x\"", "[]", "[1]", "{}",
                 "{\"a\": 1}", "99999999999999999999", "\"\""})
            QTest::newRow(value) << std::string(value);
    }
    void wrongTypesAreNamedAndLeftOut()
    {
        QFETCH(std::string, value);
        std::string text = "{";
        for (const char* key : {"positive_prompt", "negative_prompt", "steps", "cfg_scale", "seed", "width",
                 "height", "scheduler", "model", "loras", "strength", "hrf_enabled", "hrf_strength",
                 "refiner_model", "refiner_start", "rand_device", "vae", "clip_skip", "prompt", "full_prompt",
                 "styles", "resolution", "guidance_scale", "sampler", "lora_combined_1", "performance",
                 "adm_guidance", "base_model", "c", "uc", "scale", "size", "hires_fix", "first_stage_size",
                 "second_stage_strength", "lora", "seed_mode", "refiner", "original_size", "sampling",
                 "hires", "models", "rng", "image", "nodes", "links"})
            text += std::string(text.size() > 1 ? ", " : "") + "\"" + key + "\": " + value;
        for (const PictureMetadata& metadata : everywhere(text + "}"))
            takes(metadata);
        const std::string graph = quoted(
            "{'1': {'class_type': 'KSampler', 'inputs': {'seed': V, 'steps': V, 'cfg': V, "
            "'sampler_name': V, 'scheduler': V, 'denoise': V, 'model': V, 'positive': ['2', V], "
            "'latent_image': V}}, '2': {'class_type': 'CLIPTextEncode', 'inputs': {'text': V, 'clip': V}}, "
            "'3': V, '4': {'class_type': V, 'inputs': V}, "
            "'5': {'class_type': 'SaveImage', 'inputs': {'images': ['1', 0]}}}");
        std::string filled;
        for (const char c : graph)
            filled += c == 'V' ? value : std::string(1, c);
        takes({{}, {}, {{"prompt", filled}}});
    }

    void circlesEnd()
    {
        for (const int size : {1, 2, 300})
            for (const char* input :
                {"images", "samples", "latent_image", "model", "positive", "conditioning", "conditioning_1",
                    "conditioning_to", "clip", "text", "sigmas", "guider", "steps"})
                for (const char* type : {"Reroute", "VAEDecode", "KSampler", "ConditioningCombine",
                         "SamplerCustomAdvanced", "Unknown", "StringConcatenate"})
                    takes({{}, {}, {{"prompt", ring(type, input, size)}}});
    }

    void aGraphThatDoublesAtEachNodeIsRefused()
    {
        std::string graph
            = "{'s': {'class_type': 'KSampler', 'inputs': {'steps': 2, 'sampler_name': 'euler', "
              "'latent_image': ['x', 0], 'positive': ['0', 0]}}";
        for (int i = 0; i < 60; ++i) {
            const std::string next = "['" + std::to_string(i + 1) + "', 0]";
            graph += ", '" + std::to_string(i) + "': {'class_type': 'ConditioningCombine', 'inputs': "
                + "{'conditioning_1': " + next + ", 'conditioning_2': " + next + "}}";
        }
        graph += ", '60': {'class_type': 'CLIPTextEncode', 'inputs': {'text': 'ab'}}}";
        const auto outcome = requestFromPicture({{}, {}, {{"prompt", quoted(graph)}}});
        QVERIFY(failureOf(outcome));
        QVERIFY2(failureOf(outcome)->detail.find("graph") != std::string::npos,
            failureOf(outcome)->detail.c_str());
    }

    void promptsOfManyBracketsTakeNoLongerThanTheyAreLong()
    {
        for (const char* piece : {"(", ")+", "+", "a+ ", "[", "].", "((a)", ":1"}) {
            std::string text;
            while (text.size() < 90'000)
                text += piece;
            takes({{}, {}, {{"invokeai_metadata", "{\"positive_prompt\": \"" + text + "\"}"}}});
            takes({{}, {}, {{"sd-metadata", "{\"image\": {\"prompt\": \"" + text + "\"}}"}}});
        }
    }

    void theNextProgramIsAskedIfOnesTextIsDamaged()
    {
        const ImportedRequest from
            = imported({"a boat\nSteps: 20, Sampler: Euler, Seed: 3", {}, {{"prompt", "{\"3\": "}}});
        QCOMPARE(from.request.prompt, std::string("a boat"));
        QVERIFY(says(from, "The settings of ComfyUI cannot be read"));
    }

    void aPictureWithoutSettingsGetsASentence()
    {
        for (const PictureMetadata& metadata :
            Texts{{}, {{}, {}, {{"Software", "GIMP"}, {"Model", "Camera 5"}}}}) {
            QVERIFY(!carriesSettings(metadata));
            const auto outcome = requestFromPicture(metadata);
            QVERIFY(failureOf(outcome) && failureOf(outcome)->kind == ErrorKind::BadInput);
        }
        QVERIFY(failureOf(requestFromPicture({quoted("{'sui_image_params': {'prompt': 'x'}}"), {}, {}})));
    }
};

QTEST_GUILESS_MAIN(TestHostileSettings)
#include "tst_hostile_settings.moc"
