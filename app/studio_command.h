#pragma once

namespace studio {

/// `hires-studio [studio] [FILE] [--measure-start]`: the window. FILE is opened as if it were dropped on it: a
/// checkpoint, or a picture or JSON file with settings. `--measure-start` prints the seconds from the start of the
/// process until the window has been painted and takes input, and whether libtorch is loaded by then, and ends.
/// Answers the process's exit code. Takes `main`'s own arguments, because Qt keeps them.
int openStudio(int argc, char** argv);

} // namespace studio
