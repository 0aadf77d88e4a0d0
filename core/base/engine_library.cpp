#include "core/api/engine.h"
#include "core/base/error.h"

#include <dlfcn.h>

namespace studio {

namespace {

constexpr const char* kEngineFile = "libstudio_engine.so";

/// The folder of the library this code is in, whoever loaded it.
std::filesystem::path folderOfThisLibrary()
{
    Dl_info info{};
    if (!dladdr(reinterpret_cast<const void*>(&openEngine), &info) || !info.dli_fname)
        throw Error(ErrorKind::Internal,
            "The program cannot tell where its own library lies; name the engine's file.");
    return std::filesystem::absolute(info.dli_fname).parent_path();
}

std::string lastLoaderError()
{
    const char* text = dlerror();
    return text ? text : "the loader gave no reason";
}

MakeEngine entryPoint(const std::filesystem::path& library)
{
    if (!std::filesystem::exists(library))
        throw Error(ErrorKind::FileMissing,
            "The engine's library is missing: " + library.string() + ". Install the program again.");
    // Local: libtorch brings symbols of its own copies of common libraries, which nobody else should bind to.
    // No-delete: its threads and registries do not survive being unloaded.
    void* handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!handle)
        throw Error(ErrorKind::Internal, "The engine's library cannot be loaded: " + lastLoaderError() + ".");
    void* symbol = dlsym(handle, kMakeEngineSymbol);
    if (!symbol)
        throw Error(ErrorKind::Internal,
            library.string() + " is not the engine of this program: it has no function " + kMakeEngineSymbol
                + ".");
    return reinterpret_cast<MakeEngine>(symbol);
}

} // namespace

Outcome<std::shared_ptr<Engine>> openEngine(
    const EngineOptions& options, const std::filesystem::path& library)
{
    return settle([&] {
        const MakeEngine make = entryPoint(library.empty() ? folderOfThisLibrary() / kEngineFile : library);
        std::shared_ptr<Engine> engine(make(&options));
        if (!engine)
            throw Error(ErrorKind::Internal, "The engine did not start; the log says why.");
        return engine;
    });
}

} // namespace studio
