#!/bin/sh
# The whole way from words to the files that are shipped. Seeded: the same words give the same pairs. PyTorch: 6 GB, needed for nothing else; hours on a processor.
#   sh run.sh [SHARED_DATA]        MINUTES: of the first stage (default 240); LAST: of the last one, with the exercises about held-out things (80); CORES: processes (2)
set -eu
cd "$(dirname "$0")"
[ -d .venv ] || { python3 -m venv .venv && .venv/bin/pip install -r requirements.txt; }
train() { .venv/bin/torchrun --standalone --nproc_per_node "${CORES:-2}" 02_train.py --threads 1 "$@"; }
.venv/bin/python 00_names.py
.venv/bin/python 00_written.py
.venv/bin/python 00_general.py
.venv/bin/python 01_generate.py "$@"
train --minutes "${MINUTES:-240}" --mix train:0.06,general:0.05,written-train:1
cp build/reader.pt build/before.pt
.venv/bin/python 03_export.py build/before.pt build/before
train --minutes "${LAST:-80}" --rate 1.2e-4 --mix train:0.06,written-all:0.5,written-common:1 --from build/before.pt
.venv/bin/python 03_export.py
.venv/bin/python embedding_export.py
.venv/bin/python embedding_manifest.py
(cd ../../.. && node --import tsx models/small-reader/train/04_baselines.ts)
.venv/bin/python 05_evaluate.py build/before --before
.venv/bin/python 05_evaluate.py
.venv/bin/python 06_card.py
