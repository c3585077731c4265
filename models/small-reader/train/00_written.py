"""0. Exercises written by hand (written/*.txt) as pairs, split by topic.

    python 00_written.py            writes build/written-{train,all,common,later-train,later-all,last-train,last-all,dev,test,pairs,exam}.jsonl in the form of 01_generate.py

A file holds topics: `@ name`, its criteria `Q1: …`, then statements, each with one sign for each criterion: + supports, - contradicts, 0 says nothing.
A topic belongs to dev or test by the words of its name ("warfarin", "warfarin in pregnancy" stay together); what they ask for stands in no criterion of train. What names a thing that 01_generate.py
holds out is left out of train, criterion or statement alike; all is train with these again, common the part of it that asks what is asked most often: both for the last stage. Files `pairs-*.txt` are single pairs as an
examiner would set them: a dev set of its own, on which thresholds are chosen; `exam.txt` the same as a test.
What resembles a statement of a dev or test split, or of the pairs in test/read/, is left out of train too; those pairs are read for nothing else.
"""
import hashlib
import json
import math
import re
from collections import Counter, defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILD = HERE / "build"
SEED = 7
SHARES = (("test", 0.04), ("dev", 0.08))           # of the telling words of topics' names; the rest is train
ALIKE = 0.6                                         # of the words of two statements together
COMMON = ("svc", "mix", "held")
# Written after the stages of recipe.json were run for 2.5.0, and after those of 2.6.0: for the stages of recipe-later.json.
LATER = {f"mix{n}": "later" for n in range(7, 15)} | {f"mix{n}": "last" for n in (16, 17, 18, 21, 22, 26)}
LABELS = {"+": "s", "-": "c", "0": "n"}
GENERIC = set("acute adult after allergy blood care child chronic clinic control count current cancer disease dose drug family follow function heart history home infection "
              "kidney lab level liver list lung medication medicine negative normal other pain patient positive pressure prior problem procedure record result review risk "
              "screening side social status surgery symptom syndrome test therapy treatment type vaccine value versus visit with without from last line "
              "note notes about against before between both daily high long mixed never number only oral past plan question range report short skin that them this values when words".split())
HELD_OUT = {"test": 0.17, "dev": 0.27}              # of 01_generate.py


def share(text):
    return int(hashlib.sha256(f"{SEED}:{text}".encode()).hexdigest()[:8], 16) / 2**32


def topics():
    for file in sorted((HERE / "written").glob("*.txt")):
        topic = None
        for number, line in enumerate(file.read_text().splitlines(), 1):
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            if line.startswith("@"):
                if topic:
                    yield topic
                topic = {"name": line[1:].strip(), "criteria": [], "rows": [], "ofFile": "exam" if file.stem == "exam" else "pairs" if file.stem.startswith("pairs-") else None, "isCommon": file.name.startswith(COMMON), "later": LATER.get(file.stem)}
            elif re.match(r"Q\d+:", line):
                topic["criteria"].append(line.split(":", 1)[1].strip())
            else:
                signs, statement = (part.strip() for part in line.split("|", 1))
                if len(signs) != len(topic["criteria"]) or set(signs) - set(LABELS):
                    raise SystemExit(f"{file.name}:{number}: {signs!r} for {len(topic['criteria'])} criteria")
                topic["rows"].append((statement, signs))
        if topic:
            yield topic


def words(name):
    return {re.sub(r"(?<=[a-z]{3})s$", "", word) for word in re.findall(r"[a-z]{4,}", re.sub(r"\(.*?\)", " ", name.lower()))} - GENERIC


def split_of(topic):
    """pairs and exam by their files; test or dev where one of its telling words is: whatever else names "warfarin" goes with it, and nothing moves when topics are added."""
    if topic["ofFile"]:
        return topic["ofFile"]
    drawn = {draw(f"word:{word}") for word in words(topic["name"]) or {topic["name"]}}
    return "test" if "test" in drawn else "dev" if "dev" in drawn else "train"


def draw(text):
    at = share(text)
    return next((name for name, bound in SHARES if at < bound), "train")


class Lookalikes:
    """Whether a statement shares more than half of its words with one of those given."""

    def __init__(self, statements):
        self.sets = [self.words(one) for one in statements]
        self.having = defaultdict(list)
        for i, one in enumerate(self.sets):
            for word in one:
                self.having[word].append(i)

    @staticmethod
    def words(text):
        return frozenset(re.findall(r"[a-z0-9]+", text.lower()))

    def has(self, statement):
        """Who shares ALIKE of the words shares one of the rarest few: only those are compared."""
        said = sorted(self.words(statement), key=lambda word: len(self.having.get(word, ())))
        few = said[:len(said) - math.ceil(ALIKE * len(said)) + 1]
        said = set(said)
        return any(len(said & self.sets[i]) >= ALIKE * len(said | self.sets[i]) for i in {i for word in few for i in self.having.get(word, ())})


def held_out_names():
    names = set()
    for line in (HERE / "words/concepts.txt").read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            kind, name, same = (part.strip() for part in line.split("|")[:3])
            if share(f"{kind}:{name}") < HELD_OUT["dev"]:
                names |= {one.strip().lower() for one in [name.lstrip("~"), *same.split(";")] if len(one.strip()) > 3}
    return re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, names), key=len, reverse=True)) + r")s?\b", re.I)


found = list(topics())
held = held_out_names()
asked_elsewhere = {c.lower() for topic in found if split_of(topic) in ("dev", "test") for c in topic["criteria"]}
out, labels, dropped = defaultdict(list), defaultdict(Counter), 0


def keep(split, topic, statement, pairs):
    labels[split].update(p["label"] for p in pairs)
    if pairs:
        out[split].append({"statement": statement, "pairs": pairs, "topic": topic["name"]})


by_hand = [line.split("\t")[3] for line in (HERE / "../../../test/read/hand-pairs.tsv").read_text().splitlines() if line and not line.startswith("#")]
elsewhere = Lookalikes(by_hand + [statement for topic in found if split_of(topic) != "train" for statement, _ in topic["rows"]])
alike = 0
for topic in found:
    split = split_of(topic)
    for statement, signs in topic["rows"]:
        pairs = [{"criterion": c, "label": LABELS[s], "type": "written"} for c, s in zip(topic["criteria"], signs)]
        if split == "train" and elsewhere.has(statement):
            alike += 1
            continue
        if split == "train":
            pairs = [p for p in pairs if p["criterion"].lower() not in asked_elsewhere]
            keep("all", topic, statement, pairs)
            if topic["isCommon"]:
                keep("common", topic, statement, pairs)
            if topic["later"]:
                keep(f"{topic['later']}-all", topic, statement, pairs)
            kept = [] if held.search(statement) else [p for p in pairs if not held.search(p["criterion"])]
            dropped += len(pairs) - len(kept)
            pairs = kept
            if topic["later"]:
                keep(f"{topic['later']}-train", topic, statement, pairs)
        keep(split, topic, statement, pairs)
BUILD.mkdir(exist_ok=True)
for split in ("train", "all", "common", "later-train", "later-all", "last-train", "last-all", "dev", "test", "pairs", "exam"):
    (BUILD / f"written-{split}.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in out[split]))
    print(f"{split}: {len({row['topic'] for row in out[split]})} topics, {len(out[split])} statements, labels {dict(labels[split])}")
print(f"left out of train since they name what is held out: {dropped} pairs")
print(f"left out of train since they resemble a statement of another split: {alike} statements")
