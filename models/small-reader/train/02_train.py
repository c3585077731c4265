"""2. Trains the reader (or, for comparison, a cross-encoder) on the files of build/ that --mix names.

    [torchrun --standalone --nproc_per_node 2] python 02_train.py [--model reader|cross] [--minutes 40] [--steps N] [--from CHECKPOINT] [--mix train:0.06,general:0.05,written-train:1]

CPU, bfloat16 where the processor has it; one process a core (gradients are averaged). The learning rate falls with the time (or the steps) that is left. Writes build/MODEL.pt
every few minutes, so that whatever stands can be used, and build/MODEL.log. A file of build/ that changes meanwhile is read again. Never reads a test split nor test/read/.
"""
import argparse
import json
import os
import random
import time
from collections import Counter
from pathlib import Path

import torch
import torch.distributed as dist
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from model import LABELS, MAX_TOKENS, CrossEncoder, Reader, load_tokenizer

HERE = Path(__file__).resolve().parent
BUILD = HERE / "build"

SEED = 7
STATEMENTS_A_STEP = 56
PAIRS_A_STEP = 64                    # cross-encoder
WARMUP, DECAY = 0.04, 0.01
KEEP_EASY = 0.3                      # share of the pairs about something else that one pass sees
SMOOTHING = 0.03                     # labels are a generator's: a few are wrong
FIND_WEIGHT, FIND_SCALE = 0.15, 12.0
FROZEN = ("embeddings", "pooler", "layers.0.", "layers.1.", "layer.0.", "layer.1.")      # a third less to compute; the lower layers know the words already
CHECKPOINT_S, DEV_STATEMENTS = 240, 600

parser = argparse.ArgumentParser()
parser.add_argument("--model", default="reader")
parser.add_argument("--minutes", type=float, default=40)
parser.add_argument("--steps", type=int, default=0)
parser.add_argument("--from", dest="start", default="")
parser.add_argument("--mix", default="train:1", help="sources and how often a row of each is seen: train:1,general:0.5,written:4")
parser.add_argument("--rate", type=float, default=1.6e-4)
parser.add_argument("--threads", type=int, default=2)
args = parser.parse_args()
rank, together = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))      # `torchrun --nproc_per_node 2`: one process a core beats two threads
if together > 1:
    dist.init_process_group("gloo")
torch.manual_seed(SEED + rank)
torch.set_num_threads(args.threads)
rng = random.Random(SEED + rank)
tokenizer = load_tokenizer()
label_index = {label[0]: i for i, label in enumerate(LABELS)}


def read(name):
    rows = [json.loads(line) for line in open(BUILD / f"{name}.jsonl")]
    texts = sorted({row["statement"] for row in rows} | {p["criterion"] for row in rows for p in row["pairs"]})
    ids = dict(zip(texts, tokenizer(texts, truncation=True, max_length=MAX_TOKENS)["input_ids"]))
    return [(ids[row["statement"]], [(ids[p["criterion"]], label_index[p["label"]], p["type"]) for p in row["pairs"]]) for row in rows]


def pad(lists):
    width = max(map(len, lists))
    ids = torch.zeros(len(lists), width, dtype=torch.long)
    mask = torch.zeros(len(lists), width, dtype=torch.long)
    for i, one in enumerate(lists):
        ids[i, :len(one)] = torch.tensor(one)
        mask[i, :len(one)] = 1
    return ids, mask


EASY = {"other_thing", "unrelated", "other_test"}
GENERAL = "general"                  # type of the pairs that the second head judges
SWAP, TWIN, COMMON_SHARE = 0.3, 0.35, 0.01
JOIN = 0.15                          # share of the written statements that are read beside one about something else
pieces = tokenizer.convert_ids_to_tokens(range(len(tokenizer)))
WHOLE = [i for i, t in enumerate(pieces) if t.isascii() and t.isalpha() and len(t) >= 4]
TAIL = [i for i, t in enumerate(pieces) if t.startswith("##") and t[2:].isascii() and t[2:].isalpha()]
IS_WHOLE, IS_TAIL = set(WHOLE), set(TAIL)


def common_pieces(rows):
    """What criteria are phrased with (has, history, last, years …), as against what they are about."""
    criteria = {tuple(c) for _, pairs in rows for c, *_ in pairs}
    counts = Counter(t for c in criteria for t in set(c))
    return {t for t, n in counts.items() if n > COMMON_SHARE * len(criteria)}


def swap(statement, pairs, common):
    """The same sentence about something that nobody has heard of: words that statement and criterion share are replaced in both by the same random words.

    Who knows the things of the training's criteria by heart learns nothing from it; what is learned is to match words, which held-out criteria need.
    A pair whose criterion says its thing in other words than the statement is left out, since nothing would hold the two together.
    """
    said = set(statement)
    about = [{t for t in c if t not in common and (t in IS_WHOLE or t in IS_TAIL)} for c, *_ in pairs]
    fit = [i for i, (_, label, kind) in enumerate(pairs) if label != 2 and kind != GENERAL and about[i] and about[i] <= said]
    if not fit:
        return statement, pairs
    def invent(taken):
        return {t: rng.choice(WHOLE if t in IS_WHOLE else TAIL) for t in sorted(taken)}
    words = invent(set().union(*(about[i] for i in fit)))
    put = lambda ids, new: [new.get(t, t) for t in ids]
    made = [(put(c, words), label, kind) for i, (c, label, kind) in enumerate(pairs) if i in fit or label == 2]
    made += [(put(pairs[i][0], {**words, **invent(about[i])}), 2, "twin") for i in fit if rng.random() < TWIN]
    return put(statement, words), made


def join(one, other):
    """Two statements in one, in either order: what the other says is hardly ever of the same thing."""
    if len(one) + len(other) > MAX_TOKENS:
        return one
    return one[:-1] + other[1:] if rng.random() < 0.5 else other[:-1] + one[1:]


def batches(rows, size):
    """Buckets of like length, in random order; a new choice of the easy pairs each pass."""
    order = rng.sample(range(len(rows)), len(rows))
    for at in range(0, len(order), size * 40):
        block = sorted(order[at:at + size * 40], key=lambda i: len(rows[i][0]))
        groups = [block[i:i + size] for i in range(0, len(block), size)]
        rng.shuffle(groups)
        for group in groups:
            chosen = [(rows[i][0], [p for p in rows[i][1] if p[2] not in EASY or rng.random() < KEEP_EASY] or rows[i][1][:1]) for i in group]
            chosen = [(join(s, rows[rng.randrange(len(rows))][0]), pairs) if pairs[0][2] == "written" and rng.random() < JOIN else (s, pairs) for s, pairs in chosen]
            yield [swap(*row, common) if rng.random() < SWAP else row for row in chosen]


def forward_reader(model, batch):
    statement_ids, statement_mask = pad([row[0] for row in batch])
    criteria = list({tuple(c): None for row in batch for c, *_ in row[1]})
    place = {c: i for i, c in enumerate(criteria)}
    criterion_ids, criterion_mask = pad([list(c) for c in criteria])
    owner = torch.tensor([i for i, row in enumerate(batch) for _ in row[1]])
    asked = torch.tensor([place[tuple(c)] for row in batch for c, *_ in row[1]])
    truth = torch.tensor([label for row in batch for _, label, _ in row[1]])
    memory, vector = model.statement(statement_ids, statement_mask)
    state, sought = model.criterion(criterion_ids, criterion_mask)
    features = model.compare(state[asked], criterion_mask[asked], memory[owner], statement_mask[owner])
    general = torch.tensor([[kind == GENERAL] for row in batch for *_, kind in row[1]])
    logits = torch.where(general, model.general(features), model.classify(features)).float()
    # Retrieval: what supports or contradicts must be found; what is about something else need not; the rest of the same thing does not matter.
    close = ((vector @ sought.T) - 0.5) * FIND_SCALE
    wanted, weight = torch.zeros_like(close), torch.full_like(close, 0.3)
    for i, row in enumerate(batch):
        for c, label, kind in row[1]:
            j = place[tuple(c)]
            wanted[i, j] = float(label != 2)
            weight[i, j] = 0.0 if kind == GENERAL else 1.0 if label != 2 or kind in EASY else 0.0
        if row[1][0][2] == GENERAL:
            weight[i] = 0.0
    find = (binary_cross_entropy_with_logits(close, wanted, reduction="none") * (weight + 4 * wanted * weight)).sum() / len(batch) / 4
    return logits, truth, find


def forward_cross(model, batch):
    pairs = [(s, c, label, kind) for s, criteria in batch for c, label, kind in criteria]
    ids, mask = pad([s + c[1:] for s, c, *_ in pairs])
    types = torch.zeros_like(ids)
    for i, (s, c, *_) in enumerate(pairs):
        types[i, len(s):len(s) + len(c) - 1] = 1
    features = model(ids, mask, types)
    general = torch.tensor([[kind == GENERAL] for *_, kind in pairs])
    return torch.where(general, model.general(features), model.classify(features)).float(), torch.tensor([label for _, _, label, _ in pairs]), torch.zeros(())


model, forward, size = (Reader(), forward_reader, STATEMENTS_A_STEP) if args.model == "reader" else (CrossEncoder(), forward_cross, PAIRS_A_STEP // 3)
if args.start:
    weights = torch.load(args.start)
    if args.model == "cross" and "layers.0.output.dense.weight" in weights:          # go on from the reader's layers: the same six
        weights = {name.replace("layers.", "bert.encoder.layer.", 1) if name.startswith("layers.") else f"bert.{name}" if name.startswith("embeddings.") else name: w for name, w in weights.items()}
    model.load_state_dict(weights, strict=False)
for name, parameter in model.named_parameters():
    parameter.requires_grad = not any(part in name for part in FROZEN)
trained = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
optimizer = torch.optim.AdamW([{"params": [p for n, p in trained if p.dim() > 1], "weight_decay": DECAY}, {"params": [p for n, p in trained if p.dim() < 2], "weight_decay": 0.0}], lr=args.rate, betas=(0.9, 0.98))
log = open(BUILD / f"{args.model}.log", "a")


def say(text):
    if rank > 0:
        return
    print(text, flush=True)
    print(text, file=log, flush=True)


def check(rows):
    model.eval()
    guessed, truth = [], []
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for at in range(0, len(rows), 64):
            logits, labels, _ = forward(model, sorted(rows, key=lambda r: len(r[0]))[at:at + 64])
            guessed.append(logits.argmax(-1))
            truth.append(labels)
    model.train()
    g, t = torch.cat(guessed), torch.cat(truth)
    part = {LABELS[k]: f"P {((g == k) & (t == k)).sum() / max(1, (g == k).sum()):.3f} R {((g == k) & (t == k)).sum() / max(1, (t == k).sum()):.3f}" for k in (0, 1)}
    balanced = torch.stack([((g == k) & (t == k)).sum() / (t == k).sum() for k in range(3)]).mean()
    return f"accuracy {(g == t).float().mean():.4f} balanced {balanced:.4f} {part}"


def mixed():
    """One pass: every source as often as --mix says. A source that has changed since is read again."""
    rows = []
    for name, often in shares:
        changed = (BUILD / f"{name}.jsonl").stat().st_mtime
        if changed != read_at.get(name):
            read_at[name], sources[name] = changed, read(name)
            say(f"  {name}: {len(sources[name])} statements, {sum(len(row[1]) for row in sources[name])} pairs")
        rows += sources[name] * int(often) + rng.sample(sources[name], int(len(sources[name]) * (often % 1)))
    return rows


shares = [(name, float(often)) for name, often in (part.split(":") for part in args.mix.split(","))]
sources, read_at = {}, {}
first = mixed()
checks = {name: read(name)[:DEV_STATEMENTS] for name in ("dev", "written-dev") if (BUILD / f"{name}.jsonl").exists()}
common = common_pieces(next(iter(sources.values())))
say(f"{args.model}: {len(first)} statements a pass, {together} processes, {sum(p.numel() for _, p in trained)} trained parameters")
started = saved = time.time()
step, seen, running = 0, 0, 0.0
model.train()
while True:
    for batch in batches(mixed(), size):
        share = step / args.steps if args.steps else (time.time() - started) / (60 * args.minutes)
        if together > 1:
            agreed = torch.tensor(share)
            dist.broadcast(agreed, 0)
            share = agreed.item()
        if share >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = args.rate * (share / WARMUP if share < WARMUP else (1 - share) / (1 - WARMUP))
        with torch.autocast("cpu", torch.bfloat16):
            logits, truth, find = forward(model, batch)
        loss = cross_entropy(logits, truth, label_smoothing=SMOOTHING) + FIND_WEIGHT * find
        optimizer.zero_grad()
        loss.backward()
        if together > 1:
            flat = torch.cat([(p.grad if p.grad is not None else torch.zeros_like(p)).reshape(-1) for _, p in trained])
            dist.all_reduce(flat)
            at = 0
            for _, p in trained:
                p.grad = (flat[at:at + p.numel()] / together).view_as(p)
                at += p.numel()
        torch.nn.utils.clip_grad_norm_([p for _, p in trained], 1.0)
        optimizer.step()
        step, seen, running = step + 1, seen + together * len(truth), 0.98 * running + 0.02 * loss.item()
        if step % 50 == 0:
            say(f"step {step} share {share:.3f} pairs {seen} ({seen / (time.time() - started):.0f}/s) loss {running / (1 - 0.98 ** step):.4f}")
        if rank == 0 and time.time() - saved > CHECKPOINT_S:
            torch.save(model.state_dict(), BUILD / f"{args.model}.pt")
            for name, rows in checks.items():
                say(f"  {name} {check(rows)}")
            saved = time.time()
    if share >= 1:
        break
if rank == 0:
    torch.save(model.state_dict(), BUILD / f"{args.model}.pt")
    say(f"done: {step} steps, {seen} pairs, {time.time() - started:.0f} s; " + "; ".join(f"{name} {check(rows)}" for name, rows in checks.items()))
