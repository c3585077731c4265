"""6. Writes ../MODEL_CARD.md from build/evaluation.json and words/card.md: no figure in it is typed.

    python 06_card.py "how it was trained, in words"        (default: what words/training.txt says)
"""
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
e, before = (json.loads((HERE / f"build/{name}.json").read_text()) for name in ("evaluation", "evaluation-before"))
chosen, generated, written, exam = e["chosen"], before["test"]["test"], *(e["test"][name] for name in ("written-test", "written-exam"))
training = sys.argv[1] if len(sys.argv) > 1 else (HERE / "words/training.txt").read_text().strip()
MODELS = {"rules": "rules alone", "embedding": "the same rules, confirmed by an embedding (the way of the first reader)", "cross": "cross-encoder from the same weights, without the rules (its own share of the training was short: 36 s)", "teacher": "larger reference and teacher: cross-encoder from all-mpnet-base-v2, 110 million parameters, without the rules",
          "reader, model": "trained reader alone", "reader, cascade": "trained reader with the rules as evidence"}


def show(value):
    return "-" if value is None else f"{value:.3f}"


def row(name, f):
    return f"| {name} | " + " | ".join(map(show, (f["accuracy"], f["balancedAccuracy"], f["supports"]["precision"], f["supports"]["recall"], f["contradicts"]["precision"], f["contradicts"]["recall"], f.get("ece")))) + " |"


def readers(of):
    lines = ["| model | accuracy | balanced | supports P | R | contradicts P | R | ECE |", "| --- | --- | --- | --- | --- | --- | --- | --- |"]
    return "\n".join(lines + [row(said, of["others"][name]) for name, said in MODELS.items() if name in of["others"]] + [row("**shipped**: the same, with thresholds", of["shipped"])])


def groups(of, key, head, most=40, worst=False):
    found = sorted(of[key].items(), key=lambda g: g[1]["accuracy"]) if worst else list(of[key].items())
    return "\n".join([f"| {head} | pairs | right |", "| --- | --- | --- |"] + [f"| {name} | {f['pairs']} | {f['accuracy']:.2f} |" for name, f in found[:most]])


def goal(name, value, reached):
    return f"| {name} | {value} | {'reached' if reached else '**missed**'} |"


def times():
    """Milliseconds of each reader, of those that 04_times made."""
    kept = [json.loads(path.read_text()) for path in (HERE / "build/times-node.json", HERE / "build/times-torch.json") if path.exists()]
    ms, criteria = {name: t for one in kept for name, t in one["times"].items()}, {one["criteria"] for one in kept}
    said = MODELS | {"shipped": "**shipped**: trained reader with the rules"}
    return "\n".join([f"| model | ms a statement against {' or '.join(map(str, criteria))} criteria | ms a pair |", "| --- | --- | --- |"]
                     + [f"| {said[name].split(' (its own')[0]} | {ms[name]:.1f} | {ms[name] / kept[0]['criteria']:.2f} |" for name in ("rules", "embedding", "shipped", "cross", "teacher") if name in ms])


s = generated["shipped"]
goals = "\n".join(["| goal on held-out criteria (generated) | reached | |", "| --- | --- | --- |",
                   goal("accuracy ≥ 0.90", f"{s['accuracy']:.3f} with thresholds, {s['withoutThresholds']['accuracy']:.3f} without", s["accuracy"] >= 0.9),
                   goal("precision of supports ≥ 0.96", show(s["supports"]["precision"]), s["supports"]["precision"] >= 0.96), goal("ECE ≤ 0.04", show(s["ece"]), s["ece"] <= 0.04)])
retrieval = f"keeps {s['retrieval']['recall']:.1%} (generated) and {written['shipped']['retrieval']['recall']:.1%} (written) of the pairs that support or contradict, and passes {s['retrieval']['passes']:.1%} and {written['shipped']['retrieval']['passes']:.1%} of all"
text = (HERE / "words/card.md").read_text()
for name, value in {"version": e["version"], "training": training, "generated-pairs": s["pairs"], "written-pairs": written["shipped"]["pairs"], "written-topics": len(written["byTopic"]),
                    "generated": readers(generated), "times": times(), "written": readers(written), "exam": readers(exam), "exam-pairs": exam["shipped"]["pairs"], "goals": goals, "supports": chosen["supportsThreshold"], "affirmed": chosen["affirmedThreshold"], "contradicts": chosen["contradictsThreshold"],
                    "near": chosen["retrievalThreshold"], "before-written": readers(before["test"]["written-test"]), "seen": row("shipped, after its last stage", e["test"]["test"]["shipped"]), "retrieval": retrieval, "types": groups(generated, "byType", "type"), "things": groups(generated, "byCriterion", "about", worst=True),
                    "topics": groups(written, "byTopic", "topic", 60, worst=True), "milliseconds": f"{generated['millisecondsAPair']} (generated) and {written['millisecondsAPair']} (written)"}.items():
    text = text.replace("{{" + name + "}}", str(value))
(HERE.parent / "MODEL_CARD.md").write_text(text)
