#include "core/request/infotext_names.h"

#include <algorithm>
#include <array>

namespace studio {

namespace {

// Ids, labels and automatic schedules are those of the engine's table; a test holds them together. Aliases are what
// k-diffusion and ComfyUI call the same.
constexpr std::array kSamplers{
    InfotextName{"euler", "Euler", {}, "uniform"},
    InfotextName{"euler_a", "Euler a", "euler_ancestral", "uniform"},
    InfotextName{"heun", "Heun", {}, "uniform"},
    InfotextName{"dpm2", "DPM2", "dpm_2", "karras"},
    InfotextName{"dpm2_a", "DPM2 a", "dpm_2_ancestral", "karras"},
    InfotextName{"lms", "LMS", {}, "uniform"},
    InfotextName{"dpmpp_2s_a", "DPM++ 2S a", "dpmpp_2s_ancestral", "karras"},
    InfotextName{"dpmpp_2m", "DPM++ 2M", {}, "karras"},
    InfotextName{"dpmpp_sde", "DPM++ SDE", {}, "karras"},
    InfotextName{"dpmpp_2m_sde", "DPM++ 2M SDE", {}, "exponential"},
    InfotextName{"dpmpp_2m_sde_heun", "DPM++ 2M SDE Heun", {}, "exponential"},
    InfotextName{"dpmpp_3m_sde", "DPM++ 3M SDE", {}, "exponential"},
    InfotextName{"ddim", "DDIM", {}, "uniform"},
    InfotextName{"plms", "PLMS", {}, "uniform"},
    InfotextName{"unipc", "UniPC", "uni_pc", "uniform"},
    InfotextName{"unipc_bh2", "UniPC bh2", "uni_pc_bh2", "uniform"},
    InfotextName{"deis", "DEIS", {}, "uniform"},
    InfotextName{"ipndm", "IPNDM", {}, "uniform"},
    InfotextName{"restart", "Restart", {}, "karras"},
    InfotextName{"lcm", "LCM", {}, "sgm_uniform"},
    InfotextName{"tcd", "TCD", {}, "sgm_uniform"},
    InfotextName{"euler_cfgpp", "Euler CFG++", "euler_cfg_pp", "uniform"},
    InfotextName{"euler_a_cfgpp", "Euler a CFG++", "euler_ancestral_cfg_pp", "uniform"},
    InfotextName{"er_sde", "ER-SDE", {}, "uniform"},
    InfotextName{"res_multistep", "RES multistep", {}, "uniform"},
};

// "Normal" is Uniform's other implementation. Leading, Trailing, Linspace and "Model's own" are ours: A1111 has no name
// for them and reads them as "Automatic".
constexpr std::array kSchedules{
    InfotextName{"model", "Model's own", {}, {}},
    InfotextName{"leading", "Leading", {}, {}},
    InfotextName{"trailing", "Trailing", {}, {}},
    InfotextName{"linspace", "Linspace", {}, {}},
    InfotextName{"automatic", "Automatic", {}, {}},
    InfotextName{"uniform", "Uniform", "normal", {}},
    InfotextName{"karras", "Karras", {}, {}},
    InfotextName{"exponential", "Exponential", {}, {}},
    InfotextName{"polyexponential", "Polyexponential", {}, {}},
    InfotextName{"sgm_uniform", "SGM Uniform", {}, {}},
    InfotextName{"simple", "Simple", {}, {}},
    InfotextName{"ddim_uniform", "DDIM", {}, {}},
    InfotextName{"beta", "Beta", {}, {}},
    InfotextName{"kl_optimal", "KL Optimal", {}, {}},
    InfotextName{"align_your_steps", "Align Your Steps", {}, {}},
    InfotextName{"linear_quadratic", "Linear Quadratic", {}, {}},
};

constexpr std::array kUpscalers{
    InfotextName{"lanczos", "Lanczos", {}, {}},
    InfotextName{"nearest", "Nearest", {}, {}},
};

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
        if (sameLetters(name.label, labelOrId) || sameLetters(name.id, labelOrId)
            || (!name.alias.empty() && sameLetters(name.alias, labelOrId)))
            return &name;
    return nullptr;
}

} // namespace studio
