"""What 02_train.py feeds to a network: the files of build/ as token numbers, mixed, changed at random and batched.

Never reads a test split nor test/read/.
"""
import json
import random
from collections import Counter
from pathlib import Path

import torch
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from model import LABELS, MAX_TOKENS, load_tokenizer

BUILD = Path(__file__).resolve().parent / "build"
KEEP_EASY = 0.3                      # share of the pairs about something else that one pass sees
EASY = {"other_thing", "unrelated", "other_test"}
GENERAL = "general"                  # type of the pairs that the second head judges
UNKNOWN = -1                         # label of a pair that only a teacher answers
MOST = {"train": 45000}              # statements; what the generator makes beyond is more of the same
SWAP, TWIN, COMMON_SHARE = 0.25, 0.35, 0.01
JOIN = 0.15                          # share of the written statements that are read beside one about something else
BLOCK = 40                           # batches among which statements are sorted by length
NO_ANSWER = [0.0, 0.0, 0.0]
CRITERIA_IN_BATCH = 220              # what FIND's weights were set for

tokenizer = load_tokenizer()
label_index = {label[0]: i for i, label in enumerate(LABELS)}
pieces = tokenizer.convert_ids_to_tokens(range(len(tokenizer)))
WHOLE = [i for i, t in enumerate(pieces) if t.isascii() and t.isalpha() and len(t) >= 4]
TAIL = [i for i, t in enumerate(pieces) if t.startswith("##") and t[2:].isascii() and t[2:].isalpha()]
IS_WHOLE, IS_TAIL = set(WHOLE), set(TAIL)


def read(name, near=False):
    """-> [(statement's ids, [(criterion's ids, label, type, None)])]; near: with the criteria of 01_near.py where it made some, whose label nobody knows"""
    rows = [json.loads(line) for line in open(BUILD / f"{name}.jsonl")][:MOST.get(name)]
    if near and (BUILD / f"near-{name}.json").exists():
        for row, found in zip(rows, json.loads((BUILD / f"near-{name}.json").read_text()), strict=True):
            row["pairs"] += [{"criterion": c, "label": None, "type": "near"} for c in found]
    texts = sorted({row["statement"] for row in rows} | {p["criterion"] for row in rows for p in row["pairs"]})
    ids = dict(zip(texts, map(tuple, tokenizer(texts, truncation=True, max_length=MAX_TOKENS)["input_ids"])))
    return [(ids[row["statement"]], [(ids[p["criterion"]], label_index.get(p["label"], UNKNOWN), p["type"], None) for p in row["pairs"]]) for row in rows]


def taught(rows, answers):
    """The same rows with a teacher's answers [P, 3], in the order of their pairs."""
    given = iter(answers.tolist())
    return [(statement, [(c, label, kind, next(given)) for c, label, kind, _ in pairs]) for statement, pairs in rows]


def pad(lists):
    width = max(map(len, lists))
    ids, mask = torch.zeros(len(lists), width, dtype=torch.long), torch.zeros(len(lists), width, dtype=torch.long)
    for i, one in enumerate(lists):
        ids[i, :len(one)] = torch.tensor(one)
        mask[i, :len(one)] = 1
    return ids, mask


def common_pieces(rows):
    """What criteria are phrased with (has, history, last, years …), as against what they are about."""
    criteria = {c for _, pairs in rows for c, *_ in pairs}
    counts = Counter(t for c in criteria for t in set(c))
    return {t for t, n in counts.items() if n > COMMON_SHARE * len(criteria)}


def swap(statement, pairs, common, rng):
    """The same sentence about something that nobody has heard of: words that statement and criterion share are replaced in both by the same random words.

    Who knows the things of the training's criteria by heart learns nothing from it; what is learned is to match words, which held-out criteria need.
    A pair whose criterion says its thing in other words than the statement is left out, since nothing would hold the two together.
    """
    said = set(statement)
    about = [{t for t in c if t not in common and (t in IS_WHOLE or t in IS_TAIL)} for c, *_ in pairs]
    fit = [i for i, (_, label, kind, _) in enumerate(pairs) if label not in (2, UNKNOWN) and kind != GENERAL and about[i] and about[i] <= said]
    if not fit:
        return statement, pairs

    def invent(taken):
        return {t: rng.choice(WHOLE if t in IS_WHOLE else TAIL) for t in sorted(taken)}

    def put(ids, new):
        return tuple(new.get(t, t) for t in ids)

    words = invent(set().union(*(about[i] for i in fit)))
    made = [(put(c, words), label, kind, answer) for i, (c, label, kind, answer) in enumerate(pairs) if i in fit or label == 2]
    made += [(put(pairs[i][0], {**words, **invent(about[i])}), 2, "twin", None) for i in fit if rng.random() < TWIN]
    return put(statement, words), made


def join(one, other, rng):
    """Two statements in one, in either order: what the other says is hardly ever of the same thing."""
    if len(one) + len(other) > MAX_TOKENS:
        return one
    return one[:-1] + other[1:] if rng.random() < 0.5 else other[:-1] + one[1:]


class Batches(IterableDataset):
    """Endless batches of `size` statements: every source as often as the mix says, statements of like length together, a new choice of the easy pairs each pass."""

    def __init__(self, sources, mix, size, seed):
        self.sources, self.mix, self.size, self.seed = sources, mix, size, seed
        self.common = common_pieces(next(iter(sources.values())))

    def one_pass(self, rng):
        rows = []
        for name, often in self.mix.items():
            places = [(name, i) for i in range(len(self.sources[name]))]
            rows += places * int(often) + rng.sample(places, int(len(places) * (often % 1)))
        return rows

    def changed(self, place, order, rng):
        name, at = place
        statement, pairs = self.sources[name][at]
        kept = [p for p in pairs if (p[1] != UNKNOWN or p[3]) and (p[2] not in EASY or rng.random() < KEEP_EASY)]
        pairs = kept or pairs[:1]
        if pairs[0][2] == "written" and rng.random() < JOIN:
            other_name, other_at = rng.choice(order)
            if other_name != GENERAL:
                statement = join(statement, self.sources[other_name][other_at][0], rng)
        return swap(statement, pairs, self.common, rng) if rng.random() < SWAP else (statement, pairs)

    def __iter__(self):
        info = get_worker_info()
        rng = random.Random(self.seed * 1000 + (info.id if info else 0))
        while True:
            order = self.one_pass(rng)
            rng.shuffle(order)
            for at in range(0, len(order), self.size * BLOCK):
                block = sorted(order[at:at + self.size * BLOCK], key=lambda place: len(self.sources[place[0]][place[1]][0]))
                groups = [block[i:i + self.size] for i in range(0, len(block), self.size)]
                rng.shuffle(groups)
                for group in groups:
                    yield tensors([self.changed(place, order, rng) for place in group])

    def loader(self, workers):
        return iter(DataLoader(self, batch_size=None, num_workers=workers, prefetch_factor=6 if workers else None, pin_memory=workers > 0))


class Asked(IterableDataset):
    """Every row once, in batches by the order given -> (places of the rows, batch)."""

    def __init__(self, rows, order, size=256):
        self.rows, self.batches = rows, [order[at:at + size] for at in range(0, len(order), size)]

    def __iter__(self):
        info = get_worker_info()
        for some in self.batches[info.id::info.num_workers] if info else self.batches:
            yield some, tensors([self.rows[i] for i in some])

    def loader(self, workers):
        return DataLoader(self, batch_size=None, num_workers=workers, prefetch_factor=6 if workers else None)


def tensors(rows):
    """A batch: statements, their criteria once each, the pairs between them (owner, asked, truth, general, taught), the same pairs as single texts, and what retrieval should find."""
    criteria = {c: None for _, pairs in rows for c, *_ in pairs}
    place = {c: i for i, c in enumerate(criteria)}
    pairs = [(i, place[c], label, kind) for i, (_, of) in enumerate(rows) for c, label, kind, _ in of]
    out = dict(zip(("statement", "statement_mask"), pad([s for s, _ in rows]))) | dict(zip(("criterion", "criterion_mask"), pad(list(criteria))))
    out |= {"owner": torch.tensor([i for i, *_ in pairs]), "asked": torch.tensor([j for _, j, *_ in pairs]), "truth": torch.tensor([label for _, _, label, _ in pairs]),
            "general": torch.tensor([kind == GENERAL for *_, kind in pairs]), "taught": torch.tensor([answer or NO_ANSWER for _, of in rows for *_, answer in of])}
    both = [(s, c) for s, of in rows for c, *_ in of]
    out |= dict(zip(("both", "both_mask"), pad([s + c[1:] for s, c in both])))
    out["types"] = torch.zeros_like(out["both"])
    for i, (s, c) in enumerate(both):
        out["types"][i, len(s):len(s) + len(c) - 1] = 1
    # Retrieval: what supports or contradicts must be found; what is about something else need not; the rest of the same thing does not matter.
    wanted = torch.zeros(len(rows), len(criteria))
    weight = torch.full_like(wanted, 0.3 * min(1.0, CRITERIA_IN_BATCH / len(criteria)))
    for i, j, label, kind in pairs:
        wanted[i, j] = float(label in (0, 1))
        weight[i, j] = 0.0 if kind in (GENERAL, "near") else 1.0 if label != 2 or kind in EASY else 0.0
        if kind == GENERAL:
            weight[i] = 0.0
    return out | {"wanted": wanted, "weight": weight}
