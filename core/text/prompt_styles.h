#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace studio::text {

/// A prompt kept under a name, A1111's styles.csv.
struct PromptStyle {
    std::string name;
    std::string prompt;
    std::string negativePrompt;

    bool operator==(const PromptStyle&) const = default;
};

/// Reads the text of a styles.csv: a first line that names the columns (name, prompt or text, negative_prompt), fields
/// quoted where they hold commas, quotes or line breaks. Rows without a name are passed over; of two with one name the
/// later counts. Throws Error (FileCorrupt) if the columns are not there.
std::vector<PromptStyle> readStyles(std::string_view csv);

/// The same from a file; none if there is no file.
std::vector<PromptStyle> readStylesFile(const std::filesystem::path& file);

/// The style's text around the prompt: in the place of {prompt} where it has one, else behind it after a comma.
std::string withStyle(const std::string& prompt, const std::string& style);

/// The lines of folder/name.txt without outer space, empty lines and lines that begin with #. Nothing if there is no
/// such file, or if the name leads out of the folder.
std::optional<std::vector<std::string>> readWildcard(
    const std::filesystem::path& folder, const std::string& name);

} // namespace studio::text
