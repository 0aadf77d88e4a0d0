"""A spec as the single file that artists download."""

import torch

from . import weights

DTYPES = {"F32": torch.float32, "F16": torch.float16, "I64": torch.int64}


def stored_form(value: torch.Tensor, transform: str) -> torch.Tensor:
    if transform == "transpose":
        return value.T.contiguous()
    if transform == "conv1x1":
        return value[:, :, None, None]
    return value


def tensors(spec: dict, meta: bool = False) -> dict[str, torch.Tensor]:
    """LDM name -> tensor; with `meta`, shapes alone, for the models of full size."""
    result, parts = {}, {}
    for component, key, shape, offset, scale, ldm_key, transform, *diagonal in spec["tensors"]:
        if meta:
            value = torch.empty(shape, device="meta")
        else:
            value = weights.tensor(spec["seed"], f"{component}/{key}", shape, offset, scale, *diagonal)
        if transform.startswith("rows:"):
            parts.setdefault(ldm_key, {})[int(transform.removeprefix("rows:"))] = value
        else:
            assert ldm_key not in result, ldm_key
            result[ldm_key] = stored_form(value, transform)
    for ldm_key, rows in parts.items():
        starts = sorted(rows)
        assert len(starts) == 3 and starts[1] == rows[0].shape[0] and starts[2] == 2 * starts[1], ldm_key
        result[ldm_key] = torch.cat([rows[start] for start in starts])
    for name, shape, dtype in spec["ldm_extra"]:
        result[name] = torch.zeros(shape, dtype=DTYPES[dtype])
        if name.endswith("position_ids"):
            result[name] = torch.arange(shape[1], dtype=DTYPES[dtype]).expand(shape).contiguous()
    return result


def safetensors_size(content: dict[str, torch.Tensor], bytes_per_value: int) -> int:
    """Bytes of all data, without the header: integers at 8, the rest at `bytes_per_value`."""
    return sum(v.numel() * (8 if v.dtype == torch.int64 else bytes_per_value) for v in content.values())
