"""What is asked of places that are drawn: the box of CutMix, and the offsets of random crops.

Uniform, independent of each other and of those before. A mean or a share may be 8 standard errors off, scatter and
correlations 10, as in `chance`; the smallest and the largest of hundreds of offsets are met exactly.
"""

import math

import torch

from graders.regularization.chance import CALLS, SCATTER_ERRORS, SHARE_ERRORS, share

BOXES = 200  # calls of one case


def measure_offsets(name, values, count):
    """How offsets from 0 to `count` - 1 are spread; one row for each call."""
    values = values.double()
    flat = values.reshape(-1)
    together = bool(len(values.T) > 1 and (values == values[:, :1]).all())
    numbers = {
        f"smallest {name}": flat.min().item(),
        f"largest {name}": flat.max().item(),
        f"mean {name}": flat.mean().item(),
        f"scatter of the {name}": flat.var(correction=0).item(),
        f"unevenness of the {name}": max(
            abs((flat == each).double().mean().item() * count - 1) for each in range(count)
        ),
        f"correlation of the {name} with the one before": correlation(flat[1:], flat[:-1]),
    }
    if together:  # what hangs on a few draws says nothing
        numbers = {
            key: value if key.startswith(("smallest", "largest")) else math.nan for key, value in numbers.items()
        }
    return {f"calls with one {name} for all samples": float(together)} | numbers


def theory_of_offsets(name, count, n):
    variance = (count**2 - 1) / 12
    return {
        f"calls with one {name} for all samples": (0.0, 0.0),
        f"smallest {name}": (0.0, 0.0),
        f"largest {name}": (count - 1.0, 0.0),
        f"mean {name}": ((count - 1) / 2, SHARE_ERRORS * math.sqrt(variance / n)),
        f"scatter of the {name}": (
            variance,
            SCATTER_ERRORS * variance * math.sqrt(0.8 / n),
        ),  # its kurtosis is below 1.8
        f"unevenness of the {name}": (0.0, SHARE_ERRORS * math.sqrt((count - 1) / n)),
        f"correlation of the {name} with the one before": (0.0, SCATTER_ERRORS / math.sqrt(n - 1)),
    }


def correlation(a, b):
    a, b = a - a.mean(), b - b.mean()
    size = (a.norm() * b.norm()).item()
    return (a @ b).item() / size if size else math.nan


# --- boxes


def sides(inputs):
    """The sides of a box before it is clipped: rows, columns."""
    share = math.sqrt(1 - inputs["lam"])
    return int(inputs["height"] * share), int(inputs["width"] * share)


def centres(spans, size, side):
    """The centre of each span (start, length), -1 where there is none; and the length of a whole one.

    A box of an odd side may be as in the paper, from the centre minus to the centre plus half of the side.
    """
    half = side // 2
    found = []
    for after in (side - half, half):
        of_span = {}
        for centre in range(size):
            start = max(centre - half, 0)
            of_span[start, min(centre + after, size) - start] = centre
        found.append(([of_span.get(span, -1) for span in spans], half + after))
    return max(found, key=lambda each: sum(centre >= 0 for centre in each[0]))


def at_border(size, side):
    """The centres whose boxes reach the first or the last row."""
    return [each for each in range(size) if each <= side // 2 or each - side // 2 + side >= size]


def measure_boxes(inputs, boxes):
    numbers, places = {}, []
    axes = zip(("row", "column"), (inputs["height"], inputs["width"]), sides(inputs), strict=True)
    for axis, (name, size, side) in enumerate(axes):
        spans = [(box[axis], box[axis + 2]) for box in boxes]
        found, whole = centres(spans, size, side)
        impossible = min(found) < 0
        starts = torch.tensor(spans, dtype=torch.float64)
        ends, edge = starts.sum(1), at_border(size, side)
        numbers |= {
            f"smallest first {name} of a box": starts[:, 0].min().item(),
            f"largest end of a box's {name}s": ends.max().item(),
            # As large as asked for where all boxes fit a centre, in either convention.
            f"largest number of a box's {name}s": starts[:, 1].max().item() + side - whole,
            f"smallest number of a box's {name}s": 0.0 if not impossible else starts[:, 1].min().item(),
            f"boxes whose {name}s belong to no centre": float(impossible),
            f"share of boxes at the first or last {name}": sum(each in edge for each in found) / len(found),
        }
        centre = f"{name} of the centre"
        if impossible:
            numbers |= dict.fromkeys(theory_of_offsets(centre, size, len(boxes)), math.nan)
        else:
            numbers |= measure_offsets(centre, torch.tensor(found)[:, None], size)
        places.append(torch.tensor(found, dtype=torch.float64))
    alone = bool((places[0] < 0).any() or (places[1] < 0).any())
    return numbers | {"correlation of the centres' rows and columns": math.nan if alone else correlation(*places)}


def theory_of_boxes(inputs):
    numbers = {}
    for name, size, side in zip(("row", "column"), (inputs["height"], inputs["width"]), sides(inputs), strict=True):
        numbers |= {
            f"smallest first {name} of a box": (0.0, 0.0),
            f"largest end of a box's {name}s": (float(size), 0.0),
            f"largest number of a box's {name}s": (float(side), 0.0),
            f"smallest number of a box's {name}s": (0.0, 0.0),
            f"boxes whose {name}s belong to no centre": (0.0, 0.0),
            f"share of boxes at the first or last {name}": (
                len(at_border(size, side)) / size,
                share(0.5, BOXES)[1],
            ),
            **theory_of_offsets(f"{name} of the centre", size, BOXES),
        }
    return numbers | {"correlation of the centres' rows and columns": (0.0, SCATTER_ERRORS / math.sqrt(BOXES))}


# --- crops


def crops(images, padding, tops, lefts, mode="constant"):
    """The windows of padded images at the offsets; those that lie outside are moved in."""
    height, width = images.shape[2:]
    padded = torch.nn.functional.pad(images, (padding,) * 4, mode=mode)
    windows = padded.unfold(2, height, 1).unfold(3, width, 1)
    most = 2 * padding
    return windows[torch.arange(len(images)), :, tops.long().clamp(0, most), lefts.long().clamp(0, most)]


OTHER_CROPS = {
    "cut with tops and lefts exchanged": lambda images, p, top, left: crops(images, p, left, top),
    "cut at offsets that count from the image's own corner": lambda images, p, top, left: crops(
        images, p, top + p, left + p
    ),
    "moved the other way": lambda images, p, top, left: crops(images, p, 2 * p - top, 2 * p - left),
    "cut from an image that is padded with its own border": lambda images, p, top, left: crops(
        images, p, top, left, "replicate"
    ),
    "cut from an image that is padded with its mirror image": lambda images, p, top, left: crops(
        images, p, top, left, "reflect"
    ),
    "cut from an image that is padded with its other end": lambda images, p, top, left: crops(
        images, p, top, left, "circular"
    ),
    "moved up and down only": lambda images, p, top, left: crops(images, p, top, torch.full_like(left, p)),
    "moved left and right only": lambda images, p, top, left: crops(images, p, torch.full_like(top, p), left),
    "as they were": lambda images, p, top, left: images,
    "cut by the offsets of another place in the batch": lambda images, p, top, left: crops(
        images, p, top.flip(0), left.flip(0)
    ),
}


def measure_crops(inputs, calls):
    images, padding = inputs["images"], inputs["padding"]
    tops, lefts = (torch.stack([call[place] for call in calls]) for place in (1, 2))
    as_said, others = [], {name: [] for name in OTHER_CROPS}
    for cut, *offsets in calls:
        right = _alike(cut, crops(images, padding, *offsets))
        as_said.append(right)
        for name, other in OTHER_CROPS.items():  # which takes longer than all else, and most know where they cut
            others[name].append(
                right & False if right.all() else ~right & _alike(cut, other(images, padding, *offsets))
            )
    numbers = {"share of images that are cut as tops and lefts say": _share(as_said)}
    numbers |= {f"share of images that are {name} instead": _share(found) for name, found in others.items()}
    numbers |= measure_offsets("top", tops, 2 * padding + 1) | measure_offsets("left", lefts, 2 * padding + 1)
    return numbers | {
        "correlation of tops and lefts": correlation(tops.double().reshape(-1), lefts.double().reshape(-1))
    }


def _alike(a, b):
    return (a == b).flatten(1).all(1)


def _share(flags):
    return torch.cat(flags).double().mean().item()


def theory_of_crops(inputs):
    count, n = 2 * inputs["padding"] + 1, CALLS * len(inputs["images"])
    return {
        "share of images that are cut as tops and lefts say": (1.0, 0.0),
        **{f"share of images that are {name} instead": (0.0, 0.0) for name in OTHER_CROPS},
        **theory_of_offsets("top", count, n),
        **theory_of_offsets("left", count, n),
        "correlation of tops and lefts": (0.0, SCATTER_ERRORS / math.sqrt(n)),
    }


def crop_gradients(inputs, value, cotangent):
    """The gradient of the images: the cotangent, put back where each crop came from."""
    images, padding = inputs["images"], inputs["padding"]
    height, width = images.shape[2:]
    padded = torch.nn.functional.pad(torch.zeros_like(images), (padding,) * 4)
    for index, (top, left) in enumerate(zip(value[1].tolist(), value[2].tolist(), strict=True)):
        padded[index, :, top : top + height, left : left + width] = cotangent[index]
    return padded[:, :, padding : padding + height, padding : padding + width]
