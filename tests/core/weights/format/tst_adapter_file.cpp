#include "core/api/adapter_files.h"
#include "core/weights/format/safetensors.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace studio;
namespace fs = std::filesystem;

namespace {

using Metadata = std::map<std::string, std::string, std::less<>>;

constexpr const char* kTextLayer
    = "lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k.lora_down.weight";

} // namespace

class TestAdapterFile : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    fs::path at(const char* name) const { return m_folder.filePath(QLatin1String(name)).toStdString(); }

    void write(const char* name, const std::string& text) const
    {
        fs::create_directories(at(name).parent_path());
        std::ofstream(at(name), std::ios::binary) << text;
    }

    /// A LoRA whose layer reads texts of this width.
    fs::path writeLora(const char* name, std::int64_t width, const Metadata& metadata = {}) const
    {
        fs::create_directories(at(name).parent_path());
        SafetensorsWriter writer(at(name), {{kTextLayer, StoredType::F16, {4, width}}}, metadata);
        const std::vector<std::byte> zeros(std::size_t(4 * width * 2));
        writer.write(0, 0, zeros);
        writer.finish();
        return at(name);
    }

private Q_SLOTS:
    void theHeaderSaysFamilyAndRank()
    {
        const AdapterFile found = readAdapterFile(writeLora("ink.safetensors", 2048));
        QCOMPARE(found.name, std::string("ink"));
        QVERIFY(found.kind == FileKind::Lora);
        QCOMPARE(found.family, std::string("SDXL"));
        QCOMPARE(found.rank, std::int64_t(4));
        QCOMPARE(found.title, std::string("LoRA (kohya's form)"));
        QVERIFY(found.faults.empty() && found.triggerWords.empty() && found.picture.empty());
        QCOMPARE(
            readAdapterFile(writeLora("old.safetensors", 768)).family, std::string("Stable Diffusion 1.x"));
    }

    void theTrainersWordsAreRead()
    {
        const AdapterFile found = readAdapterFile(writeLora("trained.safetensors", 2048,
            {{"modelspec.trigger_phrase", " ink wash, "},
                {"ss_tag_frequency",
                    R"({"10_ink": {"ink wash": 12, " a hill": 3}, "4_more": {"a hill": 6, "fog": 1, "x": "y"}})"}}));
        QCOMPARE(found.triggerWords, (std::vector<std::string>{"ink wash"}));
        QCOMPARE(found.tags, (std::vector<TrainedTag>{{"ink wash", 12}, {"a hill", 9}, {"fog", 1}}));
    }

    void whatOtherProgramsKeepBesideItIsRead()
    {
        const fs::path path = writeLora("beside/film.safetensors", 2048);
        write("beside/film.json",
            R"({"activation text": "film still, grain", "preferred weight": 0.7, "notes": "lower\nis better"})");
        write("beside/film.civitai.info", R"({"trainedWords": ["kodak", "film still, grain", 3]})");
        write("beside/film.metadata.json", R"({"civitai": {"trainedWords": ["portra"]}})");
        write("beside/film.cm-info.json", R"({"TrainedWords": ["velvia"]})");
        write("beside/film.preview.png", "later looked at");
        write("beside/film.jpg", "behind it in A1111's order");
        const AdapterFile found = readAdapterFile(path);
        QCOMPARE(
            found.triggerWords, (std::vector<std::string>{"film still, grain", "kodak", "portra", "velvia"}));
        QCOMPARE(found.preferredWeight, std::optional(0.7));
        QCOMPARE(found.notes, std::string("lower is better"));
        QCOMPARE(found.picture.filename().string(), std::string("film.preview.png"));
        QVERIFY(found.faults.empty());
    }

    void civitaisOwnNameOfTheFileIsReadToo()
    {
        const fs::path path = writeLora("plain.safetensors", 2048);
        write("plain.json", R"({"trainedWords": ["one word"], "preferred weight": 0})");
        const AdapterFile found = readAdapterFile(path);
        QCOMPARE(found.triggerWords, (std::vector<std::string>{"one word"}));
        QVERIFY(!found.preferredWeight);
    }

    void whatCannotBeReadIsSaidAndTheRestKept()
    {
        const fs::path path = writeLora(
            "half.safetensors", 2048, {{"modelspec.trigger_phrase", "half"}, {"ss_tag_frequency", "{"}});
        write("half.json", "{ not JSON");
        const AdapterFile found = readAdapterFile(path);
        QVERIFY(found.kind == FileKind::Lora);
        QCOMPARE(found.triggerWords, (std::vector<std::string>{"half"}));
        QCOMPARE(found.faults.size(), std::size_t(1));
        QVERIFY(found.faults.front().find("half.json") != std::string::npos);
    }

    void filesThatAreNoAdaptersAreNamed()
    {
        write("web.safetensors", "<!DOCTYPE html><html></html>");
        const AdapterFile page = readAdapterFile(at("web.safetensors"));
        QVERIFY(page.kind == FileKind::Unknown);
        QCOMPARE(page.faults,
            (std::vector<std::string>{
                "web.safetensors is a web page and not the file that should have been downloaded."}));
        write("short.safetensors", "ab");
        QCOMPARE(readAdapterFile(at("short.safetensors")).faults.size(), std::size_t(1));
        const AdapterFile gone = readAdapterFile(at("gone.safetensors"));
        QCOMPARE(gone.faults.size(), std::size_t(1));
        QCOMPARE(gone.name, std::string("gone"));
    }

    void inspectSaysTheWordsToo()
    {
        const fs::path path = writeLora("spoken.safetensors", 2048,
            {{"modelspec.trigger_phrase", "say it"}, {"ss_tag_frequency", R"({"1_a": {"b": 2}})"}});
        const Outcome<Inspection> outcome = inspect(path);
        QVERIFY(!failureOf(outcome));
        const auto& facts = std::get<Inspection>(outcome).facts;
        const auto has = [&](const char* name, const char* value) {
            return std::ranges::find(facts, std::pair<std::string, std::string>(name, value)) != facts.end();
        };
        QVERIFY(has("Trigger words", "say it"));
        QVERIFY(has("Captions", "b (2)"));
    }

    void foldersOfOtherProgramsBesideTheModelAreSearched()
    {
        fs::create_directories(at("a1111/models/Stable-diffusion"));
        const fs::path ink = writeLora("a1111/models/Lora/styles/ink.safetensors", 2048);
        const fs::path own = writeLora("own/ink.safetensors", 2048);
        const std::string model = at("a1111/models/Stable-diffusion/base.safetensors").string();
        const auto folders = adapterFolders({at("own")}, model);
        QCOMPARE(folders, (std::vector<fs::path>{at("own"), at("a1111/models/Lora")}));
        QCOMPARE(adapterFilesIn(folders), (std::vector<fs::path>{own})); // the first of a name counts
        QVERIFY(embeddingFolders({}, model).empty());
    }
};

QTEST_GUILESS_MAIN(TestAdapterFile)
#include "tst_adapter_file.moc"
