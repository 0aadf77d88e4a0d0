#include "core/request/infotext_names.h"

#include <algorithm>
#include <array>

namespace studio {

namespace {

constexpr std::array kSamplers{
    InfotextName{"euler", "Euler", "uniform"},
    InfotextName{"euler_ancestral", "Euler a", "uniform"},
    InfotextName{"heun", "Heun", "uniform"},
    InfotextName{"lms", "LMS", "uniform"},
    InfotextName{"dpm_2", "DPM2", "karras"},
    InfotextName{"dpm_2_ancestral", "DPM2 a", "karras"},
    InfotextName{"dpmpp_2s_ancestral", "DPM++ 2S a", "karras"},
    InfotextName{"dpmpp_2m", "DPM++ 2M", "karras"},
    InfotextName{"dpmpp_sde", "DPM++ SDE", "karras"},
    InfotextName{"dpmpp_2m_sde", "DPM++ 2M SDE", "exponential"},
    InfotextName{"dpmpp_2m_sde_heun", "DPM++ 2M SDE Heun", "exponential"},
    InfotextName{"dpmpp_3m_sde", "DPM++ 3M SDE", "exponential"},
    InfotextName{"ddim", "DDIM", "uniform"},
    InfotextName{"ddim_cfg_pp", "DDIM CFG++", "uniform"},
    InfotextName{"plms", "PLMS", "uniform"},
    InfotextName{"unipc", "UniPC", "uniform"},
    InfotextName{"lcm", "LCM", "uniform"},
    InfotextName{"restart", "Restart", "karras"},
    InfotextName{"dpm_fast", "DPM fast", "uniform"},
    InfotextName{"dpm_adaptive", "DPM adaptive", "uniform"},
};

// The last four are ours: A1111 has no name for them and reads them as "Automatic".
constexpr std::array kSchedules{
    InfotextName{"uniform", "Uniform", {}},
    InfotextName{"karras", "Karras", {}},
    InfotextName{"exponential", "Exponential", {}},
    InfotextName{"polyexponential", "Polyexponential", {}},
    InfotextName{"sgm_uniform", "SGM Uniform", {}},
    InfotextName{"kl_optimal", "KL Optimal", {}},
    InfotextName{"align_your_steps", "Align Your Steps", {}},
    InfotextName{"simple", "Simple", {}},
    InfotextName{"normal", "Normal", {}},
    InfotextName{"ddim", "DDIM", {}},
    InfotextName{"beta", "Beta", {}},
    InfotextName{"leading", "Leading", {}},
    InfotextName{"trailing", "Trailing", {}},
    InfotextName{"linspace", "Linspace", {}},
    InfotextName{"model", "Model's own", {}},
};

constexpr std::array kUpscalers{InfotextName{"lanczos", "Lanczos", {}}};

bool sameLetters(std::string_view a, std::string_view b)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(
        a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

} // namespace

std::span<const InfotextName> infotextSamplers()
{
    return kSamplers;
}

std::span<const InfotextName> infotextSchedules()
{
    return kSchedules;
}

std::span<const InfotextName> infotextUpscalers()
{
    return kUpscalers;
}

std::string labelOf(std::span<const InfotextName> names, std::string_view id)
{
    const auto found
        = std::find_if(names.begin(), names.end(), [&](const InfotextName& n) { return n.id == id; });
    return std::string(found == names.end() ? id : found->label);
}

const InfotextName* nameOf(std::span<const InfotextName> names, std::string_view labelOrId)
{
    for (const InfotextName& name : names)
        if (sameLetters(name.label, labelOrId) || sameLetters(name.id, labelOrId))
            return &name;
    return nullptr;
}

} // namespace studio
