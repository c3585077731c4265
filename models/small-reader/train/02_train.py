"""2. Trains what recipe.json names, stage by stage: the teacher, the reader that learns from it, a cross-encoder for comparison.

    [torchrun --standalone --nproc_per_node 2] python 02_train.py [STAGE…] [--minutes 9] [--recipe recipe.json] [--device cuda|cpu]

A stage: what it makes (build/MAKE.pt), its model and where that starts, the teacher whose answers it learns beside the labels, its share of the minutes, statements a step,
learning rate (falls to nothing with the time that is left) and mix: which files of build/, and how often a pass sees a row of each; a seed where it is not 7. Or the networks whose average it is.
On a GPU within minutes; on CPUs one process a core (gradients are averaged), hours. bfloat16 where the processor has it. Never reads a test split nor test/read/.
"""
import argparse
import json
import os
import time
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, kl_div

from model import LABELS, build
from rows import BUILD, UNKNOWN, Asked, Batches, read, taught, tensors

HERE = Path(__file__).resolve().parent

SEED = 7
WARMUP, DECAY = 0.06, 0.01
SMOOTHING = 0.03                     # labels are a generator's and people's: a few are wrong
TEACHING = 0.6                       # share of the teacher's answer in what a pair is measured by; the rest is its label
FIND_WEIGHT, FIND_SCALE = 0.15, 12.0
FROZEN = ("embeddings", "pooler")    # the words are known
SAY_SHARE, DEV_STATEMENTS = 0.1, 1500

parser = argparse.ArgumentParser()
parser.add_argument("stages", nargs="*", help="which of the recipe's stages; all without")
parser.add_argument("--minutes", type=float, default=9, help="for the whole recipe")
parser.add_argument("--recipe", default=str(HERE / "recipe.json"))
parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
parser.add_argument("--threads", type=int, default=0)
args = parser.parse_args()
rank, together = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
if together > 1:
    dist.init_process_group("gloo")
torch.backends.cuda.matmul.allow_tf32 = True
if args.threads:
    torch.set_num_threads(args.threads)
workers = max(1, os.cpu_count() - 2) if args.device == "cuda" else 0
log = open(BUILD / "train.log", "a")


def say(text):
    if rank == 0:
        print(text, flush=True)
        print(text, file=log, flush=True)


def features(model, batch):
    """-> [P, …] of every pair, closeness of statements and criteria [B, C] or None"""
    if hasattr(model, "bert"):
        return model(batch["both"], batch["both_mask"], batch["types"]), None
    memory, vector = model.statement(batch["statement"], batch["statement_mask"])
    state, sought = model.criterion(batch["criterion"], batch["criterion_mask"])
    at, of = batch["asked"], batch["owner"]
    return model.compare(state[at], batch["criterion_mask"][at], memory[of], batch["statement_mask"][of]), vector @ sought.T


def answers(model, batch):
    """-> logits [P, 3], closeness"""
    with torch.autocast(args.device, torch.bfloat16):
        x, close = features(model, batch)
        return torch.where(batch["general"][:, None], model.general(x), model.classify(x)).float(), close


def loss_of(model, batch):
    logits, close = answers(model, batch)
    labelled = batch["truth"] != UNKNOWN
    loss = cross_entropy(logits, batch["truth"].clamp(min=0), label_smoothing=SMOOTHING, reduction="none") * labelled
    far = kl_div(logits.log_softmax(-1), batch["taught"], reduction="none").sum(-1)
    share = torch.where(labelled, TEACHING, 1.0) * batch["taught"].any(-1)
    loss = (loss * (1 - share) + far * share).mean()
    if close is not None:
        wanted, weight = batch["wanted"], batch["weight"]
        missed = binary_cross_entropy_with_logits((close.float() - 0.5) * FIND_SCALE, wanted, reduction="none") * (weight + 4 * wanted * weight)
        loss = loss + FIND_WEIGHT * missed.sum() / len(wanted) / 4
    return loss


def to_device(batch):
    return {name: x.to(args.device, non_blocking=True) for name, x in batch.items()}


@torch.no_grad()
def check(model, rows):
    model.eval()
    guessed, truth = [], []
    rows = sorted(rows, key=lambda row: len(row[0]))
    for at in range(0, len(rows), 64):
        batch = to_device(tensors(rows[at:at + 64]))
        guessed.append(answers(model, batch)[0].argmax(-1).cpu())
        truth.append(batch["truth"].cpu())
    model.train()
    g, t = torch.cat(guessed), torch.cat(truth)
    part = {LABELS[k]: f"P {((g == k) & (t == k)).sum() / max(1, (g == k).sum()):.3f} R {((g == k) & (t == k)).sum() / max(1, (t == k).sum()):.3f}" for k in (0, 1)}
    return f"accuracy {(g == t).float().mean():.4f} {part}"


@torch.no_grad()
def teach(model, rows):
    """A teacher's probabilities [P, 3] of every pair, in order."""
    first = np.cumsum([0] + [len(pairs) for _, pairs in rows])
    out, order = np.zeros((first[-1], 3), np.float16), sorted(range(len(rows)), key=lambda i: len(rows[i][0]))
    for some, batch in Asked(rows, order).loader(workers):
        out[np.concatenate([np.arange(first[i], first[i + 1]) for i in some])] = answers(model, to_device(batch))[0].softmax(-1).cpu().numpy()
    return out


def load(kind, start):
    model = build(kind)
    if start:
        model.load_state_dict(torch.load(BUILD / f"{start}.pt", map_location="cpu"), strict=False)
    return model.to(args.device)


def average(parameters):
    flat = torch.cat([(p.grad if p.grad is not None else torch.zeros_like(p)).reshape(-1) for p in parameters])
    dist.all_reduce(flat)
    at = 0
    for p in parameters:
        p.grad = (flat[at:at + p.numel()] / together).view_as(p)
        at += p.numel()


def agreed_share(started, minutes):
    share = torch.tensor((time.time() - started) / (60 * minutes))
    if together > 1:
        dist.broadcast(share, 0)
    return share.item()


def average_of(names, make):
    """The mean of networks that came from one another, weight by weight: as good on the old as the first, and on the new as the last."""
    given = [torch.load(BUILD / f"{name}.pt", map_location="cpu") for name in names]
    torch.save({name: sum(one[name] for one in given) / len(given) if w.is_floating_point() else w for name, w in given[0].items()}, BUILD / f"{make}.pt")


def train(stage, read_sources, checks):
    minutes, seed = stage["share"] * args.minutes, stage.get("seed", SEED) + rank
    torch.manual_seed(seed)
    model = load(stage["model"], stage.get("start"))
    given = np.load(BUILD / f"{stage['teacher']}-answers.npz") if stage.get("teacher") else {}
    sources = {name: taught(read_sources[name], given[name]) if name in given else read_sources[name] for name in stage["mix"]}
    for name, parameter in model.named_parameters():
        parameter.requires_grad = not any(part in name for part in FROZEN)
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW([{"params": [p for p in trained if p.dim() > 1], "weight_decay": DECAY}, {"params": [p for p in trained if p.dim() < 2], "weight_decay": 0.0}],
                                  lr=stage["rate"], betas=(0.9, 0.98), fused=args.device == "cuda")
    batches = Batches(sources, stage["mix"], stage["statements"], seed).loader(workers)
    say(f"{stage['make']}: {minutes:.1f} minutes, {sum(p.numel() for p in trained)} trained parameters")
    model.train()
    started, step, seen, said = time.time(), 0, 0, 0.0
    while (share := agreed_share(started, minutes)) < 1:
        batch = to_device(next(batches))
        for group in optimizer.param_groups:
            group["lr"] = stage["rate"] * (share / WARMUP if share < WARMUP else (1 - share) / (1 - WARMUP))
        loss = loss_of(model, batch)
        optimizer.zero_grad()
        loss.backward()
        if together > 1:
            average(trained)
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        step, seen = step + 1, seen + together * len(batch["truth"])
        if share - said > SAY_SHARE:
            said = share
            say(f"step {step} share {share:.2f} pairs {seen} ({seen / (time.time() - started):.0f}/s) loss {loss.item():.4f}")
    if rank == 0:
        model.eval()
        torch.save(model.state_dict(), BUILD / f"{stage['make']}.pt")
        say(f"{stage['make']} done: {step} steps, {seen} pairs, {time.time() - started:.0f} s; " + "; ".join(f"{name} {check(model, rows)}" for name, rows in checks.items()))
        if stage.get("answers"):
            started = time.time()
            np.savez(BUILD / f"{stage['make']}-answers.npz", **{name: teach(model, rows) for name in stage["answers"] for rows in [read_sources[name]]})
            say(f"answers: {time.time() - started:.0f} s")
    if together > 1:
        dist.barrier()


recipe = [stage for stage in json.loads(Path(args.recipe).read_text()) if not args.stages or stage["make"] in args.stages]
sources = {name: read(name, near=True) for name in sorted({name for stage in recipe for name in stage.get("mix", ())})}
checks = {name: read(name)[:DEV_STATEMENTS] for name in ("dev", "written-dev", "written-pairs") if (BUILD / f"{name}.jsonl").exists()}
say(f"{args.device}: " + ", ".join(f"{name} {len(rows)} statements {sum(len(pairs) for _, pairs in rows)} pairs" for name, rows in sources.items()))
for stage in recipe:
    if "average" in stage:
        average_of(stage["average"], stage["make"])
    else:
        train(stage, sources, checks)