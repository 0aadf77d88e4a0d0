#include "app/cli/commands.h"
#include "app/studio_command.h"

#include <string_view>

int main(int argc, char** argv)
{
    using namespace std::string_view_literals;
    if (argc < 2 || argv[1] == "studio"sv)
        return studio::openStudio(argc, argv);
    return studio::cli::runCommand({argv + 1, argv + argc});
}
