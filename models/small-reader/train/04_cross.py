"""4. What the cross-encoder (02_train.py --model cross) makes of the test splits, for the comparison: build/baselines/cross-{test,written-test,written-exam}.json.

    python 04_cross.py        reads build/cross.pt; its temperature comes from dev and written-dev
"""
import json
import time
from pathlib import Path

import numpy as np
import torch

from calibrate import fit_temperature, soft
from model import MAX_TOKENS, CrossEncoder, load_tokenizer

BUILD = Path(__file__).resolve().parent / "build"
BATCH, DEV_PAIRS = 64, 4000
torch.set_num_threads(2)
model, tokenizer = CrossEncoder(), load_tokenizer()
model.load_state_dict(torch.load(BUILD / "cross.pt"))
model.eval()


def read(split, most=None):
    """-> logits [P, 3], truth [P]; pairs of like length together"""
    pairs = [(row["statement"], p["criterion"], "scn".index(p["label"])) for line in open(BUILD / f"{split}.jsonl") for row in [json.loads(line)] for p in row["pairs"]][:most]
    logits, started = np.zeros((len(pairs), 3), np.float32), time.perf_counter()
    order = sorted(range(len(pairs)), key=lambda i: len(pairs[i][0]) + len(pairs[i][1]))
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for at in range(0, len(order), BATCH):
            some = order[at:at + BATCH]
            given = tokenizer([pairs[i][0] for i in some], [pairs[i][1] for i in some], truncation=True, max_length=2 * MAX_TOKENS, padding=True, return_tensors="pt")
            logits[some] = model.classify(model(given["input_ids"], given["attention_mask"], given["token_type_ids"])).float().numpy()
    print(f"cross {split}: {len(pairs)} pairs, {(time.perf_counter() - started) * 1000 / len(pairs):.2f} ms a pair on two threads")
    return logits, np.array([label for *_, label in pairs])


devs = [read(name, DEV_PAIRS) for name in ("dev", "written-dev")]
temperature = fit_temperature(np.concatenate([d[0] for d in devs]), np.concatenate([d[1] for d in devs]))
for split in ("test", "written-test", "written-exam"):
    p = soft(read(split)[0] / temperature)
    (BUILD / f"baselines/cross-{split}.json").write_text(json.dumps([{"supports": round(float(s), 4), "contradicts": round(float(c), 4)} for s, c, _ in p]))
