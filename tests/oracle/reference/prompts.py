"""Pictures of prompts in A1111's language, and of the ways guidance can be shaped.

Nothing here reads that language: each case says by hand what its prompt comes to, as A1111's documentation has it.
`chunks` of a text are lists of (words, weight); a text of a schedule holds up to and with a call, counted from 0.
"""

import torch

from . import files, models, pipelines

NEGATIVE = "blurry, low quality"
COMMON = {
    "negative": NEGATIVE,
    "negative_chunks": [[[NEGATIVE, 1.0]]],
    "width": 96,
    "height": 128,
    "steps": 8,
    "guidance": 7.5,
    "seed": 3,
    "emphasis": "original",
    "clip_skip": 2,
}
LESS = 1 / 1.1
WEIGHTED = "a (red:1.4) [fox] in the ((snow)), golden hour"
WEIGHTED_CHUNK = [
    ["a ", 1.0],
    ["red", 1.4],
    [" ", 1.0],
    ["fox", LESS],
    [" in the ", 1.0],
    ["snow", 1.1 * 1.1],
    [", golden hour", 1.0],
]
# The 75th token is "snow" of the eleventh line; a comma lies right before it, so "snow" moves on to the next chunk.
LINES = "red fox tree, snow hill, " * 10
HEAD = LINES + "red fox tree,"
TAIL = " snow hill in the fog, blue"
WORDS = HEAD + TAIL


def text(*chunks, until=-1):
    return {"until": until, "chunks": [list(chunk) for chunk in chunks]}


def part(*texts, weight=1.0):
    return {"weight": weight, "texts": list(texts)}


def plain(words, **options):
    return text([[words, 1.0]], **options)


def alternating(words, steps):
    return part(*[plain(words[call % len(words)], until=call + 1) for call in range(steps)])


PLAIN = {"prompt": "a red fox in the snow", "parts": [part(plain("a red fox in the snow"))]}
CASES = {
    "tiny_base": [
        {"prompt": WEIGHTED, "parts": [part(text(WEIGHTED_CHUNK))]},
        {"prompt": WEIGHTED, "parts": [part(text(WEIGHTED_CHUNK))], "emphasis": "no_norm"},
        {"prompt": WEIGHTED, "parts": [part(text(WEIGHTED_CHUNK))], "emphasis": "comfy"},
        {"prompt": WORDS, "parts": [part(text([[HEAD, 1.0]], [[TAIL, 1.0]]))]},
        {
            "prompt": "a red fox BREAK (snow:1.3), fog",
            "parts": [part(text([["a red fox", 1.0]], [["snow", 1.3], [", fog", 1.0]]))],
            "negative": "blurry BREAK grey BREAK dull",
            "negative_chunks": [[["blurry", 1.0]], [["grey", 1.0]], [["dull", 1.0]]],
        },
        {
            "prompt": "a ([red fox:castle on a hill:0.5]:1.3) in fog",
            "parts": [
                part(
                    text([["a ", 1.0], ["red fox", 1.3], [" in fog", 1.0]], until=4),
                    text([["a ", 1.0], ["castle on a hill", 1.3], [" in fog", 1.0]]),
                )
            ],
        },
        {
            "prompt": "a [castle:3] [fog::6] at dusk",
            "parts": [
                part(
                    plain("a  fog at dusk", until=3),
                    plain("a castle fog at dusk", until=6),
                    plain("a castle  at dusk"),
                )
            ],
            "negative": "[grey:dull:0.25]",
            "negative_texts": [plain("grey", until=2), plain("dull")],
        },
        {"prompt": "[red|blue|green] fox", "parts": [alternating(["red fox", "blue fox", "green fox"], 8)]},
        {
            "prompt": "a red fox :1.2 AND a castle in fog AND snow BREAK ice :-0.4",
            "parts": [
                part(plain("a red fox"), weight=1.2),
                part(plain("a castle in fog")),
                part(text([["snow", 1.0]], [["ice", 1.0]]), weight=-0.4),
            ],
        },
        {"prompt": "aspect ratio 16:2", "parts": [part(plain("aspect ratio 16"), weight=2.0)], "guidance": 3.0},
        {**PLAIN, "rescale": 0.7},
        {**PLAIN, "start": 0.25, "end": 0.75},
        {**PLAIN, "skip_below": 5.0},
        {**PLAIN, "skip_below": 5.0, "skip_all": True},
        {**PLAIN, "clip_skip": 1},
        {**PLAIN, "clip_skip": 3},
        {**PLAIN, "sampler": "euler_cfgpp", "guidance": 0.8},
    ],
    "tiny_base_v": [{**PLAIN, "rescale": 0.7}],
}


def token_row(tokenizer, chunk):
    """One chunk -> 77 tokens and weights; SDXL's second tokenizer pads with token 0 behind the end."""
    ids, weights = [tokenizer.bos_token_id], [1.0]
    for words, weight in chunk:
        piece = tokenizer(words, add_special_tokens=False).input_ids
        ids += piece
        weights += [weight] * len(piece)
    assert len(ids) <= 76, "a chunk of the table holds more than 75 tokens"
    ids.append(tokenizer.eos_token_id)
    ids += [tokenizer.pad_token_id] * (77 - len(ids))
    return torch.tensor(ids), torch.tensor(weights + [1.0] * (77 - len(weights)))


def encode(pipe, texts, case):
    """Texts of one group -> contexts [n, 77 k, C] and pooled [n, P]."""
    length = max(len(chunks) for chunks in texts)
    rows = [chunks + [[]] * (length - len(chunks)) for chunks in texts]
    contexts = []
    for tokenizer, encoder in ((pipe.tokenizer, pipe.text_encoder), (pipe.tokenizer_2, pipe.text_encoder_2)):

        def states(ids, encoder=encoder):
            with torch.no_grad():
                out = encoder(ids, output_hidden_states=True)
            return out.hidden_states[-case["clip_skip"]], out

        columns = []
        for position in range(length):
            pairs = [token_row(tokenizer, row[position]) for row in rows]
            ids, weights = torch.stack([p[0] for p in pairs]), torch.stack([p[1] for p in pairs])[..., None]
            found, out = states(ids)
            if position == 0 and encoder is pipe.text_encoder_2:
                pooled = out.text_embeds
            if case["emphasis"] == "comfy":
                empty, _ = states(token_row(tokenizer, [])[0][None])
                found = empty + (found - empty) * weights
            else:
                weighted = found * weights
                found = weighted * (found.mean() / weighted.mean()) if case["emphasis"] == "original" else weighted
            columns.append(found)
        contexts.append(torch.cat(columns, 1))
    return torch.cat(contexts, -1), pooled


def timeline(pipe, texts, case):
    """For each call of the denoiser, the (context, pooled) that holds."""
    contexts, pooled = encode(pipe, [t["chunks"] for t in texts], case)
    held = []
    for call in range(case["steps"]):
        index = next(i for i, t in enumerate(texts) if t["until"] < 0 or call <= t["until"])
        held.append((contexts[index : index + 1], pooled[index : index + 1]))
    return held


def longest(timelines):
    """Prompts put together are as long as the longest: the others repeat their last row."""
    length = max(held[0][0].shape[1] for held in timelines)
    for held in timelines:
        for call, (context, pooled) in enumerate(held):
            missing = length - context.shape[1]
            held[call] = (torch.cat([context, context[:, -1:].repeat(1, missing, 1)], 1), pooled)
    return timelines


def asks_negative(case, call, sigma):
    share = call / case["steps"]
    early = case.get("start", 0.0) > 0 and share <= case["start"]
    late = case.get("end", 1.0) < 1 and share >= case["end"]
    low = sigma < case.get("skip_below", 0.0) and (call % 2 == 1 or case.get("skip_all", False))
    return not (early or late or low)


def run(name, case):
    pipe = pipelines.text_to_image(name)
    scheduler = models.scheduler(models.load_spec(name))
    scheduler.set_timesteps(case["steps"])
    size = (case["height"], case["width"])
    time_ids = torch.tensor([[*size, 0, 0, *size]], dtype=torch.float32)
    prompts = longest([timeline(pipe, p["texts"], case) for p in case["parts"]])
    negatives = timeline(pipe, case.get("negative_texts", [{"until": -1, "chunks": case["negative_chunks"]}]), case)
    weights = [p["weight"] for p in case["parts"]]
    shape = (1, 4, case["height"] // 8, case["width"] // 8)
    latents = torch.randn(shape, generator=pipelines.generator(case["seed"])) * scheduler.init_noise_sigma

    def predict(told, scaled, timestep):
        with torch.no_grad():
            extra = {"text_embeds": told[1], "time_ids": time_ids}
            return pipe.unet(scaled, timestep, told[0], added_cond_kwargs=extra, return_dict=False)[0]

    for call, timestep in enumerate(scheduler.timesteps):
        sigma = scheduler.sigmas[call].item()
        scaled = latents / (sigma**2 + 1) ** 0.5
        answers = [predict(held[call], scaled, timestep) for held in prompts]
        asked = asks_negative(case, call, sigma)
        base = predict(negatives[call], scaled, timestep) if asked else answers[0]
        guidance = case["guidance"] if asked else 1.0
        answer = base + sum(guidance * w * (a - base) for w, a in zip(weights, answers, strict=True))
        if asked and case.get("rescale"):
            same = answer * (answers[0].std(dim=[1, 2, 3]) / answer.std(dim=[1, 2, 3]))
            answer = case["rescale"] * same + (1 - case["rescale"]) * answer
        if case.get("sampler") == "euler_cfgpp":  # Chung et al. 2024, Algorithm 2, with noise predictions
            latents = latents - sigma * answer + scheduler.sigmas[call + 1] * base
        else:
            latents = scheduler.step(answer, timestep, latents, return_dict=False)[0]
    return latents


def make(names):
    for name in names:
        tensors, cases = {}, []
        for change in CASES.get(name, []):
            case = {**COMMON, **change}
            tensors[f"{len(cases)}.latents"] = run(name, case)
            cases.append({key: value for key, value in case.items() if "parts" not in key and "chunks" not in key})
        if cases:
            files.save(f"{name}_prompts", tensors, {"model": name, "cases": cases})
