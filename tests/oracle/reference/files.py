"""Vector files: safetensors with the settings of every case as JSON in the metadata."""

import json
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

VECTORS = Path(__file__).resolve().parent.parent / "vectors"


def save(name: str, tensors: dict, settings: dict) -> None:
    """float64 becomes float32 unless its key ends in `.f64`; integers and uint8 pictures stay as they are."""
    kept = {}
    for key, value in tensors.items():
        value = torch.as_tensor(np.ascontiguousarray(value) if isinstance(value, np.ndarray) else value)
        if value.dtype == torch.float64 and not key.endswith(".f64"):
            value = value.float()
        kept[key] = value.detach().contiguous().clone()
    VECTORS.mkdir(exist_ok=True)
    path = VECTORS / f"{name}.safetensors"
    save_file(kept, path, metadata={"settings": json.dumps(settings, sort_keys=True)})
    path.chmod(0o644)
    print(f"{name}: {len(kept)} tensors, {sum(v.nbytes for v in kept.values()) / 1e6:.2f} MB", flush=True)
