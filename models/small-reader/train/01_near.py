"""1b. For every statement the criteria of other statements that come closest to it: pairs whose label nobody knows, for the teacher to answer and the reader to learn.

    python 01_near.py            writes build/near-{train,written-train,written-all,written-common}.json: for each row EXTRA criteria

Close by the start weights, which are a sentence embedding. EXTRA of the NEAR closest are drawn (seeded).
"""
import json
import random

import torch
from transformers import AutoModel

from model import MAX_TOKENS, WEIGHTS
from rows import BUILD, MOST, tokenizer

SEED, NEAR, EXTRA, BATCH = 7, 24, 2, 256
SOURCES = ("train", "written-train", "written-all", "written-common")
device = "cuda" if torch.cuda.is_available() else "cpu"
bert = AutoModel.from_pretrained(WEIGHTS).to(device).eval()
kept = {}


@torch.no_grad()
def vectors(texts):
    """Meaning of each text [N, 384]"""
    order = sorted({text for text in texts if text not in kept}, key=len)
    for at in range(0, len(order), BATCH):
        given = tokenizer(order[at:at + BATCH], truncation=True, max_length=MAX_TOKENS, padding=True, return_tensors="pt").to(device)
        with torch.autocast(device, torch.bfloat16):
            x = bert(**given).last_hidden_state.float()
        mean = torch.nn.functional.normalize((x * given["attention_mask"][:, :, None]).sum(1), dim=-1).half().cpu()
        kept.update(zip(order[at:at + BATCH], mean))
    return torch.stack([kept[text] for text in texts]).float()


for name in SOURCES:
    rng = random.Random(f"{SEED}:{name}")
    rows = [json.loads(line) for line in open(BUILD / f"{name}.jsonl")][:MOST.get(name)]
    criteria = sorted({p["criterion"] for row in rows for p in row["pairs"]})
    place = {c: i for i, c in enumerate(criteria)}
    sought, said, out = vectors(criteria), vectors([row["statement"] for row in rows]), []
    for at in range(0, len(rows), 2048):
        close = said[at:at + 2048] @ sought.T
        for k, row in enumerate(rows[at:at + 2048]):
            close[k, [place[p["criterion"]] for p in row["pairs"]]] = -1.0
        out += [[criteria[i] for i in rng.sample(near, EXTRA)] for near in close.topk(NEAR, -1).indices.tolist()]
    (BUILD / f"near-{name}.json").write_text(json.dumps(out, ensure_ascii=False))
    print(f"near {name}: {len(rows)} statements, {len(criteria)} criteria", flush=True)
