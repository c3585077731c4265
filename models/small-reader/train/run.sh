#!/bin/sh
# The whole way from words to the files that are shipped. Seeded: the same words give the same pairs. PyTorch: 6 GB, needed for nothing else.
#   sh run.sh [SHARED_DATA]
# On a machine with a GPU: the teacher, and the reader that learns from it; MINUTES of training (default 8). Without one: the reader alone (MINUTES 320, on CORES processes, default 2).
set -eu
cd "$(dirname "$0")"
[ -d .venv ] || { python3 -m venv .venv && .venv/bin/pip install -r requirements.txt; }
python=.venv/bin/python
$python 00_names.py
$python 00_written.py
$python 00_general.py
$python 01_generate.py "$@"
if $python -c 'import sys, torch; sys.exit(not torch.cuda.is_available())'; then
    $python 00_teacher.py
    $python 01_near.py
    $python 02_train.py --minutes "${MINUTES:-8}"
else
    # Batches have many shapes: with every shape's kernels kept, a process grows to 12 GB.
    export ONEDNN_PRIMITIVE_CACHE_CAPACITY=600 MALLOC_ARENA_MAX=2 MALLOC_TRIM_THRESHOLD_=200000000
    .venv/bin/torchrun --standalone --nproc_per_node "${CORES:-2}" 02_train.py --threads 1 --recipe recipe-cpu.json --minutes "${MINUTES:-320}"
fi
$python 03_export.py build/before.pt build/before
$python 03_export.py
$python embedding_export.py
$python embedding_manifest.py
$python 04_answers.py
(cd ../../.. && node --import tsx models/small-reader/train/04_baselines.ts && node --import tsx models/small-reader/train/04_times.ts)
$python 04_times.py
$python 05_evaluate.py build/before --before
$python 05_evaluate.py
$python 06_card.py
