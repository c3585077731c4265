"""0. Puts the other names of drugs (brands, older names), as cards/order-safety/drugs knows them, into ../lexicon.json.

    python 00_names.py        (then 04 and 05, since the manifest holds the lexicon's hash)

What it wrote before is replaced (entries with "from": "cards"); what was written by hand stays and comes first. Short names are left out: they are words of other things (HCT, soma).
"""
import json
from pathlib import Path

HERE = Path(__file__).resolve().parent
CARDS = HERE / "../../../cards/order-safety/drugs"
LEXICON = HERE.parent / "lexicon.json"
LEAST = 5
CLASSES = {        # of cards/order-safety/classes: how criteria name them
    "ace-inhibitor": ["ace inhibitor", "acei", "ace-i"], "arb": ["angiotensin receptor blocker", "arb"], "statin": ["statin"], "nsaid": ["nsaid", "nonsteroidal anti-inflammatory drug"],
    "opioid": ["opioid", "narcotic"], "benzodiazepine": ["benzodiazepine", "benzo"], "ssri": ["ssri", "selective serotonin reuptake inhibitor"], "snri": ["snri"],
    "tricyclic": ["tricyclic antidepressant", "tricyclic", "tca"], "antipsychotic": ["antipsychotic"], "ppi": ["proton pump inhibitor", "ppi"], "h2-blocker": ["h2 blocker"],
    "thiazide": ["thiazide diuretic", "thiazide"], "loop-diuretic": ["loop diuretic"], "aldosterone-antagonist": ["aldosterone antagonist", "mineralocorticoid receptor antagonist"],
    "beta-blocker": ["beta blocker", "bb"], "dihydropyridine": ["dihydropyridine"], "sulfonylurea": ["sulfonylurea"], "sglt2-inhibitor": ["sglt2 inhibitor"],
    "glp1-agonist": ["glp-1 receptor agonist", "glp-1 agonist", "glp1 agonist"], "dpp4-inhibitor": ["dpp-4 inhibitor"], "doac": ["direct oral anticoagulant", "doac", "noac"],
    "any-anticoagulant": ["anticoagulant", "blood thinner"], "oral-anticoagulant": ["oral anticoagulant"], "p2y12-inhibitor": ["p2y12 inhibitor"], "triptan": ["triptan"],
    "bisphosphonate": ["bisphosphonate"], "gabapentinoid": ["gabapentinoid"], "barbiturate": ["barbiturate"], "skeletal-muscle-relaxant": ["muscle relaxant"], "fluoroquinolone": ["fluoroquinolone"],
    "macrolide": ["macrolide"], "xanthine-oxidase-inhibitor": ["xanthine oxidase inhibitor"], "pde5-inhibitor": ["pde5 inhibitor"], "cholinesterase-inhibitor": ["cholinesterase inhibitor"],
    "inhaled-steroid": ["inhaled corticosteroid", "inhaled steroid"], "stimulant": ["stimulant"],
}

lexicon = json.loads(LEXICON.read_text())
entries = {name: entry for name, entry in lexicon["entries"].items() if entry.get("from") != "cards"}
by_hand = set(entries) | {word for entry in entries.values() for word in entry["same"]}
names = {}
for file in ("names", "mech", "patient", "generated"):
    knowledge = json.loads((CARDS / f"{file}.json").read_text())
    for drug in knowledge.get("drugs", []) + knowledge.get("generated", []):
        names.setdefault(drug["name"].lower(), {}).update(dict.fromkeys(name.lower() for name in drug["names"]))
# A name that two drugs bear names neither.
owners = {}
for drug, others in names.items():
    for other in others:
        owners.setdefault(other, set()).add(drug)
for drug, others in sorted(names.items()):
    same = [other for other in others if len(other) >= LEAST and other != drug and len(owners[other]) == 1 and other not in names and other not in by_hand]
    if same and drug not in entries:
        entries[drug] = {"same": same, "not": [], "from": "cards"}
classes = {one["id"]: one["members"] for one in json.loads((CARDS.parent / "classes/patient.json").read_text())["classes"]}


def members(name):
    """Drugs of a class, through the classes it holds, with their other names."""
    if name in classes:
        return [drug for one in classes[name] for drug in members(one)]
    drug = name.replace("-", " ")
    return [drug, *(other for other in names.get(drug, {}) if len(other) >= LEAST and len(owners[other]) == 1)]


for id_, said in CLASSES.items():
    of = list(dict.fromkeys(members(id_)))
    for name in said:
        before = entries.get(name, {"same": [], "not": []})
        others = [one for one in dict.fromkeys([*before["same"], *said]) if one != name and one not in of]
        entries[name] = {"same": others, "not": before["not"], "members": of} | ({"from": "cards"} if name not in lexicon["entries"] or before.get("from") == "cards" else {})
lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(entry, ensure_ascii=False)}" for name, entry in entries.items())
LEXICON.write_text(f'{{\n  "note": {json.dumps(lexicon["note"], ensure_ascii=False)},\n  "entries": {{\n{lines}\n  }}\n}}\n')
print(sum(entry.get("from") == "cards" for entry in entries.values()), "drugs with other names")
