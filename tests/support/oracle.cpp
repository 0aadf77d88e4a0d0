#include "tests/support/oracle.h"

#include "core/base/error.h"
#include "core/weights/load_weights.h"
#include "tests/tools/random_checkpoint.h"

#include <ATen/ATen.h>

#include <sys/file.h>
#include <unistd.h>

#include <fcntl.h>
#include <limits>

namespace studio::testing {

namespace fs = std::filesystem;

Oracle::Oracle(const std::string& name)
    : m_file(fs::path(STUDIO_SOURCE_DIR) / "tests/oracle/vectors" / (name + ".safetensors"))
{
    const auto& metadata = m_file.header().metadata;
    if (const auto found = metadata.find("settings"); found != metadata.end())
        m_settings = nlohmann::json::parse(found->second);
}

at::Tensor Oracle::tensor(const std::string& key) const
{
    const SafetensorsEntry* entry = m_file.header().find(key);
    if (!entry)
        throw Error(ErrorKind::FileMissing, "The reference vectors hold no " + key + ".");
    return asTensor(m_file.tensor(*entry));
}

bool Oracle::has(const std::string& key) const
{
    return m_file.header().find(key) != nullptr;
}

double relativeError(const at::Tensor& actual, const at::Tensor& expected)
{
    if (actual.sizes() != expected.sizes())
        return std::numeric_limits<double>::infinity();
    const at::Tensor a = actual.to(at::kDouble);
    const at::Tensor b = expected.to(at::kDouble);
    return (a - b).norm().item<double>() / b.norm().item<double>();
}

double withinOne(const at::Tensor& actual, const at::Tensor& expected)
{
    if (actual.sizes() != expected.sizes())
        return 0.0;
    const at::Tensor difference = (actual.to(at::kInt) - expected.to(at::kInt)).abs();
    return difference.le(1).to(at::kDouble).mean().item<double>();
}

fs::path tinyModel(const std::string& name, const std::string& form)
{
    const fs::path folder = fs::path(STUDIO_BINARY_DIR) / "test_models";
    fs::create_directories(folder);
    const fs::path path = folder / (name + (form == "single" ? ".safetensors" : ""));
    // Tests run side by side: one writes, the others wait.
    const int lock = ::open((folder / "lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
    ::flock(lock, LOCK_EX);
    const fs::path spec = fs::path(STUDIO_SOURCE_DIR) / "tests/oracle/models" / (name + ".json");
    const bool stale = !fs::exists(path) || fs::last_write_time(path) < fs::last_write_time(spec);
    if (stale) {
        fs::remove_all(path);
        CheckpointOptions options{.dtype = StoredType::F32};
        options.form = form == "single" ? CheckpointForm::SingleFile : CheckpointForm::Folder;
        writeRandomCheckpoint(readSpec(spec), path, options);
    }
    ::close(lock);
    return path;
}

} // namespace studio::testing
