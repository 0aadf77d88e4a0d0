#!/bin/sh
# Talks to a running service with curl.
set -eu
base=$1

answer=$(curl -sS --fail "$base/health")
case $answer in *'"status":"healthy"'*) ;; *) echo "health: $answer"; exit 1 ;; esac

answer=$(curl -sS --fail -X POST "$base/generate" -H "Content-Type: application/json" -d '{
  "prompt": "a lighthouse at dusk", "negative_prompt": "blurry, low quality", "width": 1024, "height": 1024,
  "num_inference_steps": 4, "guidance_scale": 7.5, "use_refiner": false, "hires_fix": true, "hires_fix_simple": false,
  "hires_scale": 1.5, "use_face_restoration": false, "seed": 42}')
case $answer in *'"mode":"hires"'*) ;; *) echo "generate: $answer"; exit 1 ;; esac
case $answer in *'"image":"iVBORw0KGgo'*) ;; *) echo "no PNG: $answer"; exit 1 ;; esac

status=$(curl -sS -o /dev/null -w '%{http_code}' -X POST "$base/generate" -H "Content-Type: application/json" -d '{}')
[ "$status" = 422 ] || { echo "an empty body gave $status"; exit 1; }

# A POST without a body, and a body that curl announces first and sends on "100 Continue".
curl -sS --fail --max-time 10 -X POST "$base/sdapi/v1/interrupt" > /dev/null
{ printf '{"image": "'; head -c 1500000 /dev/zero | tr '\0' 'A'; printf '"}'; } > "$2/large.json"
status=$(curl -sS --max-time 30 -o /dev/null -w '%{http_code}' "$base/generate" -H "Content-Type: application/json" \
    --data-binary "@$2/large.json")
[ "$status" = 413 ] || { echo "a large body gave $status"; exit 1; }

echo fine
