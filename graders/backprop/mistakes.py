"""Known mistakes of the unit backprop: short wrong solutions, and what to tell whoever wrote one."""

import math

import torch

from backpass.explaining.declared import Anatomy, mistake

# ------------------------------------------------------------------------------------ numerical_gradient

numerical = Anatomy("backprop.numerical_gradient", "grad")


def nudges(x, h):
    """For each element of x a tensor of its shape that is h there and 0 elsewhere."""
    return list(h * torch.eye(x.numel(), dtype=x.dtype).reshape(-1, *x.shape))


def values(f, points, x):
    return torch.stack([f(point) for point in points]).to(x.dtype)


@numerical.step
def step(h):
    return h


@numerical.step
def above(f, x, step):
    """the values of `f` with one element at a time moved up by `h`"""
    return values(f, [x + nudge for nudge in nudges(x, step)], x)


@numerical.step
def below(f, x, step):
    """the values of `f` with one element at a time moved down by `h`"""
    return values(f, [x - nudge for nudge in nudges(x, step)], x)


@numerical.step
def rise(above, below):
    """how much `f` rises from the point below to the point above, for each element"""
    return above - below


@numerical.step
def distance(step):
    """the distance between the two points at which `f` is taken"""
    return 2 * step


@numerical.step
def grad(rise, distance, x):
    """the central-difference slope of each element, in the shape of `x`"""
    return (rise / distance).reshape(x.shape)


@numerical.quantity
def moves(x, step):
    """one move for each element: `h` in its place, 0 everywhere else"""
    return torch.stack(nudges(x, step))


@numerical.quantity
def points_above(x, moves):
    """the points above, `x` with one element at a time moved up by `h`"""
    return x + moves


@numerical.quantity
def points_below(x, moves):
    """the points below, `x` with one element at a time moved down by `h`"""
    return x - moves


@numerical.quantity
def above_in_shape(above, x):
    """`f` with one element at a time moved up by `h`, in the shape of `x`"""
    return above.reshape(x.shape)


@numerical.quantity
def below_in_shape(below, x):
    """`f` with one element at a time moved down by `h`, in the shape of `x`"""
    return below.reshape(x.shape)


@numerical.quantity
def rise_in_shape(rise, x):
    """the rise of `f` for each element, in the shape of `x`"""
    return rise.reshape(x.shape)


@numerical.quantity
def flat_slopes(rise, distance):
    """the central-difference slope of each element, in one flat row"""
    return rise / distance


@numerical.quantity
def listed_slopes(flat_slopes):
    """the central-difference slopes of all elements, as a list"""
    return list(flat_slopes)


@numerical.mistake("step", constants=(1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8))
def step_of_your_own(h, constant):
    """The step is always {constant}: use the h that you are given."""
    return constant


@numerical.mistake("step", constants=(1e-3, 1e-4, 1e-6, 1e-7, 1e-8))
def another_default(h, constant):
    """Where no h is given you use {constant}: the default is 1e-5."""
    return constant if h == 1e-5 else h


@numerical.mistake("step")
def step_halved(h):
    """You move the elements by h / 2 to each side: h is how far they are moved in each direction."""
    return h / 2


@numerical.mistake("step")
def step_doubled(h):
    """You move the elements by 2 h to each side: h is how far they are moved in each direction."""
    return 2 * h


@numerical.mistake("step")
def step_squared(h):
    """You move the elements by h ** 2: h itself is how far they are moved."""
    return h**2


@numerical.mistake("below", "distance")
def forward_differences(f, x, step):
    """These are forward differences, (f(x + h) - f(x)) / h: their error is about h f'' / 2. Moved to both sides, the
    errors of the two cancel."""
    return f(x).expand(x.numel()).to(x.dtype), step


@numerical.mistake("above", "distance")
def backward_differences(f, x, step):
    """These are backward differences, (f(x) - f(x - h)) / h: their error is about h f'' / 2. Moved to both sides, the
    errors of the two cancel."""
    return f(x).expand(x.numel()).to(x.dtype), step


@numerical.mistake("below")
def forward_difference_over_two_h(f, x):
    """You compare f(x + h) with f(x) and still divide by 2 h: half of the slope comes out. Subtract f(x - h) instead.
    (If you write into one tensor: after h was added, h has to be subtracted twice.)"""
    return f(x).expand(x.numel()).to(x.dtype)


@numerical.mistake("above")
def backward_difference_over_two_h(f, x):
    """You move x downwards only and still divide by 2 h: half of the slope comes out. Start from f(x + h) instead of
    f(x)."""
    return f(x).expand(x.numel()).to(x.dtype)


@numerical.mistake("distance")
def divided_by_h(step):
    """You divide by h: from x - h to x + h it is twice that. Every slope comes out doubled."""
    return step


@numerical.mistake("distance")
def divided_by_two_only(step):
    """You divide by 2 and not by h: a slope is the rise over the distance between the two points."""
    return 2.0


@numerical.mistake("distance")
def multiplied_by_h(step):
    """You divide by 2 and then multiply by h: `/ 2 * h` is read from left to right, and needs parentheses."""
    return 2 / step


@numerical.mistake("distance")
def multiplied_by_two_h(step):
    """You multiply by 2 h, where the rise is to be divided by it."""
    return 1 / (2 * step)


@numerical.mistake("distance")
def multiplied_by_two(step):
    """You divide by h and then multiply by 2: `/ h * 2` is read from left to right, and needs parentheses."""
    return step / 2


@numerical.mistake("distance")
def divided_by_h_squared(step):
    """You divide by 2 h ** 2: the distance between the two points is 2 h."""
    return 2 * step**2


@numerical.mistake("distance")
def divided_by_h_twice(step):
    """You divide by h ** 2 (or by h twice): the distance between the two points is 2 h."""
    return step**2


@numerical.mistake("distance", constants=(1e-8, 1e-9, 1e-10, 1e-12))
def small_number_in_the_denominator(step, constant):
    """You add {constant} to the denominator: h is never 0, and next to 2 h = 2e-5 even a small number counts."""
    return 2 * step + constant


@numerical.mistake("distance")
def divided_by_four_h(step):
    """You divide by 4 h: the distance between the two points is 2 h."""
    return 4 * step


@numerical.mistake("distance")
def not_divided(step):
    """The difference of the two values is not divided by anything: a slope is the rise over the distance, 2 h."""
    return 1.0


@numerical.mistake("rise")
def wrong_way_round(above, below):
    """The difference is the wrong way round: f(x + h) comes first, f(x - h) is subtracted. All your slopes have the
    wrong sign."""
    return below - above


@mistake("backprop.numerical_gradient")
def parentheses_around_the_difference_missing(f, x, h=1e-5):
    """Parentheses are missing: only the second value is divided by 2 h, and then subtracted from the first. Take the
    difference first."""
    return torch.stack([f(x + nudge) - f(x - nudge) / (2 * h) for nudge in nudges(x, h)]).reshape(x.shape)


@numerical.mistake("above")
def moved_up_twice_as_far(f, x, step):
    """The point above is 2 h away from x and the point below h: both are h away, 2 h is the distance between them."""
    return values(f, [x + 2 * nudge for nudge in nudges(x, step)], x)


@numerical.mistake("below")
def moved_down_twice_as_far(f, x, step):
    """The point below is 2 h away from x and the point above h: both are h away, 2 h is the distance between them."""
    return values(f, [x - 2 * nudge for nudge in nudges(x, step)], x)


@numerical.mistake("rise")
def values_added(above, below):
    """You add f(x + h) and f(x - h): the slope is in their difference."""
    return above + below


@numerical.mistake("rise")
def sizes_only(above, below):
    """You take the absolute value of the difference: a slope has a sign, it says which way is down."""
    return (above - below).abs()


@numerical.mistake("above", "below")
def all_elements_at_once(f, x, step):
    """You move all elements together: that is the slope along the diagonal, the sum of the whole gradient. Move one
    element at a time."""
    return (values(f, [x + step], x).expand(x.numel()), values(f, [x - step], x).expand(x.numel()))


@numerical.mistake("above", "below")
def not_moved_back(f, x, step):
    """An element that was moved is not moved back: the next slopes are taken somewhere else. Only one element may
    differ from x at a time."""
    moved, above, below = x.clone(), [], []
    for index in range(x.numel()):
        flat = moved.reshape(-1)
        flat[index] += step
        above.append(f(moved.clone()))
        flat[index] -= 2 * step
        below.append(f(moved.clone()))
    return torch.stack(above), torch.stack(below)


@numerical.mistake("above", "below")
def moved_back_to_the_point_above(f, x, step):
    """An element that was moved ends h above where it was: the next slopes are taken somewhere else. Only one element
    may differ from x at a time."""
    moved, above, below = x.clone(), [], []
    for index in range(x.numel()):
        flat = moved.reshape(-1)
        flat[index] -= step
        below.append(f(moved.clone()))
        flat[index] += 2 * step
        above.append(f(moved.clone()))
    return torch.stack(above), torch.stack(below)


@numerical.mistake("above", "below")
def moved_by_a_share_of_the_element(f, x, step):
    """You move each element by h times its own size: an element that is 0 is not moved at all. h is the step itself."""
    points = [(x + nudge * x, x - nudge * x) for nudge in nudges(x, step)]
    return values(f, [up for up, _ in points], x), values(f, [down for _, down in points], x)


@numerical.mistake("above", "below", "distance")
def step_measured_by_the_element(f, x, step):
    """The step depends on the size of the element, h times max(1, abs(x)): h is the step itself, for every element."""
    sizes = step * x.abs().clamp(min=1)
    moves = [nudge * sizes for nudge in nudges(x, 1)]
    return values(f, [x + move for move in moves], x), values(f, [x - move for move in moves], x), 2 * sizes.reshape(-1)


@numerical.mistake("above", "below")
def step_measured_by_the_element_but_divided_by_two_h(f, x, step):
    """The step depends on the size of the element, h times max(1, abs(x)), while you divide by 2 h: h is the step
    itself, for every element."""
    sizes = step * x.abs().clamp(min=1)
    moves = [nudge * sizes for nudge in nudges(x, 1)]
    return values(f, [x + move for move in moves], x), values(f, [x - move for move in moves], x)


@numerical.mistake("above", "below", "distance", in_pairs=False)
def step_grows_with_the_element(f, x, step):
    """The step grows with the element, h times (1 + abs(x)): h is the step itself, for every element."""
    sizes = step * (1 + x.abs())
    moves = [nudge * sizes for nudge in nudges(x, 1)]
    return values(f, [x + move for move in moves], x), values(f, [x - move for move in moves], x), 2 * sizes.reshape(-1)


@numerical.mistake("above", "below", "distance", in_pairs=False)
def step_a_share_of_the_element(f, x, step):
    """The step is a share of the element, h times its size: an element that is 0 is not moved at all, and 0 / 0 is NaN.
    h is the step itself."""
    moves = [nudge * x.abs() for nudge in nudges(x, step)]
    distances = 2 * step * x.abs().reshape(-1)
    return values(f, [x + move for move in moves], x), values(f, [x - move for move in moves], x), distances


@numerical.mistake("rise")
def moved_in_one_tensor(above, below):
    """Both values of f are the same number: the point above and the point below are one tensor. `a = x` only gives x a
    second name; `x.clone()` makes a tensor of its own."""
    return above - above


@numerical.mistake("grad")
def first_element_only(rise, distance, x):
    """Only the first element has a slope: the loop over the elements ends after one round."""
    slopes = rise / distance
    return (slopes * (torch.arange(x.numel()) == 0)).reshape(x.shape)


@numerical.mistake("grad")
def last_element_left_out(rise, distance, x):
    """The last element has no slope: the loop over the elements ends one too early."""
    slopes = rise / distance
    return (slopes * (torch.arange(x.numel()) < x.numel() - 1)).reshape(x.shape)


@numerical.mistake("grad")
def first_element_left_out(rise, distance, x):
    """The first element has no slope: elements are counted from 0."""
    slopes = rise / distance
    return (slopes * (torch.arange(x.numel()) > 0)).reshape(x.shape)


@numerical.mistake("grad")
def last_element_only(rise, distance, x):
    """Only the last element has a slope: the tensor of slopes is made anew in every round of the loop."""
    slopes = rise / distance
    return (slopes * (torch.arange(x.numel()) == x.numel() - 1)).reshape(x.shape)


@numerical.mistake("grad")
def left_flat(rise, distance, x):
    """The slopes come back flattened: a gradient has the shape of x."""
    return rise / distance


@numerical.mistake("grad")
def as_a_list(rise, distance):
    """The slopes come back as a list: make a tensor of the shape of x of them."""
    return (rise / distance).tolist()


@numerical.mistake("grad")
def slopes_added_up(rise, distance):
    """The slopes are added up to one number: each belongs in the place of its own element."""
    return (rise / distance).sum()


@numerical.mistake("grad")
def slopes_averaged(rise, distance, x):
    """You divide by the number of elements as well: nothing is averaged here."""
    return (rise / distance / x.numel()).reshape(x.shape)


@numerical.mistake("grad")
def filled_in_from_the_end(rise, distance, x):
    """The slopes are in reverse order: the first slope belongs to the first element."""
    return (rise / distance).flip(0).reshape(x.shape)


@numerical.mistake("grad")
def filled_in_another_order(rise, distance, x):
    """The slopes are in the wrong order: they run through x column by column. Count through the elements and through
    the result in the same order."""
    return (rise / distance).reshape(tuple(x.shape)[::-1]).permute(*range(x.dim() - 1, -1, -1))


@mistake("backprop.numerical_gradient")
def rows_moved_together(f, x, h=1e-5):
    """The loop runs over the first dimension only, and moves a whole row at once: every element of it gets the sum of
    the row's slopes. Move one element at a time, in tensors of any shape."""
    grad = torch.zeros_like(x)
    for index in range(len(x)):
        step = torch.zeros_like(x)
        step[index] = h
        grad[index] = (f(x + step) - f(x - step)) / (2 * h)
    return grad


@mistake("backprop.numerical_gradient")
def rows_moved_together_but_a_single_number_alone(f, x, h=1e-5):
    """The loop runs over the first dimension only, and moves a whole row at once: every element of it gets the sum of
    the row's slopes. Move one element at a time, in tensors of any shape."""
    if x.dim() == 0:
        return (f(x + h) - f(x - h)) / (2 * h)
    return rows_moved_together(f, x, h)


@mistake("backprop.numerical_gradient")
def columns_moved_together(f, x, h=1e-5):
    """The loop runs over the last dimension only, and moves a whole column at once: every element of it gets the sum of
    the column's slopes. Move one element at a time, in tensors of any shape."""
    if x.dim() == 0:
        return (f(x + h) - f(x - h)) / (2 * h)
    grad = torch.zeros_like(x)
    for index in range(x.shape[-1]):
        step = torch.zeros_like(x)
        step[..., index] = h
        grad[..., index] = (f(x + step) - f(x - step)) / (2 * h)
    return grad


@mistake("backprop.numerical_gradient")
def second_derivative(f, x, h=1e-5):
    """This is the second derivative, (f(x + h) - 2 f(x) + f(x - h)) / h ** 2: how the slope changes. The slope itself
    is (f(x + h) - f(x - h)) / 2h."""
    around = [f(x + nudge) - 2 * f(x) + f(x - nudge) for nudge in nudges(x, h)]
    return (torch.stack(around) / h**2).reshape(x.shape)


@mistake("backprop.numerical_gradient")
def four_points(f, x, h=1e-5):
    """You use a formula with four points, which is nearer to the derivative than what is asked for, and costs twice as
    many calls: the exercise is (f(x + h) - f(x - h)) / 2h."""
    slopes = [
        (8 * (f(x + nudge) - f(x - nudge)) - f(x + 2 * nudge) + f(x - 2 * nudge)) / (12 * h) for nudge in nudges(x, h)
    ]
    return torch.stack(slopes).reshape(x.shape)


@mistake("backprop.numerical_gradient")
def value_in_place_of_slope(f, x, h=1e-5):
    """You return f's value for every element: a slope compares two values."""
    return torch.full_like(x, f(x).item())


# ---------------------------------------------------------------------------------------- relative_error

relative = Anatomy("backprop.relative_error", "error")
FLOOR = 1e-8


@relative.step
def difference_of_two(a, b):
    """the absolute difference of `a` and `b`, element by element"""
    return (a - b).abs()


@relative.step
def size(a, b):
    """the sizes of the two numbers added up, element by element, but at least 1e-8"""
    return (a.abs() + b.abs()).clamp(min=FLOOR)


@relative.step
def quotient(difference_of_two, size):
    """the relative error of each element"""
    return difference_of_two / size


@relative.step
def error(quotient):
    """the largest relative error of all elements, as a Python float"""
    return quotient.max().item()


@relative.quantity
def size_of_a(a):
    """the absolute value of each element of `a`"""
    return a.abs()


@relative.quantity
def size_of_b(b):
    """the absolute value of each element of `b`"""
    return b.abs()


@relative.quantity
def a_minus_b(a, b):
    """`a` minus `b`, element by element"""
    return a - b


@relative.quantity
def b_minus_a(a, b):
    """`b` minus `a`, element by element"""
    return b - a


@relative.quantity
def sizes_added(size_of_a, size_of_b):
    """the sizes of the two numbers added up, element by element, without a floor"""
    return size_of_a + size_of_b


@relative.quantity
def flat_quotients(quotient):
    """the relative error of each element, in one flat row"""
    return quotient.reshape(-1)


@relative.quantity
def largest_quotient(quotient):
    """the largest relative error of all elements, as a 0-d tensor"""
    return quotient.max()


@relative.mistake("difference_of_two")
def sign_of_the_difference_kept(a, b):
    """The difference keeps its sign: where a is smaller than b it is negative, and the maximum overlooks it. Which
    of the two is larger does not matter."""
    return a - b


@relative.mistake("difference_of_two")
def difference_of_the_sizes(a, b):
    """You subtract the sizes, abs(a) - abs(b): two gradients of opposite sign would then agree, and the sign is
    what matters most."""
    return (a.abs() - b.abs()).abs()


@relative.mistake("difference_of_two")
def difference_squared(a, b):
    """The difference is squared and its denominator is not: doubling both gradients would change the result."""
    return (a - b) ** 2


@relative.mistake("difference_of_two")
def floor_under_the_difference(a, b):
    """The floor is put under the difference as well: two equal numbers would not agree. It belongs under the
    denominator only."""
    return (a - b).abs().clamp(min=FLOOR)


@relative.mistake("difference_of_two", constants=(1e-8, 1e-6, 1e-7, 1e-5))
def small_differences_ignored(a, b, constant):
    """Differences below {constant} count as 0: next to small numbers they are large errors. Only the denominator has a
    floor."""
    difference = (a - b).abs()
    return torch.where(difference < constant, torch.zeros_like(difference), difference)


@relative.mistake("difference_of_two")
def added_in_place_of_subtracted(a, b):
    """The numerator adds a and b: it must be 0 where they agree."""
    return (a + b).abs()


@relative.mistake("size")
def no_floor(a, b):
    """Nothing holds the denominator up: two zeros agree, and 0 / 0 is NaN. Below the floor of 1e-8 a difference
    counts as rounding."""
    return a.abs() + b.abs()


@relative.mistake("size")
def floor_added(a, b):
    """1e-8 is added to the denominator, where the statement takes the larger of the two: numbers near the floor
    come out too small."""
    return a.abs() + b.abs() + FLOOR


@relative.mistake("size", constants=(1e-12, 1e-10, 1e-6, 1e-7, 1e-5, 1e-9, 1e-16, 1e-15, 1e-4, 1.0))
def another_floor(a, b, constant):
    """The floor under the denominator is {constant}, or 0 / 0 is repaired only afterwards: the statement says
    1e-8."""
    return (a.abs() + b.abs()).clamp(min=constant)


@relative.mistake("size", constants=(1e-12, 1e-10, 1e-6, 1e-7, 1e-9, 1e-16, 1e-15, 1e-5, 1.0))
def another_floor_added(a, b, constant):
    """{constant} is added to the denominator: the statement takes the larger of 1e-8 and the sum of the sizes."""
    return a.abs() + b.abs() + constant


@relative.mistake("size")
def size_of_a_alone(a, b):
    """You measure by the size of a alone: the result changes when a and b change places, and explodes where only b
    is not 0."""
    return a.abs().clamp(min=FLOOR)


@relative.mistake("size")
def size_of_b_alone(a, b):
    """You measure by the size of b alone: the result changes when a and b change places, and explodes where only a
    is not 0."""
    return b.abs().clamp(min=FLOOR)


@relative.mistake("size")
def size_of_a_alone_without_a_floor(a, b):
    """You measure by the size of a alone, and nothing holds the denominator up: it is the sum of both sizes, at
    least 1e-8."""
    return a.abs()


@relative.mistake("size")
def size_of_b_alone_without_a_floor(a, b):
    """You measure by the size of b alone, and nothing holds the denominator up: it is the sum of both sizes, at
    least 1e-8."""
    return b.abs()


@relative.mistake("size")
def larger_of_the_two_sizes(a, b):
    """You measure by the larger of the two sizes, max(abs(a), abs(b)), as some courses do: here it is their sum,
    so that opposite signs give 1."""
    return torch.maximum(a.abs(), b.abs()).clamp(min=FLOOR)


@relative.mistake("size")
def larger_of_the_two_sizes_without_a_floor(a, b):
    """You measure by the larger of the two sizes, and nothing holds the denominator up: here it is their sum, at
    least 1e-8."""
    return torch.maximum(a.abs(), b.abs())


@relative.mistake("size")
def mean_of_the_two_sizes(a, b):
    """You measure by the mean of the two sizes, which doubles the result: the statement has their sum."""
    return ((a.abs() + b.abs()) / 2).clamp(min=FLOOR)


@relative.mistake("size")
def size_of_the_sum(a, b):
    """The denominator is abs(a + b): opposite numbers cancel in it, and their error becomes huge where it should
    be 1. Take the sizes first, then add."""
    return (a + b).abs().clamp(min=FLOOR)


@relative.mistake("size")
def sum_without_sizes(a, b):
    """The denominator is a + b, without the sizes: with negative numbers it is negative and falls to the floor."""
    return (a + b).clamp(min=FLOOR)


@relative.mistake("size")
def size_of_b_left_out(a, b):
    """The denominator is abs(a) + b: b is to be taken by its size as well, or a negative b cancels a."""
    return (a.abs() + b).clamp(min=FLOOR)


@relative.mistake("size")
def size_of_a_left_out(a, b):
    """The denominator is a + abs(b): a is to be taken by its size as well, or a negative a cancels b."""
    return (a + b.abs()).clamp(min=FLOOR)


@relative.mistake("size")
def floor_under_each(a, b):
    """The floor is put under each of the two sizes: it belongs under their sum."""
    return a.abs().clamp(min=FLOOR) + b.abs().clamp(min=FLOOR)


@relative.mistake("size")
def product_of_the_sizes(a, b):
    """The sizes are multiplied in the denominator: they are added. A relative error has no unit left."""
    return (a.abs() * b.abs()).clamp(min=FLOOR)


@relative.mistake("size")
def smaller_of_size_and_floor(a, b):
    """You take the smaller of the size and 1e-8, where the larger is meant: the denominator is never above
    1e-8."""
    return (a.abs() + b.abs()).clamp(max=FLOOR)


@relative.mistake("size")
def largest_size_for_all(a, b):
    """All differences are divided by the largest size of the whole tensor: each is to be measured by its own, or a
    wrong small gradient hides behind a large one."""
    return (a.abs() + b.abs()).max().clamp(min=FLOOR)


@relative.mistake("size")
def root_of_the_squares(a, b):
    """The denominator is the root of a^2 + b^2: the statement has the sum of the sizes."""
    return torch.sqrt(a**2 + b**2).clamp(min=FLOOR)


@relative.mistake("size")
def absolute_error(a, b):
    """This is the absolute error: nothing is divided by. 1e-4 is a large error for a gradient of 1e-4 and a small
    one for 100."""
    return torch.ones_like(a)


@relative.mistake("error")
def mean_of_the_quotients(quotient):
    """You average the quotients: a single wrong entry would disappear among many right ones. The largest
    counts."""
    return quotient.mean().item()


@relative.mistake("error")
def sum_of_the_quotients(quotient):
    """You add the quotients up: the result grows with the number of entries. The largest counts."""
    return quotient.sum().item()


@relative.mistake("error")
def smallest_quotient(quotient):
    """You return the smallest quotient: one right entry would hide all the wrong ones. The largest counts."""
    return quotient.min().item()


@relative.mistake("error")
def first_quotient(quotient):
    """Only the first entry is looked at: all are to be compared, and the largest quotient counts."""
    return quotient.reshape(-1)[0].item()


@relative.mistake("error")
def position_of_the_largest(quotient):
    """You return where the largest quotient is (argmax): its value is asked for."""
    return float(quotient.argmax().item())


@relative.mistake("error")
def logarithm_of_the_error(quotient):
    """You return the logarithm of the error: the quotient itself is asked for."""
    largest = quotient.max().item()
    return math.log10(largest) if largest > 0 else 0.0


@relative.mistake("error")
def last_quotient(quotient):
    """Only the last entry counts: in the loop the largest so far is overwritten."""
    return quotient.reshape(-1)[-1].item()


@relative.mistake("error")
def median_of_the_quotients(quotient):
    """You return the median: half of the entries could be wrong. The largest counts."""
    return quotient.median().item()


@relative.mistake("error")
def in_per_cent(quotient):
    """The result is multiplied by 100: the plain quotient is asked for, not per cent."""
    return 100 * quotient.max().item()


@relative.mistake("error")
def mean_of_the_largest_in_each_row(quotient):
    """You average the largest quotients of the rows: one wrong row would disappear among many right ones. The largest
    of all counts."""
    return (quotient.amax(-1) if quotient.dim() > 0 else quotient).mean().item()


@relative.mistake("error")
def largest_of_the_means_of_the_rows(quotient):
    """You average the quotients of each row before taking the largest: a single wrong entry would disappear in its
    row."""
    return (quotient.mean(-1) if quotient.dim() > 0 else quotient).max().item()


@relative.mistake("error")
def sum_over_the_rows(quotient):
    """You add up the quotients of each row before taking the largest: each entry is judged by itself."""
    return (quotient.sum(-1) if quotient.dim() > 0 else quotient).max().item()


@relative.mistake("error")
def norm_of_the_quotients(quotient):
    """You return the length (norm) of the quotients: the largest of them is asked for."""
    return torch.linalg.vector_norm(quotient).item()


@relative.mistake("error")
def zero_dimensional_tensor(quotient):
    """You return a 0-d tensor: a Python float is asked for, which compares and prints without a device or a
    dtype."""
    return quotient.max()


@relative.mistake("error")
def one_number_for_each_entry(quotient):
    """You return a quotient for each entry: the largest of them is asked for, as one Python float."""
    return quotient


@relative.mistake("error")
def one_number_for_each_column(quotient):
    """The maximum is taken over one dimension only: one number is asked for, over all entries."""
    return quotient.amax(0)


@relative.mistake("error")
def threshold_applied(quotient):
    """You return whether the error is small: the number itself is asked for, and what is small enough is decided
    by whoever reads it."""
    return quotient.max().item() < 1e-5


@relative.mistake("error", constants=(2, 3, 4, 5, 6, 8))
def rounded_error(quotient, constant):
    """The result is rounded to {constant} digits: errors of 1e-7 and of 1e-3 are what it is there to tell apart."""
    return round(quotient.max().item(), int(constant))


@mistake("backprop.relative_error")
def quotient_of_the_norms(a, b):
    """You divide the length (norm) of the difference by the sum of the two lengths: that hides one wrong small
    entry among large right ones. The quotient is taken entry by entry."""
    norm = torch.linalg.vector_norm
    return (norm(a - b) / (norm(a) + norm(b)).clamp(min=FLOOR)).item()


@mistake("backprop.relative_error")
def quotient_of_the_norms_without_a_floor(a, b):
    """You divide the length (norm) of the difference by the sum of the two lengths: that hides one wrong small
    entry among large right ones. The quotient is taken entry by entry."""
    norm = torch.linalg.vector_norm
    return (norm(a - b) / (norm(a) + norm(b))).item()


@mistake("backprop.relative_error", constants=(1e-8, 1e-12))
def quotient_of_the_norms_with_a_floor_added(a, b, constant):
    """You divide the length (norm) of the difference by the sum of the two lengths (plus {constant}): that hides
    one wrong small entry among large right ones. The quotient is taken entry by entry."""
    norm = torch.linalg.vector_norm
    return (norm(a - b) / (norm(a) + norm(b) + constant)).item()


@mistake("backprop.relative_error")
def quotient_of_the_sums(a, b):
    """You add up the differences and the sizes first and divide then: divide entry by entry, or one wrong small
    entry hides among large right ones."""
    return ((a - b).abs().sum() / (a.abs() + b.abs()).sum().clamp(min=FLOOR)).item()


@mistake("backprop.relative_error")
def quotient_of_the_maxima(a, b):
    """You divide the largest difference by the sum of the largest sizes: divide entry by entry, and take the
    maximum then."""
    return ((a - b).abs().max() / (a.abs().max() + b.abs().max()).clamp(min=FLOOR)).item()


@mistake("backprop.relative_error")
def largest_difference_by_the_largest_of_a(a, b):
    """You divide the largest difference by the largest size in a: divide entry by entry, by the sum of both sizes, and
    take the maximum then."""
    return ((a - b).abs().max() / a.abs().max().clamp(min=FLOOR)).item()


@mistake("backprop.relative_error")
def largest_difference_by_the_largest_of_b(a, b):
    """You divide the largest difference by the largest size in b: divide entry by entry, by the sum of both sizes, and
    take the maximum then."""
    return ((a - b).abs().max() / b.abs().max().clamp(min=FLOOR)).item()


@mistake("backprop.relative_error")
def largest_difference_by_the_largest_of_both(a, b):
    """You divide the largest difference by the largest number of both tensors: divide entry by entry, by the sum of
    both sizes, and take the maximum then."""
    return ((a - b).abs().max() / torch.maximum(a.abs().max(), b.abs().max()).clamp(min=FLOOR)).item()


@mistake("backprop.relative_error")
def zero_where_close(a, b):
    """Tensors that torch.allclose calls equal get 0: how nearly they agree is just what the number is to tell, and
    the tolerances of allclose are not yours."""
    return 0.0 if torch.allclose(a, b) else ((a - b).abs() / (a.abs() + b.abs()).clamp(min=FLOOR)).max().item()


@mistake("backprop.relative_error")
def entry_of_the_largest_difference(a, b):
    """You look for the entry with the largest difference and measure that one: the largest quotient may be
    elsewhere, where the numbers are small."""
    position = (a - b).abs().reshape(-1).argmax()
    return ((a - b).abs() / (a.abs() + b.abs()).clamp(min=FLOOR)).reshape(-1)[position].item()


@mistake("backprop.relative_error")
def zeros_left_out(a, b):
    """Entries in which one of the two numbers is 0 are left out: a gradient that is 0 where it should not be is
    the most common error of all. Its quotient is 1."""
    both = (a != 0) & (b != 0)
    quotients = (a - b).abs() / (a.abs() + b.abs()).clamp(min=FLOOR)
    return quotients[both].max().item() if bool(both.any()) else 0.0


@mistake("backprop.relative_error")
def zero_below_the_floor(a, b):
    """Entries whose sizes add up to less than 1e-8 are counted as equal: they are to be divided by 1e-8."""
    size_of_both = a.abs() + b.abs()
    return torch.where(size_of_both > FLOOR, (a - b).abs() / size_of_both, torch.zeros_like(a)).max().item()


@mistake("backprop.relative_error")
def compared_in_float32(a, b):
    """The gradients are converted to float32 first (.float()): that rounds in the eighth digit, and two float64
    gradients that differ there only are what a gradient check is about."""
    a, b = a.float(), b.float()
    return ((a - b).abs() / (a.abs() + b.abs()).clamp(min=FLOOR)).max().item()


@mistake("backprop.relative_error")
def floor_only_where_all_agree(a, b):
    """Only tensors that agree everywhere are caught, and nothing holds the denominator up elsewhere: a single pair
    of zeros is 0 / 0, and tiny numbers give large errors out of nothing but rounding."""
    return 0.0 if torch.equal(a, b) else ((a - b).abs() / (a.abs() + b.abs())).max().item()


# ---------------------------------------------------------------------------------------- check_gradient

checking = Anatomy("backprop.check_gradient", "agrees")
MOST = 1e-5


@checking.step
def fits(grad, x):
    """whether `grad` has the shape of `x`"""
    return grad.shape == x.shape


@checking.step
def claimed(grad, slopes):
    # The shapes come first in the right answer. Here all steps are taken, so a claim of another shape is replaced.
    return grad if grad.shape == slopes.shape else torch.full_like(slopes, torch.nan)


@checking.step
def slopes(f, x):
    """the numerical gradient of `f` at `x`, by central differences"""
    points = [(f(x + nudge), f(x - nudge)) for nudge in nudges(x, 1e-5)]
    return torch.stack([(up - down) / 2e-5 for up, down in points]).reshape(x.shape)


@checking.step
def errors(claimed, slopes):
    return (claimed - slopes).abs() / (claimed.abs() + slopes.abs()).clamp(min=FLOOR)


@checking.step
def far(errors):
    return errors.max().item()


@checking.step
def bound():
    """the largest relative error that is still accepted"""
    return MOST


@checking.step
def verdict(far, bound):
    return far <= bound


@checking.step
def agrees(fits, verdict):
    """whether `grad` agrees with the numerical gradient, in its shape and in its numbers"""
    return verdict if fits else False


@checking.quantity
def misfits(fits):
    """whether `grad` has another shape than `x`"""
    return not fits


@checking.quantity
def finite(grad):
    """whether every element of `grad` is finite"""
    return bool(grad.isfinite().all())


@checking.quantity
def above(f, x):
    """the values of `f` with one element at a time moved up by 1e-5"""
    return values(f, [x + nudge for nudge in nudges(x, 1e-5)], x)


@checking.quantity
def below(f, x):
    """the values of `f` with one element at a time moved down by 1e-5"""
    return values(f, [x - nudge for nudge in nudges(x, 1e-5)], x)


@checking.quantity
def rise(above, below):
    """how much `f` rises from the point below to the point above, for each element"""
    return above - below


@checking.quantity
def both(grad, slopes):
    # Raises where the shapes differ: then there is nothing to compare.
    return torch.stack((grad, slopes))


@checking.quantity
def signed_difference(both):
    """`grad` minus the numerical gradient, element by element"""
    return both[0] - both[1]


@checking.quantity
def difference_of_each(signed_difference):
    """the absolute difference of `grad` and the numerical gradient, element by element"""
    return signed_difference.abs()


@checking.quantity
def size_of_each(both):
    """the sizes of `grad` and the numerical gradient added up, but at least 1e-8"""
    return both.abs().sum(0).clamp(min=FLOOR)


@checking.quantity
def error_of_each(difference_of_each, size_of_each):
    """the relative error of each element of `grad`"""
    return difference_of_each / size_of_each


@checking.quantity
def largest_error(error_of_each):
    """the largest relative error of all elements, as a Python float"""
    return error_of_each.max().item()


@checking.quantity
def near_enough(error_of_each, bound):
    """which elements of `grad` have a relative error of at most 1e-5"""
    return error_of_each <= bound


@checking.quantity
def all_near_enough(largest_error, bound):
    """whether the largest relative error is at most 1e-5"""
    return largest_error <= bound


@mistake("backprop.check_gradient")
def accepts_everything(f, grad, x):
    """Your check says True to everything, right or wrong: a test that cannot fail tests nothing."""
    return True


@mistake("backprop.check_gradient")
def refuses_everything(f, grad, x):
    """Your check says False to everything, also to right gradients."""
    return False


def relative_error(a, b):
    return ((a - b).abs() / (a.abs() + b.abs()).clamp(min=FLOOR)).max().item()


@checking.mistake("agrees")
def shape_not_looked_at(grad, slopes, bound):
    """The shapes are not compared: broadcasting stretches one tensor to the other, and a gradient of another shape
    passes, or an exception comes. Look at the shapes before the numbers."""
    return relative_error(grad, slopes) <= bound


@checking.mistake("agrees")
def exception_for_another_shape_caught(grad, slopes, bound):
    """You rely on torch to refuse another shape: it does so only where it cannot broadcast. A row, or a single number,
    is stretched to the whole tensor, and passes. Look at the shapes before the numbers."""
    try:
        return relative_error(grad, slopes) <= bound
    except RuntimeError:
        return False


@checking.mistake("agrees")
def only_the_number_of_elements_compared(grad, slopes, bound):
    """You compare the numbers of elements (or flatten both): a flattened gradient passes, or one with a dimension of
    size 1 too many. Compare the shapes."""
    return grad.numel() == slopes.numel() and relative_error(grad.reshape(-1), slopes.reshape(-1)) <= bound


@checking.mistake("agrees")
def gradient_reshaped(grad, slopes, bound):
    """You reshape grad to the shape of x: a flattened gradient passes then, and one with too few elements raises. A
    gradient of another shape is wrong."""
    return relative_error(grad.reshape(slopes.shape), slopes) <= bound


@checking.mistake("agrees")
def answer_turned_round(fits, verdict):
    """The answer is turned round: you say False to a right gradient and True to a wrong one."""
    return not (fits and verdict)


@checking.mistake("verdict")
def nan_accepted(far, bound):
    """A gradient with NaN passes. Either you ask whether the error is above the bound, which a NaN never is: ask
    whether it is below. Or NaN is lost on the way, as in Python's max or nan_to_num."""
    return not far > bound


@checking.mistake("verdict")
def verdict_the_wrong_way_round(far, bound):
    """The comparison is the wrong way round: you say True where the error is large."""
    return far > bound


@checking.mistake("verdict")
def error_returned(far):
    """You return the error: the question is answered by True or False."""
    return far


@checking.mistake("verdict")
def verdict_as_a_tensor(far, bound):
    """You return a tensor that holds True or False: a Python bool is asked for. bool(...) or .item() makes one."""
    return torch.tensor(far <= bound)


@checking.mistake("bound", constants=(1.0, 0.5, 0.1, 0.05, 0.01, 1e-3))
def bound_too_loose(constant):
    """Your bound on the relative error is {constant} or about that, where 1e-5 is asked for: a gradient that is visibly
    wrong passes. Central differences in float64 agree with a right formula to many more digits."""
    return constant


@checking.mistake("bound")
def bound_too_tight():
    """Right gradients are refused: your bound is far too small (0 even, if you ask for equality), or the slopes that
    you compare with are not exact, as with a step so small that rounding is all that is left. Central differences with
    a step of 1e-5 agree with a right formula to about 1e-9; 1e-5 is asked for."""
    return 1e-15


@checking.mistake("errors")
def absolute_error(claimed, slopes):
    """You look at the absolute difference, not at the relative error: small gradients pass whatever they are, large
    ones never do. Measure the difference by the size of the numbers."""
    return (claimed - slopes).abs()


@checking.mistake("errors")
def denominator_without_a_floor(claimed, slopes):
    """Where both numbers are 0 you compute 0 / 0, which is NaN: right gradients with zeros in them (a unit of a ReLU
    that is off) are refused. Put a floor under the denominator."""
    return (claimed - slopes).abs() / (claimed.abs() + slopes.abs())


@checking.mistake("errors")
def sign_of_the_error_kept(claimed, slopes):
    """The difference keeps its sign: a gradient that is too small has a negative error, and passes. Take the absolute
    value."""
    return (claimed - slopes) / (claimed.abs() + slopes.abs()).clamp(min=FLOOR)


@checking.mistake("errors")
def sizes_compared(claimed, slopes):
    """You compare the sizes of the numbers: a gradient with the wrong sign passes, and the sign is what says which way
    is down."""
    return (claimed.abs() - slopes.abs()).abs() / (claimed.abs() + slopes.abs()).clamp(min=FLOOR)


@checking.mistake("far")
def smallest_error_looked_at(errors):
    """You look at the smallest of the errors: one right element lets all the others pass. The largest counts."""
    return errors.min().item()


@checking.mistake("far")
def first_error_looked_at(errors):
    """You look at the first element only: the others may be anything."""
    return errors.reshape(-1)[0].item()


@checking.mistake("far")
def last_error_looked_at(errors):
    """You look at the last element only (a loop that overwrites the error in every round?): the others may be
    anything."""
    return errors.reshape(-1)[-1].item()


@checking.mistake("far")
def median_error_looked_at(errors):
    """You look at the median of the errors: up to half of the elements may be wrong. The largest counts."""
    return errors.median().item()


@checking.mistake("far")
def any_in_place_of_all(errors, bound):
    """One element that agrees is enough for you (any): all of them must agree."""
    return 0.0 if bool((errors <= bound).any()) else 1.0


@checking.mistake("verdict")
def sums_compared(claimed, slopes, bound):
    """You compare one number for each gradient, its sum or mean: errors in two elements cancel, and their order does
    not count. Compare element by element."""
    a, b = claimed.sum(), slopes.sum()
    return bool((a - b).abs() / (a.abs() + b.abs()).clamp(min=FLOOR) <= bound)


@checking.mistake("verdict")
def norms_compared(claimed, slopes, bound):
    """You compare the norms of the two gradients: they may point in different directions. Compare element by
    element."""
    a, b = claimed.norm(), slopes.norm()
    return bool((a - b).abs() / (a + b).clamp(min=FLOOR) <= bound)


# By norms, by sums or by the largest number: the verdicts are the same.
@checking.mistake("verdict")
def measured_over_the_whole_gradient(claimed, slopes, bound):
    """You measure the difference by the size of the whole gradient (its norm, its sum or its largest number): a wrong
    small number hides next to a large right one. Measure element by element, as relative_error does."""
    return bool((claimed - slopes).norm() / (claimed.norm() + slopes.norm()).clamp(min=FLOOR) <= bound)


@checking.mistake("verdict")
def directions_compared(claimed, slopes, bound):
    """You compare only the directions (a cosine): a gradient of the wrong length passes."""
    a, b = claimed.reshape(-1), slopes.reshape(-1)
    return bool(1 - a.dot(b) / (a.norm() * b.norm()).clamp(min=1e-30) <= bound)


@checking.mistake("verdict")
def signs_compared(claimed, slopes):
    """You compare only the signs: a gradient of the wrong size passes."""
    return bool((claimed.sign() == slopes.sign()).all())


@checking.mistake("slopes")
def checked_by_forward_differences(f, x):
    """The slopes that you compare with are not exact enough: forward differences (f(x + h) - f(x)) / h are off by h f''
    / 2, and right gradients are refused. Use central differences."""
    return torch.stack([(f(x + nudge) - f(x)) / 1e-5 for nudge in nudges(x, 1e-5)]).reshape(x.shape)


@checking.mistake("slopes", constants=(1.0, 0.5, 0.1, 0.05))
def step_too_large(f, x, constant):
    """The step of your central differences is far too large ({constant} or about that): they are off by h ** 2, and
    right gradients are refused. 1e-5 is about right in float64."""
    return torch.stack([(f(x + nudge) - f(x - nudge)) / (2 * constant) for nudge in nudges(x, constant)]).reshape(
        x.shape
    )


@checking.mistake("slopes")
def slopes_in_float32(f, x):
    """Your slopes are computed in float32: there the difference of two nearly equal values is mostly rounding, and
    right gradients are refused. Keep the dtype of x."""
    return (
        torch.stack([(f((x + nudge).float()) - f((x - nudge).float())) / 2e-5 for nudge in nudges(x, 1e-5)])
        .reshape(x.shape)
        .double()
    )


@mistake("backprop.check_gradient")
def one_direction_only(f, grad, x):
    """You check the slope in one direction only (all elements moved at once): errors that cancel along it pass. Check
    every element."""
    h = 1e-5
    slope = (f(x + h) - f(x - h)) / (2 * h)
    return grad.shape == x.shape and bool((grad.sum() - slope).abs() <= MOST * (grad.sum().abs() + slope.abs()))


@mistake("backprop.check_gradient", constants=(1e-2, 1e-3, 1e-4))
def allclose_with_a_large_atol(f, grad, x, constant):
    """An absolute tolerance of about {constant} lets small gradients pass whatever they are: half of 1e-4 is wrong,
    too. Measure by the size of the numbers."""
    numeric = torch.stack([(f(x + nudge) - f(x - nudge)) / 2e-5 for nudge in nudges(x, 1e-5)]).reshape(x.shape)
    return grad.shape == x.shape and torch.allclose(grad, numeric, rtol=1e-5, atol=constant)


# -------------------------------------------------------------------------------------- linear_backward

linear = Anatomy("backprop.linear_backward", "first", "second", "third")


@linear.step
def grad_x(grad_out, weight):
    """the gradient with respect to `x`"""
    return grad_out @ weight


@linear.step
def grad_weight(grad_out, x):
    """the gradient with respect to `weight`, added up over the batch"""
    return grad_out.T @ x


@linear.step
def grad_bias(grad_out):
    """the gradient with respect to the bias, added up over the batch"""
    return grad_out.sum(0)


@linear.step
def first(grad_x):
    return grad_x


@linear.step
def second(grad_weight):
    return grad_weight


@linear.step
def third(grad_bias):
    return grad_bias


@linear.quantity
def grad_out_transposed(grad_out):
    """`grad_out` transposed, with one column for each sample"""
    return grad_out.T


@linear.quantity
def x_transposed(x):
    """`x` transposed, with one column for each sample"""
    return x.T


@linear.quantity
def parts_of_grad_x(grad_out, weight):
    """what each output contributes to the gradient with respect to `x`"""
    return grad_out[:, :, None] * weight


@linear.quantity
def grad_x_transposed(grad_x):
    """the gradient with respect to `x`, transposed"""
    return grad_x.T


@linear.quantity
def grad_weight_of_each(grad_out, x):
    """the gradient with respect to `weight` of each sample by itself"""
    return grad_out[:, :, None] * x[:, None]


@linear.quantity
def grad_weight_transposed(grad_weight):
    """the gradient with respect to `weight`, transposed"""
    return grad_weight.T


@linear.quantity
def grad_bias_as_a_row(grad_bias):
    """the gradient with respect to the bias, as a table of one row"""
    return grad_bias[None]


@linear.mistake("grad_x")
def weight_viewed(grad_out, weight):
    """view fails where a tensor is not contiguous in memory (a transposed weight, say): use reshape, or none of
    both."""
    return grad_out @ weight.view(-1).view(weight.shape)


@linear.mistake("grad_weight")
def x_viewed(grad_out, x):
    """view fails where a tensor is not contiguous in memory (a transposed x, say): use reshape, or none of both."""
    return grad_out.T @ x.view(-1).view(x.shape)


@linear.mistake("grad_bias")
def grad_out_viewed(grad_out):
    """view fails where a tensor is not contiguous in memory (a transposed grad_out, say): use reshape, or none of
    both."""
    return grad_out.view(-1).view(grad_out.shape).sum(0)


@linear.mistake("grad_bias")
def vector_of_float32_ones(grad_out):
    """torch.ones gives float32 if you do not ask for another dtype, and a product of float32 and float64 matrices
    fails: take the dtype from an input, or sum."""
    return torch.ones(len(grad_out)) @ grad_out


@linear.mistake("grad_x")
def weight_transposed(grad_out, weight):
    """In `grad_x` the weight is transposed: forward goes through weight.T, so the way back goes through weight. Only
    square layers forgive this."""
    return grad_out @ weight.T


@linear.mistake("grad_x")
def elementwise_grad_x(grad_out, weight):
    """`grad_x` uses * where the matrix product @ is meant: each input feeds every output, and collects blame from all
    of them."""
    return grad_out * weight


@linear.mistake("grad_x")
def gradient_of_the_weight_used(grad_out, x):
    """`grad_x` is built from x, or from the gradient of the weight, where the weight itself is meant: the slope of w
    x with respect to x is w."""
    return grad_out @ (grad_out.T @ x)


@linear.mistake("grad_x", constants=(0.1, 0.01, 0.001, 1.0))
def updated_weight_used(grad_out, x, weight, constant):
    """`grad_x` uses the weight after an update (with rate {constant}). The gradient belongs to the weight that the
    forward pass used: compute grad_x first."""
    return grad_out @ (weight - constant * grad_out.T @ x)


@linear.mistake("grad_x")
def grad_x_averaged(grad_out, weight):
    """`grad_x` is divided by N: samples do not share their inputs, and a mean in the loss has put its 1/N into grad_out
    already."""
    return grad_out @ weight / len(grad_out)


@linear.mistake("grad_x")
def grad_x_summed_over_the_batch(grad_out, weight):
    """`grad_x` is summed over the batch: every sample has an input of its own, and a gradient of its own."""
    return (grad_out @ weight).sum(0)


@linear.mistake("grad_x")
def grad_x_of_the_whole_batch_in_every_row(grad_out, weight):
    """Every row of `grad_x` is the sum over the batch: each sample has an input of its own, and a gradient of its
    own."""
    return (grad_out.sum(0) @ weight).expand(len(grad_out), -1)


@linear.mistake("grad_x")
def grad_x_of_the_mean_in_every_row(grad_out, weight):
    """Every row of `grad_x` is the mean over the batch: each sample has an input of its own, and a gradient of its
    own."""
    return (grad_out.mean(0) @ weight).expand(len(grad_out), -1)


@linear.mistake("grad_x")
def grad_x_is_zero(x):
    """`grad_x` is all zeros: it is created and never filled in, and so no layer below this one can learn."""
    return torch.zeros_like(x)


@linear.mistake("grad_x")
def grad_x_sign(grad_out, weight):
    """`grad_x` has the wrong sign: a gradient points uphill, the minus belongs to the optimizer's step."""
    return -grad_out @ weight


@linear.mistake("grad_x")
def grad_x_is_grad_out(grad_out):
    """`grad_x` is grad_out itself: the blame passes through the weight on its way back."""
    return grad_out


@linear.mistake("grad_x")
def grad_x_is_the_forward_pass(x, weight):
    """`grad_x` contains the layer's output, x @ weight.T: on the way back grad_out takes the place of x."""
    return x @ weight.T


@linear.mistake("grad_x")
def grad_x_transposed(grad_out, weight):
    """`grad_x` comes out transposed: a gradient has the shape of what it is the gradient of."""
    return (grad_out @ weight).T


@linear.mistake("grad_x")
def transposed_grad_x_reshaped(grad_out, x, weight):
    """`grad_x` is reshaped where it must be transposed: reshape keeps the order of the numbers, so they land in the
    wrong rows and columns."""
    return (weight.T @ grad_out.T).reshape(x.shape)


@linear.mistake("grad_x")
def x_multiplied_in(grad_out, x, weight):
    """`grad_x` is multiplied with x: the layer is linear in x, so x itself does not appear in its own gradient."""
    return grad_out @ weight * x


@linear.mistake("grad_x")
def x_added(grad_out, x, weight):
    """`grad_x` has x added to it: the layer is linear in x, so x itself does not appear in its own gradient, and what
    an identity path would carry back is grad_out."""
    return grad_out @ weight + x


@linear.mistake("grad_x")
def sum_of_the_weight_added(grad_out, weight):
    """`grad_x` has the weight added to it: blame is multiplied with the weight, nothing is added."""
    return grad_out @ weight + weight.sum(0)


@linear.mistake("grad_x", constants=(1.0, 0.1, 0.01))
def input_after_a_step(grad_out, x, weight, constant):
    """`grad_x` is x after a step (with rate {constant}): return the gradient, and nobody updates an input."""
    return x - constant * grad_out @ weight


@linear.mistake("grad_x")
def grad_x_doubled(grad_out, weight):
    """`grad_x` has a factor 2 too much."""
    return 2 * grad_out @ weight


@linear.mistake("grad_x")
def signs_of_the_weight(grad_out, weight):
    """`grad_x` uses only the size of the weights (abs): blame through a negative weight changes its sign."""
    return grad_out @ weight.abs()


@linear.mistake("grad_x")
def relu_mask(grad_out, x, weight):
    """`grad_x` is 0 where x is not positive, as after a ReLU: this layer is linear, and blame passes for every x."""
    return grad_out @ weight * (x > 0)


@linear.mistake("grad_x")
def relu_mask_of_the_output(grad_out, x, weight):
    """`grad_x` is masked where the layer's output is not positive, as after a ReLU: this layer is linear."""
    return (grad_out * (x @ weight.T > 0)) @ weight


@linear.mistake("grad_x")
def weight_reshaped(grad_out, weight):
    """`grad_x` uses a reshaped weight: reshape keeps the order of the numbers and mixes up rows and columns. No
    transpose is needed here."""
    return grad_out @ weight.T.reshape(weight.shape)


@linear.mistake("grad_x")
def grad_x_divided_by_the_features(grad_out, x, weight):
    """`grad_x` is divided by the number of input features D: nothing was averaged over them on the way forward."""
    return grad_out @ weight / x.shape[1]


@linear.mistake("grad_x")
def grad_x_divided_by_the_outputs(grad_out, weight):
    """`grad_x` is divided by the number of outputs: each output sends its blame back, and they add up."""
    return grad_out @ weight / weight.shape[0]


@linear.mistake("grad_x")
def only_the_diagonal_of_the_weight(grad_out, weight):
    """`grad_x` uses only the diagonal of the weight (an index that appears twice in einsum): every input feeds every
    output."""
    size = min(weight.shape)
    return grad_out[:, :size] * weight.diagonal()


@linear.mistake("grad_x")
def sums_before_the_product(grad_out, weight):
    """`grad_x` sums grad_out and the weight over the outputs before multiplying: the product comes first, output by
    output, then the sum."""
    return torch.outer(grad_out.sum(1), weight.sum(0))


@linear.mistake("grad_x")
def grad_out_ignored_in_grad_x(grad_out, weight):
    """`grad_x` does not use grad_out (as if it were all ones): the chain rule multiplies the weight with the blame that
    arrives."""
    return torch.ones_like(grad_out) @ weight


@linear.mistake("grad_x")
def first_output_only(grad_out, weight):
    """`grad_x` takes the blame of the first output only: every output sends blame back, add it up."""
    return grad_out[:, :1] * weight[0]


@linear.mistake("grad_x")
def last_output_only(grad_out, weight):
    """`grad_x` takes the blame of the last output only: in a loop over the outputs, add (+=) where you overwrite
    (=)."""
    return grad_out[:, -1:] * weight[-1]


@linear.mistake("grad_x")
def grad_x_first_row_only(grad_out, weight):
    """Only the first row of `grad_x` is filled in: the loop over the batch ends (or returns) in its first round."""
    return torch.cat([grad_out[:1] @ weight, torch.zeros_like(grad_out[1:]) @ weight])


@linear.mistake("grad_x")
def grad_x_without_the_last_row(grad_out, weight):
    """The last row of `grad_x` stays 0: the loop over the batch ends one too early."""
    return torch.cat([grad_out[:-1] @ weight, torch.zeros_like(grad_out[-1:]) @ weight])


@linear.mistake("grad_x")
def grad_x_without_the_first_row(grad_out, weight):
    """The first row of `grad_x` stays 0: the loop over the batch starts at 1, and counting starts at 0."""
    return torch.cat([torch.zeros_like(grad_out[:1]) @ weight, grad_out[1:] @ weight])


@linear.mistake("grad_x")
def product_in_the_wrong_order(grad_out, x):
    """`grad_x` holds the transposed gradient of the weight, x.T @ grad_out: on the way back to x, grad_out is
    multiplied with the weight."""
    return x.T @ grad_out


@linear.mistake("grad_x")
def grad_weight_in_its_place(grad_out, x):
    """`grad_x` holds the gradient of the weight: on the way back to x, grad_out is multiplied with the weight."""
    return grad_out.T @ x


@linear.mistake("grad_weight")
def transposed_product_reshaped(grad_out, x):
    """`grad_weight` is reshaped where it must be transposed: reshape keeps the order of the numbers, so they land in
    the wrong rows and columns."""
    return (x.T @ grad_out).reshape(grad_out.shape[1], x.shape[1])


@linear.mistake("grad_weight")
def grad_out_reshaped(grad_out, x):
    """grad_out is reshaped to (out, N) for `grad_weight` where it must be transposed: reshape mixes up samples and
    outputs."""
    return grad_out.reshape(grad_out.shape[1], grad_out.shape[0]) @ x


@linear.mistake("grad_weight")
def x_reshaped(grad_out, x):
    """x is reshaped for `grad_weight` where it must be transposed: reshape mixes up samples and features."""
    return (x.reshape(x.shape[1], x.shape[0]) @ grad_out).T


@linear.mistake("grad_weight")
def output_in_place_of_the_input(grad_out, x, weight):
    """`grad_weight` is built from the layer's output: the slope of w x with respect to w is the input x."""
    return grad_out.T @ (x @ weight.T @ weight)


@linear.mistake("grad_weight")
def output_in_place_of_x(grad_out, x, weight):
    """`grad_weight` multiplies grad_out with the layer's output, (out, out): the slope of w x with respect to w is the
    input x."""
    return grad_out.T @ (x @ weight.T)


@linear.mistake("grad_weight", constants=(0.0, 1e-8, 1e-6, 1e-12, 1e-7))
def grad_weight_normalised(grad_out, x, constant):
    """`grad_weight` is divided by its length (plus {constant}): a gradient's size says how steep the loss is.
    Clipping is the optimizer's business."""
    product = grad_out.T @ x
    return product / (torch.linalg.vector_norm(product) + constant)


@linear.mistake("grad_weight")
def last_sample_left_out_of_grad_weight(grad_out, x):
    """`grad_weight` leaves the last sample out: the loop over the batch ends one too early."""
    return grad_out[:-1].T @ x[:-1]


@linear.mistake("grad_weight")
def first_sample_left_out_of_grad_weight(grad_out, x):
    """`grad_weight` leaves the first sample out: the loop over the batch starts at 1, and counting starts at 0."""
    return grad_out[1:].T @ x[1:]


@linear.mistake("grad_weight")
def x_left_out(grad_out, x):
    """`grad_weight` does not use x: the slope of w x with respect to w is x."""
    return grad_out.T @ torch.ones_like(x)


@linear.mistake("grad_weight")
def grad_out_left_out(grad_out, x):
    """`grad_weight` does not use grad_out: the chain rule multiplies x with the blame that arrives."""
    return torch.ones_like(grad_out).T @ x


@linear.mistake("grad_weight")
def grad_weight_divided_by_the_features(grad_out, x):
    """`grad_weight` is divided by the number of features D: nothing was averaged over them on the way forward."""
    return grad_out.T @ x / x.shape[1]


@linear.mistake("grad_weight")
def grad_weight_multiplied_by_n(grad_out, x):
    """`grad_weight` is multiplied by N: summing over the batch is enough."""
    return grad_out.T @ x * len(x)


@linear.mistake("grad_weight")
def updated_weight_returned(grad_out, x, weight):
    """`grad_weight` is the weight after a step: return the gradient, the optimizer takes the step."""
    return weight - grad_out.T @ x


@linear.mistake("grad_weight", constants=(0.1, 0.01, 0.001))
def step_returned(grad_out, x, constant):
    """`grad_weight` is multiplied by a learning rate, {constant}: return the gradient, the optimizer takes the step."""
    return constant * (grad_out.T @ x)


@linear.mistake("grad_weight")
def only_matching_places(grad_out, x):
    """`grad_weight` keeps only the products of matching places (a diagonal): every output pairs with every input."""
    product = grad_out.T @ x
    size = min(product.shape)
    return torch.nn.functional.pad(
        torch.diag(product.diagonal()), (0, product.shape[1] - size, 0, product.shape[0] - size)
    )


@linear.mistake("grad_weight")
def squared_inputs(grad_out, x):
    """`grad_weight` uses the squares of the inputs: the slope of w x with respect to w is x."""
    return grad_out.T @ x**2


@linear.mistake("grad_weight")
def inputs_centred(grad_out, x):
    """`grad_weight` takes the mean away first, from x or from grad_out: the layer was given x as it is, and the blame
    counts as it arrives."""
    return grad_out.T @ (x - x.mean(0))


@linear.mistake("grad_weight")
def grad_bias_added_in(grad_out, x):
    """`grad_weight` has the gradient of the bias added to it: each parameter has a gradient of its own."""
    return grad_out.T @ x + grad_out.sum(0).unsqueeze(1)


@linear.mistake("grad_weight")
def as_many_samples_as_outputs(grad_out, x):
    """`grad_weight` adds up as many samples as there are outputs: the loop over the batch runs to N, the number of
    rows of x."""
    return grad_out[: grad_out.shape[1]].T @ x[: grad_out.shape[1]]


@linear.mistake("grad_weight")
def as_many_samples_as_inputs(grad_out, x):
    """`grad_weight` adds up as many samples as there are inputs: the loop over the batch runs to N, the number of rows
    of x."""
    return grad_out[: x.shape[1]].T @ x[: x.shape[1]]


@linear.mistake("grad_weight")
def grad_weight_transposed(grad_out, x):
    """`grad_weight` comes out transposed: the weight is (out, in), and a gradient has the shape of what it is the
    gradient of."""
    return x.T @ grad_out


@linear.mistake("grad_weight")
def grad_weight_without_transpose(grad_out, x):
    """`grad_weight` multiplies grad_out and x without a transpose: the sum must run over the batch, the dimension that
    both share. Only square layers forgive this."""
    return grad_out @ x


@linear.mistake("grad_weight")
def x_transposed_on_the_wrong_side(grad_out, x):
    """`grad_weight` sums over the features, not over the batch (grad_out @ x.T): only square layers forgive this."""
    return grad_out @ x.T


@linear.mistake("grad_weight")
def elementwise_grad_weight(grad_out, x):
    """`grad_weight` uses * where the matrix product @ is meant: every output pairs with every input, summed over the
    batch."""
    return grad_out.T * x


@linear.mistake("grad_weight")
def elementwise_without_transpose(grad_out, x):
    """`grad_weight` multiplies grad_out and x element by element: every output pairs with every input, summed over the
    batch."""
    return grad_out * x


@linear.mistake("grad_weight")
def grad_weight_averaged(grad_out, x):
    """`grad_weight` is divided by N once more: a mean in the loss has put its 1/N into grad_out already."""
    return grad_out.T @ x / len(x)


@linear.mistake("grad_weight")
def weight_in_place_of_x(grad_out, weight):
    """`grad_weight` is built from the weight where the input x is meant: the slope of w x with respect to w is x."""
    return grad_out.T @ grad_out @ weight


@linear.mistake("grad_weight")
def grad_weight_is_the_weight(weight):
    """`grad_weight` is the weight itself."""
    return weight


@linear.mistake("grad_weight")
def grad_weight_is_zero(weight):
    """`grad_weight` is all zeros: it is created and never filled in."""
    return torch.zeros_like(weight)


@linear.mistake("grad_weight")
def grad_weight_sign(grad_out, x):
    """`grad_weight` has the wrong sign: a gradient points uphill, the minus belongs to the optimizer's step."""
    return -grad_out.T @ x


@linear.mistake("grad_weight")
def first_sample_only(grad_out, x):
    """`grad_weight` takes the first sample only: every sample used the weight, so the batch adds up."""
    return grad_out[:1].T @ x[:1]


@linear.mistake("grad_weight")
def last_sample_only(grad_out, x):
    """`grad_weight` takes the last sample only: in a loop over the batch, add (+=) where you overwrite (=)."""
    return grad_out[-1:].T @ x[-1:]


@linear.mistake("grad_weight")
def products_of_the_sums(grad_out, x):
    """`grad_weight` sums over the batch before multiplying: the product comes first, sample by sample, then the sum."""
    return torch.outer(grad_out.sum(0), x.sum(0))


@linear.mistake("grad_weight")
def product_of_the_sum_and_the_mean(grad_out, x):
    """`grad_weight` sums or averages over the batch before multiplying: the product comes first, sample by sample, then
    the sum."""
    return torch.outer(grad_out.sum(0), x.mean(0))


@linear.mistake("grad_weight")
def product_of_the_means(grad_out, x):
    """`grad_weight` averages over the batch before multiplying: the product comes first, sample by sample, then the
    sum."""
    return torch.outer(grad_out.mean(0), x.mean(0))


@linear.mistake("grad_weight")
def not_summed_over_the_batch(grad_out, x):
    """`grad_weight` keeps one matrix for each sample: the weight is shared by all, so their gradients add up."""
    return grad_out.unsqueeze(2) * x.unsqueeze(1)


@linear.mistake("grad_weight")
def grad_weight_doubled(grad_out, x):
    """`grad_weight` has a factor 2 too much."""
    return 2 * grad_out.T @ x


@linear.mistake("grad_weight")
def grad_weight_times_weight(grad_out, x, weight):
    """`grad_weight` is multiplied with the weight: the layer is linear in it, so it does not appear in its own
    gradient."""
    return grad_out.T @ x * weight


@linear.mistake("grad_weight", constants=(0.01, 0.1, 1.0, 0.001, 1e-4, 5e-4, 2.0))
def weight_decay_added(grad_out, x, weight, constant):
    """`grad_weight` has {constant} times the weight added to it: that is weight decay, and the layer knows nothing of
    it."""
    return grad_out.T @ x + constant * weight


@linear.mistake("grad_weight")
def only_positive_inputs(grad_out, x):
    """`grad_weight` uses only the positive inputs (a ReLU): this layer is linear."""
    return grad_out.T @ x.clamp(min=0)


@linear.mistake("grad_weight")
def sizes_of_the_inputs(grad_out, x):
    """`grad_weight` uses only the size of the inputs (abs)."""
    return grad_out.T @ x.abs()


@linear.mistake("grad_bias")
def last_sample_left_out_of_grad_bias(grad_out):
    """`grad_bias` leaves the last sample out: the loop over the batch ends one too early."""
    return grad_out[:-1].sum(0)


@linear.mistake("grad_bias")
def first_sample_left_out_of_grad_bias(grad_out):
    """`grad_bias` leaves the first sample out: the loop over the batch starts at 1, and counting starts at 0."""
    return grad_out[1:].sum(0)


@linear.mistake("grad_bias")
def grad_bias_summed_over_features_and_kept(grad_out):
    """`grad_bias` has one number for each sample, in a column: sum over the batch, so that one for each output is
    left."""
    return grad_out.sum(1, keepdim=True)


@linear.mistake("grad_bias")
def grad_bias_squeezed(grad_out):
    """`grad_bias` loses its dimension where there is one output: squeeze drops every dimension of size 1. The shape is
    (out,)."""
    return grad_out.sum(0).squeeze()


@linear.mistake("grad_bias")
def grad_bias_average_of_everything(grad_out):
    """`grad_bias` is one number, the mean over everything: each output has a bias of its own, whose blame adds up
    over the batch."""
    return grad_out.mean()


@linear.mistake("grad_bias")
def grad_bias_squares(grad_out):
    """`grad_bias` sums squares: it is the plain sum over the batch."""
    return (grad_out**2).sum(0)


@linear.mistake("grad_bias")
def grad_bias_length(grad_out):
    """`grad_bias` is the length (norm) over the batch: it is the plain sum."""
    return (grad_out**2).sum(0).sqrt()


@linear.mistake("grad_bias")
def grad_bias_for_each_sample(grad_out):
    """`grad_bias` has one row for each sample, all of them the sum: the bias is (out,), one row is enough."""
    return grad_out.sum(0).expand_as(grad_out)


@linear.mistake("grad_bias")
def grad_bias_for_each_input(grad_out, x):
    """`grad_bias` has one number for each input: the bias belongs to the outputs, (out,)."""
    return grad_out.sum().expand(x.shape[1])


@linear.mistake("grad_bias", constants=(0.1, 0.01, 0.001))
def bias_step_returned(grad_out, constant):
    """`grad_bias` is multiplied by a learning rate, {constant}: return the gradient, the optimizer takes the step."""
    return constant * grad_out.sum(0)


@linear.mistake("grad_bias")
def grad_bias_not_summed(grad_out):
    """`grad_bias` keeps one row for each sample: the bias is shared by all, so their gradients add up over the
    batch."""
    return grad_out


@linear.mistake("grad_bias")
def grad_bias_summed_over_features(grad_out):
    """`grad_bias` is summed over the outputs, not over the batch: the bias has one number for each output."""
    return grad_out.sum(1)


@linear.mistake("grad_bias")
def grad_bias_averaged(grad_out):
    """`grad_bias` is the mean over the batch where the sum is meant: a mean in the loss has put its 1/N into grad_out
    already."""
    return grad_out.mean(0)


@linear.mistake("grad_bias")
def grad_bias_averaged_twice(grad_out):
    """`grad_bias` is divided by N twice, where it must not be divided at all."""
    return grad_out.mean(0) / len(grad_out)


@linear.mistake("grad_bias")
def grad_bias_divided_by_the_outputs(grad_out):
    """`grad_bias` is divided by the number of outputs: it is the plain sum over the batch."""
    return grad_out.sum(0) / grad_out.shape[1]


@linear.mistake("grad_bias")
def grad_bias_of_as_many_samples_as_outputs(grad_out):
    """`grad_bias` adds up as many samples as there are outputs: the loop over the batch runs to N, the number of
    rows."""
    return grad_out[: grad_out.shape[1]].sum(0)


@linear.mistake("grad_bias")
def grad_bias_averaged_over_features(grad_out):
    """`grad_bias` is averaged over the outputs: it is the sum over the batch."""
    return grad_out.mean(1)


@linear.mistake("grad_bias")
def grad_bias_keeps_the_dimension(grad_out):
    """`grad_bias` has shape (1, out): the bias is (out,). Look at keepdim."""
    return grad_out.sum(0, keepdim=True)


@linear.mistake("grad_bias")
def grad_bias_as_a_column(grad_out):
    """`grad_bias` has shape (out, 1): the bias is (out,)."""
    return grad_out.sum(0).unsqueeze(1)


@linear.mistake("grad_bias")
def grad_bias_total(grad_out):
    """`grad_bias` is one number, the sum over everything: each output has a bias of its own."""
    return grad_out.sum()


@linear.mistake("grad_bias")
def grad_bias_total_in_every_place(grad_out):
    """`grad_bias` has the same number, the sum over everything, in every place: each output has a bias of its own."""
    return grad_out.sum().expand(grad_out.shape[1])


@linear.mistake("grad_bias")
def grad_bias_is_zero(grad_out):
    """`grad_bias` is all zeros: it is created and never filled in."""
    return torch.zeros_like(grad_out[0])


@linear.mistake("grad_bias")
def grad_bias_is_one(grad_out):
    """`grad_bias` is all ones: the slope of the bias is 1, and it must still be multiplied by grad_out and summed."""
    return torch.ones_like(grad_out[0])


@linear.mistake("grad_bias")
def grad_bias_counts_samples(grad_out):
    """`grad_bias` counts the samples: the slope of the bias is 1, times grad_out, summed over the batch."""
    return torch.full_like(grad_out[0], len(grad_out))


@linear.mistake("grad_bias")
def grad_bias_sign(grad_out):
    """`grad_bias` has the wrong sign."""
    return -grad_out.sum(0)


@linear.mistake("grad_bias")
def grad_bias_of_the_first_sample(grad_out):
    """`grad_bias` is the first sample's alone: every sample used the bias, so the batch adds up."""
    return grad_out[0]


@linear.mistake("grad_bias")
def grad_bias_of_the_last_sample(grad_out):
    """`grad_bias` is the last sample's alone: in a loop over the batch, add (+=) where you overwrite (=)."""
    return grad_out[-1]


@linear.mistake("grad_bias")
def grad_bias_from_x(x):
    """`grad_bias` is the sum of x, where the sum of grad_out is meant."""
    return x.sum(0)


@linear.mistake("grad_bias")
def grad_bias_from_grad_x(grad_out, weight):
    """`grad_bias` is the sum of grad_x: the bias is added after the weight, so the blame reaches it first."""
    return (grad_out @ weight).sum(0)


@linear.mistake("grad_bias")
def grad_bias_from_grad_weight(grad_out, x):
    """`grad_bias` is a sum of grad_weight: the inputs play no part in it."""
    return (grad_out.T @ x).sum(1)


@linear.mistake("grad_bias")
def grad_bias_largest(grad_out):
    """`grad_bias` is the largest of the batch: it is the sum."""
    return grad_out.amax(0)


@linear.mistake("grad_bias")
def grad_bias_absolute(grad_out):
    """`grad_bias` sums absolute values: positive and negative blame may cancel."""
    return grad_out.abs().sum(0)


@linear.mistake("grad_bias")
def grad_bias_doubled(grad_out):
    """`grad_bias` has a factor 2 too much."""
    return 2 * grad_out.sum(0)


@linear.mistake("grad_weight", "grad_bias")
def averaged_over_the_batch(grad_out, x):
    """`grad_weight` and `grad_bias` are divided by N: a mean in the loss has put its 1/N into grad_out already, and
    here it would count twice."""
    return grad_out.T @ x / len(x), grad_out.mean(0)


@linear.mistake("grad_x", "grad_weight", "grad_bias")
def everything_averaged(grad_out, x, weight):
    """All three gradients are divided by N: a mean in the loss has put its 1/N into grad_out already, and here it would
    count twice."""
    n = len(x)
    return grad_out @ weight / n, grad_out.T @ x / n, grad_out.sum(0) / n


@linear.mistake("grad_x", "grad_weight", "grad_bias")
def all_signs(grad_out, x, weight):
    """All three gradients have the wrong sign: a gradient points uphill, the minus belongs to the optimizer's step."""
    return -grad_out @ weight, -grad_out.T @ x, -grad_out.sum(0)


@linear.mistake("grad_x", "grad_weight", "grad_bias")
def grad_out_ignored(grad_out, x, weight):
    """grad_out is not used (as if it were all ones): these are the layer's own slopes, and the chain rule multiplies
    them with the blame that arrives."""
    ones = torch.ones_like(grad_out)
    return ones @ weight, ones.T @ x, ones.sum(0)


@linear.mistake("grad_x", "grad_weight", "grad_bias")
def everything_zero(grad_out, x, weight):
    """All three gradients are zeros: they are created and never filled in."""
    return torch.zeros_like(x), torch.zeros_like(weight), torch.zeros_like(grad_out[0])


@linear.mistake("first", "second")
def weight_before_x(grad_x, grad_weight):
    """`grad_x` and `grad_weight` are returned in the wrong order: return grad_x, grad_weight, grad_bias."""
    return grad_weight, grad_x


@linear.mistake("second", "third")
def bias_before_weight(grad_weight, grad_bias):
    """`grad_weight` and `grad_bias` are returned in the wrong order: return grad_x, grad_weight, grad_bias."""
    return grad_bias, grad_weight


@linear.mistake("first", "third")
def bias_first_x_last(grad_x, grad_bias):
    """`grad_x` and `grad_bias` are returned in each other's place: return grad_x, grad_weight, grad_bias."""
    return grad_bias, grad_x


@linear.mistake("first", "second", "third")
def x_last(grad_x, grad_weight, grad_bias):
    """`grad_x` is returned last: return grad_x, grad_weight, grad_bias, in this order."""
    return grad_weight, grad_bias, grad_x


@linear.mistake("first", "second", "third")
def bias_first(grad_x, grad_weight, grad_bias):
    """`grad_bias` is returned first: return grad_x, grad_weight, grad_bias, in this order."""
    return grad_bias, grad_x, grad_weight


@linear.mistake("grad_weight", "grad_bias")
def last_sample_left_out(grad_out, x):
    """`grad_weight` and `grad_bias` leave the last sample out: the loop over the batch ends one too early."""
    return grad_out[:-1].T @ x[:-1], grad_out[:-1].sum(0)


@linear.mistake("grad_weight", "grad_bias")
def first_sample_left_out(grad_out, x):
    """`grad_weight` and `grad_bias` leave the first sample out: the loop over the batch starts at 1, and counting
    starts at 0."""
    return grad_out[1:].T @ x[1:], grad_out[1:].sum(0)


@linear.mistake("grad_x", "grad_weight", "grad_bias")
def return_inside_the_sample_loop(grad_out, x, weight):
    """Only the first sample is worked on: the return stands inside the loop over the batch, and ends it in its first
    round."""
    rest = torch.zeros_like(grad_out)
    rest[0] = grad_out[0]
    return rest @ weight, rest.T @ x, rest.sum(0)


@linear.mistake("grad_x", "grad_weight", "grad_bias")
def last_sample_left_out_everywhere(grad_out, x, weight):
    """The last sample is left out of all three gradients: the loop over the batch ends one too early."""
    rest = grad_out.clone()
    rest[-1] = 0
    return rest @ weight, rest.T @ x, rest.sum(0)


@linear.mistake("grad_x", "grad_weight", "grad_bias")
def grad_out_of_a_relu(grad_out, x, weight):
    """grad_out is masked where the layer's output is not positive, as after a ReLU: this layer is linear, and has no
    mask."""
    masked = grad_out * (x @ weight.T > 0)
    return masked @ weight, masked.T @ x, masked.sum(0)


@linear.mistake("grad_x", "grad_weight", "grad_bias")
def everything_doubled(grad_out, x, weight):
    """All three gradients have a factor 2 too much: the 2 of a squared error, if there is one, is in grad_out
    already."""
    return 2 * grad_out @ weight, 2 * grad_out.T @ x, 2 * grad_out.sum(0)


@mistake("backprop.linear_backward")
def only_the_parameters(grad_out, x, weight):
    """`grad_x` is missing: without it the layers below learn nothing. Return grad_x, grad_weight, grad_bias."""
    return grad_out.T @ x, grad_out.sum(0)


# ----------------------------------------------------------------------------------------- relu_backward

gate = Anatomy("backprop.relu_backward", "grad_x")


@gate.step
def mask(x):
    """the slope of ReLU at each element of `x`"""
    return (x > 0).to(x.dtype)


@gate.step
def arriving(grad_out):
    return grad_out


@gate.step
def grad_x(arriving, mask):
    """the gradient with respect to `x`"""
    return arriving * mask


@gate.quantity
def opened(x):
    """whether each element of `x` is positive"""
    return x > 0


@gate.quantity
def shut(x):
    """whether each element of `x` is 0 or negative"""
    return x <= 0


@gate.quantity
def output(x):
    """the output of the ReLU"""
    return x.clamp(min=0)


@gate.mistake("mask")
def open_at_zero(x):
    """At x = 0 the gradient must be 0: the comparison is >, not >=. Zeros are not rare: padding and dead units are
    full of them."""
    return (x >= 0).to(x.dtype)


@gate.mistake("mask")
def half_open_at_zero(x):
    """At x = 0 half of the gradient passes: the convention is that none does."""
    return torch.heaviside(x, torch.full_like(x, 0.5))


@gate.mistake("mask")
def open_where_negative(x):
    """The mask is turned round: the gradient passes where x is positive, as x itself does on the way forward."""
    return (x < 0).to(x.dtype)


@gate.mistake("mask")
def open_where_not_positive(x):
    """The mask is turned round: the gradient passes where x is positive, as x itself does on the way forward."""
    return (x <= 0).to(x.dtype)


@gate.mistake("mask")
def open_where_not_zero(x):
    """The gradient passes for every x but 0: for a negative x, ReLU is flat, and nothing passes."""
    return (x != 0).to(x.dtype)


@gate.mistake("mask")
def always_open(x):
    """Nothing is masked, you return grad_out as it came: where x is negative, ReLU is flat, and moving x changes
    nothing. (Of ReLU's output, >= 0 is always true: is that the comparison?)"""
    return torch.ones_like(x)


@gate.mistake("mask")
def open_for_the_whole_row(x):
    """One positive number opens the whole row: each entry of x has a gate of its own."""
    rows = (x > 0).to(x.dtype)
    return rows.amax(-1, keepdim=True).expand(x.shape) if x.dim() else rows


@gate.mistake("mask")
def open_for_the_whole_column(x):
    """One positive number opens the whole column: each entry of x has a gate of its own."""
    columns = (x > 0).to(x.dtype)
    return columns.amax(0, keepdim=True).expand(x.shape) if x.dim() else columns


@gate.mistake("mask")
def mask_of_the_gradient(x, grad_out):
    """The sign of grad_out decides what passes, where the sign of x must: a gradient may well be negative."""
    return (grad_out > 0).to(x.dtype)


@gate.mistake("mask")
def relu_in_place_of_its_slope(x):
    """grad_out is multiplied with relu(x): the slope of ReLU is 1 where x is positive, not x."""
    return x.clamp(min=0)


@gate.mistake("mask")
def x_in_place_of_the_slope(x):
    """grad_out is multiplied with x: the slope of ReLU is 1 where x is positive and 0 elsewhere."""
    return x


@gate.mistake("mask")
def sign_in_place_of_the_slope(x):
    """The slope is -1 for a negative x (the sign of x, the slope of the absolute value): ReLU is flat there, 0."""
    return torch.sign(x)


@gate.mistake("mask")
def open_above_one(x):
    """The gradient passes only where x is above 1: the corner is at 0."""
    return (x > 1).to(x.dtype)


@gate.mistake("mask")
def shut_above_one(x):
    """Where x is above 1 nothing passes: ReLU goes on rising there, with slope 1."""
    return ((x > 0) & (x < 1)).to(x.dtype)


@gate.mistake("mask")
def shut_above_six(x):
    """Where x is above 6 nothing passes, as in ReLU6: ReLU goes on rising there, with slope 1."""
    return ((x > 0) & (x < 6)).to(x.dtype)


@gate.mistake("mask")
def slope_limited_to_one(x):
    """The slope is x between 0 and 1 (a clamp where a comparison is meant): it is 1 for every positive x."""
    return x.clamp(0, 1)


@gate.mistake("mask")
def x_rounded_up_as_slope(x):
    """The slope is x rounded up (ceil): that is 1 between 0 and 1 only, and ReLU's slope is 1 for every positive x."""
    return x.clamp(min=0).ceil()


@gate.mistake("mask")
def x_rounded_as_slope(x):
    """x is rounded before its sign is looked at: a small positive x is positive."""
    return (x.round() > 0).to(x.dtype)


@gate.mistake("mask")
def x_rounded_down_as_slope(x):
    """x is cut to a whole number before its sign is looked at (int, floor): between 0 and 1 it is positive too."""
    return (x.floor() > 0).to(x.dtype)


@gate.mistake("mask", constants=(0.01, 0.1, 0.2, 0.05, 0.001))
def leaky_slope(x, constant):
    """Where x is negative, {constant} of the gradient passes: that is a leaky ReLU, and plain ReLU is asked
    for."""
    return torch.where(x > 0, torch.ones_like(x), torch.full_like(x, constant))


@gate.mistake("mask")
def sigmoid_in_place_of_the_slope(x):
    """The slope is a smooth step (the sigmoid of x): ReLU has a corner, its slope is exactly 0 or 1."""
    return (1 + torch.tanh(x / 2)) / 2


@gate.mistake("mask", constants=(5.0, 10.0, 50.0, 100.0, 1000.0))
def steep_sigmoid_in_place_of_the_slope(x, constant):
    """The slope is a steep sigmoid, of {constant} x, in place of a step: near 0 part of the gradient passes, where all
    or nothing must."""
    return 1 / (1 + torch.exp(-constant * x))


@gate.mistake("mask")
def open_above_the_mean(x):
    """The gradient passes where x is above its mean: the corner is at 0, wherever the other entries are."""
    return (x > x.mean()).to(x.dtype)


@gate.mistake("mask")
def open_where_x_is_larger(x, grad_out):
    """The gradient passes where x is larger than grad_out: x is compared with 0."""
    return (x > grad_out).to(x.dtype)


@gate.mistake("mask")
def mask_of_the_product(x, grad_out):
    """The gradient passes where grad_out times x is positive: the sign of x alone decides."""
    return (grad_out * x > 0).to(x.dtype)


@gate.mistake("mask")
def slope_of_the_sigmoid(x):
    """You multiply with the sigmoid's slope: the slope of ReLU is 0 or 1."""
    s = (1 + torch.tanh(x / 2)) / 2
    return s * (1 - s)


@gate.mistake("mask", constants=(1e-8, 1e-7, 1e-6, 1e-5, 1e-12, 1e-3))
def open_above_a_small_number(x, constant):
    """The gradient passes only where x is above {constant}: the corner is at 0, and a small positive x is
    positive."""
    return (x > constant).to(x.dtype)


@gate.mistake("mask")
def elu_slope(x):
    """Where x is negative, exp(x) of the gradient passes: that is ELU, and plain ReLU is asked for."""
    return torch.where(x > 0, torch.ones_like(x), torch.exp(x.clamp(max=0)))


@gate.mistake("arriving")
def gradient_ignored(grad_out):
    """grad_out is not used: you return the slope of ReLU. The chain rule multiplies it with the gradient that
    arrives."""
    return torch.ones_like(grad_out)


@gate.mistake("arriving")
def sign_of_the_gradient(grad_out):
    """The gradient has the wrong sign: it points uphill, and the minus belongs to the optimizer's step."""
    return -grad_out


@gate.mistake("arriving")
def size_of_the_gradient(grad_out):
    """Only the size of grad_out passes (abs): its sign says whether the loss rises or falls."""
    return grad_out.abs()


@gate.mistake("arriving")
def sign_of_the_gradient_only(grad_out):
    """Only the sign of grad_out is used: how much the loss minds is lost, and the chain rule multiplies with all of
    it."""
    return torch.sign(grad_out)


@gate.mistake("arriving")
def positive_gradients_only(grad_out):
    """Negative gradients are set to 0 as well (guided backpropagation): a gradient may be negative, and x alone
    decides what passes."""
    return grad_out.clamp(min=0)


@gate.mistake("arriving")
def gradient_averaged_over_the_rows(grad_out):
    """grad_out is divided by the number of rows: a mean in the loss has put its 1/N into grad_out already."""
    return grad_out / (len(grad_out) if grad_out.dim() else 1)


@gate.mistake("arriving")
def gradient_averaged_over_all_entries(grad_out):
    """grad_out is divided by its number of entries: ReLU averages nothing."""
    return grad_out / grad_out.numel()


@gate.mistake("arriving")
def gradient_doubled(grad_out):
    """The gradient has a factor 2 too much."""
    return 2 * grad_out


@gate.mistake("arriving")
def gradient_is_the_input(x):
    """You return x where it is positive, which is ReLU itself: grad_out is what passes."""
    return x


@gate.mistake("arriving", "mask")
def arguments_swapped(grad_out, x):
    """x and grad_out have changed places: x is what passes, and the sign of grad_out decides. It is grad_out that
    passes, where x is positive."""
    return x, (grad_out > 0).to(x.dtype)


@gate.mistake("grad_x")
def matrix_product(arriving, mask):
    """grad_out and the mask are multiplied as matrices (@ or dot): each entry has a gate of its own, multiply
    entry by entry."""
    return arriving @ mask


@gate.mistake("grad_x")
def added_up(arriving, mask):
    """The gradients are added up to one number: each entry of x has a gradient of its own."""
    return (arriving * mask).sum()


@gate.mistake("grad_x")
def averaged(arriving, mask):
    """The gradients are averaged to one number: each entry of x has a gradient of its own."""
    return (arriving * mask).mean()


@gate.mistake("grad_x")
def slope_added(arriving, mask):
    """The slope is added to grad_out: the chain rule multiplies."""
    return arriving + mask


@gate.mistake("grad_x")
def smaller_of_gradient_and_relu(arriving, x):
    """You take the smaller of grad_out and relu(x): the gradient is multiplied with ReLU's slope, 0 or 1."""
    return torch.minimum(arriving, x.clamp(min=0))


@gate.mistake("grad_x")
def larger_of_gradient_and_relu(arriving, x):
    """You take the larger of grad_out and relu(x): the gradient is multiplied with ReLU's slope, 0 or 1."""
    return torch.maximum(arriving, x.clamp(min=0))


@gate.mistake("grad_x")
def flattened(arriving, mask):
    """The result is flattened to one dimension: a gradient has the shape of what it is the gradient of."""
    return (arriving * mask).flatten()


@gate.mistake("grad_x")
def minus_one_where_shut(arriving, mask):
    """1 is subtracted where nothing passes, or the slope is added: the chain rule multiplies, and what does not pass
    is 0."""
    return arriving + mask - 1


@gate.mistake("grad_x")
def shut_entries_left_out(arriving, mask):
    """The entries where nothing passes are left out (an index in place of a product): the result has the shape of
    x, with 0 there."""
    return arriving[mask > 0]


@gate.mistake("grad_x")
def summed_over_the_batch(arriving, mask):
    """The gradient is summed over the first dimension: x has an entry for each sample, and each has its
    gradient."""
    return (arriving * mask).sum(0)


@gate.mistake("grad_x")
def left_at_x_where_shut(arriving, mask, x):
    """Where nothing passes, x itself is returned: the gradient there is 0."""
    return torch.where(mask > 0, arriving, x)


@gate.mistake("grad_x")
def float32_result(arriving, mask):
    """The result is float32 whatever the input is: a float64 gradient must stay float64 (look at .float())."""
    return (arriving * mask).float()


# -------------------------------------------------------------------------------------- sigmoid_backward

sigmoid = Anatomy("backprop.sigmoid_backward", "grad_x")


@sigmoid.step
def arriving(grad_out):
    return grad_out


@sigmoid.step
def slope(out):
    """the slope of the sigmoid at each element"""
    return out * (1 - out)


@sigmoid.step
def grad_x(arriving, slope):
    """the gradient with respect to what the sigmoid was given"""
    return arriving * slope


@sigmoid.quantity
def below_one(out):
    """how far each output is below 1"""
    return 1 - out


@sigmoid.quantity
def square_of_out(out):
    """the square of each output"""
    return out**2


@sigmoid.quantity
def from_the_middle(out):
    """the squared distance of each output from 0.5"""
    return (out - 0.5) ** 2


@sigmoid.quantity
def arriving_times_out(arriving, out):
    """`grad_out` times the output, element by element"""
    return arriving * out


@sigmoid.quantity
def arriving_times_below_one(arriving, below_one):
    """`grad_out` times how far each output is below 1"""
    return arriving * below_one


@sigmoid.quantity
def arriving_times_square(arriving, square_of_out):
    """`grad_out` times the square of each output"""
    return arriving * square_of_out


@sigmoid.quantity
def given(out):
    """what the sigmoid was given, recovered from its output"""
    return torch.log(out / (1 - out))


def _sigmoid(x):
    return (1 + torch.tanh(x / 2)) / 2


@sigmoid.mistake("slope")
def sigmoid_applied_again(out):
    """The sigmoid is applied once more: `out` is its output already, and the slope is taken there as it stands."""
    return _sigmoid(out) * (1 - _sigmoid(out))


@sigmoid.mistake("slope")
def sigmoid_applied_to_one_factor(out):
    """The sigmoid is applied to `out` in one of the factors: out is the sigmoid's output already."""
    return _sigmoid(out) * (1 - out)


@sigmoid.mistake("slope")
def sigmoid_applied_to_the_other_factor(out):
    """The sigmoid is applied to `out` in one of the factors: out is the sigmoid's output already."""
    return out * (1 - _sigmoid(out))


@sigmoid.mistake("slope")
def out_left_out(out):
    """The factor out is missing: the slope is 0 at both ends, at out = 1 and at out = 0."""
    return 1 - out


@sigmoid.mistake("slope")
def one_minus_out_left_out(out):
    """The factor 1 - out is missing: the slope is 0 at both ends, at out = 0 and at out = 1."""
    return out


@sigmoid.mistake("slope")
def slope_of_tanh(out):
    """1 - out^2 is the slope of tanh: the sigmoid's is 1/4 at out = 0.5 and 0 at out = 0."""
    return 1 - out**2


@sigmoid.mistake("slope")
def one_plus_out(out):
    """There is 1 + out where 1 - out is meant: the slope must be 0 where the sigmoid has reached 1."""
    return out * (1 + out)


@sigmoid.mistake("slope", constants=(2.0, 0.5))
def another_number_for_one(out, constant):
    """There is {constant} - out where 1 - out is meant: the slope must be 0 where the sigmoid has reached 1."""
    return out * (constant - out)


@sigmoid.mistake("slope")
def out_cubed(out):
    """You use out - out^3, which is out times the slope of tanh: the sigmoid's slope is out - out^2."""
    return out - out**3


@sigmoid.mistake("slope")
def slope_squared(out):
    """The slope is squared: it enters once."""
    return (out * (1 - out)) ** 2


@sigmoid.mistake("slope")
def slope_of_the_slope(out):
    """The formula of the slope is applied twice: out (1 - out) is the slope already."""
    once = out * (1 - out)
    return once * (1 - once)


@sigmoid.mistake("slope")
def out_squared(out):
    """The factor out enters twice: the slope is the same at out = 0.2 and at out = 0.8."""
    return out**2 * (1 - out)


@sigmoid.mistake("slope")
def one_minus_out_squared(out):
    """The factor 1 - out enters twice: the slope is the same at out = 0.2 and at out = 0.8."""
    return out * (1 - out) ** 2


@sigmoid.mistake("slope")
def only_out_squared(out):
    """You multiply with out * out: the slope has the factors out and 1 - out."""
    return out**2


@sigmoid.mistake("slope")
def only_one_minus_out_squared(out):
    """You multiply with (1 - out)^2: the slope has the factors out and 1 - out."""
    return (1 - out) ** 2


@sigmoid.mistake("slope")
def brackets_left_out(out):
    """Brackets are missing: out * 1 - out is 0, as multiplication comes first."""
    return out * 1 - out


@sigmoid.mistake("slope")
def out_minus_the_root(out):
    """You use out - 2 out, or -out: the slope is out - out^2."""
    return out - 2 * out


@sigmoid.mistake("slope")
def divided_by_the_slope(out):
    """You divide by out (1 - out) where you must multiply: a flat sigmoid lets nothing through."""
    return 1 / (out * (1 - out))


@sigmoid.mistake("slope", constants=(1e-8, 1e-7, 1e-6, 1e-12, 1e-10, 1e-5))
def divided_by_the_slope_and_a_small_number(out, constant):
    """You divide by out (1 - out), plus {constant}, where you must multiply: a flat sigmoid lets nothing through."""
    return 1 / (out * (1 - out) + constant)


@sigmoid.mistake("slope")
def slope_left_out(out):
    """You return grad_out as it came: the slope of the sigmoid is missing."""
    return torch.ones_like(out)


@sigmoid.mistake("slope")
def relu_mask_in_its_place(out):
    """You multiply with out > 0, as for ReLU: the slope of the sigmoid is out (1 - out)."""
    return (out > 0).to(out.dtype)


@sigmoid.mistake("slope")
def always_a_quarter(out):
    """The slope is taken to be 1/4 everywhere: that is its largest value, at out = 0.5."""
    return torch.full_like(out, 0.25)


@sigmoid.mistake("slope")
def slope_of_the_mean(out):
    """The slope is taken at the mean of all outputs: each entry has an output and a slope of its own."""
    return (out.mean() * (1 - out.mean())).expand_as(out)


@sigmoid.mistake("slope")
def shut_below_one_half(out):
    """Nothing passes where out is not above 0.5, as behind a ReLU: the sigmoid rises on both sides."""
    return out * (1 - out) * (out > 0.5)


@sigmoid.mistake("slope")
def distance_from_one_half(out):
    """The slope is built from the distance to 0.5: it is out (1 - out), largest at 0.5 and 0 at both ends."""
    return 0.5 - (out - 0.5).abs()


@sigmoid.mistake("slope")
def scaled_to_one(out):
    """The slope is 4 times too large: at out = 0.5 it is 1/4."""
    return 4 * out * (1 - out)


@sigmoid.mistake("slope")
def slope_doubled(out):
    """The slope is twice too large: at out = 0.5 it is 1/4."""
    return 2 * out * (1 - out)


@sigmoid.mistake("slope")
def slope_of_a_logarithm(out):
    """You use 1 - 2 out, which is the slope of out (1 - out): one derivative too many."""
    return 1 - 2 * out


@sigmoid.mistake("slope", constants=(1e-8, 1e-7, 1e-6, 1e-12, 1e-10, 1e-5, 1e-3))
def small_number_added(out, constant):
    """{constant} is added to the slope: a saturated sigmoid lets exactly nothing through, and nothing is divided
    here."""
    return out * (1 - out) + constant


@sigmoid.mistake("slope", constants=(1e-8, 1e-7, 1e-6, 1e-12, 1e-10, 1e-5, 1e-3))
def output_held_back(out, constant):
    """out is held {constant} away from 0 and 1: a saturated sigmoid lets exactly nothing through, and no logarithm
    is taken here."""
    held = out.clamp(constant, 1 - constant)
    return held * (1 - held)


@sigmoid.mistake("slope", constants=(1e-4, 1e-3, 1e-2))
def floor_under_the_slope(out, constant):
    """The slope never falls below {constant}: a saturated sigmoid lets exactly nothing through, and nothing is divided
    here."""
    return (out * (1 - out)).clamp(min=constant)


@sigmoid.mistake("slope")
def exponential_of_out(out):
    """You use exp(-out): the formula with exp belongs to x, and out is the sigmoid's output. Nothing has to be
    exponentiated any more."""
    return torch.exp(-out) * (1 - torch.exp(-out))


@sigmoid.mistake("slope")
def gradient_in_the_bracket(grad_out, out):
    """There is grad_out in the bracket, 1 - grad_out, where 1 - out is meant: the slope does not depend on what
    arrives."""
    return out * (1 - grad_out)


@sigmoid.mistake("slope")
def gradient_in_place_of_out(grad_out):
    """The slope is computed from grad_out: it is a slope at out, whatever arrives."""
    return grad_out * (1 - grad_out)


@sigmoid.mistake("arriving")
def sign_of_the_gradient(grad_out):
    """The sign is wrong, in the slope or before grad_out: the sigmoid rises everywhere, and the minus of descent
    belongs to the optimizer."""
    return -grad_out


@sigmoid.mistake("arriving")
def gradient_ignored(grad_out):
    """grad_out is not used: you return the slope. The chain rule multiplies it with the gradient that arrives."""
    return torch.ones_like(grad_out)


@sigmoid.mistake("arriving")
def gradient_averaged_over_the_rows(grad_out):
    """The gradient is divided by the number of rows: a mean in the loss has put its 1/N into grad_out already."""
    return grad_out / (len(grad_out) if grad_out.dim() else 1)


@sigmoid.mistake("arriving")
def gradient_averaged_over_all_entries(grad_out):
    """The gradient is divided by its number of entries: the sigmoid averages nothing."""
    return grad_out / grad_out.numel()


@sigmoid.mistake("arriving")
def size_of_the_gradient(grad_out):
    """Only the size of grad_out passes (abs): its sign says whether the loss rises or falls."""
    return grad_out.abs()


@sigmoid.mistake("arriving")
def sign_of_the_gradient_only(grad_out):
    """Only the sign of grad_out is used: how much the loss minds is lost, and the chain rule multiplies with all of
    it."""
    return torch.sign(grad_out)


@sigmoid.mistake("arriving")
def gradient_squared(grad_out):
    """grad_out enters twice: it is multiplied in once."""
    return grad_out**2


@sigmoid.mistake("arriving")
def sigmoid_of_the_gradient(grad_out):
    """The sigmoid is applied to grad_out: it is multiplied in as it comes."""
    return _sigmoid(grad_out)


@sigmoid.mistake("arriving")
def positive_gradients_only(grad_out):
    """Negative gradients are set to 0: only ReLU blocks anything, and it looks at x, not at the gradient."""
    return grad_out.clamp(min=0)


@sigmoid.mistake("grad_x")
def matrix_product(arriving, slope):
    """grad_out and the slope are multiplied as matrices (@ or dot): each entry has a slope of its own, multiply
    entry by entry."""
    return arriving @ slope


@sigmoid.mistake("grad_x")
def added_up(arriving, slope):
    """The gradients are added up to one number: each entry of x has a gradient of its own."""
    return (arriving * slope).sum()


@sigmoid.mistake("grad_x")
def averaged(arriving, slope):
    """The gradients are averaged to one number: each entry of x has a gradient of its own."""
    return (arriving * slope).mean()


@sigmoid.mistake("grad_x")
def summed_over_the_batch(arriving, slope):
    """The gradient is summed over the first dimension: x has an entry for each sample, and each has its
    gradient."""
    return (arriving * slope).sum(0)


@sigmoid.mistake("grad_x")
def slope_added(arriving, slope):
    """The slope is added to grad_out: the chain rule multiplies."""
    return arriving + slope


@sigmoid.mistake("grad_x")
def second_factor_subtracted(arriving, out):
    """1 - out is subtracted: the chain rule multiplies, grad_out with out and with 1 - out."""
    return arriving * out - (1 - out)


@sigmoid.mistake("grad_x")
def slope_subtracted(arriving, slope):
    """The slope is subtracted from grad_out: the chain rule multiplies."""
    return arriving - slope


@sigmoid.mistake("grad_x")
def gradient_subtracted_from_the_output(arriving, out):
    """You return out - grad_out, as if it were prediction minus truth: grad_out is multiplied with the slope out
    (1 - out)."""
    return out - arriving


@sigmoid.mistake("grad_x")
def flattened(arriving, slope):
    """The result is flattened to one dimension: a gradient has the shape of what it is the gradient of."""
    return (arriving * slope).flatten()


@sigmoid.mistake("grad_x")
def bracket_around_the_product(arriving, out):
    """Brackets are missing: grad_out * out * 1 - out subtracts out at the end, as multiplication comes first."""
    return arriving * out - out


@sigmoid.mistake("grad_x")
def product_taken_from_one(arriving, out):
    """You compute out (1 - grad_out out), or a bracket stands in the wrong place: the slope is out (1 - out), and
    grad_out multiplies it."""
    return out * (1 - arriving * out)


@sigmoid.mistake("grad_x")
def gradient_in_both_factors(arriving, out):
    """grad_out stands in both factors, g out (1 - g out): the slope is out (1 - out), and grad_out is multiplied with
    it once."""
    return arriving * out * (1 - arriving * out)


@sigmoid.mistake("grad_x")
def float32_result(arriving, slope):
    """The result is float32 whatever the input is: a float64 gradient must stay float64 (look at .float())."""
    return (arriving * slope).float()


# ----------------------------------------------------------------------------------------- tanh_backward

tanh = Anatomy("backprop.tanh_backward", "grad_x")


@tanh.step
def arriving(grad_out):
    return grad_out


@tanh.step
def slope(out):
    """the slope of tanh at each element"""
    return 1 - out**2


@tanh.step
def grad_x(arriving, slope):
    """the gradient with respect to what tanh was given"""
    return arriving * slope


@tanh.quantity
def square_of_out(out):
    """the square of each output"""
    return out**2


@tanh.quantity
def below_one(out):
    """how far each output is below 1"""
    return 1 - out


@tanh.quantity
def above_minus_one(out):
    """how far each output is above -1"""
    return 1 + out


@tanh.quantity
def arriving_times_out(arriving, out):
    """`grad_out` times the output, element by element"""
    return arriving * out


@tanh.quantity
def arriving_times_square(arriving, square_of_out):
    """`grad_out` times the square of each output"""
    return arriving * square_of_out


@tanh.quantity
def arriving_times_below_one(arriving, below_one):
    """`grad_out` times how far each output is below 1"""
    return arriving * below_one


@tanh.quantity
def given(out):
    """what tanh was given, recovered from its output"""
    return torch.log((1 + out) / (1 - out)) / 2


@tanh.mistake("slope")
def tanh_applied_again(out):
    """tanh is applied once more: `out` is its output already, and the slope is taken there as it stands."""
    return 1 - torch.tanh(out) ** 2


@tanh.mistake("slope")
def square_left_out(out):
    """The square is missing: 1 - out is 2 at out = -1, where tanh is flat. The slope is the same on both sides of
    0."""
    return 1 - out


@tanh.mistake("slope")
def slope_of_the_sigmoid(out):
    """out (1 - out) is the sigmoid's slope: that of tanh is 1 at out = 0, and the same on both sides."""
    return out * (1 - out)


@tanh.mistake("slope")
def square_around_the_difference(out):
    """The square is around the whole difference, (1 - out)^2: only out is squared."""
    return (1 - out) ** 2


@tanh.mistake("slope")
def one_plus_the_square(out):
    """There is a plus, 1 + out^2: the slope must be 0 where tanh has reached 1 or -1."""
    return 1 + out**2


@tanh.mistake("slope", constants=(2.0, 0.5))
def another_number_for_one(out, constant):
    """There is {constant} - out^2 where 1 - out^2 is meant: the slope must be 0 where tanh has reached 1 or -1."""
    return constant - out**2


@tanh.mistake("slope")
def one_left_out(out):
    """You multiply with out^2: it is 1 minus that. The slope is largest in the middle."""
    return out**2


@tanh.mistake("slope")
def minus_the_square(out):
    """The 1 is missing, you multiply with -out^2: the slope is 1 - out^2."""
    return -(out**2)


@tanh.mistake("slope")
def out_in_place_of_the_slope(out):
    """You multiply with out: the slope is 1 - out^2."""
    return out


@tanh.mistake("slope")
def slope_left_out(out):
    """You return grad_out as it came: the slope of tanh is missing."""
    return torch.ones_like(out)


@tanh.mistake("slope")
def slope_squared(out):
    """The slope is squared: it enters once."""
    return (1 - out**2) ** 2


@tanh.mistake("slope")
def slope_of_the_slope(out):
    """The formula of the slope is applied twice: 1 - out^2 is the slope already."""
    return 1 - (1 - out**2) ** 2


@tanh.mistake("slope")
def root_of_the_slope(out):
    """You take the root of 1 - out^2: the slope is 1 - out^2 itself."""
    return torch.sqrt(1 - out**2)


@tanh.mistake("slope")
def doubled_in_place_of_squared(out):
    """out is doubled where it must be squared: 2 * out and out ** 2 are different things."""
    return 1 - 2 * out


@tanh.mistake("slope")
def cubed(out):
    """out is cubed where it must be squared: the slope is the same on both sides of 0."""
    return 1 - out**3


@tanh.mistake("slope")
def to_the_fourth(out):
    """out enters to the fourth power: it is squared once."""
    return 1 - out**4


@tanh.mistake("slope")
def size_in_place_of_the_square(out):
    """You use 1 - abs(out): out is to be squared."""
    return 1 - out.abs()


@tanh.mistake("slope")
def factors_of_the_sigmoid_doubled(out):
    """You use out (1 - out^2): the slope is 1 - out^2, without another out."""
    return out * (1 - out**2)


@tanh.mistake("slope")
def slope_halved(out):
    """The slope is half of what it should be: at out = 0 it is 1."""
    return (1 - out**2) / 2


@tanh.mistake("slope")
def slope_doubled(out):
    """The slope is twice too large: at out = 0 it is 1."""
    return 2 * (1 - out**2)


@tanh.mistake("slope")
def slope_quartered(out):
    """The slope is a quarter of what it should be: 1/4 is the sigmoid's largest slope, that of tanh is 1."""
    return (1 - out**2) / 4


@tanh.mistake("slope")
def second_derivative(out):
    """You use -2 out (or 2 out), the slope of the slope with respect to out: one derivative too many."""
    return -2 * out


@tanh.mistake("slope")
def second_derivative_without_its_sign(out):
    """You use 2 out, the derivative of out^2: the slope of tanh is 1 - out^2 itself."""
    return 2 * out


@tanh.mistake("slope")
def divided_by_the_slope(out):
    """You divide by 1 - out^2 where you must multiply: a flat tanh lets nothing through."""
    return 1 / (1 - out**2)


@tanh.mistake("slope", constants=(1e-8, 1e-7, 1e-6, 1e-12, 1e-10, 1e-5))
def divided_by_the_slope_and_a_small_number(out, constant):
    """You divide by 1 - out^2, plus {constant}, where you must multiply: a flat tanh lets nothing through."""
    return 1 / (1 - out**2 + constant)


@tanh.mistake("slope")
def relu_mask_in_its_place(out):
    """You multiply with out > 0, as for ReLU: the slope of tanh is 1 - out^2."""
    return (out > 0).to(out.dtype)


@tanh.mistake("slope")
def cosh_of_out(out):
    """You use 1 / cosh(out)^2 with one factor too few: that formula belongs to x anyway, and out is tanh's
    output."""
    return 1 / torch.cosh(out)


@tanh.mistake("slope")
def slope_of_the_mean(out):
    """The slope is taken at the mean of all outputs: each entry has an output and a slope of its own."""
    return (1 - out.mean() ** 2).expand_as(out)


@tanh.mistake("slope")
def negative_outputs_as_zero(out):
    """Negative outputs count as 0: tanh goes down to -1, and is as flat there as at 1."""
    return 1 - out.clamp(min=0) ** 2


@tanh.mistake("slope")
def shut_where_negative(out):
    """Nothing passes where out is not positive, as behind a ReLU: tanh rises on both sides of 0."""
    return (1 - out**2) * (out > 0)


@tanh.mistake("slope")
def slope_times_one_minus_out(out):
    """There is a factor too many: 1 - out^2 is (1 - out)(1 + out), each of them once."""
    return (1 - out) ** 2 * (1 + out)


@tanh.mistake("slope", constants=(1e-8, 1e-7, 1e-6, 1e-12, 1e-10, 1e-5, 1e-3))
def small_number_added(out, constant):
    """{constant} is added to the slope: a saturated tanh lets exactly nothing through, and nothing is divided
    here."""
    return 1 - out**2 + constant


@tanh.mistake("slope", constants=(1e-8, 1e-7, 1e-6, 1e-12, 1e-10, 1e-5, 1e-3))
def output_held_back(out, constant):
    """out is held {constant} away from -1 and 1: a saturated tanh lets exactly nothing through."""
    return 1 - out.clamp(constant - 1, 1 - constant) ** 2


@tanh.mistake("slope", constants=(1e-8, 1e-7, 1e-6, 1e-12, 1e-10, 1e-5, 1e-4, 1e-3, 1e-2))
def floor_under_the_slope(out, constant):
    """The slope never falls below {constant}: a saturated tanh lets exactly nothing through, and nothing is divided
    here."""
    return (1 - out**2).clamp(min=constant)


@tanh.mistake("slope")
def gradient_in_the_slope(grad_out):
    """The slope is computed from grad_out: it is a slope at out, whatever arrives."""
    return 1 - grad_out**2


@tanh.mistake("arriving", "slope")
def arguments_swapped(grad_out, out):
    """out and grad_out have changed places: the slope is 1 - out^2, and grad_out is multiplied with it."""
    return out, 1 - grad_out**2


@tanh.mistake("arriving")
def sign_of_the_gradient(grad_out):
    """The sign is wrong, in the slope or before grad_out: tanh rises everywhere, and the minus of descent belongs
    to the optimizer."""
    return -grad_out


@tanh.mistake("arriving")
def gradient_ignored(grad_out):
    """grad_out is not used: you return the slope. The chain rule multiplies it with the gradient that arrives."""
    return torch.ones_like(grad_out)


@tanh.mistake("arriving")
def gradient_averaged_over_the_rows(grad_out):
    """The gradient is divided by the number of rows: a mean in the loss has put its 1/N into grad_out already."""
    return grad_out / (len(grad_out) if grad_out.dim() else 1)


@tanh.mistake("arriving")
def gradient_averaged_over_all_entries(grad_out):
    """The gradient is divided by its number of entries: tanh averages nothing."""
    return grad_out / grad_out.numel()


@tanh.mistake("arriving")
def size_of_the_gradient(grad_out):
    """Only the size of grad_out passes (abs): its sign says whether the loss rises or falls."""
    return grad_out.abs()


@tanh.mistake("arriving")
def sign_of_the_gradient_only(grad_out):
    """Only the sign of grad_out is used: how much the loss minds is lost, and the chain rule multiplies with all of
    it."""
    return torch.sign(grad_out)


@tanh.mistake("arriving")
def tanh_of_the_gradient(grad_out):
    """tanh is applied to grad_out: it is multiplied in as it comes."""
    return torch.tanh(grad_out)


@tanh.mistake("arriving")
def gradient_squared(grad_out):
    """grad_out enters twice: it is multiplied in once."""
    return grad_out**2


@tanh.mistake("grad_x")
def brackets_left_out(arriving, out):
    """Brackets are missing: grad_out * 1 - out**2 subtracts at the end, as multiplication comes first."""
    return arriving - out**2


@tanh.mistake("grad_x")
def product_squared(arriving, out):
    """grad_out is inside the square, 1 - (grad_out out)^2: the slope is 1 - out^2, and grad_out multiplies it."""
    return 1 - (arriving * out) ** 2


@tanh.mistake("grad_x")
def gradient_in_the_bracket(arriving, out):
    """grad_out multiplies only out^2, 1 - grad_out out^2: it multiplies the whole slope."""
    return 1 - arriving * out**2


@tanh.mistake("grad_x")
def matrix_product(arriving, slope):
    """grad_out and the slope are multiplied as matrices (@ or dot): each entry has a slope of its own, multiply
    entry by entry."""
    return arriving @ slope


@tanh.mistake("grad_x")
def added_up(arriving, slope):
    """The gradients are added up to one number: each entry of x has a gradient of its own."""
    return (arriving * slope).sum()


@tanh.mistake("grad_x")
def averaged(arriving, slope):
    """The gradients are averaged to one number: each entry of x has a gradient of its own."""
    return (arriving * slope).mean()


@tanh.mistake("grad_x")
def summed_over_the_batch(arriving, slope):
    """The gradient is summed over the first dimension: x has an entry for each sample, and each has its
    gradient."""
    return (arriving * slope).sum(0)


@tanh.mistake("grad_x")
def slope_added(arriving, slope):
    """The slope is added to grad_out: the chain rule multiplies."""
    return arriving + slope


@tanh.mistake("grad_x")
def slope_subtracted(arriving, slope):
    """The slope is subtracted from grad_out: the chain rule multiplies."""
    return arriving - slope


@tanh.mistake("grad_x")
def flattened(arriving, slope):
    """The result is flattened to one dimension: a gradient has the shape of what it is the gradient of."""
    return (arriving * slope).flatten()


@tanh.mistake("grad_x")
def float32_result(arriving, slope):
    """The result is float32 whatever the input is: a float64 gradient must stay float64 (look at .float())."""
    return (arriving * slope).float()


# ------------------------------------------------------------------------------------------ mse_backward

squared = Anatomy("backprop.mse_backward", "grad_pred")


@squared.step
def error_of_each(pred, target):
    """the error of each element, `pred` minus `target`"""
    return pred - target


@squared.step
def factor():
    """the factor that comes from differentiating the square"""
    return 2.0


@squared.step
def count(pred):
    """the number of elements of `pred`"""
    return pred.numel()


@squared.step
def grad_pred(error_of_each, factor, count):
    """the gradient of the mean squared error with respect to `pred`"""
    return factor * error_of_each / count


@squared.quantity
def negated_error(pred, target):
    """the negated error of each element, `target` minus `pred`"""
    return target - pred


@squared.quantity
def flat_error(error_of_each):
    """the error of each element, `pred` minus `target`, in one flat row"""
    return error_of_each.reshape(-1)


@squared.quantity
def slope_of_each(factor, error_of_each):
    """the slope of each element's own squared error, before the mean"""
    return factor * error_of_each


@squared.quantity
def share_of_each(error_of_each, count):
    """the error of each element, divided by the number of elements"""
    return error_of_each / count


@squared.quantity
def share(count):
    """the weight of one element in the mean"""
    return 1 / count


@squared.quantity
def factor_over_count(factor, count):
    """what each error is multiplied with, for the square and the mean together"""
    return factor / count


@squared.mistake("error_of_each")
def sign(pred, target):
    """The sign is wrong (target - pred): where the prediction is too large, raising it further raises the loss, so
    the gradient is positive."""
    return target - pred


@squared.mistake("error_of_each")
def size_of_the_error(pred, target):
    """The size of the error is used (abs): then no gradient could ever tell a prediction to rise. The sign says
    which way."""
    return (pred - target).abs()


@squared.mistake("error_of_each")
def sign_of_the_error_only(pred, target):
    """Only the sign of the error is used, as for the absolute error: the slope of a square grows with the
    error."""
    return torch.sign(pred - target)


@squared.mistake("error_of_each", constants=(1.0, 0.5, 2.0))
def error_clipped(pred, target, constant):
    """The error is held between -{constant} and {constant}, as in the Huber loss: the slope of a square grows with the
    error."""
    return (pred - target).clamp(-constant, constant)


@squared.mistake("error_of_each")
def error_squared(pred, target):
    """The error is still squared: that is the loss. Its slope is linear in the error."""
    return (pred - target) ** 2


@squared.mistake("error_of_each")
def target_ignored(pred, target):
    """The target is not used: the gradient is 0 where prediction and target agree."""
    return pred


@squared.mistake("error_of_each")
def prediction_ignored(pred, target):
    """The prediction is not used: the gradient is 0 where prediction and target agree."""
    return target


@squared.mistake("error_of_each")
def added(pred, target):
    """Prediction and target are added: the gradient is 0 where they agree."""
    return pred + target


@squared.mistake("error_of_each")
def prediction_multiplied_in(pred, target):
    """The error is multiplied with the prediction, as if there were a layer behind it: with respect to pred
    itself, the inner derivative is 1."""
    return (pred - target) * pred


@squared.mistake("error_of_each")
def relative_to_the_target(pred, target):
    """The error is divided by the target: squared errors are absolute, not relative."""
    return (pred - target) / target


@squared.mistake("error_of_each")
def mean_of_the_target(pred, target):
    """The mean of the target takes the target's place: each prediction is compared with its own truth."""
    return pred - target.mean()


@squared.mistake("error_of_each")
def mean_of_the_prediction(pred, target):
    """The mean of the prediction takes the prediction's place: each is compared with its own truth."""
    return pred.mean() - target


@squared.mistake("error_of_each")
def difference_of_the_squares(pred, target):
    """You subtract the squares: the error is squared in the loss, and its slope is linear in the error."""
    return pred**2 - target**2


@squared.mistake("error_of_each")
def slope_of_the_root(pred, target):
    """You differentiate the root of the mean squared error: there is no root in the loss."""
    return (pred - target) / (2 * torch.sqrt(((pred - target) ** 2).mean()))


@squared.mistake("error_of_each")
def error_normalised(pred, target):
    """The error is divided by its length: the gradient's size says how steep the loss is."""
    return (pred - target) / torch.linalg.vector_norm(pred - target)


@squared.mistake("factor")
def two_left_out(pred):
    """The factor 2 is missing: the derivative of a square is twice its base. (Some courses have 1/2 in the loss;
    this loss has none.)"""
    return 1.0


@squared.mistake("factor")
def halved(pred):
    """The gradient is a quarter of what it should be: the 2 of the square multiplies, it does not divide."""
    return 0.5


@squared.mistake("factor")
def doubled(pred):
    """The gradient has a factor 2 too much: the square's derivative brings one 2."""
    return 4.0


@squared.mistake("count")
def not_divided(pred):
    """Nothing is divided by: the loss is a mean, so each element's share of the gradient is divided by their
    number."""
    return 1


@squared.mistake("count")
def divided_by_the_rows(pred):
    """You divide by the number of rows: the mean is over all elements, so divide by their number."""
    return pred.shape[0] if pred.dim() else 1


@squared.mistake("count")
def divided_by_the_columns(pred):
    """You divide by the size of the last dimension: the mean is over all elements, so divide by their number."""
    return pred.shape[-1] if pred.dim() else 1


@squared.mistake("count")
def divided_twice(pred):
    """You divide by the number of elements twice."""
    return pred.numel() ** 2


@squared.mistake("count")
def multiplied_by_the_count(pred):
    """You multiply by the number of elements where you must divide."""
    return 1 / pred.numel()


@squared.mistake("count")
def divided_by_one_less(pred):
    """You divide by the number of elements less 1: the loss is a plain mean."""
    return pred.numel() - 1


@squared.mistake("count")
def only_differing_entries_counted(pred, target):
    """You divide by the number of entries in which prediction and target differ: the mean is over all of them."""
    return (pred != target).sum().clamp(min=1).to(pred.dtype)


@squared.mistake("count")
def divided_by_the_first_two_dimensions(pred):
    """You divide by the sizes of the first two dimensions: the mean is over all of them."""
    return math.prod(pred.shape[:2])


@squared.mistake("count")
def divided_by_the_first_and_last_dimension(pred):
    """You divide by the size of the first dimension times that of the last: with one dimension, or with three, this is
    not the number of elements."""
    return pred.shape[0] * pred.shape[-1] if pred.dim() else 1


@squared.mistake("count")
def divided_by_the_sum_of_the_target(target):
    """You divide by the sum of the target: divide by the number of its entries."""
    return target.sum()


@squared.mistake("count")
def divided_by_the_root_of_the_count(pred):
    """You divide by the root of the number of elements: the mean divides by the number itself."""
    return math.sqrt(pred.numel())


@squared.mistake("count", constants=(2.0, 3.0, 4.0, 10.0, 32.0, 100.0))
def fixed_count(pred, constant):
    """You divide by a fixed number, {constant}: divide by the number of elements that are there."""
    return constant


@squared.mistake("count")
def divided_by_the_rows_plus_columns(pred):
    """You divide by the sum of the sizes of the dimensions: the number of elements is their product."""
    return sum(pred.shape) or 1


@squared.mistake("count")
def divided_by_the_number_of_dimensions(pred):
    """You divide by the number of dimensions of pred (dim or ndim): divide by the number of its elements."""
    return torch.tensor(float(pred.dim()), dtype=pred.dtype)


@squared.mistake("grad_pred")
def averaged_to_one_number(error_of_each, factor):
    """You return one number, the mean of the gradients: every element of pred has a gradient of its own."""
    return factor * error_of_each.mean()


@squared.mistake("grad_pred")
def summed_to_one_number(error_of_each, factor):
    """You return one number, the sum of the gradients: every element of pred has a gradient of its own."""
    return factor * error_of_each.sum()


@squared.mistake("grad_pred")
def mean_error_for_all(error_of_each, factor):
    """Every element gets the mean error: each has an error of its own, divided by the number of elements."""
    return (factor * error_of_each.mean()).expand(error_of_each.shape)


@squared.mistake("grad_pred")
def total_error_for_all(error_of_each, factor):
    """Every element gets the sum of all errors: each has an error of its own, divided by the number of elements."""
    return (factor * error_of_each.sum()).expand(error_of_each.shape)


@squared.mistake("grad_pred")
def mean_error_of_the_row_for_all(error_of_each, factor):
    """Every element gets the mean error of its row: each has an error of its own, divided by the number of elements."""
    means = error_of_each.mean(-1, keepdim=True) if error_of_each.dim() else error_of_each
    return (factor * means).expand(error_of_each.shape)


@squared.mistake("grad_pred")
def mean_error_of_the_column_for_all(error_of_each, factor):
    """Every element gets the mean error of its column: each has an error of its own, divided by the number of
    elements."""
    means = error_of_each.mean(0, keepdim=True) if error_of_each.dim() else error_of_each
    return (factor * means).expand(error_of_each.shape)


@squared.mistake("grad_pred")
def averaged_over_the_rows(error_of_each, factor):
    """The gradients are averaged over the rows: every sample has a prediction of its own, and a gradient of its
    own."""
    return factor * error_of_each.mean(0)


@squared.mistake("grad_pred")
def averaged_over_the_last_dimension(error_of_each, factor):
    """The gradients are averaged over the last dimension: every element of pred has a gradient of its own."""
    return factor * error_of_each.mean(-1)


@squared.mistake("grad_pred")
def summed_over_the_rows(error_of_each, factor, count):
    """The gradients are summed over the rows: every sample has a prediction of its own, and a gradient of its
    own."""
    return factor * error_of_each.sum(0) / count


@squared.mistake("grad_pred")
def loss_in_place_of_the_gradient(pred, target):
    """You return the loss, one number: its gradient has an entry for every element of pred."""
    return ((pred - target) ** 2).mean()


@squared.mistake("grad_pred")
def mean_error_subtracted(error_of_each, factor, count):
    """The mean error is subtracted from each error: the gradient of the mean of squares does not do that."""
    return factor * (error_of_each - error_of_each.mean()) / count


@squared.mistake("grad_pred")
def brackets_left_out(pred, target, factor, count):
    """Brackets are missing: only the target is divided by the number of elements. The whole difference must be."""
    return factor * pred - factor * target / count


@squared.mistake("grad_pred")
def factor_on_the_prediction_only(pred, target, count):
    """Brackets are missing: 2 * pred - target doubles only the prediction."""
    return (2 * pred - target) / count


@squared.mistake("grad_pred")
def factor_on_the_target_only(pred, target, count):
    """The 2 stands at the target only: the whole difference is doubled."""
    return (pred - 2 * target) / count


@squared.mistake("grad_pred")
def floor_division(error_of_each, factor, count):
    """You divide with //, which rounds down to whole numbers: the sign for division is /."""
    return factor * error_of_each // count


@squared.mistake("grad_pred")
def factor_from_a_floor_division(error_of_each, factor, count):
    """The factor is 2 // n, which rounds down to a whole number, 0 from three elements on: the sign for division
    is /."""
    return factor // count * error_of_each


@squared.mistake("grad_pred")
def flattened(error_of_each, factor, count):
    """The result is flattened to one dimension: a gradient has the shape of what it is the gradient of."""
    return (factor * error_of_each / count).flatten()


@squared.mistake("grad_pred")
def brackets_left_out_everywhere(pred, target, count):
    """Brackets are missing: 2 * pred - target / n doubles only the prediction and divides only the target. The
    whole difference is doubled and divided."""
    return 2 * pred - target / count


@squared.mistake("grad_pred")
def nothing_filled_in(pred):
    """The gradient is all zeros: it is created and never filled in."""
    return torch.zeros_like(pred)


@squared.mistake("grad_pred")
def gradient_of_the_target_as_well(error_of_each, factor, count):
    """You return two gradients: only the one with respect to pred is asked for, as one tensor."""
    return factor * error_of_each / count, -factor * error_of_each / count


@squared.mistake("grad_pred")
def float32_result(error_of_each, factor, count):
    """The result is float32 whatever the input is: a float64 gradient must stay float64 (look at .float())."""
    return (factor * error_of_each / count).float()


# ----------------------------------------------------------------------- softmax_cross_entropy_backward

fused = Anatomy("backprop.softmax_cross_entropy_backward", "grad_logits")


@fused.step
def class_dim():
    return -1


@fused.step
def largest(logits, class_dim):
    """the largest logit of each sample, as a column"""
    return logits.amax(class_dim, keepdim=True)


@fused.step
def powers(logits, largest):
    """the exponentials of the logits, each row shifted by its own largest entry first"""
    return torch.exp(logits - largest)


@fused.step
def total(powers, class_dim):
    """the sum of each row of shifted exponentials, as a column"""
    return powers.sum(class_dim, keepdim=True)


@fused.step
def p(powers, total):
    """the softmax probabilities of each row of `logits`"""
    return powers / total


@fused.step
def truth(logits, labels):
    """the labels as one-hot rows"""
    return torch.nn.functional.one_hot(labels, logits.shape[-1]).to(logits.dtype)


@fused.step
def difference(p, truth):
    """the gradient of each sample's own loss, before the mean over the batch"""
    return p - truth


@fused.step
def grad_logits(difference, labels):
    """the gradient of the averaged loss with respect to `logits`"""
    return difference / len(labels)


@fused.quantity
def samples(logits, labels):
    """the number of samples"""
    return len(logits)


@fused.quantity
def largest_in_a_row(logits):
    """the largest logit of each sample, in one flat row"""
    return logits.amax(1)


@fused.quantity
def shifted(logits, largest):
    """each row of `logits` minus its own largest entry"""
    return logits - largest


@fused.quantity
def total_in_a_row(powers):
    """the sum of each row of shifted exponentials, in one flat row"""
    return powers.sum(1)


@fused.quantity
def log_normalizers(logits):
    """the log of the sum of each row's exponentials, as a column"""
    return logits.logsumexp(1, keepdim=True)


@fused.quantity
def log_normalizers_in_a_row(logits):
    """the log of the sum of each row's exponentials, in one flat row"""
    return logits.logsumexp(1)


@fused.quantity
def log_probabilities(logits):
    """the log of each softmax probability"""
    return logits.log_softmax(1)


@fused.quantity
def truth_as_booleans(truth):
    """the labels as one-hot rows, True at the label"""
    return truth > 0


@fused.quantity
def truth_as_integers(truth):
    """the labels as one-hot rows of integers"""
    return truth.long()


@fused.quantity
def p_of_the_label(p, truth):
    """the probability of each sample's own label"""
    return p[truth > 0]


@fused.quantity
def p_of_the_label_less_one(p_of_the_label):
    """the probability of each sample's own label, minus 1"""
    return p_of_the_label - 1


@fused.quantity
def p_over_samples(p, samples):
    """the probabilities, divided by the number of samples"""
    return p / samples


@fused.mistake("class_dim")
def softmax_over_the_batch():
    """The softmax is taken over the batch (dimension 0): the classes are in the last dimension."""
    return 0


@fused.mistake("largest")
def no_maximum_subtracted(logits):
    """exp of a large logit is infinity, and infinity / infinity is NaN; exp of very negative ones is 0, and 0 / 0 is
    NaN as well. Subtract each row's maximum before exp."""
    return torch.zeros_like(logits[:, :1])


@fused.mistake("largest")
def maximum_of_the_whole_batch(logits):
    """You subtract one maximum for the whole batch: a row far below it vanishes in exp, and 0 / 0 is NaN. Each row
    needs its own."""
    return logits.max()


@fused.mistake("largest")
def minimum_subtracted(logits, class_dim):
    """You subtract the minimum: what is left can be large and positive, and exp overflows."""
    return logits.amin(class_dim, keepdim=True)


@fused.mistake("largest")
def mean_subtracted(logits, class_dim):
    """You subtract the mean: a row with one huge logit still overflows in exp."""
    return logits.mean(class_dim, keepdim=True)


@fused.mistake("largest")
def largest_absolute_value_subtracted(logits, class_dim):
    """You subtract the largest absolute value: a row of very negative logits vanishes in exp."""
    return logits.abs().amax(class_dim, keepdim=True)


@fused.mistake("largest")
def only_positive_maxima_subtracted(logits, class_dim):
    """You subtract the maximum only where it is positive (or start the search for it at 0): a row of very negative
    logits vanishes in exp, and 0 / 0 is NaN."""
    return logits.amax(class_dim, keepdim=True).clamp(min=0)


@fused.mistake("largest")
def maximum_of_each_column(logits):
    """You subtract the maximum of each column (over the batch): that changes the differences inside a row."""
    return logits.amax(0, keepdim=True)


@fused.mistake("largest")
def correct_logit_subtracted(logits, labels):
    """You subtract the correct class's logit: where another logit is much larger, exp still overflows."""
    return logits.gather(-1, labels.unsqueeze(-1))


@fused.mistake("largest")
def first_logit_subtracted(logits):
    """You subtract the row's first logit: where another one is much larger, exp still overflows."""
    return logits[:, :1]


@fused.mistake("powers")
def base_two(logits, largest):
    """You use powers of 2 where softmax uses powers of e."""
    return torch.exp2(logits - largest)


@fused.mistake("powers")
def base_ten(logits, largest):
    """You use powers of 10 where softmax uses powers of e."""
    return 10 ** (logits - largest)


@fused.mistake("powers", constants=(0.5, 2.0, 0.1, 10.0))
def temperature(logits, largest, constant):
    """The logits are multiplied by {constant} before the softmax: that is a temperature, and none is asked for."""
    return torch.exp(constant * (logits - largest))


@fused.mistake("powers")
def signs_of_the_logits(logits, class_dim):
    """The signs of the logits are turned round in the softmax."""
    return torch.exp(logits.amin(class_dim, keepdim=True) - logits)


@fused.mistake("powers", constants=(10.0, 20.0, 30.0, 50.0, 80.0, 88.0, 500.0))
def logits_clamped(logits, constant):
    """You clamp the logits to between -{constant} and {constant}: nothing overflows any more, but larger logits are all
    treated alike."""
    limited = logits.clamp(-constant, constant)
    return torch.exp(limited - limited.amax(-1, keepdim=True))


@fused.mistake("powers", constants=(20.0, 30.0, 50.0, 80.0, 88.0, 700.0))
def logits_clamped_from_above(logits, constant):
    """You clamp the logits to at most {constant}: larger logits are all treated alike, and rows of very negative logits
    still become 0 / 0."""
    return torch.exp(logits.clamp(max=constant))


@fused.mistake("powers")
def logits_in_place_of_exponentials(logits):
    """The exponential is missing: you divide the logits by their sum."""
    return logits


@fused.mistake("powers")
def sizes_in_place_of_exponentials(logits):
    """The exponential is missing: you divide the absolute values of the logits by their sum."""
    return logits.abs()


@fused.mistake("total")
def total_over_the_batch(powers):
    """You add up the exponentials over the batch (dimension 0): the classes of one sample belong together, sum over the
    last dimension."""
    return powers.sum(0, keepdim=True)


@fused.mistake("total")
def one_total_for_the_batch(powers):
    """You add up the exponentials of the whole batch: each row must add up to 1 by itself."""
    return powers.sum()


@fused.mistake("total")
def mean_in_place_of_the_total(powers, class_dim):
    """You divide by the mean of the exponentials, where their sum is meant: each row must add up to 1."""
    return powers.mean(class_dim, keepdim=True)


@fused.mistake("total")
def total_loses_its_dimension(powers):
    """A sum (or maximum) over the classes loses its dimension, so it is paired with columns instead of rows, or does
    not fit at all. Keep the dimension: keepdim."""
    return powers.sum(-1)


@fused.mistake("total")
def total_not_shifted(logits, class_dim):
    """The exponentials are shifted by the maximum and their sum is not: both must be shifted by the same number."""
    return torch.exp(logits).sum(class_dim, keepdim=True)


@fused.mistake("total")
def last_class_left_out(powers):
    """The sum of the exponentials leaves the last class out."""
    return powers[:, :-1].sum(-1, keepdim=True)


@fused.mistake("total")
def first_class_left_out(powers):
    """The sum of the exponentials leaves the first class out."""
    return powers[:, 1:].sum(-1, keepdim=True)


@fused.mistake("total")
def own_class_left_out(powers, class_dim):
    """Each class is divided by the sum of the others: that is the odds, not the probability."""
    return powers.sum(class_dim, keepdim=True) - powers


@fused.mistake("total")
def one_added_to_the_total(powers, class_dim):
    """You add 1 to the sum of the exponentials, as a sigmoid does: softmax divides by the sum alone."""
    return powers.sum(class_dim, keepdim=True) + 1


@fused.mistake("total", constants=tuple(10.0**-k for k in range(3, 13)))
def epsilon_in_the_denominator(powers, class_dim, constant):
    """You add {constant} to the sum of exponentials. After the shift by the row's maximum it is at least 1: there is
    nothing to guard, and the result is off."""
    return powers.sum(class_dim, keepdim=True) + constant


@fused.mistake("total")
def shifted_exponentials_not_normalised(powers):
    """The shifted exponentials are not divided by their sum: probability minus truth needs probabilities."""
    return torch.ones_like(powers)


@fused.mistake("p")
def exponentials_not_normalised(logits):
    """The exponentials are not divided by their sum: probability minus truth needs probabilities, not exp alone."""
    return torch.exp(logits)


@fused.mistake("largest", "total")
def softmax_over_everything(logits):
    """One softmax over the whole batch: each row must add up to 1 by itself."""
    return logits.max(), torch.exp(logits - logits.max()).sum()


@fused.mistake("p")
def logits_in_place_of_probabilities(logits):
    """The softmax is missing: you subtract the truth from the logits. The gradient is probability minus truth."""
    return logits


@fused.mistake("p")
def log_probabilities(powers, total):
    """You subtract the truth from log-probabilities: the gradient is probability minus truth."""
    return torch.log(powers / total)


@fused.mistake("p")
def sigmoid_in_place_of_softmax(logits):
    """You use a sigmoid for each class: the classes of a softmax compete, each row adds up to 1."""
    return 1 / (1 + torch.exp(-logits))


@fused.mistake("p")
def softmax_twice(powers, total):
    """Softmax is applied twice: the second one flattens the probabilities."""
    again = torch.exp(powers / total)
    return again / again.sum(-1, keepdim=True)


@fused.mistake("p")
def hard_maximum(powers):
    """You use 1 for the largest logit and 0 for the rest (argmax): the gradient needs the soft version."""
    return (powers == powers.amax(-1, keepdim=True)).to(powers.dtype)


@fused.mistake("p")
def classes_above_the_largest_label_left_out(logits, labels):
    """The number of classes is taken from the largest label: a class that no sample of this batch has still takes
    its share of the probability. It is logits.shape[1]."""
    seen = logits[:, : int(labels.max()) + 1]
    return torch.nn.functional.pad(torch.softmax(seen, 1), (0, logits.shape[1] - seen.shape[1]))


@fused.mistake("p", constants=(1e-2, 1e-3, 1e-4, 1e-5, 1e-6))
def small_probabilities_dropped(powers, total, constant):
    """Probabilities below {constant} are set to 0: a wrong class with a small share is still pushed down by it."""
    share = powers / total
    return torch.where(share < constant, torch.zeros_like(share), share)


@fused.mistake("p", constants=(1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10))
def probabilities_clamped(powers, total, constant):
    """You keep probabilities at {constant} or above: the gradient of an unlikely class may be 0, that is right."""
    return (powers / total).clamp(min=constant)


@fused.mistake("p", constants=(1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9))
def probabilities_clamped_on_both_sides(powers, total, constant):
    """You clamp probabilities to between {constant} and 1 - {constant}: no logarithm is taken here, so there is
    nothing to guard."""
    return (powers / total).clamp(constant, 1 - constant)


@fused.mistake("p", constants=(1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10))
def epsilon_added_to_the_probabilities(powers, total, constant):
    """You add {constant} to every probability: no logarithm is taken here, so there is nothing to guard."""
    return powers / total + constant


@fused.mistake("largest", "total", constants=tuple(10.0**-k for k in range(3, 14)))
def epsilon_hides_the_missing_maximum(logits, class_dim, constant):
    """You add {constant} to the sum of exponentials in place of a shift. That does not help where exp overflows:
    subtract each row's maximum, then the sum is at least 1."""
    return torch.zeros_like(logits[:, :1]), torch.exp(logits).sum(class_dim, keepdim=True) + constant


@fused.mistake("largest", "total")
def tiny_epsilon_hides_the_missing_maximum(logits, class_dim):
    """You add a tiny number to the sum of exponentials in place of a shift. That does not help where exp overflows:
    subtract each row's maximum, then the sum is at least 1."""
    return torch.zeros_like(logits[:, :1]), torch.exp(logits).sum(class_dim, keepdim=True) + 1e-15


@fused.mistake("largest", "p")
def overflow_replaced(logits, class_dim):
    """NaN is replaced after the fact (nan_to_num): the gradient is wrong where exp overflowed. Subtract each row's
    maximum instead."""
    powers = torch.exp(logits)
    return torch.zeros_like(logits[:, :1]), torch.nan_to_num(powers / powers.sum(class_dim, keepdim=True))


@fused.mistake("largest", "p")
def overflow_replaced_after_a_shared_shift(logits, class_dim):
    """NaN is replaced after the fact (nan_to_num), and the shift is one for the whole batch: rows far below it come out
    wrong. Each row needs its own maximum."""
    powers = torch.exp(logits - logits.max())
    return logits.max(), torch.nan_to_num(powers / powers.sum(class_dim, keepdim=True))


@fused.mistake("largest", "p")
def infinity_replaced(logits, class_dim):
    """Infinity is replaced by a large number (nan_to_num): all overflowing classes then look alike. Subtract each row's
    maximum instead."""
    powers = torch.nan_to_num(torch.exp(logits))
    return torch.zeros_like(logits[:, :1]), powers / powers.sum(class_dim, keepdim=True)


@fused.mistake("truth")
def truth_ignored(p):
    """You return the probabilities: the truth is not subtracted, so every class is always pushed down."""
    return torch.zeros_like(p)


@fused.mistake("truth")
def logits_subtracted(logits):
    """You subtract the logits from the probabilities, where the truth is meant: 1 for the correct class, 0 for the
    rest."""
    return logits


@fused.mistake("truth")
def rows_of_the_wrapped_labels(p, labels):
    """The labels index rows (`[labels % N] -= 1`) and 1 is subtracted from whole rows. Pair a range of rows with the
    labels."""
    truth = torch.zeros_like(p)
    truth[labels % len(p)] = 1
    return truth


@fused.mistake("truth")
def rows_and_columns_exchanged(p, labels):
    """Rows and columns are exchanged: `[labels, range]` subtracts 1 in the row of the label. The range of rows comes
    first, the labels second."""
    truth = torch.zeros_like(p)
    truth[labels, torch.arange(len(labels))] = 1
    return truth


@fused.mistake("truth")
def one_hot_as_wide_as_the_largest_label(p, labels):
    """The one-hot labels are as wide as the largest label that is there: where the last class does not occur, they do
    not fit. The number of classes is that of the logits' columns."""
    return torch.nn.functional.one_hot(labels).to(p.dtype)


@fused.mistake("truth")
def one_subtracted_everywhere(p):
    """You subtract 1 from every class: only the correct one's entry gets it."""
    return torch.ones_like(p)


@fused.mistake("truth")
def first_label_for_all(p, labels):
    """The first sample's label is used for the whole batch."""
    return torch.nn.functional.one_hot(labels[:1].expand_as(labels), p.shape[1]).to(p.dtype)


@fused.mistake("truth")
def last_label_for_all(p, labels):
    """The last sample's label is used for the whole batch: is a variable of a loop used after it?"""
    return torch.nn.functional.one_hot(labels[-1:].expand_as(labels), p.shape[1]).to(p.dtype)


@fused.mistake("truth")
def always_the_last_class(p):
    """You always subtract 1 in the last column: the labels are not used."""
    return torch.nn.functional.one_hot(torch.full((len(p),), p.shape[1] - 1), p.shape[1]).to(p.dtype)


@fused.mistake("truth")
def least_likely_class(p):
    """You subtract 1 from the least likely class in place of the label."""
    return torch.zeros_like(p).scatter(1, p.argmin(1, keepdim=True), 1.0)


@fused.mistake("truth")
def truth_of_the_last_sample_left_out(p, labels):
    """The last sample's 1 is not subtracted: the loop over the batch ends one too early."""
    truth = torch.nn.functional.one_hot(labels, p.shape[1]).to(p.dtype)
    truth[-1] = 0
    return truth


@fused.mistake("truth")
def truth_of_the_first_sample_left_out(p, labels):
    """The first sample's 1 is not subtracted: the loop over the batch starts at 1, and counting starts at 0."""
    truth = torch.nn.functional.one_hot(labels, p.shape[1]).to(p.dtype)
    truth[0] = 0
    return truth


@fused.mistake("truth")
def truth_of_the_first_sample_only(p, labels):
    """Only the first sample's 1 is subtracted: the loop over the batch ends (or returns) in its first round."""
    truth = torch.zeros_like(p)
    truth[0, labels[0]] = 1
    return truth


@fused.mistake("truth")
def class_zero_ignored(p, labels):
    """Class 0 is treated as padding: samples with the label 0 get no 1 subtracted. Every class counts."""
    truth = torch.nn.functional.one_hot(labels, p.shape[1]).to(p.dtype)
    truth[:, 0] = 0
    return truth


@fused.mistake("truth")
def truth_counted_twice(p, labels):
    """You subtract 2 from the correct class: the truth is 1."""
    return 2 * torch.nn.functional.one_hot(labels, p.shape[1]).to(p.dtype)


@fused.mistake("truth")
def label_as_a_number(p, labels):
    """The label's number is subtracted from the whole row. A label is an index: the truth is a row with a single 1 in
    that place."""
    return labels.unsqueeze(1).to(p.dtype).expand_as(p)


@fused.mistake("truth")
def label_subtracted_in_its_place(p, labels):
    """The label's number is subtracted in its own place: what is subtracted there is 1, whatever the class."""
    return torch.zeros_like(p).scatter(1, labels.unsqueeze(1), labels.unsqueeze(1).to(p.dtype))


@fused.mistake("truth")
def columns_of_all_labels(p, labels):
    """`[:, labels] -= 1` subtracts 1 in the columns of all labels, for every row. Each row has one label: pair a
    range of rows with the labels."""
    truth = torch.zeros_like(p)
    truth[:, labels] = 1
    return truth


@fused.mistake("truth")
def rows_of_the_labels(p, labels):
    """The labels index rows: `[labels]` takes whole rows. Pair a range of rows with the labels."""
    truth = torch.zeros_like(p)
    truth[labels] = 1
    return truth


@fused.mistake("truth")
def predicted_class_in_place_of_label(p):
    """You subtract 1 from the class that the network predicts (argmax): it must be the label, also where the network
    disagrees."""
    return torch.zeros_like(p).scatter(1, p.argmax(1, keepdim=True), 1.0)


@fused.mistake("truth")
def next_class(p, labels):
    """You subtract 1 from the class after the correct one (label + 1)."""
    return torch.nn.functional.one_hot((labels + 1) % p.shape[1], p.shape[1]).to(p.dtype)


@fused.mistake("truth")
def labels_counted_from_one(p, labels):
    """The labels are used as if they were counted from 1 (label - 1): class 0 becomes the last class."""
    return torch.nn.functional.one_hot((labels - 1) % p.shape[1], p.shape[1]).to(p.dtype)


@fused.mistake("truth")
def always_class_zero(p):
    """You always subtract 1 in the first column: the labels are not used."""
    return torch.nn.functional.one_hot(torch.zeros(len(p), dtype=torch.int64), p.shape[1]).to(p.dtype)


@fused.mistake("truth")
def truth_over_n(p, labels):
    """The truth is divided by N before it is subtracted, and then the whole once more: divide the difference, once."""
    return torch.nn.functional.one_hot(labels, p.shape[1]).to(p.dtype) / len(p)


@fused.mistake("truth", constants=(0.1, 0.2, 0.05, 0.01))
def smoothed_truth(p, labels, constant):
    """The truth is smoothed by {constant} (label smoothing): the statement asks for plain one-hot labels."""
    return torch.nn.functional.one_hot(labels, p.shape[1]).to(p.dtype) * (1 - constant) + constant / p.shape[1]


@fused.mistake("truth")
def truth_spread_evenly(p):
    """1/C is subtracted from every class: the truth is 1 for the label's class and 0 for the others."""
    return torch.full_like(p, 1 / p.shape[1])


@fused.mistake("truth")
def softmax_of_the_truth(p, labels):
    """The one-hot labels go through a softmax as well: the truth is a single 1."""
    powers = torch.exp(torch.nn.functional.one_hot(labels, p.shape[1]).to(p.dtype))
    return powers / powers.sum(1, keepdim=True)


@fused.mistake("difference")
def truth_minus_probabilities(p, truth):
    """The sign is turned round: it is prediction minus truth, positive where the network believes too much."""
    return truth - p


@fused.mistake("difference")
def sum_of_both(p, truth):
    """You add the truth where it must be subtracted."""
    return p + truth


@fused.mistake("difference")
def only_the_diagonal(p, truth):
    """Only the diagonal of the softmax's Jacobian is used: the gradients of all wrong classes are 0. Raising one logit
    lowers every other class, so they all get a gradient."""
    return truth * (p - 1)


@fused.mistake("difference")
def multiplied_by_the_softmax_slope(p, truth):
    """The difference is multiplied by p (1 - p) again: prediction minus truth has been through softmax already, the two
    slopes have cancelled."""
    return (p - truth) * p * (1 - p)


@fused.mistake("difference")
def multiplied_by_the_probability(p, truth):
    """The difference is multiplied by p: prediction minus truth is the whole gradient already."""
    return (p - truth) * p


@fused.mistake("difference")
def gradient_of_the_probabilities(p, truth):
    """You return -1/p for the correct class: that is the gradient with respect to the probabilities. It still has to
    pass through softmax."""
    return -truth / p


@fused.mistake("difference")
def multiplied_by_the_truth(p, truth):
    """Only the correct class keeps its gradient: the wrong classes must be pushed down as well."""
    return p * truth


@fused.mistake("difference")
def absolute_difference(p, truth):
    """You take the absolute value, or 1 - p for the correct class: the sign says which way to move each logit."""
    return (p - truth).abs()


@fused.mistake("difference")
def set_to_minus_one(p, truth):
    """The correct class's entry is set to -1 (=) where 1 must be subtracted from it (-=)."""
    return p * (1 - truth) - truth


@fused.mistake("difference")
def set_to_one(p, truth):
    """The correct class's entry is set to 1: subtract 1 from its probability."""
    return p * (1 - truth) + truth


@fused.mistake("difference")
def set_to_zero(p, truth):
    """The correct class gets no gradient: it must be pushed up, with p - 1."""
    return p * (1 - truth)


@fused.mistake("difference")
def signs_of_the_wrong_classes(p, truth):
    """The wrong classes have the wrong sign: their gradient is p, and they are pushed down. Only the correct class's is
    negative, p - 1."""
    return truth * (p - 1) - p * (1 - truth)


@fused.mistake("difference")
def jacobian_with_a_plus(p, truth):
    """The sign of the off-diagonal part of softmax's Jacobian is wrong: raising one logit lowers the other classes,
    so it is -p_i p_j."""
    return -(truth + p)


@fused.mistake("difference")
def weighted_as_in_a_focal_loss(p, truth):
    """Each row is multiplied by 1 - p of its correct class, as in a focal loss: the gradient of cross-entropy is the
    difference itself."""
    return (p - truth) * (1 - (p * truth).sum(1, keepdim=True))


@fused.mistake("difference")
def weighted_by_the_probability_of_the_label(p, truth):
    """Each row is multiplied by p of its correct class: that is the gradient of p itself. Cross-entropy's is the
    difference."""
    return (p - truth) * (p * truth).sum(1, keepdim=True)


@fused.mistake("difference")
def divided_by_the_probability(p, truth):
    """The difference is divided by p: prediction minus truth is the whole gradient already."""
    return (p - truth) / p


@fused.mistake("difference")
def divided_by_the_softmax_slope(p, truth):
    """The difference is divided by p (1 - p), the gradient with respect to a probability: multiplied by softmax's
    slope it is the difference alone."""
    return (p - truth) / (p * (1 - p))


@fused.mistake("difference")
def logarithm_of_the_probabilities(p, truth):
    """You return the terms of the loss, -log p of the correct class: its gradient is asked for."""
    return -truth * torch.log(p)


@fused.mistake("difference")
def through_the_inverse_probability(p, truth):
    """You go through -1/p: where the correct class's probability has vanished, that is infinity times 0. On paper the p
    cancels, and probability minus truth is left."""
    by_p = torch.where(truth > 0, -1 / p, torch.zeros_like(p))
    return p * (by_p - (by_p * p).sum(1, keepdim=True))


@fused.mistake("difference")
def through_the_inverse_of_all_probabilities(p, truth):
    """You go through -truth / p: where any probability has vanished, that is 0 / 0. On paper the p cancels, and
    probability minus truth is left."""
    by_p = -truth / p
    return p * (by_p - (by_p * p).sum(1, keepdim=True))


@fused.mistake("difference", constants=tuple(10.0**-k for k in (3, 4, 5, 6, 7, 8, 9, 10, 12, 15)))
def through_the_inverse_probability_with_epsilon(p, truth, constant):
    """You go through -1 / (p + {constant}): where the network is confidently wrong, the gradient is lost. On paper
    the p cancels, and probability minus truth is left."""
    by_p = -truth / (p + constant)
    return p * (by_p - (by_p * p).sum(1, keepdim=True))


@fused.mistake("difference", constants=tuple(10.0**-k for k in (3, 4, 5, 6, 7, 8, 9, 10, 12, 15)))
def through_the_inverse_clamped_probability(p, truth, constant):
    """You go through -1 / p with p kept at {constant} or above: where the network is confidently wrong, the gradient
    is lost. On paper the p cancels, and probability minus truth is left."""
    by_p = -truth / p.clamp(min=constant)
    return p * (by_p - (by_p * p).sum(1, keepdim=True))


@fused.mistake("difference")
def squared_difference(p, truth):
    """You square the difference: the gradient of cross-entropy is the difference itself."""
    return (p - truth) ** 2


@fused.mistake("difference")
def only_misclassified_samples(logits, p, truth):
    """Samples that are classified right get no gradient: cross-entropy goes on teaching until p is 1. (It is the
    perceptron that learns from its errors only.)"""
    missed = truth.argmax(1) != logits.argmax(1)
    return (p - truth) * missed.to(p.dtype).unsqueeze(1)


@fused.mistake("difference")
def gradient_of_the_squared_error(p, truth):
    """This is the gradient of a squared error through softmax, which nearly vanishes where the network is confidently
    wrong. Cross-entropy's is just the difference."""
    g = 2 * (p - truth)
    return p * (g - (g * p).sum(1, keepdim=True))


@fused.mistake("difference")
def through_the_softmax_twice(p, truth):
    """Prediction minus truth goes through the softmax's Jacobian a second time: it is the whole gradient already."""
    g = p - truth
    return p * (g - (g * p).sum(1, keepdim=True))


@fused.mistake("difference")
def doubled(p, truth):
    """There is a factor 2 too much: that is a squared error's."""
    return 2 * (p - truth)


@fused.mistake("difference")
def one_minus_the_probability(p, truth):
    """You return 1 - p everywhere with the correct class set apart: it is p for the wrong classes and p - 1 for the
    correct one."""
    return 1 - p - truth


@fused.mistake("grad_logits")
def not_divided_by_n(difference):
    """The 1/N of the mean is missing: the loss is a mean over the batch, so is its gradient."""
    return difference


@fused.mistake("grad_logits")
def nothing_filled_in(difference):
    """The gradient is all zeros: it is created and never filled in."""
    return torch.zeros_like(difference)


@fused.mistake("grad_logits")
def return_inside_the_loop(difference, labels):
    """Only the first row is filled in, the others stay 0: the return stands inside the loop over the batch, and ends
    it in its first round."""
    rows = torch.zeros_like(difference)
    rows[0] = difference[0]
    return rows / len(labels)


@fused.mistake("grad_logits")
def last_row_only(difference, labels):
    """Only the last row is filled in, the others stay 0: every round of the loop must write into a row of its own."""
    rows = torch.zeros_like(difference)
    rows[-1] = difference[-1]
    return rows / len(labels)


@fused.mistake("grad_logits")
def last_row_left_out(difference, labels):
    """The last row stays 0: the loop over the batch ends one too early."""
    rows = difference.clone()
    rows[-1] = 0
    return rows / len(labels)


@fused.mistake("grad_logits")
def first_row_left_out(difference, labels):
    """The first row stays 0: the loop over the batch starts at 1, and counting starts at 0."""
    rows = difference.clone()
    rows[0] = 0
    return rows / len(labels)


@fused.mistake("grad_logits")
def divided_by_the_classes_seen(difference, labels):
    """The gradient is divided by the number of different labels, where the number of samples N is meant."""
    return difference / len(labels.unique())


@fused.mistake("grad_logits")
def divided_by_the_sum_of_the_labels(difference, labels):
    """The gradient is divided by the sum of the labels, where the number of samples N is meant."""
    return difference / labels.sum()


@fused.mistake("grad_logits", constants=(32, 64, 16, 128, 10, 100, 8, 4, 3, 5, 256))
def fixed_batch_size(difference, constant):
    """The gradient is divided by a fixed batch size, {constant}: divide by the number of samples that are there."""
    return difference / constant


@fused.mistake("grad_logits", constants=(0.1, 0.01, 0.001))
def step_in_place_of_the_gradient(difference, labels, constant):
    """The gradient is multiplied by a learning rate, {constant}: return the gradient, the optimizer takes the step."""
    return constant * difference / len(labels)


@fused.mistake("grad_logits")
def squeezed(difference, labels):
    """squeeze drops the dimension of a batch of one: the gradient has the shape of the logits."""
    return (difference / len(labels)).squeeze()


@fused.mistake("grad_logits")
def loss_returned(p, labels):
    """You return the loss: its gradient with respect to the logits is asked for, in the shape of the logits."""
    return -torch.log(p.gather(1, labels.unsqueeze(1))).mean()


@fused.mistake("grad_logits")
def label_entries_only(difference, labels):
    """You return one number for each sample, the gradient of its correct class: every logit has a gradient."""
    return difference.gather(1, labels.unsqueeze(1)).squeeze(1) / len(labels)


@fused.mistake("grad_logits")
def gradient_normalised(difference, labels):
    """The gradient is divided by its length: its size says how steep the loss is. Clipping is the optimizer's
    business."""
    return difference / torch.linalg.vector_norm(difference)


@fused.mistake("grad_logits")
def divided_by_n_twice(difference, labels):
    """The gradient is divided by N twice."""
    return difference / len(labels) ** 2


@fused.mistake("grad_logits")
def divided_by_the_classes(difference, logits):
    """The gradient is divided by the number of classes C, where the number of samples N is meant."""
    return difference / logits.shape[1]


@fused.mistake("grad_logits")
def divided_by_samples_and_classes(difference, logits):
    """The gradient is divided by N times C: the loss is a mean over the N samples only."""
    return difference / logits.numel()


@fused.mistake("grad_logits")
def multiplied_by_n(difference, labels):
    """The gradient is multiplied by N, where it must be divided."""
    return difference * len(labels)


@fused.mistake("grad_logits")
def gradient_averaged_over_the_batch(difference):
    """The gradient is averaged over the batch: each sample has logits of its own, and a gradient of its own."""
    return difference.mean(0)


@fused.mistake("grad_logits")
def gradient_summed_over_the_batch(difference):
    """The gradient is summed over the batch: each sample has logits of its own, and a gradient of its own."""
    return difference.sum(0)


@fused.mistake("grad_logits")
def divided_by_n_minus_one(difference, labels):
    """The gradient is divided by N - 1: the loss is a plain mean, over N."""
    return difference / (len(labels) - 1)


@fused.mistake("grad_logits")
def divided_by_the_misclassified(logits, difference, labels):
    """You divide by the number of samples that are classified wrong: the mean is over all N."""
    return difference / (logits.argmax(1) != labels).sum().clamp(min=1)


@fused.mistake("grad_logits")
def divided_by_the_square_root_of_n(difference, labels):
    """The gradient is divided by the square root of N: the mean divides by N."""
    return difference / math.sqrt(len(labels))


@fused.mistake("grad_logits")
def transposed(difference, labels):
    """The gradient comes out transposed: it has the shape of the logits."""
    return difference.T / len(labels)


@fused.mistake("difference", "grad_logits")
def probabilities_over_n_minus_truth(p, truth):
    """Only the probabilities are divided by N: the whole difference must be."""
    return p - truth, p / len(p) - truth


@fused.mistake("difference", "grad_logits")
def probabilities_minus_truth_over_n(p, truth):
    """Only the truth is divided by N: the whole difference must be."""
    return p - truth, p - truth / len(p)


# ------------------------------------------------------------------------------------ two_layer_backward

two = Anatomy("backprop.two_layer_backward", "loss", "grads")


@two.step
def z1(x, w1, b1):
    """the sums of the hidden layer, before ReLU"""
    return x @ w1.T + b1


@two.step
def hidden(z1):
    """the output of the hidden layer, after ReLU"""
    return z1.clamp(min=0)


@two.step
def z2(hidden, w2, b2):
    """the number that goes into the sigmoid, for each sample"""
    return hidden @ w2.T + b2


@two.step
def p(z2):
    """the predicted probability that the target is 1, for each sample"""
    return _sigmoid(z2)


@two.step
def losses(z2, y):
    """the loss of each sample"""
    return torch.logaddexp(torch.zeros_like(z2), z2) - y * z2


@two.step
def loss(losses):
    """the loss, averaged over the batch"""
    return losses.mean()


@two.step
def arriving(p, y):
    """the gradient of the averaged loss with respect to what goes into the sigmoid"""
    return (p - y) / len(y)


@two.step
def grad_w2(arriving, hidden):
    """the gradient of the averaged loss with respect to `w2`"""
    return arriving.T @ hidden


@two.step
def grad_b2(arriving):
    """the gradient of the averaged loss with respect to `b2`"""
    return arriving.sum(0)


@two.step
def grad_hidden(arriving, w2):
    """the gradient of the averaged loss with respect to the hidden layer's output"""
    return arriving @ w2


@two.step
def mask(z1):
    """the slope of ReLU at each sum of the hidden layer"""
    return (z1 > 0).to(z1.dtype)


@two.step
def grad_z1(grad_hidden, mask):
    """the gradient of the averaged loss with respect to the hidden layer's sums"""
    return grad_hidden * mask


@two.step
def grad_w1(grad_z1, x):
    """the gradient of the averaged loss with respect to `w1`"""
    return grad_z1.T @ x


@two.step
def grad_b1(grad_z1):
    """the gradient of the averaged loss with respect to `b1`"""
    return grad_z1.sum(0)


@two.step
def grads(grad_w1, grad_b1, grad_w2, grad_b2):
    """the dict of the gradients with respect to `w1`, `b1`, `w2` and `b2`"""
    return {"w1": grad_w1, "b1": grad_b1, "w2": grad_w2, "b2": grad_b2}


@two.quantity
def samples(x, y):
    """the number of samples"""
    return len(x)


@two.quantity
def on(z1):
    """whether each hidden unit is on, for each sample"""
    return z1 > 0


@two.quantity
def off(z1):
    """whether each hidden unit is off, its sum 0 or negative"""
    return z1 <= 0


@two.quantity
def z2_in_a_row(z2):
    """the number that goes into the sigmoid, for each sample, in one flat row"""
    return z2.reshape(-1)


@two.quantity
def q(z2):
    """the predicted probability that the target is 0, for each sample"""
    return _sigmoid(-z2)


@two.quantity
def log_p(cost_of_one):
    """the log of the predicted probability that the target is 1"""
    return -cost_of_one


@two.quantity
def log_q(cost_of_zero):
    """the log of the predicted probability that the target is 0"""
    return -cost_of_zero


@two.quantity
def cost_of_one(z2):
    """the loss that each sample would have if its target were 1"""
    return torch.logaddexp(torch.zeros_like(z2), -z2)


@two.quantity
def cost_of_zero(z2):
    """the loss that each sample would have if its target were 0"""
    return torch.logaddexp(torch.zeros_like(z2), z2)


@two.quantity
def log_likelihoods(losses):
    """the log of the probability given to each sample's own target"""
    return -losses


@two.quantity
def total_loss(losses):
    """the loss, summed over the batch"""
    return losses.sum()


@two.quantity
def difference(p, y):
    """the gradient of each sample's own loss with respect to what goes into the sigmoid"""
    return p - y


def _cross_entropy(p, y):
    return -(y * torch.log(p) + (1 - y) * torch.log(1 - p))


@two.mistake("z1")
def first_bias_left_out(x, w1):
    """The bias b1 is left out on the way forward."""
    return x @ w1.T


@two.mistake("z1")
def first_weight_not_transposed(x, w1, b1):
    """w1 is not transposed on the way forward: it is (H, D), and the product adds up over D. Only square layers
    forgive this."""
    return x @ w1 + b1


@two.mistake("z1")
def first_bias_subtracted(x, w1, b1):
    """The bias b1 is subtracted on the way forward: it is added."""
    return x @ w1.T - b1


@two.mistake("hidden", "mask")
def no_relu(z1):
    """There is no ReLU, neither forwards nor backwards: two linear layers without a bend are one."""
    return z1, torch.ones_like(z1)


@two.mistake("hidden")
def no_relu_forwards(z1):
    """There is no ReLU on the way forward: the second layer is to get relu(z1)."""
    return z1


@two.mistake("hidden", "mask")
def sigmoid_in_the_hidden_layer(z1):
    """The hidden layer bends with a sigmoid: ReLU is asked for."""
    return _sigmoid(z1), _sigmoid(z1) * (1 - _sigmoid(z1))


@two.mistake("hidden", "mask")
def tanh_in_the_hidden_layer(z1):
    """The hidden layer bends with tanh: ReLU is asked for."""
    return torch.tanh(z1), 1 - torch.tanh(z1) ** 2


@two.mistake("hidden", "mask")
def silu_in_the_hidden_layer(z1):
    """The hidden layer bends with SiLU, z times its sigmoid: ReLU is asked for."""
    return z1 * _sigmoid(z1), _sigmoid(z1) * (1 + z1 * (1 - _sigmoid(z1)))


@two.mistake("hidden", "mask", constants=(0.01, 0.1, 0.2))
def leaky_relu_in_the_hidden_layer(z1, constant):
    """The hidden layer bends with a leaky ReLU (slope {constant}): plain ReLU is asked for."""
    slope = torch.where(z1 > 0, torch.ones_like(z1), torch.full_like(z1, constant))
    return z1 * slope, slope


@two.mistake("z2")
def second_bias_left_out(hidden, w2):
    """The bias b2 is left out on the way forward."""
    return hidden @ w2.T


@two.mistake("z2")
def second_layer_of_the_sums(z1, w2, b2):
    """The second layer is given z1 on the way forward: ReLU's output is meant."""
    return z1 @ w2.T + b2


@two.mistake("z2")
def second_bias_subtracted(hidden, w2, b2):
    """The bias b2 is subtracted on the way forward: it is added."""
    return hidden @ w2.T - b2


@two.mistake("z2")
def relu_before_the_sigmoid(hidden, w2, b2):
    """There is a ReLU before the sigmoid: no probability could ever be below one half."""
    return (hidden @ w2.T + b2).clamp(min=0)


@two.mistake("z2")
def sigmoid_twice(hidden, w2, b2):
    """The sigmoid is applied twice (perhaps the loss contains one): the probabilities lie between 0.5 and 0.73."""
    return _sigmoid(hidden @ w2.T + b2)


@two.mistake("z2", constants=(10.0, 15.0, 20.0, 30.0, 50.0, 88.0, 500.0, 700.0))
def sum_held_back(hidden, w2, b2, constant):
    """z2 is held between -{constant} and {constant}: a confident mistake would cost no more than that. With the
    right form of the loss nothing overflows, and nothing must be held back."""
    return (hidden @ w2.T + b2).clamp(-constant, constant)


@two.mistake("p")
def sigmoid_left_out(z2):
    """The sigmoid is missing in the gradient: prediction minus truth is p - y, not z2 - y."""
    return z2


@two.mistake("p")
def rounded_prediction(z2):
    """The prediction is rounded to 0 or 1: its gradient is p - y with the probability itself, or a sample that is
    right would teach nothing."""
    return (z2 > 0).to(z2.dtype)


@two.mistake("p", "losses")
def sign_in_the_sigmoid(z2, y):
    """The sign in the sigmoid's exponent is turned round: a larger z2 must give a larger probability."""
    return _sigmoid(-z2), torch.logaddexp(torch.zeros_like(z2), -z2) + y * z2


@two.mistake("losses", "arriving")
def squared_error(p, y):
    """The loss is a squared error, and so is its gradient: binary cross-entropy is asked for, whose gradient does
    not die where the sigmoid saturates."""
    return (p - y) ** 2, 2 * (p - y) * p * (1 - p) / len(y)


@two.mistake("losses")
def logarithm_of_zero(p, y):
    """The loss is NaN where the sigmoid saturates: log(0) is -infinity, and 0 times infinity is NaN. Written with
    z2, no probability is rounded before its logarithm is taken."""
    return -(y * torch.log(p) + (1 - y) * torch.log(1 - p))


@two.mistake("losses")
def logarithm_of_the_chosen_zero(p, y):
    """The loss is infinite where the sigmoid saturates on the wrong side: p is rounded to 0 or 1, and log(0) is
    -infinity. Written with z2, no probability is rounded before its logarithm is taken."""
    return -torch.log(torch.where(y > 0.5, p, 1 - p))


@two.mistake("losses")
def exponential_overflows(z2, y):
    """The loss is infinite for a large z2: exp overflows inside log(1 + exp(z2)). Take the larger of the two out
    of the logarithm, or use logaddexp."""
    return torch.log(1 + torch.exp(z2)) - y * z2


@two.mistake("losses")
def other_exponential_overflows(z2, y):
    """The loss is infinite for a very negative z2: exp overflows inside log(1 + exp(-z2)). Take the larger of the
    two out of the logarithm, or use logaddexp."""
    return torch.log(1 + torch.exp(-z2)) + (1 - y) * z2


@two.mistake("losses")
def both_exponentials_overflow(z2, y):
    """The loss is infinite or NaN for a large z2: exp overflows inside log(1 + exp(z2)). Take the larger of the
    two out of the logarithm, or use logaddexp."""
    return y * torch.log(1 + torch.exp(-z2)) + (1 - y) * torch.log(1 + torch.exp(z2))


@two.mistake("losses", constants=(1e-8, 1e-7, 1e-12, 1e-10, 1e-6, 1e-9, 1e-5, 1e-4, 1e-3))
def small_number_in_the_logarithm(p, y, constant):
    """{constant} is added inside the logarithm: it changes every loss a little, and caps the price of a confident
    mistake. Written with z2, nothing has to be added."""
    return -(y * torch.log(p + constant) + (1 - y) * torch.log(1 - p + constant))


@two.mistake("losses", constants=(1e-5, 1e-4, 1e-3, 0.01))
def probability_held_back(p, y, constant):
    """The probability is held {constant} away from 0 and 1 in the loss: a confident mistake costs far too little.
    Written with z2, nothing has to be held back."""
    return _cross_entropy(p.clamp(constant, 1 - constant), y)


@two.mistake("losses", constants=(1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16))
def limit_that_rounds_to_one(p, y, constant):
    """The probability is held {constant} away from 0 and 1 in the loss. In float32, 1 - {constant} is 1: nothing is
    held there, and log(0) makes the loss infinite or NaN. Written with z2, nothing has to be held back."""
    return _cross_entropy(p.clamp(constant, 1 - constant), y)


@two.mistake("losses", constants=(1e-5, 1e-4, 1e-3, 0.01))
def probability_held_up(p, y, constant):
    """The argument of each logarithm is held above {constant}: a confident mistake costs far too little. Written with
    z2, nothing has to be held back."""
    return -(y * torch.log(p.clamp(min=constant)) + (1 - y) * torch.log((1 - p).clamp(min=constant)))


@two.mistake("losses")
def infinity_replaced(p, y):
    """The infinite logarithm of 0 is replaced (nan_to_num) by the largest number there is: a confident mistake costs
    what z2 says, not 1e38. Written with z2, nothing is infinite."""
    return -(y * torch.log(p).nan_to_num() + (1 - y) * torch.log(1 - p).nan_to_num())


@two.mistake("losses")
def infinite_logarithms_set_to_zero(p, y):
    """The infinite logarithm of 0 is replaced by 0: the worst mistakes of all then cost nothing. Written with z2,
    nothing is infinite."""
    return -(y * torch.log(p).nan_to_num(neginf=0.0) + (1 - y) * torch.log(1 - p).nan_to_num(neginf=0.0))


@two.mistake("losses")
def loss_of_the_positive_samples_only(z2, y):
    """The loss counts the samples with y = 1 only: the term (1 - y) log(1 - p) is missing."""
    return y * torch.logaddexp(torch.zeros_like(z2), -z2)


@two.mistake("losses")
def loss_of_the_negative_samples_only(z2, y):
    """The loss counts the samples with y = 0 only: the term y log(p) is missing."""
    return (1 - y) * torch.logaddexp(torch.zeros_like(z2), z2)


@two.mistake("losses")
def targets_broadcast_in_the_loss(z2, y):
    """In the loss y has lost its second dimension: (N, 1) against (N,) gives (N, N), every prediction with every
    target. Keep y as (N, 1)."""
    flat = y.squeeze(1)
    return torch.logaddexp(torch.zeros_like(z2), z2) - flat * z2


@two.mistake("losses")
def hinge_loss(z2, y):
    """The loss is a hinge loss, max(0, 1 - margin), and the gradients are those of cross-entropy: the loss you return
    must be the one that you differentiate."""
    return (1 - z2 * (2 * y - 1)).clamp(min=0)


@two.mistake("losses")
def sign_of_the_loss(z2, y):
    """The loss has the wrong sign: a logarithm of a probability is negative, and the minus makes it a loss."""
    return y * z2 - torch.logaddexp(torch.zeros_like(z2), z2)


@two.mistake("losses")
def sign_of_one_term_of_the_loss(z2, y):
    """One of the two terms of the loss has the wrong sign: the minus belongs to both."""
    return y * torch.logaddexp(torch.zeros_like(z2), -z2) - (1 - y) * torch.logaddexp(torch.zeros_like(z2), z2)


@two.mistake("losses")
def truth_turned_round_in_the_loss(z2, y):
    """In the loss, y and 1 - y have changed places: y belongs to log(p)."""
    return torch.logaddexp(torch.zeros_like(z2), z2) - (1 - y) * z2


@two.mistake("losses")
def squared_error_as_the_loss(p, y):
    """The loss is a squared error, and the gradients are those of cross-entropy: the loss you return must be the
    one that you differentiate."""
    return (p - y) ** 2


@two.mistake("losses")
def half_a_squared_error_as_the_loss(p, y):
    """The loss is half a squared error, and the gradients are those of cross-entropy: the loss you return must be
    the one that you differentiate."""
    return (p - y) ** 2 / 2


@two.mistake("losses")
def base_two(z2, y):
    """The loss uses a logarithm to another base: the natural one is meant."""
    return (torch.logaddexp(torch.zeros_like(z2), z2) - y * z2) / math.log(2)


@two.mistake("loss")
def loss_summed(losses):
    """The loss is added up over the batch, where the mean is asked for: your loss and your gradients do not belong
    together."""
    return losses.sum()


@two.mistake("loss", "arriving")
def sum_in_place_of_the_mean(losses, p, y):
    """Loss and gradients are sums over the batch: the loss is a mean, so all of them are N times too large."""
    return losses.sum(), p - y


@two.mistake("loss")
def loss_halved(losses):
    """The loss is half of what it should be: the mean over the samples adds both terms and divides by N, not by 2
    N."""
    return losses.mean() / 2


@two.mistake("loss")
def loss_divided_by_the_hidden_units(losses, w1):
    """The loss is divided by the number of hidden units: the mean is over the samples."""
    return losses.sum() / len(w1)


@two.mistake("loss")
def loss_divided_by_the_features(losses, x):
    """The loss is divided by the number of features: the mean is over the samples."""
    return losses.sum() / x.shape[1]


@two.mistake("loss")
def loss_divided_twice(losses):
    """The loss is divided by N twice."""
    return losses.mean() / len(losses)


@two.mistake("loss")
def loss_of_the_first_sample(losses):
    """The loss is that of the first sample: the mean over the batch is asked for."""
    return losses[0, 0]


@two.mistake("loss")
def loss_of_the_worst_sample(losses):
    """The loss is the largest of the batch: the mean is asked for."""
    return losses.max()


@two.mistake("loss")
def loss_as_a_python_number(losses):
    """The loss is a Python number (.item()): a 0-d tensor is asked for, with the dtype and the device of the
    inputs."""
    return losses.mean().item()


@two.mistake("loss")
def one_loss_for_each_sample(losses):
    """You return a loss for each sample: their mean is asked for, a 0-d tensor."""
    return losses


@two.mistake("loss")
def loss_of_shape_one(losses):
    """The loss has a dimension of size 1: a 0-d tensor is asked for."""
    return losses.mean(0)


@two.mistake("arriving")
def not_divided_by_n(p, y):
    """The 1/N of the mean is missing in the gradients: your loss is a mean, and the gradients are N times too
    large."""
    return p - y


@two.mistake("arriving")
def divided_by_n_twice(p, y):
    """All gradients are divided by N twice (at the loss, and again in the layers): the 1/N of the mean comes in
    once."""
    return (p - y) / len(y) ** 2


@two.mistake("arriving")
def sign_of_the_gradient(p, y):
    """All gradients have the wrong sign (y - p): a prediction above the truth must come down, so its gradient is
    positive."""
    return (y - p) / len(y)


@two.mistake("arriving")
def doubled(p, y):
    """All gradients have a factor 2 too much: that is a squared error's."""
    return 2 * (p - y) / len(y)


@two.mistake("arriving")
def halved(p, y):
    """All gradients are half of what they should be."""
    return (p - y) / (2 * len(y))


@two.mistake("arriving")
def sigmoid_slope_again(p, y):
    """p - y is multiplied with the sigmoid's slope p (1 - p) again: it has cancelled against the denominator of
    cross-entropy, p - y is the whole gradient already. A saturated mistake would learn nothing."""
    return (p - y) * p * (1 - p) / len(y)


@two.mistake("arriving")
def sigmoid_slope_again_not_divided(p, y):
    """p - y is multiplied with the sigmoid's slope p (1 - p) again, and the 1/N is missing: p - y over N is the
    whole gradient with respect to z2."""
    return (p - y) * p * (1 - p)


@two.mistake("arriving")
def gradient_of_a_squared_error(p, y):
    """The gradient is that of a squared error, 2 (p - y) p (1 - p): for cross-entropy the sigmoid's slope cancels,
    and p - y is left."""
    return 2 * (p - y) * p * (1 - p) / len(y)


@two.mistake("arriving")
def gradient_with_respect_to_p(p, y):
    """You go on with the gradient with respect to p: the sigmoid's slope is missing on the way back to z2.
    Multiplied out, p - y is left."""
    return (p - y) / (p * (1 - p)) / len(y)


@two.mistake("arriving")
def zero_divided_by_zero(p, y):
    """NaN where the sigmoid saturates: cross-entropy divides by p (1 - p), the sigmoid multiplies with it, and 0 /
    0 is NaN. Cancel the two on paper: p - y is left."""
    return (p - y) / (p * (1 - p)) * (p * (1 - p)) / len(y)


@two.mistake("arriving")
def small_number_in_the_denominator(p, y):
    """Where the sigmoid saturates the gradient is 0, and a confident mistake is never put right: p is held away from
    0 and 1 in a denominator and the sigmoid's slope is 0, or the gradient is shut off there. Multiply out on paper:
    p - y is left."""
    return torch.where(p * (1 - p) > 0, (p - y) / len(y), torch.zeros_like(p))


@two.mistake("arriving", constants=(1e-8, 1e-7, 1e-12, 1e-10, 1e-6, 1e-9, 1e-5, 1e-15))
def small_number_in_the_denominator(p, y, constant):
    """{constant} is added to p (1 - p) in the denominator: where the sigmoid saturates the gradient is then 0, and
    a confident mistake is never put right. Cancel the factor on paper: p - y is left."""
    return (p - y) / (p * (1 - p) + constant) * (p * (1 - p)) / len(y)


@two.mistake("arriving", constants=(1e-8, 1e-7, 1e-12, 1e-10, 1e-6, 1e-9, 1e-5, 1e-15, 1e-16))
def small_number_in_the_denominator(p, y, constant):
    """{constant} is added to p and to 1 - p in the denominators: where the sigmoid saturates the gradient is then
    0, and a confident mistake is never put right. Multiply out on paper: p - y is left."""
    return (-y / (p + constant) + (1 - y) / (1 - p + constant)) * p * (1 - p) / len(y)


@two.mistake("losses", "arriving", constants=(1e-5, 1e-4, 1e-3, 0.01))
def probability_held_back(p, y, constant):
    """The probability is held {constant} away from 0 and 1, in the loss and in its gradient: a confident mistake
    costs far too little. Written with z2, nothing has to be held back."""
    held = p.clamp(constant, 1 - constant)
    return _cross_entropy(held, y), (held - y) / len(y)


@two.mistake("losses", "arriving", constants=(1e-8, 1e-9, 1e-10, 1e-12))
def limit_that_rounds_to_one(p, y, constant):
    """The probability is held {constant} away from 0 and 1. In float32, 1 - {constant} is 1: nothing is held there, and
    log(0) makes the loss infinite or NaN. Written with z2, nothing has to be held back."""
    held = p.clamp(constant, 1 - constant)
    return _cross_entropy(held, y), (held - y) / len(y)


@two.mistake("losses", "arriving", constants=(1e-8, 1e-7, 1e-12, 1e-10, 1e-6, 1e-9))
def small_number_in_logarithms_and_denominators(p, y, constant):
    """{constant} is added in the logarithms and in the denominators: where the sigmoid saturates the gradient is
    then 0, and a confident mistake is never put right. Write the loss with z2, and cancel on paper: p - y is
    left."""
    return (
        -(y * torch.log(p + constant) + (1 - y) * torch.log(1 - p + constant)),
        (-y / (p + constant) + (1 - y) / (1 - p + constant)) * p * (1 - p) / len(y),
    )


@two.mistake("losses", "arriving")
def logarithm_of_zero_and_division_by_zero(p, y):
    """NaN where the sigmoid saturates, in the loss (0 times log 0) and in the gradients (division by p (1 - p) =
    0). Write the loss with z2, and cancel on paper: p - y is left of the gradient."""
    return (
        -(y * torch.log(p) + (1 - y) * torch.log(1 - p)),
        (-y / p + (1 - y) / (1 - p)) * p * (1 - p) / len(y),
    )


@two.mistake("arriving")
def target_left_out(p, y):
    """The truth y is not used in the gradients: prediction minus truth starts the way back."""
    return p / len(y)


@two.mistake("arriving")
def only_misclassified_samples(p, y):
    """Samples that are classified right get no gradient: cross-entropy goes on teaching until p is the truth. (It is
    the perceptron that learns from its errors only.)"""
    return (p - y) / len(y) * ((p > 0.5).to(p.dtype) != y)


@two.mistake("arriving")
def divided_by_the_features(p, y, x):
    """The gradients are divided by the number of features: the mean is over the N samples."""
    return (p - y) / x.shape[1]


@two.mistake("arriving")
def divided_by_the_hidden_units(p, y, w1):
    """The gradients are divided by the number of hidden units: the mean is over the N samples."""
    return (p - y) / len(w1)


@two.mistake("arriving")
def loss_in_place_of_its_gradient(p, y, losses):
    """The way back starts with the losses: it starts with their gradient, prediction minus truth."""
    return losses / len(y)


@two.mistake("grad_w2")
def sums_in_place_of_the_hidden_layer(arriving, z1):
    """The gradient of w2 is built with z1: w2 met what the second layer was given, which is ReLU's output."""
    return arriving.T @ z1


@two.mistake("grad_w2")
def second_weight_averaged(arriving, hidden):
    """The gradient of w2 is divided by N once more: the 1/N of the mean is in p - y over N already."""
    return arriving.T @ hidden / len(hidden)


@two.mistake("grad_w2")
def second_weight_transposed(arriving, hidden):
    """The gradient of w2 comes out transposed: it has the shape of w2, (1, H)."""
    return hidden.T @ arriving


@two.mistake("grad_w2")
def second_weight_sign(arriving, hidden):
    """The gradient of w2 has the wrong sign."""
    return -arriving.T @ hidden


@two.mistake("grad_w2")
def second_weight_zero(w2):
    """The gradient of w2 is all zeros: it is created and never filled in."""
    return torch.zeros_like(w2)


@two.mistake("grad_w2")
def hidden_layer_left_out(arriving, hidden):
    """The gradient of w2 does not use the hidden layer: the slope of w h with respect to w is h."""
    return arriving.T @ torch.ones_like(hidden)


@two.mistake("grad_w2")
def mask_in_the_second_weight(arriving, mask):
    """The gradient of w2 is built with ReLU's slope: the slope of w h with respect to w is h, ReLU's output."""
    return arriving.T @ mask


@two.mistake("grad_w2")
def second_weight_not_divided_by_n(arriving, hidden):
    """The 1/N is missing in the gradient of w2."""
    return arriving.T @ hidden * len(hidden)


@two.mistake("grad_w2")
def second_weight_of_the_input(arriving, x):
    """The gradient of w2 is built with x: w2 met the hidden layer."""
    return arriving.T @ x


@two.mistake("grad_b2")
def second_bias_averaged(arriving):
    """The gradient of b2 is averaged over the batch: add it up, the 1/N of the mean is in it already."""
    return arriving.mean(0)


@two.mistake("grad_b2")
def second_bias_without_its_dimension(arriving):
    """The gradient of b2 is a 0-d tensor: it has the shape of b2, (1,)."""
    return arriving.sum()


@two.mistake("grad_b2")
def second_bias_not_summed(arriving):
    """The gradient of b2 has a row for each sample: one bias serves them all, and its gradients add up."""
    return arriving


@two.mistake("grad_b2")
def second_bias_keeps_a_dimension(arriving):
    """The gradient of b2 has a dimension too many (keepdim): it has the shape of b2, (1,)."""
    return arriving.sum(0, keepdim=True)


@two.mistake("grad_b2")
def second_bias_zero(b2):
    """The gradient of b2 is zero: it is created and never filled in."""
    return torch.zeros_like(b2)


@two.mistake("grad_b2")
def second_bias_sign(arriving):
    """The gradient of b2 has the wrong sign."""
    return -arriving.sum(0)


@two.mistake("grad_b2")
def second_bias_not_divided_by_n(arriving):
    """The 1/N is missing in the gradient of b2."""
    return arriving.sum(0) * len(arriving)


@two.mistake("grad_b2")
def second_bias_of_the_first_sample(arriving):
    """The gradient of b2 is that of the first sample only: add up over the batch."""
    return arriving[0]


@two.mistake("grad_b2")
def second_bias_multiplied_in(arriving, b2):
    """The gradient of b2 is multiplied with b2: a bias is added, so its slope is 1."""
    return arriving.sum(0) * b2


@two.mistake("grad_hidden", constants=(0.1, 0.01, 0.001, 1.0, 0.5))
def updated_weight_used(arriving, hidden, w2, constant):
    """The gradient goes back through w2 after an update (with rate {constant}): it belongs to the w2 that the
    forward pass used."""
    return arriving @ (w2 - constant * arriving.T @ hidden)


@two.mistake("grad_hidden")
def gradient_of_the_weight_used(arriving, grad_w2):
    """The gradient goes back through the gradient of w2, where w2 itself is meant."""
    return arriving @ grad_w2


@two.mistake("grad_hidden")
def second_weight_left_out(arriving, w2):
    """The gradient goes back to the hidden layer without w2: each unit's blame is in proportion to its weight."""
    return arriving @ torch.ones_like(w2)


@two.mistake("grad_hidden")
def size_of_the_second_weight(arriving, w2):
    """The gradient goes back through the size of w2 (abs): blame through a negative weight changes its sign."""
    return arriving @ w2.abs()


@two.mistake("grad_hidden")
def hidden_gradient_averaged(arriving, w2):
    """1/N comes in twice: in p - y over N, and again on the way to the hidden layer. The first layer's gradients
    are N times too small."""
    return arriving @ w2 / len(arriving)


@two.mistake("grad_hidden")
def hidden_gradient_not_divided_by_n(arriving, w2):
    """The 1/N is missing in the gradients of the first layer: p - y over N is what goes back, for both layers."""
    return arriving @ w2 * len(arriving)


@two.mistake("grad_hidden")
def hidden_gradient_sign(arriving, w2):
    """The gradients of the first layer have the wrong sign."""
    return -arriving @ w2


@two.mistake("grad_hidden")
def sigmoid_slope_on_the_way_down(arriving, p, w2):
    """The gradient that goes back to the hidden layer is multiplied with p (1 - p) as well: p - y is the whole
    gradient with respect to z2."""
    return (arriving * p * (1 - p)) @ w2


@two.mistake("mask")
def gate_left_out(z1):
    """ReLU is missing on the way back: a hidden unit that is off passes no blame to w1 and b1. (Of ReLU's output,
    >= 0 is always true: is that the comparison?)"""
    return torch.ones_like(z1)


@two.mistake("mask")
def open_at_zero(z1):
    """At z1 = 0 the gradient must be 0: the comparison is >, not >=. (If it looks at ReLU's output, >= is always
    true.)"""
    return (z1 >= 0).to(z1.dtype)


@two.mistake("mask")
def half_open_at_zero(z1):
    """At z1 = 0 half of the gradient passes: the convention is that none does."""
    return torch.heaviside(z1, torch.full_like(z1, 0.5))


@two.mistake("mask")
def mask_of_the_gradient(grad_hidden):
    """The sign of the gradient decides what passes ReLU, where the sign of z1 must."""
    return (grad_hidden > 0).to(grad_hidden.dtype)


@two.mistake("mask")
def mask_of_the_input(x):
    """The mask is made of x: ReLU was applied to z1."""
    return (x > 0).to(x.dtype)


@two.mistake("mask")
def mask_of_the_output(z2):
    """The mask is made of z2: ReLU was applied to z1."""
    return (z2 > 0).to(z2.dtype)


@two.mistake("mask")
def mask_of_the_second_weight(z1, w2):
    """The sign of w2 decides what passes ReLU, where the sign of z1 must."""
    return (w2 > 0).to(z1.dtype).expand_as(z1)


@two.mistake("mask")
def mask_of_the_first_sample(z1):
    """The first sample decides for the whole batch which units are on: each sample has units of its own."""
    return (z1[:1] > 0).to(z1.dtype).expand_as(z1)


@two.mistake("mask")
def mask_of_each_row(z1):
    """All units of a sample are on or off together, by the sign of their sum: each has its own sign."""
    return (z1.sum(1, keepdim=True) > 0).to(z1.dtype).expand_as(z1)


@two.mistake("mask", constants=(1.0, 1e-3, 1e-5, 1e-6, 1e-8, 1e-10))
def open_above_a_number(z1, constant):
    """A unit counts as on only where its sum is above {constant} or so: ReLU's corner is at 0, and a small positive sum
    is positive."""
    return (z1 > constant).to(z1.dtype)


@two.mistake("mask")
def mask_turned_round(z1):
    """The mask is turned round: blame passes through the units that are on."""
    return (z1 < 0).to(z1.dtype)


@two.mistake("mask")
def hidden_layer_in_place_of_its_slope(hidden):
    """The gradient is multiplied with ReLU's output, where its slope, 0 or 1, is meant."""
    return hidden


@two.mistake("mask")
def sums_in_place_of_the_slope(z1):
    """The gradient is multiplied with z1, where ReLU's slope, 0 or 1, is meant."""
    return z1


@two.mistake("mask")
def slope_of_a_sigmoid_of_the_output(hidden):
    """The slope h (1 - h) is the sigmoid's: that of ReLU is 1 where the unit is on, and 0 elsewhere."""
    return hidden * (1 - hidden)


@two.mistake("mask")
def slope_of_a_sigmoid(z1):
    """The slope of a sigmoid is used in the hidden layer: that of ReLU is 1 where the unit is on, and 0
    elsewhere."""
    return _sigmoid(z1) * (1 - _sigmoid(z1))


@two.mistake("mask")
def slope_of_tanh(hidden):
    """The slope 1 - h^2 is that of tanh: ReLU's is 1 where the unit is on, and 0 elsewhere."""
    return 1 - hidden**2


@two.mistake("mask")
def sign_in_place_of_the_slope(z1):
    """ReLU's slope is -1 for a negative z1 (a sign): it is 0 there."""
    return torch.sign(z1)


@two.mistake("mask", constants=(0.01, 0.1, 0.2))
def leaky_slope(z1, constant):
    """On the way back {constant} of the gradient passes a unit that is off: that is a leaky ReLU's slope."""
    return torch.where(z1 > 0, torch.ones_like(z1), torch.full_like(z1, constant))


@two.mistake("grad_w1")
def first_weight_behind_no_gate(grad_hidden, x):
    """The gradient of w1 is built with the gradient of the hidden layer's output: ReLU's slope comes between, as
    it does for b1."""
    return grad_hidden.T @ x


@two.mistake("grad_w1")
def first_weight_averaged(grad_z1, x):
    """The gradient of w1 is divided by N once more: the 1/N of the mean is in it already."""
    return grad_z1.T @ x / len(x)


@two.mistake("grad_w1")
def first_weight_transposed(grad_z1, x):
    """The gradient of w1 comes out transposed: it has the shape of w1, (H, D)."""
    return x.T @ grad_z1


@two.mistake("grad_w1")
def first_weight_sign(grad_z1, x):
    """The gradient of w1 has the wrong sign."""
    return -grad_z1.T @ x


@two.mistake("grad_w1")
def first_weight_zero(w1):
    """The gradient of w1 is all zeros: it is created and never filled in."""
    return torch.zeros_like(w1)


@two.mistake("grad_w1")
def input_left_out(grad_z1, x):
    """The gradient of w1 does not use x: the slope of w x with respect to w is x."""
    return grad_z1.T @ torch.ones_like(x)


@two.mistake("grad_w1")
def hidden_layer_in_place_of_the_input(grad_z1, hidden):
    """The gradient of w1 is built with the hidden layer: w1 met the input x."""
    return grad_z1.T @ hidden


@two.mistake("grad_w1")
def first_weight_not_divided_by_n(grad_z1, x):
    """The 1/N is missing in the gradient of w1."""
    return grad_z1.T @ x * len(x)


@two.mistake("grad_w1")
def first_weight_reshaped(grad_z1, x, w1):
    """The gradient of w1 is reshaped where it must be transposed: the numbers land in the wrong rows and
    columns."""
    return (x.T @ grad_z1).reshape(w1.shape)


@two.mistake("grad_b1")
def first_bias_behind_no_gate(grad_hidden):
    """The gradient of b1 is built with the gradient of the hidden layer's output: ReLU's slope comes between, as
    it does for w1."""
    return grad_hidden.sum(0)


@two.mistake("grad_b1")
def first_bias_averaged(grad_z1):
    """The gradient of b1 is averaged over the batch: add it up, the 1/N of the mean is in it already."""
    return grad_z1.mean(0)


@two.mistake("grad_b1")
def first_bias_sign(grad_z1):
    """The gradient of b1 has the wrong sign."""
    return -grad_z1.sum(0)


@two.mistake("grad_b1")
def first_bias_zero(b1):
    """The gradient of b1 is zero: it is created and never filled in."""
    return torch.zeros_like(b1)


@two.mistake("grad_b1")
def first_bias_not_summed(grad_z1):
    """The gradient of b1 has a row for each sample: one bias serves them all, and its gradients add up."""
    return grad_z1


@two.mistake("grad_b1")
def first_bias_keeps_a_dimension(grad_z1):
    """The gradient of b1 has a dimension too many (keepdim): it has the shape of b1, (H,)."""
    return grad_z1.sum(0, keepdim=True)


@two.mistake("grad_b1")
def first_bias_summed_over_the_units(grad_z1):
    """The gradient of b1 is summed over the units, one number a sample: sum over the batch, one number a unit."""
    return grad_z1.sum(1)


@two.mistake("grad_b1")
def first_bias_not_divided_by_n(grad_z1):
    """The 1/N is missing in the gradient of b1."""
    return grad_z1.sum(0) * len(grad_z1)


@two.mistake("grad_b1")
def first_bias_is_one_number(grad_z1):
    """The gradient of b1 is added up over samples and units: every unit has a bias of its own."""
    return grad_z1.sum()


@two.mistake("grad_b1")
def first_bias_from_its_weight(grad_w1):
    """The gradient of b1 is a sum over the gradient of w1: the inputs play no part in it. It is the blame of z1, added
    up over the batch."""
    return grad_w1.sum(1)


@two.mistake("grad_w1", "grad_b1")
def first_layer_gets_nothing(w1, b1):
    """The gradients of the first layer are zeros: the way back does not end at the second layer."""
    return torch.zeros_like(w1), torch.zeros_like(b1)


@two.mistake("grad_b1", "grad_b2")
def both_biases_averaged(grad_z1, arriving):
    """The gradients of the biases are averaged over the batch: add them up, the 1/N of the mean is in them
    already."""
    return grad_z1.mean(0), arriving.mean(0)


@two.mistake("grad_b1", "grad_b2")
def both_biases_not_divided_by_n(grad_z1, arriving):
    """The 1/N is missing in the gradients of both biases: the mean in the loss concerns them as well."""
    return grad_z1.sum(0) * len(grad_z1), arriving.sum(0) * len(arriving)


@two.mistake("grad_w1", "grad_w2")
def both_weights_not_divided_by_n(grad_z1, x, arriving, hidden):
    """The 1/N is missing in the gradients of both weights: the mean in the loss concerns them as well."""
    return grad_z1.T @ x * len(x), arriving.T @ hidden * len(x)


@two.mistake("grad_w1", "grad_w2")
def both_weights_averaged(grad_z1, x, arriving, hidden):
    """The gradients of the weights are divided by N once more: the 1/N of the mean is in them already."""
    return grad_z1.T @ x / len(x), arriving.T @ hidden / len(x)


@two.mistake("grad_b1", "grad_b2")
def both_biases_keep_a_dimension(grad_z1, arriving):
    """The gradients of the biases have a dimension too many (keepdim): they have the shapes of b1 and b2."""
    return grad_z1.sum(0, keepdim=True), arriving.sum(0, keepdim=True)


@two.mistake("grad_b1", "grad_b2")
def both_biases_not_summed(grad_z1, arriving):
    """The gradients of the biases have a row for each sample: one bias serves them all, and its gradients add
    up."""
    return grad_z1, arriving


@two.mistake("grads")
def layers_swapped(grad_w1, grad_b1, grad_w2, grad_b2):
    """The two layers have changed places in the dict: "w1" and "b1" belong to the layer that is given x."""
    return {"w1": grad_w2, "b1": grad_b2, "w2": grad_w1, "b2": grad_b1}


@two.mistake("grads")
def parameters_after_a_step(grad_w1, grad_b1, grad_w2, grad_b2, w1, b1, w2, b2):
    """You return the parameters in place of their gradients: the step is the optimizer's business."""
    return {"w1": w1, "b1": b1, "w2": w2, "b2": b2}


@mistake("backprop.two_layer_backward")
def relu_of_the_input(x, *rest):
    """ReLU is applied to the input x as well: it belongs between the two layers, and x comes in as it is."""
    return two.with_steps({})(x.clamp(min=0), *rest)


# ------------------------------------------------------------------------------------------ mlp_backward

deep = Anatomy("backprop.mlp_backward", "loss", "weight_grads", "bias_grads")


@deep.step
def affine():
    return lambda h, weight, bias: h @ weight.T + bias


@deep.step
def bend():
    return lambda z: z.clamp(min=0)


@deep.step
def sums(x, weights, biases, affine, bend):
    """the sums of each layer before any ReLU, first layer first"""
    zs, h = [], x
    for weight, bias in zip(weights, biases, strict=True):
        zs.append(affine(h, weight, bias))
        h = bend(zs[-1])
    return zs


@deep.step
def inputs(x, sums, bend):
    """what each layer is given, first layer first"""
    return [x, *(bend(z) for z in sums[:-1])]


@deep.step
def logits(sums):
    """the logits, the sums of the last layer"""
    return sums[-1]


@deep.step
def truth(logits, labels):
    """the labels as one-hot rows"""
    return (torch.arange(logits.shape[1]) == labels.unsqueeze(1)).to(logits.dtype)


@deep.step
def losses(logits, truth):
    """the loss of each sample"""
    return torch.logsumexp(logits, 1) - (logits * truth).sum(1)


@deep.step
def loss(losses):
    """the loss, averaged over the batch"""
    return losses.mean()


@deep.step
def probabilities(logits):
    """the softmax probabilities of each row of the logits"""
    return torch.softmax(logits, 1)


@deep.step
def start(probabilities, truth):
    """the gradient of the averaged loss with respect to the logits"""
    return (probabilities - truth) / len(truth)


@deep.step
def through():
    return lambda grad, weight, grad_weight: grad @ weight


@deep.step
def gate():
    return lambda grad, z: grad * (z > 0)


@deep.step
def of_weight():
    return lambda grad, h: grad.T @ h


@deep.step
def of_bias():
    return lambda grad: grad.sum(0)


@deep.step
def layers(start, inputs, sums, weights, through, gate, of_weight, of_bias):
    """the gradients of each layer's weight and bias in pairs, first layer first"""
    grad, found = start, []
    for index in reversed(range(len(weights))):
        grad_weight = of_weight(grad, inputs[index])
        found.insert(0, (grad_weight, of_bias(grad)))
        if index > 0:
            grad = gate(through(grad, weights[index], grad_weight), sums[index - 1])
    return found


@deep.step
def weight_grads(layers):
    """the gradients with respect to `weights`, first layer first"""
    return [grad_weight for grad_weight, _ in layers]


@deep.step
def bias_grads(layers):
    """the gradients with respect to `biases`, first layer first"""
    return [grad_bias for _, grad_bias in layers]


@deep.quantity
def samples(x, labels):
    """the number of samples"""
    return len(x)


@deep.quantity
def outputs(inputs, logits):
    """`x`, the output of each hidden layer, and the logits, in a list"""
    return [*inputs, logits]


@deep.quantity
def shifted(logits):
    """each row of the logits minus its own largest entry"""
    return logits - logits.amax(1, keepdim=True)


@deep.quantity
def powers(shifted):
    """the exponentials of the logits, each row shifted by its own largest entry first"""
    return torch.exp(shifted)


@deep.quantity
def total(powers):
    """the sum of each row of shifted exponentials, as a column"""
    return powers.sum(1, keepdim=True)


@deep.quantity
def log_normalizers(logits):
    """the log of the sum of each row's exponentials, as a column"""
    return logits.logsumexp(1, keepdim=True)


@deep.quantity
def log_normalizers_in_a_row(logits):
    """the log of the sum of each row's exponentials, in one flat row"""
    return logits.logsumexp(1)


@deep.quantity
def log_probabilities(logits):
    """the log of each softmax probability"""
    return logits.log_softmax(1)


@deep.quantity
def logit_of_the_label(logits, truth):
    """the logit of each sample's own label"""
    return (logits * truth).sum(1)


@deep.quantity
def log_p_of_the_label(losses):
    """the log of the probability given to each sample's own label"""
    return -losses


@deep.quantity
def difference(probabilities, truth):
    """the gradient of each sample's own loss with respect to its logits"""
    return probabilities - truth


@deep.quantity
def arriving(start, inputs, sums, weights, through, gate, of_weight):
    """the gradients with respect to the sums of each layer, first layer first"""
    return [
        grad
        for _, grad in deep.steps["layers"].function(
            start, inputs, sums, weights, through, gate, of_weight, lambda grad: grad
        )
    ]


@deep.mistake("affine")
def weights_not_transposed_forwards():
    """The weights are not transposed on the way forward: they are (out, in). Only square layers forgive this."""
    return lambda h, weight, bias: h @ weight + bias


@deep.mistake("affine")
def biases_left_out_forwards():
    """The biases are left out on the way forward."""
    return lambda h, weight, bias: h @ weight.T


@deep.mistake("affine")
def biases_subtracted_forwards():
    """The biases are subtracted on the way forward: they are added."""
    return lambda h, weight, bias: h @ weight.T - bias


@deep.mistake("sums")
def last_bias_left_out_forwards(x, weights, biases, affine, bend):
    """The last layer's bias is left out on the way forward."""
    zs, h = [], x
    for weight, bias in zip(weights, [*biases[:-1], torch.zeros_like(biases[-1])], strict=True):
        zs.append(affine(h, weight, bias))
        h = bend(zs[-1])
    return zs


@deep.mistake("sums")
def only_the_last_bias_forwards(x, weights, biases, affine, bend):
    """The hidden layers have no bias on the way forward: every layer adds its own."""
    zs, h = [], x
    hidden = [torch.zeros_like(bias) for bias in biases[:-1]]
    for weight, bias in zip(weights, [*hidden, biases[-1]], strict=True):
        zs.append(affine(h, weight, bias))
        h = bend(zs[-1])
    return zs


@deep.mistake("sums")
def first_bias_left_out_forwards(x, weights, biases, affine, bend):
    """The first layer's bias is left out on the way forward."""
    zs, h = [], x
    for weight, bias in zip(weights, [torch.zeros_like(biases[0]), *biases[1:]], strict=True):
        zs.append(affine(h, weight, bias))
        h = bend(zs[-1])
    return zs


@deep.mistake("bend", "gate")
def no_relu():
    """There is no ReLU, neither forwards nor backwards: without a bend the whole stack is one linear layer."""
    return lambda z: z, lambda grad, z: grad


@deep.mistake("bend")
def no_relu_forwards():
    """There is no ReLU on the way forward: each layer but the first is to get the ReLU of the sums before it."""
    return lambda z: z


@deep.mistake("bend", "gate")
def sigmoid_in_place_of_relu():
    """The hidden layers bend with a sigmoid: ReLU is asked for."""
    return _sigmoid, lambda grad, z: grad * _sigmoid(z) * (1 - _sigmoid(z))


@deep.mistake("bend", "gate")
def tanh_in_place_of_relu():
    """The hidden layers bend with tanh: ReLU is asked for."""
    return torch.tanh, lambda grad, z: grad * (1 - torch.tanh(z) ** 2)


@deep.mistake("bend", "gate")
def silu_in_place_of_relu():
    """The hidden layers bend with SiLU, z times its sigmoid: ReLU is asked for."""
    return lambda z: z * _sigmoid(z), lambda grad, z: grad * _sigmoid(z) * (1 + z * (1 - _sigmoid(z)))


@deep.mistake("bend", "gate", constants=(0.01, 0.1, 0.2))
def leaky_relu_in_place_of_relu(constant):
    """The hidden layers bend with a leaky ReLU (slope {constant}): plain ReLU is asked for."""
    return (
        lambda z: torch.where(z > 0, z, constant * z),
        lambda grad, z: torch.where(z > 0, grad, constant * grad),
    )


@deep.mistake("inputs")
def sums_kept_in_place_of_the_layers(x, sums):
    """The gradients of the weights are built with the sums before ReLU: a weight met what its layer was given,
    which is ReLU's output."""
    return [x, *sums[:-1]]


@deep.mistake("logits")
def relu_after_the_last_layer(sums):
    """There is a ReLU after the last layer as well: logits may be negative."""
    return sums[-1].clamp(min=0)


@deep.mistake("logits")
def relu_after_a_single_layer(sums):
    """A single layer gets a ReLU, as if it were a hidden one: it is the last, and its logits may be negative."""
    return sums[-1].clamp(min=0) if len(sums) == 1 else sums[-1]


@deep.mistake("logits")
def softmax_applied_twice(sums):
    """The softmax is applied twice: the logits go into it as they are."""
    return torch.softmax(sums[-1], 1)


@deep.mistake("losses")
def logarithm_of_the_softmax(logits, truth):
    """The loss takes the logarithm of a finished softmax: a probability that is rounded to 0 makes it infinite.
    Subtract the log-sum-exp from the logit."""
    return -torch.log((torch.softmax(logits, 1) * truth).sum(1))


@deep.mistake("losses")
def zero_times_infinity(logits, truth):
    """The loss multiplies all log-probabilities with the one-hot truth: where a probability is rounded to 0, that
    is 0 times infinity, NaN. Subtract the log-sum-exp from the logit of the label."""
    return -(torch.log(torch.softmax(logits, 1)) * truth).sum(1)


@deep.mistake("losses", constants=(1e-8, 1e-12, 1e-10, 1e-7, 1e-9, 1e-6, 1e-15))
def small_number_in_the_logarithm(logits, truth, constant):
    """{constant} is added inside the logarithm of the loss: it changes every loss a little, and caps the price of
    a confident mistake. Subtract the log-sum-exp from the logit."""
    return -torch.log((torch.softmax(logits, 1) * truth).sum(1) + constant)


@deep.mistake("losses", constants=(1e-8, 1e-12, 1e-10, 1e-7, 1e-9, 1e-6, 1e-15, 1e-16, 1e-30))
def probability_held_up(logits, truth, constant):
    """The probability is held above {constant} in the loss: a confident mistake costs too little. Subtract the
    log-sum-exp from the logit."""
    return -torch.log((torch.softmax(logits, 1) * truth).sum(1).clamp(min=constant))


@deep.mistake("losses", "probabilities")
def exponential_overflows(logits, truth):
    """exp overflows for large logits, and infinity / infinity is NaN: take the row's maximum away first."""
    p = torch.exp(logits) / torch.exp(logits).sum(1, keepdim=True)
    return -torch.log((p * truth).sum(1)), p


@deep.mistake("probabilities")
def exponential_overflows_in_the_gradient(logits):
    """exp overflows for large logits in the gradient, and infinity / infinity is NaN: take the row's maximum away
    first."""
    return torch.exp(logits) / torch.exp(logits).sum(1, keepdim=True)


@deep.mistake("losses")
def exponential_overflows_in_the_loss(logits, truth):
    """exp overflows for large logits in the loss: take the row's maximum away first, or use logsumexp."""
    return torch.log(torch.exp(logits).sum(1)) - (logits * truth).sum(1)


@deep.mistake("losses", "probabilities")
def maximum_of_the_whole_batch(logits, truth):
    """The maximum of the whole batch is taken away, and rows far below it become 0 / 0: each row has its own
    maximum."""
    powers = torch.exp(logits - logits.max())
    p = powers / powers.sum(1, keepdim=True)
    return -torch.log((p * truth).sum(1)), p


@deep.mistake("losses")
def sign_of_the_loss(logits, truth):
    """The loss has the wrong sign: the logarithm of a probability is negative, and the minus makes it a loss."""
    return (logits * truth).sum(1) - torch.logsumexp(logits, 1)


@deep.mistake("losses")
def loss_without_the_softmax(logits, truth):
    """The loss is the negative logit of the label: the log-sum-exp of its row is missing."""
    return -(logits * truth).sum(1)


@deep.mistake("losses")
def probability_in_place_of_its_logarithm(logits, truth):
    """The loss is the negative probability of the label: its logarithm is missing."""
    return -(torch.softmax(logits, 1) * truth).sum(1)


@deep.mistake("losses")
def loss_over_all_classes(logits, truth):
    """The loss adds up the log-probabilities of all classes: only that of the label counts."""
    return -torch.log_softmax(logits, 1).sum(1)


@deep.mistake("losses")
def squared_error_as_the_loss(logits, truth):
    """The loss is a squared error between probabilities and truth: cross-entropy is asked for."""
    return ((torch.softmax(logits, 1) - truth) ** 2).sum(1)


@deep.mistake("losses")
def base_two(logits, truth):
    """The loss uses a logarithm to another base: the natural one is meant."""
    return (torch.logsumexp(logits, 1) - (logits * truth).sum(1)) / math.log(2)


@deep.mistake("loss")
def loss_summed(losses):
    """The loss is added up over the batch, where the mean is asked for: your loss and your gradients do not belong
    together."""
    return losses.sum()


@deep.mistake("loss", "start")
def sum_in_place_of_the_mean(losses, probabilities, truth):
    """Loss and gradients are sums over the batch: the loss is a mean, so all of them are N times too large."""
    return losses.sum(), probabilities - truth


@deep.mistake("loss")
def loss_as_a_python_number(losses):
    """The loss is a Python number (.item()): a 0-d tensor is asked for, with the dtype and the device of the
    inputs."""
    return losses.mean().item()


@deep.mistake("loss")
def one_loss_for_each_sample(losses):
    """You return a loss for each sample: their mean is asked for, a 0-d tensor."""
    return losses


@deep.mistake("loss")
def loss_divided_by_samples_and_classes(losses, logits):
    """The loss is divided by N times C: it is a mean over the N samples."""
    return losses.sum() / logits.numel()


@deep.mistake("loss")
def loss_divided_by_the_classes(losses, logits):
    """The loss is divided by the number of classes: it is a mean over the N samples."""
    return losses.sum() / logits.shape[1]


@deep.mistake("loss")
def loss_divided_twice(losses):
    """The loss is divided by N twice."""
    return losses.mean() / len(losses)


@deep.mistake("loss")
def loss_of_the_first_sample(losses):
    """The loss is that of the first sample: the mean over the batch is asked for."""
    return losses[0]


@deep.mistake("loss")
def loss_of_the_worst_sample(losses):
    """The loss is the largest of the batch: the mean is asked for."""
    return losses.max()


@deep.mistake("probabilities")
def logits_in_place_of_probabilities(logits):
    """The gradient starts with logits minus truth: the softmax is missing, it is probabilities minus truth."""
    return logits


@deep.mistake("probabilities")
def log_probabilities_in_the_gradient(logits):
    """The gradient starts with log-probabilities minus truth: the probabilities themselves are meant."""
    return torch.log_softmax(logits, 1)


@deep.mistake("probabilities")
def softmax_over_the_batch(logits):
    """The softmax in the gradient runs over the batch: each row must add up to 1, over its classes."""
    return torch.softmax(logits, 0)


@deep.mistake("start")
def not_divided_by_n(probabilities, truth):
    """The 1/N of the mean is missing in the gradients: your loss is a mean, and the gradients are N times too
    large."""
    return probabilities - truth


@deep.mistake("start")
def divided_by_n_twice(probabilities, truth):
    """All gradients are divided by N twice (at the loss, and again in the layers): the 1/N of the mean comes in
    once."""
    return (probabilities - truth) / len(truth) ** 2


@deep.mistake("start")
def divided_by_the_classes(probabilities, truth):
    """The gradients are divided by the number of classes, where the number of samples is meant."""
    return (probabilities - truth) / truth.shape[1]


@deep.mistake("start")
def divided_by_samples_and_classes(probabilities, truth):
    """The gradients are divided by N times C: the loss is a mean over the N samples."""
    return (probabilities - truth) / truth.numel()


@deep.mistake("start")
def sign_of_the_gradients(probabilities, truth):
    """All gradients have the wrong sign (truth minus prediction): a gradient points uphill, the minus belongs to
    the optimizer's step."""
    return (truth - probabilities) / len(truth)


@deep.mistake("start")
def doubled(probabilities, truth):
    """All gradients have a factor 2 too much: that is a squared error's."""
    return 2 * (probabilities - truth) / len(truth)


@deep.mistake("start")
def right_class_only(probabilities, truth):
    """Only the logit of the right class gets a gradient: the softmax ties all classes together, and the wrong ones
    have p each."""
    return (probabilities - 1) * truth / len(truth)


@deep.mistake("start")
def columns_of_all_labels(probabilities, labels):
    """`[:, labels] -= 1` subtracts 1 in the columns of all labels, for every row. Each row has one label: pair a range
    of rows with the labels."""
    seen = torch.zeros_like(probabilities)
    seen[:, labels] = 1
    return (probabilities - seen) / len(labels)


@deep.mistake("start")
def only_misclassified_samples(probabilities, truth):
    """Samples that are classified right get no gradient: cross-entropy goes on teaching until p is 1. (It is the
    perceptron that learns from its errors only.)"""
    missed = truth.argmax(1) != probabilities.argmax(1)
    return (probabilities - truth) * missed.to(truth.dtype).unsqueeze(1) / len(truth)


@deep.mistake("start")
def truth_left_out(probabilities, truth):
    """The truth is not taken away: the gradient starts with probabilities minus truth."""
    return probabilities / len(truth)


@deep.mistake("start")
def slope_of_a_sigmoid_on_top(probabilities, truth):
    """Prediction minus truth is multiplied with p (1 - p) again: it is the whole gradient already."""
    return (probabilities - truth) * probabilities * (1 - probabilities) / len(truth)


@deep.mistake("start")
def gradient_through_the_bend_of_the_output(probabilities, truth, logits):
    """A ReLU mask is applied to the gradient of the logits: there is no ReLU after the last layer."""
    return (probabilities - truth) / len(truth) * (logits > 0)


@deep.mistake("logits", "start")
def relu_after_a_single_layer_both_ways(sums, labels):
    """A single layer gets a ReLU, as if it were a hidden one, both ways: it is the last, and its logits may
    be negative."""
    single = len(sums) == 1
    z = sums[-1]
    logits = z.clamp(min=0) if single else z
    truth = (torch.arange(z.shape[1]) == labels.unsqueeze(1)).to(z.dtype)
    grad = (torch.softmax(logits, 1) - truth) / len(truth)
    return logits, grad * (z > 0) if single else grad


@deep.mistake("logits", "start", in_pairs=False)
def relu_after_the_last_layer_both_ways(sums, labels):
    """There is a ReLU after the last layer as well, forwards and backwards: logits may be negative."""
    logits = sums[-1].clamp(min=0)
    truth = (torch.arange(logits.shape[1]) == labels.unsqueeze(1)).to(logits.dtype)
    return logits, (torch.softmax(logits, 1) - truth) / len(truth) * (logits > 0)


@deep.mistake("start")
def softmax_jacobian_on_top(probabilities, truth):
    """Prediction minus truth goes through the softmax's Jacobian again: it is the whole gradient already."""
    g = (probabilities - truth) / len(truth)
    return probabilities * (g - (g * probabilities).sum(1, keepdim=True))


@deep.mistake("through")
def weight_transposed():
    """On the way back the weight is transposed: forward goes through weight.T, so the way back goes through
    weight. Only square layers forgive this."""
    return lambda grad, weight, grad_weight: grad @ weight.T


@deep.mistake("through")
def gradient_of_the_weight_used():
    """The gradient goes back through the gradient of the weight, where the weight itself is meant."""
    return lambda grad, weight, grad_weight: grad @ grad_weight


@deep.mistake("through", constants=(0.1, 0.01, 0.001, 1.0, 0.5))
def updated_weight_used(constant):
    """The gradient goes back through weights after an update (with rate {constant}): it belongs to the weights
    that the forward pass used."""
    return lambda grad, weight, grad_weight: grad @ (weight - constant * grad_weight)


@deep.mistake("through")
def size_of_the_weights():
    """The gradient goes back through the size of the weights (abs): blame through a negative weight changes its
    sign."""
    return lambda grad, weight, grad_weight: grad @ weight.abs()


@deep.mistake("through")
def divided_by_n_in_every_layer():
    """1/N comes in again at every layer on the way back: it comes in once, at the loss. The further down, the
    smaller the gradients."""
    return lambda grad, weight, grad_weight: grad @ weight / len(grad)


@deep.mistake("through")
def sign_turned_in_every_layer():
    """The gradient changes its sign at every layer on the way back: a minus stands in the loop that does not
    belong there."""
    return lambda grad, weight, grad_weight: -grad @ weight


@deep.mistake("through")
def averaged_over_the_outputs():
    """On the way back the blame of a layer's outputs is averaged: it adds up."""
    return lambda grad, weight, grad_weight: grad @ weight / len(weight)


@deep.mistake("gate")
def gate_left_out():
    """ReLU is missing on the way back: a unit that is off passes no blame on. (Of ReLU's output, >= 0 is always
    true: is that the comparison?)"""
    return lambda grad, z: grad


@deep.mistake("gate")
def open_at_zero():
    """At exactly 0 the gradient of ReLU must be 0: the comparison is >, not >=. (On ReLU's output >= is always
    true.)"""
    return lambda grad, z: grad * (z >= 0)


@deep.mistake("gate")
def half_open_at_zero():
    """At exactly 0 half of the gradient passes ReLU: the convention is that none does."""
    return lambda grad, z: grad * torch.heaviside(z, torch.full_like(z, 0.5))


@deep.mistake("gate")
def mask_of_the_gradient():
    """The sign of the gradient decides what passes ReLU, where the sign of the unit's sum must."""
    return lambda grad, z: grad.clamp(min=0)


@deep.mistake("gate")
def mask_turned_round():
    """The mask is turned round: blame passes through the units that are on."""
    return lambda grad, z: grad * (z < 0)


@deep.mistake("gate")
def mask_of_the_first_sample():
    """The first sample decides for the whole batch which units are on: each sample has units of its own."""
    return lambda grad, z: grad * (z[:1] > 0)


@deep.mistake("gate")
def mask_of_each_row():
    """All units of a sample are on or off together, by the sign of their sum: each has its own sign."""
    return lambda grad, z: grad * (z.sum(1, keepdim=True) > 0)


@deep.mistake("gate", constants=(1.0, 1e-3, 1e-5, 1e-6, 1e-8, 1e-10))
def open_above_a_number(constant):
    """A unit counts as on only where its sum is above {constant} or so: ReLU's corner is at 0, and a small positive sum
    is positive."""
    return lambda grad, z: grad * (z > constant)


@deep.mistake("gate")
def hidden_layer_in_place_of_its_slope():
    """The gradient is multiplied with ReLU's output, where its slope, 0 or 1, is meant."""
    return lambda grad, z: grad * z.clamp(min=0)


@deep.mistake("gate")
def sums_in_place_of_the_slope():
    """The gradient is multiplied with the sums before ReLU, where its slope, 0 or 1, is meant."""
    return lambda grad, z: grad * z


@deep.mistake("gate")
def slope_of_a_sigmoid_of_the_output():
    """The slope h (1 - h) is the sigmoid's: that of ReLU is 1 where the unit is on, and 0 elsewhere."""
    return lambda grad, z: grad * z.clamp(min=0) * (1 - z.clamp(min=0))


@deep.mistake("gate")
def slope_of_a_sigmoid():
    """The slope of a sigmoid is used in the hidden layers: that of ReLU is 1 where the unit is on, and 0
    elsewhere."""
    return lambda grad, z: grad * _sigmoid(z) * (1 - _sigmoid(z))


@deep.mistake("gate")
def slope_of_tanh():
    """The slope 1 - h^2 is that of tanh: ReLU's is 1 where the unit is on, and 0 elsewhere."""
    return lambda grad, z: grad * (1 - z.clamp(min=0) ** 2)


@deep.mistake("gate")
def sign_in_place_of_the_slope():
    """ReLU's slope is -1 for a unit that is off (a sign): it is 0 there."""
    return lambda grad, z: grad * torch.sign(z)


@deep.mistake("of_weight")
def weight_gradients_averaged():
    """The gradients of the weights are divided by N once more: the 1/N of the mean is in them already."""
    return lambda grad, h: grad.T @ h / len(h)


@deep.mistake("of_weight")
def weight_gradients_not_divided_by_n():
    """The 1/N is missing in the gradients of the weights: the mean in the loss concerns them as well."""
    return lambda grad, h: grad.T @ h * len(grad)


@deep.mistake("of_weight")
def weight_gradients_transposed():
    """The gradients of the weights come out transposed: each has the shape of its weight."""
    return lambda grad, h: h.T @ grad


@deep.mistake("of_weight")
def layer_inputs_left_out():
    """The gradients of the weights do not use what the layers were given: the slope of w h with respect to w is
    h."""
    return lambda grad, h: grad.T @ torch.ones_like(h)


@deep.mistake("of_weight")
def mask_in_the_weights():
    """The gradients of the weights are built with ReLU's slope, where what the layer was given is meant."""
    return lambda grad, h: grad.T @ (h > 0).to(h.dtype)


@deep.mistake("of_weight")
def weight_gradients_sign():
    """The gradients of the weights have the wrong sign: a gradient points uphill."""
    return lambda grad, h: -grad.T @ h


@deep.mistake("of_bias")
def bias_gradients_averaged():
    """The gradients of the biases are averaged over the batch: add them up, the 1/N of the mean is in them
    already."""
    return lambda grad: grad.mean(0)


@deep.mistake("of_bias")
def bias_gradients_not_divided_by_n():
    """The 1/N is missing in the gradients of the biases: the mean in the loss concerns them as well."""
    return lambda grad: grad.sum(0) * len(grad)


@deep.mistake("of_bias")
def bias_gradients_not_summed():
    """The gradients of the biases have a row for each sample: one bias serves them all, and its gradients add
    up."""
    return lambda grad: grad


@deep.mistake("of_bias")
def bias_gradients_keep_a_dimension():
    """The gradients of the biases have a dimension too many (keepdim): each has the shape of its bias."""
    return lambda grad: grad.sum(0, keepdim=True)


@deep.mistake("of_bias")
def bias_gradients_summed_over_the_units():
    """The gradients of the biases are summed over the units, one number a sample: sum over the batch, one number a
    unit."""
    return lambda grad: grad.sum(1)


@deep.mistake("of_bias")
def bias_gradients_of_one_number():
    """The gradients of the biases are added up over samples and units: every unit has a bias of its own."""
    return lambda grad: grad.sum()


@deep.mistake("of_bias")
def bias_gradients_zero():
    """The gradients of the biases are zero: they are created and never filled in."""
    return lambda grad: torch.zeros_like(grad.sum(0))


@deep.mistake("of_bias")
def bias_gradients_sign():
    """The gradients of the biases have the wrong sign: a gradient points uphill."""
    return lambda grad: -grad.sum(0)


@deep.mistake("of_bias")
def bias_gradients_of_the_first_sample():
    """The gradients of the biases are those of the first sample only: add up over the batch."""
    return lambda grad: grad[0]


def _walk(start, inputs, sums, weights, *, step=None, last=0, gate=None, given=None):
    """The way back, with a slip: where it ends, which mask it takes, or what it hands down."""
    grad, found = start, []
    for index in reversed(range(len(weights))):
        h = inputs[index] if given is None else given(index)
        found.insert(0, (grad.T @ h, grad.sum(0)))
        if index > 0:
            down = grad @ weights[index] if step is None else step(grad, index)
            grad = down * (sums[index - 1] > 0) if gate is None else gate(down, index)
        if index == last:
            break
    zeros = [(torch.zeros_like(weights[index]), weights[index].new_zeros(len(weights[index]))) for index in range(last)]
    return zeros + found if len(found) + last == len(weights) else found


@deep.mistake("layers")
def only_the_last_layer(start, inputs, weights):
    """Only the last layer has its gradients, the others are zeros: the way back goes through all of them. (Without
    the weights nothing arrives below either, as the gradients of a row of logits add up to 0.)"""
    zeros = [(torch.zeros_like(weight), weight.new_zeros(len(weight))) for weight in weights[:-1]]
    return [*zeros, (start.T @ inputs[-1], start.sum(0))]


@deep.mistake("layers")
def stops_before_the_first_layer(start, inputs, sums, weights):
    """The first layer's gradients are zeros: the loop on the way back ends one layer too early."""
    return _walk(start, inputs, sums, weights, last=min(1, len(weights) - 1))


@deep.mistake("layers")
def first_layer_missing(start, inputs, sums, weights):
    """The first layer's gradients are not in the lists: the loop on the way back ends one layer too early."""
    found = _walk(start, inputs, sums, weights)
    return found[1:]


@deep.mistake("layers")
def last_layer_missing(start, inputs, sums, weights):
    """The last layer's gradients are not in the lists: the loop over the hidden layers is not the whole way
    back."""
    return _walk(start, inputs, sums, weights)[:-1]


@deep.mistake("layers")
def gate_skipped_at_the_last_hidden_layer(start, inputs, sums, weights):
    """ReLU's slope is skipped at the last hidden layer and applied at the others: it belongs to every hidden
    layer."""
    last = len(weights) - 1
    return _walk(
        start,
        inputs,
        sums,
        weights,
        gate=lambda down, index: down if index == last else down * (sums[index - 1] > 0),
    )


@deep.mistake("layers")
def gate_skipped_at_the_first_layer(start, inputs, sums, weights):
    """ReLU's slope is skipped at the first hidden layer and applied at the others: it belongs to every hidden
    layer."""
    return _walk(
        start,
        inputs,
        sums,
        weights,
        gate=lambda down, index: down if index == 1 else down * (sums[index - 1] > 0),
    )


@deep.mistake("layers")
def mask_of_the_layer_above(start, inputs, sums, weights):
    """The mask is that of the layer above: what goes back into a layer's ReLU is masked with that same layer's
    sums."""
    return _walk(start, inputs, sums, weights, gate=lambda down, index: down * (sums[index] > 0))


@deep.mistake("layers")
def mask_of_the_layer_below(start, inputs, sums, weights):
    """The mask is that of the layer below (of x at the first): what goes back into a layer's ReLU is masked with
    that same layer's sums."""
    return _walk(start, inputs, sums, weights, gate=lambda down, index: down * (inputs[index - 1] > 0))


@deep.mistake("layers")
def weight_of_the_layer_below(start, inputs, sums, weights):
    """The gradient goes back through the weight of the layer below: an index is off by one."""
    return _walk(start, inputs, sums, weights, step=lambda grad, index: grad @ weights[index - 1])


@deep.mistake("layers")
def inputs_one_layer_off(start, inputs, sums, weights):
    """The gradients of the weights are built with their own layer's output: a weight met what its layer was given,
    one index before."""
    outputs = [*inputs[1:], sums[-1]]
    return _walk(start, inputs, sums, weights, given=lambda index: outputs[index])


@deep.mistake("layers")
def inputs_one_layer_early(start, inputs, sums, weights):
    """The gradients of the weights are built with what the layer before was given: a weight met what its own layer was
    given, and an index is off by one."""
    return _walk(start, inputs, sums, weights, given=lambda index: inputs[max(index - 1, 0)])


@deep.mistake("layers")
def input_of_the_network_in_every_layer(start, inputs, sums, weights):
    """The gradients of all weights are built with x: only the first layer was given x."""
    return _walk(start, inputs, sums, weights, given=lambda index: inputs[0])


@deep.mistake("layers")
def gradient_of_the_logits_in_every_layer(start, inputs, sums, weights):
    """Every layer starts again from the gradient of the logits: each gets what the layer above it handed down."""
    return _walk(start, inputs, sums, weights, step=lambda grad, index: start @ weights[index])


@deep.mistake("layers")
def ungated_gradient_in_the_layers(start, inputs, sums, weights):
    """The gradients of weights and biases are built before ReLU's slope is multiplied in, though it is handed on:
    they belong to the sums before ReLU."""
    grad, found = start, []
    for index in reversed(range(len(weights))):
        found.insert(0, (grad.T @ inputs[index], grad.sum(0)))
        if index > 0:
            if index < len(weights) - 1:
                grad = grad * (sums[index] > 0)
            grad = grad @ weights[index]
    return found


@deep.mistake("layers")
def ungated_gradient_handed_down(start, inputs, sums, weights):
    """ReLU's slope is multiplied in for the layer's own gradients only, and what is handed down goes past it: layers
    below get blame through units that are off, too."""
    grad, found = start, []
    for index in reversed(range(len(weights))):
        gated = grad * (sums[index] > 0) if index < len(weights) - 1 else grad
        found.insert(0, (gated.T @ inputs[index], gated.sum(0)))
        grad = grad @ weights[index]
    return found


@deep.mistake("bias_grads")
def biases_of_the_gradient_handed_down(start, inputs, weights):
    """The gradient of a bias is taken after the blame has gone down to the next layer: a bias gets what arrived at its
    own layer, like the weight beside it."""
    grad, found = start, []
    for index in reversed(range(len(weights))):
        grad = (grad @ weights[index]) * (inputs[index] > 0)
        found.insert(0, grad.sum(0))
    return found


@deep.mistake("bias_grads")
def biases_of_the_ungated_gradient_handed_down(start, inputs, weights):
    """The gradient of a bias is taken after the blame has gone down through the weight: a bias gets what arrived at its
    own layer, like the weight beside it."""
    grad, found = start, []
    for index in reversed(range(len(weights))):
        grad = grad @ weights[index]
        found.insert(0, grad.sum(0))
        grad = grad * (inputs[index] > 0)
    return found


@deep.mistake("weight_grads", "bias_grads", constants=(1.0, 0.5, 0.1))
def gradients_clamped(layers, constant):
    """The gradients are held between -{constant} and {constant}: return them as they are, clipping is the optimizer's
    business."""
    return [each.clamp(-constant, constant) for each, _ in layers], [
        each.clamp(-constant, constant) for _, each in layers
    ]


@deep.mistake("weight_grads", constants=(0.01, 0.1, 1e-3, 1e-4, 5e-4))
def weight_decay_added(layers, weights, constant):
    """The gradients of the weights have {constant} times the weights added: that is weight decay, and there is no
    penalty in this loss."""
    return [each + constant * weight for (each, _), weight in zip(layers, weights, strict=True)]


@deep.mistake("loss", "weight_grads", constants=(0.01, 0.1, 1e-3, 1e-4, 5e-4))
def penalty_added(losses, layers, weights, constant):
    """There is a penalty on the weights in the loss (strength {constant}) and in its gradients: the loss is the plain
    cross-entropy."""
    penalty = sum((weight**2).sum() for weight in weights)
    decayed = [each + constant * weight for (each, _), weight in zip(layers, weights, strict=True)]
    return losses.mean() + constant / 2 * penalty, decayed


@deep.mistake("weight_grads", "bias_grads")
def last_layer_first(layers):
    """The gradients come out last layer first: that is the order in which they are found, and they are returned in
    the order of the weights."""
    return [grad for grad, _ in reversed(layers)], [grad for _, grad in reversed(layers)]


@deep.mistake("weight_grads")
def weights_last_layer_first(layers):
    """The gradients of the weights come out last layer first: they are returned in the order of the weights."""
    return [grad for grad, _ in reversed(layers)]


@deep.mistake("bias_grads")
def biases_last_layer_first(layers):
    """The gradients of the biases come out last layer first: they are returned in the order of the biases."""
    return [grad for _, grad in reversed(layers)]


@deep.mistake("weight_grads", "bias_grads")
def lists_swapped(layers):
    """The two lists have changed places: the gradients of the weights come first, those of the biases second."""
    return [grad for _, grad in layers], [grad for grad, _ in layers]


@mistake("backprop.mlp_backward")
def relu_of_the_input(x, *rest):
    """ReLU is applied to the input x as well: it belongs between the layers, and x comes in as it is."""
    return deep.with_steps({})(x.clamp(min=0), *rest)


@mistake("backprop.mlp_backward")
def first_and_last_layer_only(x, labels, weights, biases):
    """Only the first and the last layer are there: a network may have any depth, so go through the lists in a
    loop."""
    ends = slice(None, None, max(len(weights) - 1, 1))
    return deep.with_steps({})(x, labels, weights[ends], biases[ends])


@mistake("backprop.mlp_backward")
def first_two_layers_only(x, labels, weights, biases):
    """Only the first two layers are there: a network may have any depth, so go through the lists in a loop."""
    return deep.with_steps({})(x, labels, weights[:2], biases[:2])


# -------------------------------------------------------------------------------------- residual_backward

residual = Anatomy("backprop.residual_backward", "grad_x")


@residual.step
def z(x, w1, b1):
    """the sums of the hidden layer, before ReLU"""
    return x @ w1.T + b1


@residual.step
def grad_hidden(grad_out, w2):
    """the gradient with respect to the hidden layer's output"""
    return grad_out @ w2


@residual.step
def mask(z):
    """the slope of ReLU at each sum of the hidden layer"""
    return (z > 0).to(z.dtype)


@residual.step
def grad_z(grad_hidden, mask):
    """the gradient with respect to the hidden layer's sums"""
    return grad_hidden * mask


@residual.step
def branch(grad_z, w1):
    """what comes back to `x` through the two layers"""
    return grad_z @ w1


@residual.step
def identity(grad_out):
    return grad_out


@residual.step
def grad_x(branch, identity):
    """the gradient with respect to `x`, from both paths together"""
    return identity + branch


@residual.quantity
def products(x, w1):
    """the sums of the hidden layer, before `b1` is added"""
    return x @ w1.T


@residual.quantity
def z_transposed(z):
    """the sums of the hidden layer before ReLU, with one column for each sample"""
    return z.T


@residual.quantity
def hidden(z):
    """the output of the hidden layer, after ReLU"""
    return z.clamp(min=0)


@residual.quantity
def on(z):
    """whether each hidden unit is on, for each sample"""
    return z > 0


@residual.quantity
def off(z):
    """whether each hidden unit is off, its sum 0 or negative"""
    return z <= 0


@residual.quantity
def open_weights(mask, w1):
    """`w1` for each sample, the rows of units that are off set to 0"""
    return mask[:, :, None] * w1


@residual.quantity
def jacobians_of_the_layers(w2, open_weights):
    """each sample's Jacobian of the two layers, without the identity path"""
    return w2 @ open_weights


@residual.quantity
def jacobians(jacobians_of_the_layers, w1):
    """each sample's Jacobian of the whole block"""
    return jacobians_of_the_layers + torch.eye(w1.shape[1], dtype=w1.dtype)


@residual.mistake("z")
def first_bias_left_out(x, w1):
    """b1 is left out when it is found out which units are on: it shifts every sum."""
    return x @ w1.T


@residual.mistake("z")
def first_bias_subtracted(x, w1, b1):
    """b1 is subtracted when it is found out which units are on: it is added."""
    return x @ w1.T - b1


@residual.mistake("grad_hidden", "branch")
def order_of_the_layers_where_it_fits(grad_out, mask, w1, w2):
    """Where the weights are square, the blame goes through w1 first and then through w2: on the way back the layers
    come in reverse, w2 first, whatever the shapes."""
    first, second = (w1, w2) if w1.shape[0] == w1.shape[1] else (w2, w1)
    hidden = grad_out @ first
    return hidden, (hidden * mask) @ second


@residual.mistake("grad_hidden", in_pairs=False)
def second_weight_transposed_where_it_fits(grad_out, w2):
    """Where w2 is square it is transposed on the way back: forward goes through w2.T, so the way back goes through w2,
    whatever its shape."""
    return grad_out @ (w2.T if w2.shape[0] == w2.shape[1] else w2)


@residual.mistake("branch", in_pairs=False)
def first_weight_transposed_where_it_fits(grad_z, w1):
    """Where w1 is square it is transposed on the way back: forward goes through w1.T, so the way back goes through w1,
    whatever its shape."""
    return grad_z @ (w1.T if w1.shape[0] == w1.shape[1] else w1)


@residual.mistake("z")
def first_weight_not_transposed(x, w1, b1):
    """w1 is not transposed on the way forward: it is (H, D). Only square layers forgive this."""
    return x @ w1 + b1


@residual.mistake("z")
def sums_of_the_output(x, w1, b1, w2, b2):
    """The block's output is put through the first layer to find out which units are on: they were given x."""
    out = x + (x @ w1.T + b1).clamp(min=0) @ w2.T + b2
    return out @ w1.T + b1


@residual.mistake("z")
def input_added_to_the_sums(x, w1, b1):
    """x is added to the sums inside the block: it joins after the second layer. Only square layers forgive this."""
    return x @ w1.T + b1 + x


@residual.mistake("z")
def relu_of_the_input(x, w1, b1):
    """ReLU is applied to x when it is found out which units are on: they were given x as it is."""
    return x.clamp(min=0) @ w1.T + b1


@residual.mistake("z")
def sums_of_the_gradient(grad_out, w1, b1):
    """grad_out is put through the first layer to find out which units are on: that was decided by x, on the way
    forward."""
    return grad_out @ w1.T + b1


@residual.mistake("grad_hidden")
def second_weight_transposed(grad_out, w2):
    """w2 is transposed on the way back: forward goes through w2.T, so the way back goes through w2. Only square
    layers forgive this."""
    return grad_out @ w2.T


@residual.mistake("grad_hidden")
def second_weight_left_out(grad_out, w2):
    """w2 is left out on the way back: each hidden unit's blame is in proportion to its weights."""
    return grad_out @ torch.ones_like(w2)


@residual.mistake("grad_hidden")
def second_layer_skipped(grad_out):
    """The second layer is skipped on the way back: grad_out goes through w2 first, then through ReLU, then through
    w1."""
    return grad_out


@residual.mistake("grad_hidden")
def size_of_the_second_weight(grad_out, w2):
    """The gradient goes back through the size of w2 (abs): blame through a negative weight changes its sign."""
    return grad_out @ w2.abs()


@residual.mistake("grad_hidden")
def second_bias_added(grad_out, w2, b2):
    """b2 is added on the way back: a bias has no part in the slope."""
    return (grad_out + b2) @ w2


@residual.mistake("grad_hidden")
def mask_of_the_second_layer(grad_out, z, w2, b2):
    """grad_out is masked where the second layer's output is not positive: there is one ReLU, between the layers, and
    none behind the second."""
    return (grad_out * (z.clamp(min=0) @ w2.T + b2 > 0)) @ w2


@residual.mistake("grad_hidden")
def second_layer_averaged(grad_out, w2):
    """The blame of a hidden unit is averaged over the outputs: every output sends its blame back, and it adds up."""
    return grad_out @ w2 / len(w2)


@residual.mistake("grad_hidden")
def gradient_ignored_in_the_layers(grad_out, w2):
    """The layers do not use grad_out (as if it were all ones): the blame that arrives goes back through both
    paths."""
    return torch.ones_like(grad_out) @ w2


@residual.mistake("mask")
def gate_left_out(z):
    """ReLU is missing on the way back: a hidden unit that is off passes no blame on. (Of ReLU's output, >= 0 is
    always true: is that the comparison?)"""
    return torch.ones_like(z)


@residual.mistake("mask")
def open_at_zero(z):
    """Where the sum is exactly 0 the gradient of ReLU must be 0: the comparison is >, not >=. (On ReLU's output >=
    is always true.)"""
    return (z >= 0).to(z.dtype)


@residual.mistake("mask")
def half_open_at_zero(z):
    """Where the sum is exactly 0 half of the gradient passes: the convention is that none does."""
    return torch.heaviside(z, torch.full_like(z, 0.5))


@residual.mistake("mask")
def mask_of_the_gradient(grad_hidden):
    """The sign of the gradient decides what passes ReLU, where the sign of x @ w1.T + b1 must."""
    return (grad_hidden > 0).to(grad_hidden.dtype)


@residual.mistake("mask")
def mask_turned_round(z):
    """The mask is turned round: blame passes through the units that are on."""
    return (z < 0).to(z.dtype)


@residual.mistake("mask")
def hidden_layer_in_place_of_its_slope(z):
    """The gradient is multiplied with ReLU's output, where its slope, 0 or 1, is meant."""
    return z.clamp(min=0)


@residual.mistake("mask")
def sums_in_place_of_the_slope(z):
    """The gradient is multiplied with the sums before ReLU, where its slope, 0 or 1, is meant."""
    return z


@residual.mistake("mask")
def slope_of_a_sigmoid(z):
    """The slope of a sigmoid is used: that of ReLU is 1 where the unit is on, and 0 elsewhere."""
    return _sigmoid(z) * (1 - _sigmoid(z))


@residual.mistake("mask")
def slope_of_a_sigmoid_of_the_output(z):
    """The slope h (1 - h) is the sigmoid's: that of ReLU is 1 where the unit is on, and 0 elsewhere."""
    return z.clamp(min=0) * (1 - z.clamp(min=0))


@residual.mistake("mask")
def slope_of_tanh(z):
    """The slope of tanh is used: that of ReLU is 1 where the unit is on, and 0 elsewhere."""
    return 1 - torch.tanh(z) ** 2


@residual.mistake("mask")
def slope_of_silu(z):
    """The slope of SiLU is used: that of ReLU is 1 where the unit is on, and 0 elsewhere."""
    return _sigmoid(z) * (1 + z * (1 - _sigmoid(z)))


@residual.mistake("mask")
def slope_of_gelu(z):
    """The slope of GELU is used: that of ReLU is 1 where the unit is on, and 0 elsewhere."""
    return 0.5 * (1 + torch.erf(z / math.sqrt(2))) + z * torch.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)


@residual.mistake("mask")
def sigmoid_in_place_of_the_slope(z):
    """The gradient is multiplied with a sigmoid of the sums: ReLU's slope is 1 where the unit is on, and 0
    elsewhere."""
    return _sigmoid(z)


@residual.mistake("mask")
def sign_in_place_of_the_slope(z):
    """ReLU's slope is -1 where the sum is negative (a sign): it is 0 there."""
    return torch.sign(z)


@residual.mistake("mask", constants=(0.01, 0.1, 0.2))
def leaky_slope(z, constant):
    """{constant} of the gradient passes a unit that is off: that is a leaky ReLU's slope."""
    return torch.where(z > 0, torch.ones_like(z), torch.full_like(z, constant))


@residual.mistake("mask")
def mask_of_the_input(x):
    """The mask is made of x: ReLU was applied to x @ w1.T + b1."""
    return (x > 0).to(x.dtype)


@residual.mistake("mask")
def mask_of_the_first_sample(z):
    """The first sample decides for the whole batch which units are on: each sample has units of its own."""
    return (z[:1] > 0).to(z.dtype).expand_as(z)


@residual.mistake("mask")
def mask_of_each_row(z):
    """All units of a sample are on or off together, by the sign of their sum: each has its own sign."""
    return (z.sum(1, keepdim=True) > 0).to(z.dtype).expand_as(z)


@residual.mistake("mask", constants=(1.0, 1e-3, 1e-5, 1e-6, 1e-8, 1e-10))
def open_above_a_number(z, constant):
    """A unit counts as on only where its sum is above {constant} or so: ReLU's corner is at 0, and a small positive sum
    is positive."""
    return (z > constant).to(z.dtype)


@residual.mistake("branch")
def first_weight_transposed(grad_z, w1):
    """w1 is transposed on the way back: forward goes through w1.T, so the way back goes through w1. Only square
    layers forgive this."""
    return grad_z @ w1.T


@residual.mistake("branch")
def first_weight_left_out(grad_z, w1):
    """w1 is left out on the way back: the blame of a hidden unit reaches x in proportion to its weights."""
    return grad_z @ torch.ones_like(w1)


@residual.mistake("branch")
def first_layer_skipped(grad_z):
    """The first layer is skipped on the way back: the blame goes through w1 before it reaches x."""
    return grad_z


@residual.mistake("branch")
def size_of_the_first_weight(grad_z, w1):
    """The gradient goes back through the size of w1 (abs): blame through a negative weight changes its sign."""
    return grad_z @ w1.abs()


@residual.mistake("branch")
def second_weight_again(grad_z, w2):
    """The gradient goes back through w2 twice: the second time it is w1."""
    return grad_z @ w2.T


@residual.mistake("branch")
def branch_subtracted(grad_z, w1):
    """The blame of the layers is subtracted: the two paths add up."""
    return -grad_z @ w1


@residual.mistake("branch")
def branch_averaged(grad_z, w1):
    """The blame of the layers is divided by N: a mean in the loss has put its 1/N into grad_out already."""
    return grad_z @ w1 / len(grad_z)


@residual.mistake("branch")
def branch_left_out(grad_z, w1):
    """Only the identity path is there: x went through the two layers as well, and collects blame from them too."""
    return torch.zeros_like(grad_z @ w1)


@residual.mistake("branch")
def branch_doubled(grad_z, w1):
    """The blame of the layers is counted twice."""
    return 2 * grad_z @ w1


@residual.mistake("branch")
def branch_times_x(grad_z, w1, x):
    """The blame of the layers is multiplied with x: with respect to x, the slope of w1 x is w1."""
    return grad_z @ w1 * x


@residual.mistake("branch")
def positive_weights_only(grad_z, w1):
    """Only the positive weights of the first layer hand the blame on (a ReLU of w1): ReLU was applied to the sums."""
    return grad_z @ w1.clamp(min=0)


@residual.mistake("branch")
def relu_of_the_branch(grad_z, w1):
    """Negative blame of the layers is cut off (a ReLU of the gradient): a gradient may be negative, and the mask is
    made on the way forward."""
    return (grad_z @ w1).clamp(min=0)


@residual.mistake("branch", constants=(0.1, 0.5, 0.2, 0.01))
def branch_scaled(grad_z, w1, constant):
    """The blame of the layers is multiplied by {constant}: this block adds its two paths as they are."""
    return constant * grad_z @ w1


@residual.mistake("branch")
def gate_after_the_first_layer(grad_hidden, w1, x):
    """ReLU's slope is applied to x, after w1: it belongs between the two layers, to x @ w1.T + b1."""
    return grad_hidden @ w1 * (x > 0)


@residual.mistake("grad_hidden", "branch")
def weights_in_the_wrong_order(grad_out, mask, w1, w2):
    """The weights are used in the order of the forward pass, w1 first: on the way back w2 comes first, then w1."""
    arriving = grad_out @ w1.T
    return arriving, (arriving * mask) @ w2.T


@residual.mistake("identity", "grad_hidden")
def relu_after_the_sum(grad_out, x, z, w2, b2):
    """A ReLU mask of the block's output is applied before anything else: there is no ReLU after the sum."""
    gated = grad_out * (x + z.clamp(min=0) @ w2.T + b2 > 0)
    return gated, gated @ w2


@residual.mistake("identity")
def identity_path_left_out(grad_out):
    """The identity path is missing: x is also added as it is, so grad_out arrives at x unchanged. It is what keeps
    gradients alive in deep networks."""
    return torch.zeros_like(grad_out)


@residual.mistake("identity")
def one_in_place_of_the_gradient(grad_out):
    """The identity path adds 1 to the gradient: its slope is 1, and the chain rule multiplies that with
    grad_out."""
    return torch.ones_like(grad_out)


@residual.mistake("identity")
def input_in_place_of_the_gradient(x):
    """The identity path adds x, as on the way forward: on the way back it carries grad_out."""
    return x


@residual.mistake("identity")
def identity_path_twice(grad_out):
    """The identity path is counted twice."""
    return 2 * grad_out


@residual.mistake("identity")
def identity_path_halved(grad_out):
    """Half of grad_out comes over the identity path: blame is not shared out between the paths, each carries it in
    full."""
    return grad_out / 2


@residual.mistake("identity")
def identity_path_subtracted(grad_out):
    """The identity path is subtracted: it carries grad_out unchanged."""
    return -grad_out


@residual.mistake("identity")
def identity_path_gated(grad_out, x):
    """The identity path is masked where x is not positive: there is no ReLU on it."""
    return grad_out * (x > 0)


@residual.mistake("identity")
def identity_path_gated_by_the_output(grad_out, x, z, w2, b2):
    """A ReLU mask of the block's output is applied: there is no ReLU after the sum."""
    return grad_out * (x + z.clamp(min=0) @ w2.T + b2 > 0)


@residual.mistake("grad_x")
def paths_multiplied(branch, identity):
    """The blame of the two paths is multiplied: it adds up."""
    return branch * identity


@residual.mistake("grad_x")
def paths_averaged(branch, identity):
    """The blame of the two paths is averaged: it adds up."""
    return (branch + identity) / 2


@residual.mistake("grad_x")
def identity_path_inside(branch, identity):
    """The blame of the layers is multiplied with 1 + itself, or with grad_out again: the identity path adds
    grad_out once."""
    return branch * (1 + identity)


@residual.mistake("grad_x")
def second_bias_in_the_result(branch, identity, b2):
    """b2 is added to the gradient: a bias is added on the way forward, and has no part in the slope."""
    return branch + identity + b2


@residual.mistake("grad_x")
def relu_of_the_result(branch, identity):
    """Negative entries of the result are cut off (a ReLU of the gradient): a gradient may be negative, and there is no
    ReLU after the sum."""
    return (branch + identity).clamp(min=0)


@residual.mistake("grad_x")
def input_in_the_result(branch, identity, x):
    """x is added to the gradient: x was added on the way forward, and what comes back for it is grad_out."""
    return branch + identity + x


@residual.mistake("grad_x")
def one_in_the_result(branch, identity):
    """1 is added to the gradient, beside grad_out: the identity path's slope is 1, and grad_out is multiplied with
    it."""
    return branch + identity + 1


@residual.mistake("grad_x")
def all_gradients_returned(grad_out, x, z, grad_z, branch, identity):
    """You return the gradients of the weights and biases as well: only grad_x is asked for, as one tensor."""
    return identity + branch, grad_z.T @ x, grad_z.sum(0), grad_out.T @ z.clamp(min=0), grad_out.sum(0)


@residual.mistake("grad_x")
def divided_by_n(branch, identity):
    """The gradient is divided by N: a mean in the loss has put its 1/N into grad_out already."""
    return (branch + identity) / len(branch)


@residual.mistake("grad_x")
def summed_over_the_batch(branch, identity):
    """The gradient is summed over the batch: every sample has an x of its own, and a gradient of its own."""
    return (branch + identity).sum(0)


@residual.mistake("grad_x")
def averaged_over_the_batch(branch, identity):
    """Every row is the mean of the batch's gradients: each sample has an x of its own, and a gradient of its own."""
    return (branch + identity).mean(0).expand_as(branch)


@residual.mistake("identity")
def identity_path_averaged(grad_out):
    """The mean of grad_out comes over the identity path: it carries grad_out unchanged, row by row."""
    return grad_out.mean(0).expand_as(grad_out)


@residual.mistake("identity")
def sign_of_the_gradient_on_the_identity_path(grad_out):
    """Only the sign of grad_out comes over the identity path: it carries grad_out unchanged."""
    return torch.sign(grad_out)


@residual.mistake("grad_x")
def sign(branch, identity):
    """The gradient has the wrong sign: it points uphill, and the minus belongs to the optimizer's step."""
    return -(branch + identity)


@residual.mistake("grad_x")
def forward_pass(x, z, w2, b2):
    """You return the block's output: the gradient with respect to x is asked for."""
    return x + z.clamp(min=0) @ w2.T + b2


@residual.mistake("grad_x")
def float32_result(branch, identity):
    """The result is float32 whatever the input is: a float64 gradient must stay float64 (look at .float())."""
    return (branch + identity).float()
