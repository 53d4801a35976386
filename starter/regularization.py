"""Regularization: against memorizing. Fill in the functions and run `pytest exercises/regularization`.

Results keep the dtype and device of the inputs; inputs are never modified, nothing is printed, and no random number
comes from anywhere but the generator that you are given. Build from elementary operations (abs, sum, torch.rand,
torch.where, flip): torch.nn.functional is there to compare with, and earns no points. Autograd must reach through the
penalties, soft_threshold, dropout, mixup, cutmix, random_crop, stochastic_depth and random_flip: no detach, no .item()
on the way (random_crop's offsets excepted).
"""

import torch


def l1_penalty(weights: list[torch.Tensor], strength: float) -> torch.Tensor:
    """Compute the L1 penalty (lasso) on all weights together.

        penalty = strength * (sum of |w| over every entry w of every tensor)

    Args:
        weights: one tensor or more, float32 or float64, of any shapes.
        strength: how much the penalty counts in the loss; often called lambda.

    Returns:
        A 0-d tensor. Its gradient at a weight that is not 0 is strength times the weight's sign.

    Example:
        weights = [[[1.0, -2.0]], [3.0]] and strength = 0.1 give 0.1 * (1 + 2 + 3) = 0.6.
    """
    raise NotImplementedError


def l2_penalty(weights: list[torch.Tensor], strength: float) -> torch.Tensor:
    """Compute the L2 penalty (ridge) on all weights together.

        penalty = strength * (sum of w^2 over every entry w of every tensor)

    There is no root, no mean, and no factor 1/2.

    Args:
        weights: one tensor or more, float32 or float64, of any shapes.
        strength: how much the penalty counts in the loss; often called lambda.

    Returns:
        A 0-d tensor. Its gradient at a weight w is 2 strength w.

    Example:
        weights = [[[1.0, -2.0]], [3.0]] and strength = 0.1 give 0.1 * (1 + 4 + 9) = 1.4.
    """
    raise NotImplementedError


def soft_threshold(weight: torch.Tensor, threshold: float) -> torch.Tensor:
    """Move every weight towards 0 by the threshold, and no further than to 0 (the proximal step of L1).

        shrunk = sign(w) max(|w| - threshold, 0)        for each weight w

    After a step down the slope of the loss alone, at rate lr, this with threshold = lr * strength takes the place of
    the gradient of an L1 penalty: small weights become exactly 0 and stay there.

    Args:
        weight: float32 or float64, of any shape.
        threshold: 0 or more.

    Returns:
        A tensor of the shape of weight. Its slope is 1 where |w| > threshold, and 0 where |w| < threshold.

    Example:
        weight = [2.0, -0.3, -1.5] and threshold = 0.5 give [1.5, 0.0, -1.0].

    See torch.nn.functional.softshrink; Daubechies et al. 2004; Beck & Teboulle 2009 (ISTA).
    """
    raise NotImplementedError


def dropout(
    x: torch.Tensor, p: float, generator: torch.Generator, training: bool = True
) -> tuple[torch.Tensor, torch.Tensor]:
    """Drop each entry of x with probability p, and scale the others up (inverted dropout).

        y = x / (1 - p)  where mask is True (the entry is kept)        y = 0  where mask is False

    Each entry is drawn by itself: another draw for each feature of each sample. In evaluation (training=False)
    nothing is dropped and nothing is scaled.

    Args:
        x: float32 or float64, of any shape.
        p: the probability that an entry is dropped, from 0 to 1. For p = 1 the result is zeros, not NaN.
        generator: the only source of randomness, on the device of x. The same state of the generator gives the same
            mask; two calls in a row with one generator give different ones.
        training: False in evaluation.

    Returns:
        (y, mask), both of the shape of x. mask is a bool tensor, True where an entry is kept; in evaluation it is True
        everywhere, and y is x. The backward pass needs it.

    Example:
        x = [1.0, 2.0, 3.0, 4.0] and p = 0.2: if the mask comes out as [True, True, False, True], the survivors are
        divided by 0.8, and y = [1.25, 2.5, 0.0, 5.0].

    See Srivastava et al. 2014; torch.nn.functional.dropout.
    """
    raise NotImplementedError


def dropout_backward(grad_out: torch.Tensor, mask: torch.Tensor, p: float) -> torch.Tensor:
    """Send the gradient back through inverted dropout in training.

        y = x * mask / (1 - p)        grad_x = dL/dx, from grad_out = dL/dy

    Args:
        grad_out: the gradient of the loss with respect to y, of any shape.
        mask: the bool tensor that `dropout` returned, of the same shape: True where an entry was kept.
        p: the probability with which entries were dropped, at least 0 and below 1.

    Returns:
        grad_x, of the shape of grad_out.

    Example:
        grad_out = [1.0, 2.0, 3.0, 4.0], mask = [True, True, False, True] and p = 0.2 give [1.25, 2.5, 0.0, 5.0].
    """
    raise NotImplementedError


def early_stopping(val_losses: list[float], patience: int, min_delta: float = 0.0) -> tuple[int | None, int]:
    """Find the epoch at which early stopping ends a run, and the epoch whose weights it would keep.

        an improvement:  val < best - min_delta, where best is the loss at the last improvement

    The first epoch, number 0, is the first best. Every epoch without an improvement is one more in a row; an
    improvement sets the count back to 0. The run stops at the epoch that makes `patience` in a row. What would have
    come later is never seen.

    Args:
        val_losses: the validation loss after each epoch, Python floats, at least one.
        patience: how many epochs in a row without an improvement end the run, at least 1.
        min_delta: the loss must fall by more than this to count as an improvement; at least 0.

    Returns:
        (stop_epoch, best_epoch), Python ints, epochs counted from 0. stop_epoch is None where the run is never
        stopped; best_epoch is the epoch of the last improvement before the stop.

    Example:
        val_losses = [1.0, 0.75, 0.875, 0.75, 0.5] and patience = 2: epoch 1 is an improvement, epochs 2 and 3 are not
        (0.75 is not below 0.75). The run stops at epoch 3 and never sees epoch 4: the result is (3, 1).
    """
    raise NotImplementedError


def label_smoothing(labels: torch.Tensor, num_classes: int, smoothing: float) -> torch.Tensor:
    """Turn class indices into soft targets: most of the probability on the label, a little on every class.

        targets[n, c] = (1 - smoothing) * (1 if c is labels[n], else 0) + smoothing / C

    The label's own class gets its share smoothing / C as well, so that every row adds up to 1.

    Args:
        labels: class indices, int64, of shape (N,).
        num_classes: C. Classes that no label names have a column, too.
        smoothing: from 0 (one-hot targets) to 1 (uniform targets).

    Returns:
        A float32 tensor of shape (N, C).

    Example:
        labels = [2, 0], num_classes = 4 and smoothing = 0.2 give
        [[0.05, 0.05, 0.85, 0.05], [0.85, 0.05, 0.05, 0.05]].

    See Szegedy et al. 2016, section 7.
    """
    raise NotImplementedError


def mixup(
    x: torch.Tensor, targets: torch.Tensor, lam: float, permutation: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Blend every sample of a batch, and its target, with another one.

        x'[i]       = lam x[i]       + (1 - lam) x[permutation[i]]
        targets'[i] = lam targets[i] + (1 - lam) targets[permutation[i]]

    Args:
        x: float32 or float64, of shape (N, ...), with any number of further dimensions.
        targets: one-hot or soft targets of the same dtype, of shape (N, C).
        lam: the share of the sample itself, a Python float from 0 to 1.
        permutation: the partner of each sample, int64, of shape (N,).

    Returns:
        (x, targets), of the shapes of the inputs.

    Example:
        x = [[0.0], [4.0], [8.0]], targets = [[1, 0], [0, 1], [0, 1]], lam = 0.75 and permutation = [1, 2, 0] give
        x' = [[1.0], [5.0], [6.0]] and targets' = [[0.75, 0.25], [0, 1], [0.25, 0.75]].

    See Zhang et al. 2018.
    """
    raise NotImplementedError


def cutmix(
    x: torch.Tensor, targets: torch.Tensor, box: tuple[int, int, int, int], permutation: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Put a patch of another image into every image of a batch, and blend the targets by area.

        x'[i]       = x[permutation[i]] inside the box, in every channel, and x[i] outside
        share       = height * width / (H * W)
        targets'[i] = (1 - share) targets[i] + share targets[permutation[i]]

    Args:
        x: images, float32 or float64, of shape (N, C, H, W).
        targets: one-hot or soft targets of the same dtype, of shape (N, K) for K classes.
        box: (top, left, height, width): rows top to top + height - 1 and columns left to left + width - 1. It lies
            within the image, and may be empty (height or width 0) or the whole image.
        permutation: the partner of each image, int64, of shape (N,).

    Returns:
        (x, targets), of the shapes of the inputs.

    Example:
        Two images of one channel, 2 by 2, the first all 1 and the second all 5, targets = [[1, 0], [0, 1]],
        box = (0, 1, 2, 1), the right column, and permutation = [1, 0] give the images [[1, 5], [1, 5]] and
        [[5, 1], [5, 1]], and targets' = [[0.5, 0.5], [0.5, 0.5]].

    See Yun et al. 2019.
    """
    raise NotImplementedError


def random_box(height: int, width: int, lam: float, generator: torch.Generator) -> tuple[int, int, int, int]:
    """Draw the box that CutMix pastes: about 1 - lam of the image's area, anywhere in the image.

        side = int(height sqrt(1 - lam))        cy uniform in 0 .. height - 1
        top = cy - side // 2        bottom = top + side        both clipped to 0 .. height
        box_height = bottom - top

    and likewise for the columns, with a centre cx of their own. A box that hangs over the border is cut off there, and
    is then smaller than its sides.

    Args:
        height, width: the size of the images.
        lam: the share of the area that is to be left, from 0 to 1.
        generator: the only source of randomness. The same state of the generator gives the same box; two calls in a
            row with one generator give different ones.

    Returns:
        (top, left, box_height, box_width), Python ints, as `cutmix` takes them. (From cy - side // 2 to
        cy + side // 2, as in the paper's code, is right as well. Where a side is 0 the box is empty, wherever it is.)

    Example:
        For height = width = 10 and lam = 0.75 both sides are 5. With the centre cy = 1, cx = 6, rows -1 to 4 are
        clipped to 0 .. 4 and columns are 4 .. 9: the box is (0, 4, 4, 5).

    See Yun et al. 2019, section 3.1.
    """
    raise NotImplementedError


def random_crop(
    images: torch.Tensor, padding: int, generator: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Move each image of a batch by a few pixels: pad it with zeros on all sides, and cut it back to its size.

        images'[i] = padded[i, :, tops[i] : tops[i] + H, lefts[i] : lefts[i] + W]

    Offsets are uniform in 0 .. 2 padding, both ends included, two for each sample, independent of each other. At
    offsets of `padding` an image stays as it is.

    Args:
        images: float32 or float64, of shape (N, C, H, W).
        padding: rows and columns of zeros on each side, 0 or more.
        generator: the only source of randomness, on the device of images. The same state of the generator gives the
            same result; two calls in a row with one generator move images differently.

    Returns:
        (images, tops, lefts): a tensor of the shape of images, and the offsets, int64 of shape (N,), on its device.

    Example:
        One image of one channel, 2 by 2, [[1, 2], [3, 4]], and padding=1: if tops comes out as [0] and lefts as [1],
        the image returned is [[0, 0], [1, 2]]: it has moved down by one row.
    """
    raise NotImplementedError


def stochastic_depth(
    x: torch.Tensor, branch: torch.Tensor, survival: float, generator: torch.Generator, training: bool = True
) -> torch.Tensor:
    """Add the output of a residual branch to x, and in training leave the branch out of some samples.

        training:    y[n] = x[n] + branch[n] / survival  with probability survival,  y[n] = x[n]  otherwise
        evaluation:  y = x + branch

    One draw for each sample: its whole branch is kept or dropped. x is always there.

    Args:
        x: float32 or float64, of shape (N, ...), with any number of further dimensions.
        branch: the output of the residual branch, of the shape of x.
        survival: the probability that a sample keeps its branch, above 0 and at most 1.
        generator: the only source of randomness, on the device of x. The same state of the generator gives the same
            result; two calls in a row with one generator drop different samples.
        training: False in evaluation.

    Returns:
        y, of the shape of x.

    Example:
        x = [[1.0, 1.0], [2.0, 2.0]], branch = [[1.0, 2.0], [3.0, 4.0]] and survival = 0.5: if the first sample keeps
        its branch and the second does not, y = [[3.0, 5.0], [2.0, 2.0]]. In evaluation y = [[2.0, 3.0], [5.0, 6.0]].

    See Huang et al. 2016, who scale in evaluation; dividing in training, as here, has the same mean.
    """
    raise NotImplementedError


def random_flip(images: torch.Tensor, p: float, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Mirror each image of a batch left to right with probability p.

        images'[n, c, h, w] = images[n, c, h, W - 1 - w]  where flipped[n],  images[n, c, h, w]  elsewhere

    One draw for each image. A mirrored cat is a cat, so labels stay as they are.

    Args:
        images: float32 or float64, of shape (N, C, H, W).
        p: the probability that an image is mirrored, from 0 to 1.
        generator: the only source of randomness, on the device of images. The same state of the generator gives the
            same result; two calls in a row with one generator mirror different images.

    Returns:
        (images, flipped): a tensor of the shape of images, and a bool tensor of shape (N,), True for the images that
        were mirrored.

    Example:
        Two images of one channel, 1 by 3, [[1, 2, 3]] and [[4, 5, 6]]: if flipped comes out as [False, True], the
        images returned are [[1, 2, 3]] and [[6, 5, 4]].
    """
    raise NotImplementedError
