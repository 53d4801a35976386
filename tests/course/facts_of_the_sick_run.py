"""Where the numbers in the model answer to the lab of diagnostics come from: each run is trained again."""

from functools import cache

from exercises.diagnostics.sick_run import Settings, run
from solutions import diagnostics
from tests.course.facts import fact

LAB = "labs/diagnostics"
CURES = {"lr": 0.02, "gain": 1.0, "inputs": "standardized", "weight_decay": 0.0001, "labels_seed": 7}
FOUND = vars(Settings())


@cache
def log(*cured: str, **others: object) -> list[dict]:
    """The log of the run with these settings cured, and others given."""
    return run(Settings(**{name: CURES[name] for name in cured} | others))


def put_back(name: str, **others: object) -> list[dict]:
    return log(*CURES, **{name: FOUND[name]} | others)


def end(entries: list[dict]) -> list[float]:
    """Training loss, validation loss and per cent right after the last epoch."""
    last = entries[-1]
    return [last["train"], last["val"], 100 * last["right"]]


def verdict(entries: list[dict]) -> str:
    return diagnostics.diagnose_curve(*([entry[name] for entry in entries] for name in ("train", "val")))


def lowest(entries: list[dict]) -> float:
    return min(entry[name] for entry in entries[1:] for name in ("train", "val"))


def right(seeds: int, **settings: object) -> list[float]:
    """Per cent right of the cured run with so many seeds."""
    return [100 * log(*CURES, seed=seed, **settings)[-1]["right"] for seed in range(seeds)]


fact(LAB, "the loss is {2.303}, which is log 10", lambda: log()[0]["train"])
fact(LAB, "it is {92}, and it never gets below {20}", lambda: [log()[1]["train"], 20 * (lowest(log()) > 20)])
fact(
    LAB,
    "moves the first layer by {0.2} of itself and the last one by {0.6}",
    lambda: [log()[1]["ratios"][layer] for layer in (0, -1)],
)
FIRST, SECOND, THIRD, FOURTH = (tuple(CURES)[:count] for count in (1, 2, 3, 4))
for cured, quotation in (
    (FIRST, "`lr=0.02` | not learning | {2.302} | {2.305} | {9.4} %"),
    (SECOND, "and `gain=1` | not learning | {2.302} | {2.305} | {9.4} %"),
    (THIRD, "and `inputs=standardized` | not learning | {2.302} | {2.305} | {9.4} %"),
    (FOURTH, "and `weight_decay=0.0001` | underfitting | {2.050} | {2.445} | {10.2} %"),
    (tuple(CURES), "and `labels_seed=7` | healthy | {0.055} | {0.282} | {91.6} %"),
):
    fact(LAB, quotation, lambda cured=cured: end(log(*cured)))
for name, quotation in (
    ("gain", "`gain=0.1` | not learning | {2.302} | {2.307} | {8.4} %"),
    ("weight_decay", "`weight_decay=0.05` | underfitting | {1.226} | {1.219} | {64.6} %"),
    ("labels_seed", "`labels_seed=8` | underfitting | {2.050} | {2.445} | {10.2} %"),
):
    fact(LAB, quotation, lambda name=name: end(put_back(name)))
fact(
    LAB,
    "in the third layer I saw {3e-3} where there had been {2e-6}",
    lambda: [log(*cured)[0]["gradients"][2] for cured in (SECOND, FIRST)],
)
fact(
    LAB,
    "flat ends of tanh: {87} % of the first layer. Such a unit passes on a sign and lets hardly any gradient through. "
    "Standardized, it is {1} %",
    lambda: [100 * log(*cured)[0]["saturated"][0] for cured in (SECOND, THIRD)],
)
fact(LAB, "down to {2e-10}, and yet", lambda: log(*THIRD)[-1]["gradients"][0])
fact(LAB, "and momentum of 0.9 makes ten of that: {0.01}", lambda: log(*THIRD)[-1]["ratios"][2])
fact(
    LAB, "gradients of {1e-3}, steps of {1e-3}", lambda: [log(*FOURTH)[5][name][0] for name in ("gradients", "ratios")]
)
fact(LAB, "`seed=1`: {92.0} %", lambda: right(2)[1])
fact(LAB, "between {90.6} and {92.0} %, and with raw", lambda: [min(right(4)), max(right(4))])
fact(
    LAB,
    "its training loss comes to {0.05}, and its validation loss to {7.5}",
    lambda: end(log(*FOURTH, epochs=100))[:2],
)
