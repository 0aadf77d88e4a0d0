#pragma once

#include "tests/tools/checkpoint_spec.h"

#include <filesystem>
#include <string>

namespace studio::testing {

enum class CheckpointForm {
    SingleFile, ///< LDM keys, fused and transposed as the spec says; OUT is the file
    Folder,     ///< diffusers; OUT is the folder
};

struct CheckpointOptions {
    CheckpointForm form = CheckpointForm::Folder;
    StoredType dtype = StoredType::F16;
    int shards = 1;      ///< of the UNet's folder; more than 1 writes an index beside them
    std::string variant; ///< "fp16": part of the names of weight files
};

/// Writes a checkpoint with the weights of the weight rule, at a few MB of memory, on two threads.
void writeRandomCheckpoint(
    const CheckpointSpec& spec, const std::filesystem::path& out, const CheckpointOptions& options = {});

} // namespace studio::testing
