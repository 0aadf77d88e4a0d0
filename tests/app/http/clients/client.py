"""Talks to a running service as a Python program would: urllib, nothing but the standard library."""

import base64
import json
import struct
import sys
import urllib.error
import urllib.request

base = sys.argv[1]


def post(path, body):
    request = urllib.request.Request(base + path, data=json.dumps(body).encode("utf-8"),
                                     headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


def size_of_png(text):
    data = base64.b64decode(text, validate=True)
    assert data[:8] == b"\x89PNG\r\n\x1a\n", "no PNG"
    return "%dx%d" % struct.unpack(">II", data[16:24])


with urllib.request.urlopen(base + "/health", timeout=60) as response:
    assert json.load(response)["status"] == "healthy"

for changes, mode in [({}, "standard"), ({"hires_fix_simple": True, "hires_scale": 1.5}, "simple"),
                      ({"hires_fix": True}, "hires")]:
    answer = post("/generate", {"prompt": "un château au crépuscule", "negative_prompt": "blurry, low quality",
                                "num_inference_steps": 4, "seed": 42, **changes})
    assert answer["mode"] == mode, answer["mode"]
    assert answer["seed"] == 42
    assert size_of_png(answer["image"]) == answer["final_resolution"]

answer = post("/sdapi/v1/txt2img", {"prompt": "a cat", "steps": 4, "seed": -1})
assert json.loads(answer["info"])["seed"] >= 0
size_of_png(answer["images"][0])

try:
    post("/generate", {"prompt": "x", "width": "wide"})
    raise SystemExit("a wrong body was accepted")
except urllib.error.HTTPError as error:
    assert error.code == 422
    assert json.load(error)["field"] == "width"

print("fine")
