#pragma once

#include "tests/tools/random_checkpoint.h"

#include <QTemporaryDir>

#include <filesystem>
#include <string>

namespace studio::testing {

/// A temporary folder of checkpoints with random weights.
class CheckpointFolder {
public:
    std::filesystem::path root() const { return m_folder.path().toStdString(); }

    /// Writes a model of tests/oracle/models under `name`.
    std::filesystem::path write(
        const std::string& model, const std::string& name, const CheckpointOptions& options = {}) const
    {
        writeRandomCheckpoint(spec(model), root() / name, options);
        return root() / name;
    }

    static CheckpointSpec spec(const std::string& model)
    {
        return readSpec(STUDIO_SOURCE_DIR "/tests/oracle/models/" + model + ".json");
    }

private:
    QTemporaryDir m_folder;
};

} // namespace studio::testing
