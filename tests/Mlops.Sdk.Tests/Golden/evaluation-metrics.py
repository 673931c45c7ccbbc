"""Makes evaluation-metrics.json: expected values from independent implementations. Run by hand: /usr/bin/python3 evaluation-metrics.py > evaluation-metrics.json"""
import hashlib, json, struct, sys
import numpy, scipy, sklearn
from scipy import stats
from sklearn import metrics

rng = numpy.random.default_rng(20260101)

def binary(rows, digits):
    labels = (rng.random(rows) < 0.3).astype(float)
    shared = rng.normal(size=rows)
    squash = lambda x: numpy.round(1 / (1 + numpy.exp(-x)), digits)
    candidate = squash(1.2 * labels + 0.8 * shared + 0.6 * rng.normal(size=rows) - 1)
    champion = squash(1.0 * labels + 0.8 * shared + 0.6 * rng.normal(size=rows) - 1)
    return labels, candidate, champion

def points(labels, scores):
    return {
        "roc_auc": metrics.roc_auc_score(labels, scores),
        "log_loss": metrics.log_loss(labels, scores, eps=1e-15),
        "brier": metrics.brier_score_loss(labels, scores),
        "accuracy@0.5": metrics.accuracy_score(labels, scores >= 0.5),
        "mae": metrics.mean_absolute_error(labels, scores),
        "rmse": metrics.mean_squared_error(labels, scores, squared=False),
        "r2": metrics.r2_score(labels, scores),
    }

def case(name, labels, scores):
    return {"name": name, "labels": labels.tolist(), "scores": scores.tolist(), "expected": points(labels, scores)}

def regression(rows, mean):
    labels = mean + rng.normal(size=rows)
    return labels, labels + 0.5 * rng.normal(size=rows)

def interval(statistic, rows, **options):
    result = stats.bootstrap((numpy.arange(rows),), statistic, n_resamples=10000, method="percentile", confidence_level=0.95, vectorized=False,
                             random_state=numpy.random.default_rng(7), **options)
    return [float(result.confidence_interval.low), float(result.confidence_interval.high)]

# The resampler, written again from the papers: SHA-256 seed, SplitMix64, xoshiro256**, multiply and shift.
MASK = (1 << 64) - 1
def splitmix(state):
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = ((state ^ state >> 30) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ z >> 27) * 0x94D049BB133111EB) & MASK
        yield z ^ z >> 31
def xoshiro(s):
    rotl = lambda x, k: (x << k | x >> 64 - k) & MASK
    while True:
        yield rotl(s[1] * 5 & MASK, 7) * 9 & MASK
        t = s[1] << 17 & MASK
        s[2] ^= s[0]; s[3] ^= s[1]; s[1] ^= s[2]; s[0] ^= s[3]; s[2] ^= t; s[3] = rotl(s[3], 45)
first = splitmix(1234567)
assert [next(first) for _ in range(3)] == [6457827717110365317, 3203168211198807973, 9817491932198370423]  # published vector of splitmix64.c
first = xoshiro([1, 2, 3, 4])
assert [next(first) for _ in range(4)] == [11520, 0, 1509978240, 1215971899390074240]  # published vector of xoshiro256starstar.c
def seed():
    text = lambda t: struct.pack("<q", len(t.encode())) + t.encode()
    optional = lambda d: struct.pack("<qd", 0 if d is None else 1, d or 0.0)
    return text("mlops.gate.seed/1") + text("golden") + text("sha256:" + "ab" * 32) + text("counts") + struct.pack("<q", 0) \
        + optional(0.5) + optional(None) + optional(0.25) + optional(0.95) + struct.pack("<qqq", 5, 20, 2000)
SEED = struct.unpack("<Q", hashlib.sha256(seed()).digest()[:8])[0]
def counts(resample, rows):
    stream = splitmix(SEED)
    for _ in range(4 * resample):
        next(stream)
    draws = xoshiro([next(stream) for _ in range(4)])
    result = [0] * rows
    for _ in range(rows):
        result[next(draws) * rows >> 64] += 1
    return result

cases = [
    case("probabilities of 2 digits, many ties", *binary(200, 2)[:2]),
    case("probabilities of 15 digits", *binary(301, 15)[:2]),
    case("certain and wrong", numpy.array([0.0, 1, 1, 0, 1]), numpy.array([0.0, 1, 0, 1, 0.25])),
]
for title, mean in [("regression", 10.0), ("regression far from zero", 1e6)]:
    labels, scores = regression(150, mean)
    expected = {k: v for k, v in [("mae", metrics.mean_absolute_error(labels, scores)), ("rmse", metrics.mean_squared_error(labels, scores, squared=False)), ("r2", metrics.r2_score(labels, scores))]}
    cases.append({"name": title, "labels": labels.tolist(), "scores": scores.tolist(), "expected": expected})

labels, candidate, champion = binary(400, 3)
auc = lambda s: lambda i: metrics.roc_auc_score(labels[i], s[i])
json.dump({
    "provenance": f"evaluation-metrics.py with Python {sys.version.split()[0]}, scikit-learn {sklearn.__version__}, scipy {scipy.__version__}, numpy {numpy.__version__} (Debian 12 packages)",
    "cases": cases,
    "bootstrap": {
        "labels": labels.tolist(), "candidate": candidate.tolist(), "champion": champion.tolist(),
        "roc_auc": interval(auc(candidate), 400),
        "roc_auc_difference": interval(lambda i: auc(candidate)(i) - auc(champion)(i), 400),
        "brier_difference": interval(lambda i: metrics.brier_score_loss(labels[i], champion[i]) - metrics.brier_score_loss(labels[i], candidate[i]), 400),
    },
    "resampler": {"seed": f"{SEED:016x}", "rows": 10, "counts": [counts(r, 10) for r in (0, 1, 1999)]},
}, sys.stdout, indent=1)
