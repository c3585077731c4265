"""4. What the cross-encoders of 02_train.py make of the test splits, for the comparison: build/baselines/{cross,teacher}-{test,written-test,written-exam}.json.

    python 04_answers.py [NAME…] [--device cuda|cpu]        (default: cross teacher, those that build/ holds)

Nothing is trained or chosen here but a temperature, from dev and written-dev.
"""
import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch

from calibrate import fit_temperature, soft
from model import build
from rows import BUILD, read, tensors

BATCH, DEV_STATEMENTS = 64, 1500
parser = argparse.ArgumentParser()
parser.add_argument("names", nargs="*", default=["cross", "teacher"])
parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
args = parser.parse_args()


@torch.no_grad()
def answer(model, split, most=None):
    """-> logits [P, 3] in the order of the file's pairs, truth [P]"""
    rows = read(split)[:most]
    first = np.cumsum([0] + [len(pairs) for _, pairs in rows])
    logits, started = np.zeros((first[-1], 3), np.float32), time.perf_counter()
    order = sorted(range(len(rows)), key=lambda i: len(rows[i][0]))
    for at in range(0, len(order), BATCH):
        some = order[at:at + BATCH]
        batch = {name: x.to(args.device) for name, x in tensors([rows[i] for i in some]).items()}
        with torch.autocast(args.device, torch.bfloat16):
            made = model.classify(model(batch["both"], batch["both_mask"], batch["types"])).float().cpu().numpy()
        logits[np.concatenate([np.arange(first[i], first[i + 1]) for i in some])] = made
    print(f"{split}: {first[-1]} pairs, {(time.perf_counter() - started) * 1000 / first[-1]:.2f} ms a pair on {args.device}", flush=True)
    return logits, np.array([label for _, pairs in rows for _, label, *_ in pairs])


(BUILD / "baselines").mkdir(exist_ok=True)
for name in args.names:
    if not (BUILD / f"{name}.pt").exists():
        continue
    model = build(name)
    model.load_state_dict(torch.load(BUILD / f"{name}.pt", map_location="cpu"))
    model.to(args.device).eval()
    devs = [answer(model, split, DEV_STATEMENTS) for split in ("dev", "written-dev")]
    temperature = fit_temperature(*(np.concatenate(x) for x in zip(*devs)))
    for split in ("test", "written-test", "written-exam"):
        logits, truth = answer(model, split)
        print(f"{name}, {split}: accuracy {(logits.argmax(1) == truth).mean():.4f}", flush=True)
        (BUILD / f"baselines/{name}-{split}.json").write_text(json.dumps([{"supports": round(float(s), 4), "contradicts": round(float(c), 4)} for s, c, _ in soft(logits / temperature)]))
