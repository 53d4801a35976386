"""What the catalogue of the unit schedules computes in a loop."""


def plateau(losses, lr, factor, best, is_good, count, too_many, after_cut):
    """The rate after each epoch."""
    bad, rates = 0, []
    for epoch, loss in enumerate(losses):
        good = best is None or is_good(loss, best, losses[max(epoch - 1, 0)])
        best, bad = loss if good else best, count(bad, good)
        if too_many(bad):
            lr *= factor
            bad, best = after_cut(best, loss)
        rates.append(lr)
    return rates
