"""Tuning: choosing what is not learned. Fill in the functions below and check them with `pytest exercises/tuning`.

Random numbers come from the generator that you are given and from nowhere else; nothing is printed.
"""

from collections.abc import Callable

import torch


def log_uniform(low: float, high: float, num: int, generator: torch.Generator) -> torch.Tensor:
    """Draw values for a hyperparameter whose size is what is unknown, such as a learning rate.

    It is the logarithm that is uniform: each decade, 1e-4 to 1e-3 as well as 1e-2 to 1e-1, is as likely as any other.

    Args:
        low, high: the ends, 0 < low < high.
        num: how many values.
        generator: where all randomness comes from.

    Returns:
        (num,), float64, drawn in float64 on the generator's device, each value by itself.

    Example:
        Of values between 1e-4 and 1e-1, a third lies below 1e-3, a third between 1e-3 and 1e-2, and a third above.

    See Bergstra and Bengio 2012, "Random Search for Hyper-Parameter Optimization".
    """
    raise NotImplementedError


def k_fold(num_samples: int, k: int, generator: torch.Generator) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Deal samples out for cross-validation: each of k parts validates once what the rest has trained.

    Args:
        num_samples: how many samples there are.
        k: folds, 2 <= k <= num_samples.
        generator: where all randomness comes from.

    Returns:
        k pairs (train, validation) of indices in a list, int64, on the generator's device. Samples are shuffled; each
        validates in one pair and trains in all others. The sizes of the validation parts differ by at most 1. The order
        within a tensor is free.

    Example:
        num_samples = 5 and k = 2 may give [([3, 0], [4, 1, 2]), ([4, 1, 2], [3, 0])].
    """
    raise NotImplementedError


def successive_halving(evaluate: Callable[[int, int], float], num: int, budget: int) -> tuple[int, int]:
    """Find a good one of many settings with few steps: those that start badly are not trained to the end.

    In each round all settings that are left are evaluated with the same number of steps, at first `budget`. The better
    half stays, rounded up, and the steps double. This goes on until one is left, which is not evaluated again.

    Args:
        evaluate: evaluate(i, steps) trains setting i from scratch for so many steps, and returns its loss, a float: the
            smaller, the better; it may be infinite. It is called once for each setting that is left and each round.
        num: how many settings there are, numbered from 0; at least 1.
        budget: steps in the first round.

    Returns:
        (winner, spent): the number of the setting that is left, and the steps of all evaluations together, two ints. Of
        settings with equal losses the one with the lower number is the better.

    Example:
        num = 3 and budget = 10: three settings get 10 steps each, the better two 20 each, and one is left. It has cost
        3 * 10 + 2 * 20 = 70 steps. num = 1 gives (0, 0).

    See Jamieson and Talwalkar 2016, "Non-stochastic Best Arm Identification and Hyperparameter Optimization".
    """
    raise NotImplementedError


def accuracy_interval(correct: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """Say how far an accuracy that was measured on `total` samples may be from the true one (Wilson's interval).

        p      = correct / total
        middle = (p + z^2 / (2 total)) / (1 + z^2 / total)
        half   = z * sqrt(p (1 - p) / total + z^2 / (4 total^2)) / (1 + z^2 / total)

    Args:
        correct, total: how many samples are right, of how many; total is at least 1.
        z: how many standard errors; 1.96 holds the true accuracy in 95 of 100 cases.

    Returns:
        (middle - half, middle + half), two Python floats.

    Example:
        correct = 9 and total = 10 give about (0.596, 0.982).

    See Wilson 1927, "Probable Inference, the Law of Succession, and Statistical Inference".
    """
    raise NotImplementedError


def best_of_seeds_bias(accuracies: list[float], num: int, generator: torch.Generator, draws: int = 10000) -> float:
    """Estimate how much the best of `num` runs flatters, where the runs differ by nothing but their seeds.

    From the accuracies of your own runs, samples of `num` runs are drawn with replacement, `draws` times (a bootstrap).

        bias = (mean over the samples of the largest accuracy in the sample) - (mean of the accuracies)

    Args:
        accuracies: of one run or more.
        num: runs of which the best one would be reported; at least 1, and it may be more than there are accuracies.
        generator: where all randomness comes from.
        draws: how many samples are drawn.

    Returns:
        The bias, a Python float, in the unit of the accuracies.

    Example:
        Of the accuracies [0.0, 1.0] the larger of 2 is 1 in three of four samples: the bias is about 0.75 - 0.5 = 0.25.
    """
    raise NotImplementedError


def chosen_run() -> dict[str, float]:
    """Name the setting that you would train with on the handwritten digits, and say how good it will be.

    Find it with a sweep of your own, for instance with `backpass tune`. It is then run again: the course's trainer
    trains it with three seeds, and what counts is the mean accuracy on pictures that were held back, others for each
    seed. 97 % gets full points, 95 % a part of them. What you expect gets points of its own where it is right within
    one percentage point.

    Returns:
        A dict with
        "hidden": units of the one hidden layer, an int from 1 to 512;
        "epochs": an int from 1 to 60;
        "batch_size": an int from 1; epochs times batches of an epoch must not be more than 6,000 steps;
        "max_lr": the highest learning rate, above 0, reached after a warm-up over a tenth of all steps;
        "weight_decay": AdamW's, from 0;
        "dropout": the probability that a hidden unit is dropped, from 0 to below 1;
        "label_smoothing": from 0 to below 1;
        "expected_accuracy": in percent, 98.0 for 98 %, the mean accuracy that you expect of the three runs.

    Example:
        {"hidden": 64, "epochs": 10, "batch_size": 32, "max_lr": 0.01, "weight_decay": 0.01, "dropout": 0.0,
        "label_smoothing": 0.0, "expected_accuracy": 96.0} has the right form.
    """
    raise NotImplementedError
