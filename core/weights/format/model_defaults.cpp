#include "core/weights/format/config_json.h"
#include "core/weights/format/json_file.h"

namespace studio {

namespace {

constexpr std::int64_t kSmallestSide = 64;
constexpr std::int64_t kLargestSide = 8192;

Extent extent(const JsonFile& json, const char* field, Extent absent)
{
    if (!json.has(field))
        return absent;
    const std::vector<std::int64_t> sides = json.counts(field);
    for (const std::int64_t side : sides)
        if (side < kSmallestSide || side > kLargestSide || side % 8 != 0)
            json.fail(field, "two multiples of 8 from 64 to 8192");
    if (sides.size() != 2)
        json.fail(field, "two multiples of 8 from 64 to 8192");
    return {static_cast<int>(sides[0]), static_cast<int>(sides[1])};
}

std::array<double, 3> triple(const JsonFile& json, const char* field, const nlohmann::json& value)
{
    std::array<double, 3> numbers{};
    if (!value.is_array() || value.size() != numbers.size())
        json.fail(field, "made of three numbers a row");
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (!value[i].is_number())
            json.fail(field, "made of three numbers a row");
        numbers[i] = value[i].get<double>();
    }
    return numbers;
}

std::string refinerPath(const JsonFile& json)
{
    const std::filesystem::path given = json.text("refiner", "");
    if (given.empty())
        return {};
    const std::filesystem::path model
        = std::filesystem::absolute(json.path()).lexically_normal().parent_path();
    const std::filesystem::path refiner = (model / given).lexically_normal();
    const std::filesystem::path inside = refiner.lexically_relative(model.parent_path());
    if (given.is_absolute() || inside.empty() || inside == "." || *inside.begin() == "..")
        json.fail("refiner", "a path inside the folder that holds the model");
    return refiner.string();
}

} // namespace

ModelDefaults readModelDefaults(const std::filesystem::path& file)
{
    const JsonFile json(file);
    ModelDefaults defaults;
    defaults.name = json.text("name", "");
    defaults.standard = extent(json, "standard", defaults.standard);
    defaults.simpleBase = extent(json, "simple_base", defaults.simpleBase);
    defaults.simpleScale = json.number("simple_scale", defaults.simpleScale);
    if (defaults.simpleScale < 1.0 || defaults.simpleScale > 8.0)
        json.fail("simple_scale", "from 1 to 8");
    defaults.hiresBase = extent(json, "hires_base", defaults.hiresBase);
    defaults.hiresTarget = extent(json, "hires_target", defaults.hiresTarget);
    defaults.refiner = refinerPath(json);
    if (json.has("latent_to_rgb")) {
        const nlohmann::json& rows = json.root()["latent_to_rgb"];
        std::array<std::array<double, 3>, 4> matrix{};
        if (!rows.is_array() || rows.size() != matrix.size())
            json.fail("latent_to_rgb", "made of four rows");
        for (std::size_t i = 0; i < matrix.size(); ++i)
            matrix[i] = triple(json, "latent_to_rgb", rows[i]);
        defaults.latentToRgb = matrix;
    }
    if (json.has("latent_to_rgb_bias"))
        defaults.latentToRgbBias = triple(json, "latent_to_rgb_bias", json.root()["latent_to_rgb_bias"]);
    if (json.has("example_prompts"))
        defaults.examplePrompts = json.texts("example_prompts");
    return defaults;
}

} // namespace studio
