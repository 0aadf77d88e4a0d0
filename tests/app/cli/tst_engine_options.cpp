#include "app/cli/request_options.h"

#include <QtTest>

#include <sstream>

using namespace studio;
using namespace studio::cli;

namespace {

using Folders = std::vector<std::filesystem::path>;

EngineOptions parsed(const std::vector<std::string>& arguments)
{
    EngineOptions options;
    options.upscalers = options.adapters = options.embeddings = {"/own"};
    CommandSyntax syntax;
    syntax.options = engineRows(options);
    std::ostringstream help;
    parse(syntax, arguments, help);
    return options;
}

} // namespace

class TestEngineOptions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void foldersThatAreNamedComeBeforeTheProgramsOwn()
    {
        const EngineOptions options
            = parsed({"--upscaler-dir", "/b", "--upscaler-dir", "/a", "--lora-dir", "/l"});
        QVERIFY((options.upscalers == Folders{"/b", "/a", "/own"}));
        QVERIFY((options.adapters == Folders{"/l", "/own"}));
        QVERIFY((options.embeddings == Folders{"/own"}));
    }

    void aFolderWithoutANameIsRefused()
    {
        QVERIFY_EXCEPTION_THROWN(parsed({"--upscaler-dir", ""}), UsageError);
    }
};

QTEST_GUILESS_MAIN(TestEngineOptions)
#include "tst_engine_options.moc"
