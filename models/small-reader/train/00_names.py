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
lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(entry, ensure_ascii=False)}" for name, entry in entries.items())
LEXICON.write_text(f'{{\n  "note": {json.dumps(lexicon["note"], ensure_ascii=False)},\n  "entries": {{\n{lines}\n  }}\n}}\n')
print(sum(entry.get("from") == "cards" for entry in entries.values()), "drugs with other names")
