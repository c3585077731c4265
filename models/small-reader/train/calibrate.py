"""Temperatures, biases and thresholds, and the figures of a table. Knows labels and probabilities, nothing of models and texts."""
import numpy as np

LABELS = ["supports", "contradicts", "nothing"]
FINDINGS = ["none", "named", "bare", "affirmed", "denied", "meets", "misses"]     # of the rules, src/read/cascade.ts
AFFIRMED = [FINDINGS.index("affirmed"), FINDINGS.index("meets")]     # the rules say it too
BINS = 15
STRENGTH = 2.0                     # how strongly a finding's calibration is held to the model's own, in pairs: few findings, little trust


def soft(logits):
    z = np.exp(logits - logits.max(1, keepdims=True))
    return z / z.sum(1, keepdims=True)


def weigh(logits, findings, calibration):
    """-> probabilities: logits / temperature + bias, each by what the rules found."""
    temperature = np.array([calibration[f]["temperature"] for f in FINDINGS])
    bias = np.array([calibration[f]["bias"] for f in FINDINGS])
    return soft(logits / temperature[findings][:, None] + bias[findings])


def fit_temperature(logits, truth):
    grid = np.exp(np.linspace(np.log(0.4), np.log(5), 160))
    losses = [-np.log(soft(logits / t)[np.arange(len(truth)), truth] + 1e-12).mean() for t in grid]
    return float(round(grid[int(np.argmin(losses))], 3))


def fit_cascade(logits, findings, truth):
    """One temperature and one bias a label for each finding: Newton-free, plain gradient descent on the penalised likelihood; 28 numbers from thousands of pairs."""
    base = fit_temperature(logits, truth)
    calibration = {}
    for at, name in enumerate(FINDINGS):
        rows = findings == at
        inverse, bias = 1 / base, np.zeros(3)
        if rows.sum() >= 8:
            x, y = logits[rows], np.eye(3)[truth[rows]]
            step = 0.5
            for _ in range(4000):
                error = soft(x * inverse + bias) - y
                slope = (error * x).sum() + STRENGTH * 4 * (inverse - 1 / base)
                lean = error.sum(0) + STRENGTH * 0.1 * bias
                inverse = max(0.05, inverse - step * slope / len(x) / 10)
                bias = bias - step * lean / len(x) * 4
        calibration[name] = {"temperature": round(float(1 / inverse), 3), "bias": [round(float(b - bias[2]), 3) for b in bias]}
    return calibration


def answers(probabilities, found, chosen):
    """The label that counts: supports and contradicts only from their thresholds on; the one of supports by what the rules found."""
    label, affirmed = probabilities.argmax(1), np.isin(found, AFFIRMED)
    label[(label == 0) & (probabilities[:, 0] < np.where(affirmed, chosen["affirmedThreshold"], chosen["supportsThreshold"]))] = 2
    label[(label == 1) & (probabilities[:, 1] < chosen["contradictsThreshold"])] = 2
    return label


def ece(probabilities, truth):
    top, right = probabilities.max(1), probabilities.argmax(1) == truth
    edges = np.minimum((top * BINS).astype(int), BINS - 1)
    return float(sum(abs(top[edges == b].mean() - right[edges == b].mean()) * (edges == b).mean() for b in range(BINS) if (edges == b).any()))


def least_threshold(probabilities, truth, label, wanted, beside=(0, 0)):
    """The least threshold from which on the label is right as often as wanted, with what stands beside it (right, said) counted too; 1 where none is."""
    won = probabilities.argmax(1) == label
    score, right = probabilities[won, label], truth[won] == label
    order = np.argsort(-score, kind="stable")
    precision = (beside[0] + np.cumsum(right[order])) / (beside[1] + np.arange(1, len(order) + 1))
    good = [at for at in np.nonzero(precision >= wanted)[0] if at >= 19]
    return round(max(0.5, float(score[order[good[-1]]])), 3) if good else 1.0


def supports_threshold(splits, wanted, affirmed):
    """The least threshold of what the rules do not say that holds on every split given, beside what they say [(probabilities, found, truth)]."""
    out = 0.5
    for name, (p, found, truth) in splits.items():
        if name in wanted:
            said = np.isin(found, AFFIRMED)
            counted = said & (p.argmax(1) == 0) & (p[:, 0] >= affirmed)
            out = max(out, least_threshold(p[~said], truth[~said], 0, wanted[name], ((truth[counted] == 0).sum(), counted.sum())))
    return out


def affirmed_threshold(splits, wanted):
    """The least threshold of what the rules say too that holds on every split given; chosen on words alone: compared values are nearly always right, and beside them words would pass that are not."""
    return max(least_threshold(p[said], truth[said], 0, wanted[name]) for name, (p, found, truth) in splits.items() if name in wanted for said in [found == FINDINGS.index("affirmed")])


def figures(label, truth, probabilities=None):
    out = {"pairs": len(truth), "accuracy": round(float((label == truth).mean()), 4),
           "balancedAccuracy": round(float(np.mean([(label[truth == k] == k).mean() for k in range(3)])), 4)}
    for k in (0, 1):
        out[LABELS[k]] = {"precision": round(float((truth[label == k] == k).mean()), 4) if (label == k).any() else None,
                          "recall": round(float((label[truth == k] == k).mean()), 4), "said": int((label == k).sum())}
    if probabilities is not None:
        out["ece"] = round(ece(probabilities, truth), 4)
    return out
