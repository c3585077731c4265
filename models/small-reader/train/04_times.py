"""4. The same as 04_times.ts for the cross-encoders, which read both texts anew for each criterion: build/times-torch.json, milliseconds a statement. PyTorch, 32 bits, on 2 processor cores.

    python 04_times.py        (needs 00_teacher.py's start weights: what a network has learned does not change how long it takes)
"""
import json
import time
from pathlib import Path

import torch

from model import LARGE, build
from rows import BUILD, pad, tokenizer

STATEMENTS, CRITERIA, CORES = 200, 30, 2
torch.set_num_threads(CORES)
rows = [json.loads(line) for line in open(BUILD / "test.jsonl")][:STATEMENTS]
criteria = list(dict.fromkeys(p["criterion"] for row in rows for p in row["pairs"]))[:CRITERIA]
times = {}
for name in ("cross", "teacher"):
    if name == "teacher" and not Path(LARGE).exists():
        continue
    model = build(name).eval()
    with torch.inference_mode():
        for at, row in enumerate(rows[:1] + rows):
            if at == 1:          # the first has warmed it
                started = time.perf_counter()
            both = tokenizer([row["statement"]] * len(criteria), criteria, truncation=True, max_length=192)
            ids, mask = pad(both["input_ids"])
            types, _ = pad(both["token_type_ids"])
            model.classify(model(ids, mask, types))
    times[name] = (time.perf_counter() - started) * 1000 / len(rows)
    print(f"{name}: {times[name]:.1f} ms a statement against {len(criteria)} criteria", flush=True)
(BUILD / "times-torch.json").write_text(json.dumps({"statements": len(rows), "criteria": len(criteria), "times": times}))
