#include "app/cli/commands.h"

int main(int argc, char** argv)
{
    return studio::cli::runCommand({argv + 1, argv + argc});
}
