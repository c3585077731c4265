"""3. Exports the trained reader to two ONNX graphs: encoder.onnx (one text) and pair.onnx (criteria against one statement), weights stored as 8-bit whole numbers.

    python 03_export.py [CHECKPOINT] [FOLDER] [--fp32]        (default build/reader.pt, ../)

Weight-only: each column of a weight has its own scale, the sums are made in 32-bit floats, so a reading does not depend on what it is read beside.
Writes encoder.onnx, pair.onnx, tokenizer.json, tokenizer_config.json. Knows nothing of data and thresholds.
"""
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from model import LOOK, WEIGHTS, Reader

HERE = Path(__file__).resolve().parent
paths = [a for a in sys.argv[1:] if not a.startswith("--")]
CHECKPOINT = Path(paths[0]) if paths else HERE / "build/reader.pt"
OUT = Path(paths[1]) if len(paths) > 1 else HERE.parent
EIGHT_BITS = "--fp32" not in sys.argv
OPSET = 17
LEAST = 4096                   # smaller tensors stay 32-bit floats

OUT.mkdir(parents=True, exist_ok=True)
model = Reader()
if CHECKPOINT.exists():
    model.load_state_dict(torch.load(CHECKPOINT))
model.eval()


class Encode(nn.Module):
    """A text as statement (memory) and as criterion (state): the caller takes the one it needs; `side` chooses which."""

    def __init__(self, reader):
        super().__init__()
        self.reader = reader

    def forward(self, input_ids, attention_mask, side):
        r = self.reader
        x = r.embeddings(input_ids=input_ids) + r.side[side]
        blocked = r.blocked(attention_mask)
        for layer in r.layers[:r.base]:
            x = r.attend(layer, x, *r.own(layer, x), blocked)
        state, vector, memory = x, r.vector(x, attention_mask), []
        for i, layer in enumerate(r.layers[r.base:]):
            keys, values = r.own(layer, x)
            memory.append(torch.stack([keys, values], 1))
            if i + 1 < LOOK:
                x = r.attend(layer, x, keys, values, blocked)
        return torch.stack(memory, 1), state, vector


class Judge(nn.Module):
    def __init__(self, reader):
        super().__init__()
        self.reader = reader

    def forward(self, state, state_mask, memory, memory_mask):
        return self.reader.judge(state, state_mask, memory, memory_mask)


def shrink(path):
    """Replaces each large float weight by int8 and a scale a column (per row for the table of words), multiplied back when it is used."""
    graph = onnx.load(str(path)).graph
    keep, nodes = [], []
    gathered = {n.input[0] for n in graph.node if n.op_type == "Gather"}
    for tensor in graph.initializer:
        value = numpy_helper.to_array(tensor)
        if value.dtype != np.float32 or value.size < LEAST or value.ndim != 2:
            keep.append(tensor)
            continue
        axis = 0 if tensor.name in gathered else 1
        scale = np.maximum(np.abs(value).max(axis=1 - axis, keepdims=True), 1e-8) / 127
        whole = np.clip(np.round(value / scale), -127, 127).astype(np.int8)
        name = tensor.name
        keep += [numpy_helper.from_array(whole, f"{name}_q"), numpy_helper.from_array(scale.astype(np.float32), f"{name}_s")]
        if name in gathered:            # look up first, then multiply: the table stays small in memory
            for node in graph.node:
                if node.op_type == "Gather" and node.input[0] == name:
                    out, index = node.output[0], node.input[1]
                    node.input[0], node.output[0] = f"{name}_q", f"{out}_q"
                    nodes += [(node, [helper.make_node("Gather", [f"{name}_s", index], [f"{out}_s"], axis=0), helper.make_node("Cast", [f"{out}_q"], [f"{out}_f"], to=TensorProto.FLOAT),
                                      helper.make_node("Mul", [f"{out}_f", f"{out}_s"], [out])])]
        else:
            nodes += [(None, [helper.make_node("DequantizeLinear", [f"{name}_q", f"{name}_sv"], [name], axis=1)])]
            keep[-1] = numpy_helper.from_array(scale.reshape(-1).astype(np.float32), f"{name}_sv")
    del graph.initializer[:]
    graph.initializer.extend(keep)
    ordered = [new for after, group in nodes if after is None for new in group]
    for node in graph.node:
        ordered.append(node)
        for after, group in nodes:
            if after is not None and after.output[0] == node.output[0]:
                ordered += group
    del graph.node[:]
    graph.node.extend(ordered)
    whole_model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    onnx.checker.check_model(whole_model)
    onnx.save(whole_model, str(path))


ids = torch.randint(1000, 20000, (2, 9))
mask = torch.ones_like(ids)
encode, judge = Encode(model).eval(), Judge(model).eval()
with torch.no_grad():
    memory, state, _ = encode(ids, mask, torch.tensor(0))
    torch.onnx.export(encode, (ids, mask, torch.tensor(0)), str(OUT / "encoder.onnx"), dynamo=False, opset_version=OPSET,
                      input_names=["input_ids", "attention_mask", "side"], output_names=["memory", "state", "vector"],
                      dynamic_axes={"input_ids": {0: "batch", 1: "length"}, "attention_mask": {0: "batch", 1: "length"}, "memory": {0: "batch", 4: "length"}, "state": {0: "batch", 1: "length"}, "vector": {0: "batch"}})
    torch.onnx.export(judge, (state, mask, memory[:1], mask[:1]), str(OUT / "pair.onnx"), dynamo=False, opset_version=OPSET,
                      input_names=["state", "state_mask", "memory", "memory_mask"], output_names=["logits"],
                      dynamic_axes={"state": {0: "criteria", 1: "words"}, "state_mask": {0: "criteria", 1: "words"}, "memory": {0: "one", 4: "length"}, "memory_mask": {0: "one", 1: "length"}, "logits": {0: "criteria"}})
if EIGHT_BITS:
    for name in ("encoder.onnx", "pair.onnx"):
        shrink(OUT / name)

definition = json.loads((Path(WEIGHTS) / "tokenizer.json").read_text())
definition["truncation"] = definition["padding"] = None      # the caller's business
(OUT / "tokenizer.json").write_text(json.dumps(definition, ensure_ascii=False))
shutil.copyfile(Path(WEIGHTS) / "tokenizer_config.json", OUT / "tokenizer_config.json")
for name in ("encoder.onnx", "pair.onnx"):
    print(name, (OUT / name).stat().st_size)
