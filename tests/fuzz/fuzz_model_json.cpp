// The configurations of a diffusers folder.

#include "core/base/error.h"
#include "core/weights/format/config_json.h"
#include "tests/fuzz/memory_file.h"

#include <cstdlib>

namespace {

using namespace studio;

template <class Read> void readOrRefuse(Read&& read, const std::filesystem::path& path)
{
    try {
        read(path);
    } catch (const Error& error) {
        if (std::string(error.what()).find('\n') != std::string::npos)
            std::abort();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const fuzz::MemoryFile file({data, size});
    readOrRefuse(&readModelIndex, file.path());
    readOrRefuse(&readUnetConfig, file.path());
    readOrRefuse(&readTextEncoderConfig, file.path());
    readOrRefuse(&readVaeConfig, file.path());
    readOrRefuse(&readSchedulerConfig, file.path());
    readOrRefuse(&readModelDefaults, file.path());
    readOrRefuse(&readShardIndex, file.path());
    return 0;
}
