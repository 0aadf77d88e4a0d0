// Talks to a running service as a Node program would: the built-in fetch.
import assert from "node:assert/strict";

const base = process.argv[2];

async function post(path, body) {
    const response = await fetch(base + path, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
    });
    return { status: response.status, json: await response.json() };
}

function sizeOfPng(text) {
    const data = Buffer.from(text, "base64");
    assert.equal(data.subarray(1, 4).toString("latin1"), "PNG");
    return `${data.readUInt32BE(16)}x${data.readUInt32BE(20)}`;
}

const health = await (await fetch(`${base}/health`)).json();
assert.equal(health.status, "healthy");

for (const [changes, mode] of [[{}, "standard"], [{ hires_fix_simple: true }, "simple"], [{ hires_fix: true }, "hires"]]) {
    const { status, json } = await post("/generate", { prompt: "一只猫", num_inference_steps: 4, seed: 42, ...changes });
    assert.equal(status, 200);
    assert.equal(json.mode, mode);
    assert.equal(json.seed, 42);
    assert.equal(sizeOfPng(json.image), json.final_resolution);
}

const wrong = await post("/generate", { prompt: "x", num_inference_steps: 0 });
assert.equal(wrong.status, 422);
assert.equal(wrong.json.field, "num_inference_steps");

// A page that the user leaves: the request is aborted.
const leaving = new AbortController();
const aborted = fetch(`${base}/generate`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ prompt: "x" }),
    signal: leaving.signal,
});
leaving.abort();
await assert.rejects(aborted, { name: "AbortError" });

console.log("fine");
