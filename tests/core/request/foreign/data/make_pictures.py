"""Writes pictures with the settings of other programs where those programs put them, through the library they use.

Run: python make_pictures.py    (needs Pillow)
"""

import json
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
MAKE, MODEL, SOFTWARE, USER_COMMENT, MAKER_NOTE = 0x010F, 0x0110, 0x0131, 0x9286, 0x927C

GRAPH = {
    "3": {"class_type": "KSampler", "inputs": {
        "seed": 8566257, "steps": 24, "cfg": 6.5, "sampler_name": "dpmpp_2m", "scheduler": "karras", "denoise": 1,
        "model": ["4", 0], "positive": ["6", 0], "negative": ["7", 0], "latent_image": ["5", 0]}},
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "sd_xl_base_1.0.safetensors"}},
    "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 832, "height": 1216, "batch_size": 1}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a lighthouse, caf\u00e9", "clip": ["4", 1]}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "blurry", "clip": ["4", 1]}},
    "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
    "9": {"class_type": "SaveAnimatedWEBP", "inputs": {"images": ["8", 0], "filename_prefix": "ComfyUI"}},
}
FOOOCUS = {
    "adm_guidance": "(1.5, 0.8, 0.3)", "base_model": "juggernautXL_v8Rundiffusion", "guidance_scale": 4,
    "full_prompt": ["cinematic still a lighthouse . emotional", "a lighthouse, sharp, intricate"],
    "full_negative_prompt": ["anime, cartoon", "blurry"], "loras": [["sd_xl_offset_example-lora_1.0", 0.1, "4852686128"]],
    "metadata_scheme": "fooocus", "negative_prompt": "blurry", "performance": "Speed", "prompt": "a lighthouse",
    "prompt_expansion": "a lighthouse, sharp, intricate", "refiner_model": "None", "refiner_switch": 0.5,
    "resolution": "(1152, 896)", "sampler": "dpmpp_2m_sde_gpu", "scheduler": "karras", "seed": "4211234567890123456",
    "sharpness": 2, "steps": 30, "styles": "['Fooocus V2', 'SAI Cinematic']", "vae": "Default (model)",
    "version": "Fooocus v2.5.5",
}
XMP = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 6.0.0">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
   <xmp:CreatorTool>Draw Things</xmp:CreatorTool>
   <exif:UserComment><rdf:Alt><rdf:li xml:lang="x-default">{&quot;c&quot;:&quot;a lighthouse &lt;3&quot;,
&quot;sampler&quot;:&quot;Euler A Trailing&quot;,&quot;scale&quot;:5,&quot;seed&quot;:7,&quot;seed_mode&quot;:
&quot;Scale Alike&quot;,&quot;size&quot;:&quot;1024x768&quot;,&quot;steps&quot;:8,&quot;uc&quot;:&quot;&quot;}</rdf:li>
   </rdf:Alt></exif:UserComment>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>"""


def exif(texts):
    block = Image.Exif()
    for tag, text in texts.items():
        block[tag] = text
    return block


def main():
    picture = Image.new("RGB", (8, 8), (30, 60, 90))
    # ComfyUI's nodes for WebP: the graph under Model, what its window adds below that.
    picture.save(HERE / "comfyui.webp", lossless=True, exif=exif(
        {MODEL: "prompt:" + json.dumps(GRAPH), MAKE: "workflow:" + json.dumps({"nodes": [], "links": []})}))
    # Fooocus: everything in the first directory, MakerNote as plain text.
    fooocus = exif({USER_COMMENT: json.dumps(FOOOCUS), SOFTWARE: "Fooocus v2.5.5", MAKER_NOTE: "fooocus"})
    picture.save(HERE / "fooocus.jpg", quality=95, exif=fooocus)
    picture.save(HERE / "fooocus.webp", quality=95, exif=fooocus)
    picture.save(HERE / "draw_things.jpg", quality=95, xmp=XMP)
    picture.save(HERE / "draw_things.webp", quality=95, xmp=XMP)


if __name__ == "__main__":
    main()
