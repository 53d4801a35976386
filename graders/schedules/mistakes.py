"""Known mistakes of the unit schedules: short wrong solutions, and what to tell whoever wrote one."""

import math
import struct

from backpass.explaining.declared import Anatomy, mistake

# -------------------------------------------------------------------------------------------- step_decay

stairs = Anatomy("schedules.step_decay", "lr")


@stairs.step
def position(step):
    return step


@stairs.step
def size(step_size):
    return step_size


@stairs.step
def factor(gamma):
    return gamma


@stairs.step
def start(base_lr):
    return base_lr


@stairs.step
def cuts(position, size):
    """the number of cuts so far"""
    return position // size


@stairs.step
def decay(factor, cuts):
    """the factor that all cuts so far make together"""
    return factor**cuts


@stairs.step
def lr(start, decay):
    """the learning rate at this step"""
    return start * decay


@stairs.quantity
def cuts_as_a_float(cuts):
    """the number of cuts so far"""
    return float(cuts)


@stairs.quantity
def stairs_behind(position, size):
    """the stairs that are behind, with the part of the present one"""
    return position / size


@stairs.quantity
def start_of_the_stair(cuts, size):
    """the step at which the present stair starts"""
    return cuts * size


@stairs.quantity
def place_on_the_stair(position, size):
    """the number of steps since the present stair started"""
    return position % size


@stairs.quantity
def steps_of_the_cuts(position, size):
    """the steps at which the rate has been cut so far"""
    return list(range(size, position + 1, size))


@stairs.quantity
def rate_after_one_cut(start, factor):
    """the rate after the first cut"""
    return start * factor


@stairs.quantity
def rates_after_the_cuts(start, factor, cuts):
    """the rate after each of the cuts so far"""
    return [start * factor**number for number in range(1, cuts + 1)]


@stairs.mistake("position")
def one_step_early(step):
    """Off by one: you compute with step + 1, so every cut comes one step too early. Steps count from 0, and step
    step_size is the first one after the first cut."""
    return step + 1


@stairs.mistake("position")
def one_step_late(step):
    """Off by one: you compute with step - 1 (or cut only when step is greater than a multiple of step_size), so every
    cut comes one step too late. Step step_size is the first one after the first cut."""
    return max(step - 1, 0)


@stairs.mistake("position")
def step_minus_one(step):
    """Off by one: you compute with step - 1. Every cut comes one step too late, and at step 0 the rate is even above
    base_lr. Steps count from 0."""
    return step - 1


@stairs.mistake("size")
def stairs_one_longer(step_size):
    """Off by one: your stairs are step_size + 1 steps long, so each cut comes a little later than the one before."""
    return step_size + 1


@stairs.mistake("size")
def stairs_one_shorter(step_size):
    """Off by one: your stairs are step_size - 1 steps long, so each cut comes earlier and earlier."""
    return max(step_size - 1, 1)


@stairs.mistake("size", constants=(2, 3, 5, 10))
def step_size_fixed(constant):
    """The stairs are always {constant} steps long in your code: use step_size."""
    return constant


@stairs.mistake("cuts")
def not_rounded_down(position, size):
    """step / step_size is not rounded down: the rate slides a little at every step, where it should stand still for
    step_size steps and then drop."""
    return position / size


@stairs.mistake("cuts")
def rounded_up(position, size):
    """You round step / step_size up (or count the multiples of step_size from step 0 on): the first cut comes at step 1
    already. Round down: the first cut belongs to step step_size."""
    return math.ceil(position / size)


@stairs.mistake("cuts")
def rounded_to_the_nearest(position, size):
    """You round step / step_size to the nearest whole number, so each cut comes half a stair too early. Round down."""
    return round(position / size)


@stairs.mistake("cuts")
def rounded_half_up(position, size):
    """You round step / step_size to the nearest whole number, so each cut comes half a stair too early. Round down."""
    return math.floor(position / size + 0.5)


@stairs.mistake("cuts")
def remainder_in_place_of_the_quotient(position, size):
    """You use the remainder step % step_size: it says how far into a stair you are. The number of cuts is how many
    whole stairs lie behind, the quotient rounded down."""
    return position % size


@stairs.mistake("cuts")
def cut_only_once(position, size):
    """Your rate is cut once and never again: count how many whole step_sizes have gone by."""
    return int(position >= size)


@stairs.mistake("cuts")
def product_rounded_down(position, size):
    """You round a product with 1 / step_size down: 49 * (1 / 49) is a little less than 1, so that some cuts come a step
    too late. Divide whole numbers, step // step_size."""
    return int(position * (1 / size))


@stairs.mistake("cuts", constants=(2, 3, 4, 5))
def no_more_cuts(position, size, constant):
    """Your rate is cut {constant} times at most: count all the whole step_sizes that have gone by."""
    return min(position // size, constant)


@stairs.mistake("cuts")
def gamma_squared_in_the_loop(position, size):
    """In your loop gamma itself changes (it is squared at each cut): each cut multiplies the rate by the same gamma."""
    return 2 ** min(position // size + 1, 10) - 2


@stairs.mistake("cuts")
def powers_multiplied_up(position, size):
    """Each of your cuts multiplies by another power of gamma (1 + 2 + 3 ... in the exponent): each multiplies what is
    left by gamma once."""
    return (position // size) * (position // size + 1) // 2


@stairs.mistake("cuts")
def first_stair_cut_already(position, size):
    """Off by one: you count one cut too many, so the first stair is cut already. At step 0 the rate is base_lr."""
    return position // size + 1


@stairs.mistake("cuts")
def one_cut_behind(position, size):
    """Off by one: you count one cut too few, so the first stair is above base_lr."""
    return position // size - 1


@stairs.mistake("cuts")
def first_cut_skipped(position, size):
    """Off by one: the first cut is left out, so the first stair is twice as long as the others."""
    return max(position // size - 1, 0)


@stairs.mistake("cuts")
def cut_at_every_step(position):
    """You multiply by gamma at every step: step_size is not used, and that is exponential decay."""
    return position


@stairs.mistake("cuts")
def step_times_size(position, size):
    """You multiply step and step_size where you should divide."""
    return position * size


@stairs.mistake("cuts")
def quotient_upside_down(position, size):
    """The quotient is upside down: it is the step that is divided by step_size."""
    return size // position if position else 0


@stairs.mistake("cuts")
def cut_for_one_step_only(position, size):
    """You multiply base_lr by gamma only at the steps that are multiples of step_size, and at the next step the rate
    is back: a cut stays. Nothing is remembered between calls, so count all the cuts up to this step."""
    return int(position > 0 and position % size == 0)


@stairs.mistake("cuts")
def cut_for_one_step_and_at_once(position, size):
    """You multiply base_lr by gamma only at the steps that are multiples of step_size, step 0 included, and at the
    next step the rate is back: a cut stays, and the first comes at step_size."""
    return int(position % size == 0)


@stairs.mistake("cuts")
def stairs_that_double(position, size):
    """Your cuts come at step_size, twice, four times step_size and so on: all stairs are equally long."""
    return int(math.log2(position / size)) + 1 if position >= size else 0


@stairs.mistake("factor")
def one_minus_gamma(gamma):
    """You multiply by 1 - gamma: gamma is what is left of the rate, not what is taken away."""
    return 1 - gamma


@stairs.mistake("factor")
def divided_by_gamma(gamma):
    """You divide by gamma (or the exponent has the wrong sign): your rate grows."""
    return 1 / gamma


@stairs.mistake("factor")
def root_of_gamma(gamma):
    """Your factor is the square root of gamma: it is gamma itself."""
    return math.sqrt(gamma)


@stairs.mistake("factor")
def gamma_squared(gamma):
    """Your factor is gamma squared: every cut is made twice."""
    return gamma * gamma


@stairs.mistake("factor", constants=(0.1, 0.5, 0.9, 0.2, 2, 0.3, 0.7, 0.8, 0.95, 0.99))
def gamma_fixed(constant):
    """The factor is the fixed number {constant} in your code: use gamma."""
    return constant


@stairs.mistake("decay")
def product_in_place_of_a_power(factor, cuts):
    """You multiply gamma by the number of cuts: several cuts are a power of gamma. As it is, the rate is 0 before the
    first cut."""
    return factor * cuts


@stairs.mistake("decay")
def product_after_the_first_cut(factor, cuts):
    """You multiply gamma by the number of cuts, so the second cut brings the rate up again: several cuts are a power
    of gamma."""
    return factor * cuts if cuts else 1.0


@stairs.mistake("decay")
def exponential_of_gamma(factor, cuts):
    """You use exp(-gamma cuts): gamma is itself the factor of one cut."""
    return math.exp(-factor * cuts)


@stairs.mistake("decay")
def hyperbola(factor, cuts):
    """You divide by 1 + gamma cuts: that is another schedule (inverse time decay). Each cut multiplies by gamma."""
    return 1 / (1 + factor * cuts)


@stairs.mistake("decay")
def equal_amounts(factor, cuts):
    """Each of your cuts takes the same amount away: each should multiply what is left by gamma."""
    return 1 - factor * cuts


@stairs.mistake("decay")
def equal_amounts_down_to_zero(factor, cuts):
    """Each of your cuts takes the same amount away, down to 0: each should multiply what is left by gamma."""
    return max(1 - factor * cuts, 0.0)


@stairs.mistake("decay")
def equal_amounts_of_the_rest(factor, cuts):
    """Each of your cuts takes the same amount away, (1 - gamma) base_lr: each should multiply what is left by gamma."""
    return 1 - (1 - factor) * cuts


@stairs.mistake("decay")
def equal_amounts_of_the_rest_down_to_zero(factor, cuts):
    """Each of your cuts takes the same amount away, down to 0: each should multiply what is left by gamma."""
    return max(1 - (1 - factor) * cuts, 0.0)


@stairs.mistake("decay")
def power_the_wrong_way_round(factor, cuts):
    """Base and exponent are swapped: it is gamma to the power of the number of cuts."""
    return cuts**factor


@stairs.mistake("lr")
def base_forgotten(decay):
    """You return the power of gamma alone: base_lr is missing."""
    return decay


@stairs.mistake("lr")
def never_cut(start):
    """You always return base_lr: the number of cuts changes nothing."""
    return start


@stairs.mistake("lr")
def decay_subtracted(start, decay):
    """You subtract the power of gamma from base_lr: it multiplies."""
    return start - decay


@stairs.mistake("lr")
def decay_added(start, decay):
    """You add the power of gamma to base_lr: it multiplies."""
    return start + decay


@stairs.mistake("lr")
def base_in_the_power(start, factor, cuts):
    """base_lr stands inside the power: only gamma is raised, base_lr stands in front of it once."""
    return (start * factor) ** cuts


@stairs.mistake("lr")
def amount_subtracted(start, factor, cuts):
    """You subtract gamma for every cut: gamma multiplies."""
    return start - factor * cuts


@mistake("schedules.step_decay")
def slopes_between_the_cuts(step, base_lr, step_size, gamma=0.1):
    """Your rate goes down in a straight line from one cut to the next: it stands still for step_size steps and then
    drops."""
    high = base_lr * gamma ** (step // step_size)
    return high + (gamma - 1) * high * (step % step_size) / step_size


@mistake("schedules.step_decay")
def nothing_at_step_0(step, base_lr, step_size, gamma=0.1):
    """Right but for step 0, where you return 0: nothing has been cut there, the rate is base_lr."""
    return base_lr * gamma ** (step // step_size) if step else 0.0


@mistake("schedules.step_decay")
def gamma_times_step_at_multiples(step, base_lr, step_size, gamma=0.1):
    """The power is the step itself, taken at multiples of step_size: it should be the number of cuts so far."""
    return base_lr * gamma ** (step - step % step_size)


@mistake("schedules.step_decay", constants=(1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8))
def floor_under_the_rate(step, base_lr, step_size, gamma=0.1, *, constant):
    """Your rate never falls below {constant}: nobody asks for a floor, the stairs go on."""
    return max(base_lr * gamma ** (step // step_size), constant)


# ------------------------------------------------------------------------------------- exponential_decay

exponential = Anatomy("schedules.exponential_decay", "lr")


@exponential.step
def position(step):
    return step


@exponential.step
def factor(gamma):
    return gamma


@exponential.step
def start(base_lr):
    return base_lr


@exponential.step
def decay(factor, position):
    """the factor that all steps so far make together"""
    return factor**position


@exponential.step
def lr(start, decay):
    """the learning rate at this step"""
    return start * decay


@exponential.quantity
def rate_at_step_1(start, factor):
    """the rate at step 1"""
    return start * factor


@exponential.quantity
def rate_before(start, factor, position):
    """the rate one step earlier"""
    return start * factor ** range(position)[-1]


@exponential.quantity
def log_of_factor(factor):
    """the logarithm of `gamma`"""
    return math.log(factor)


@exponential.quantity
def log_of_start(start):
    """the logarithm of `base_lr`"""
    return math.log(start)


@exponential.quantity
def log_of_decay(position, log_of_factor):
    """the logarithm of the factor that all steps so far make together"""
    return position * log_of_factor


@exponential.quantity
def log_of_lr(log_of_start, log_of_decay):
    """the logarithm of the learning rate at this step"""
    return log_of_start + log_of_decay


@exponential.mistake("position")
def one_step_early(step):
    """Off by one: the power is step + 1, so the rate is cut at step 0 already. Step 0 has base_lr."""
    return step + 1


@exponential.mistake("position")
def step_minus_one(step):
    """Off by one: the power is step - 1, so the rate starts above base_lr. Step 0 has base_lr, step 1 base_lr gamma."""
    return step - 1


@exponential.mistake("position")
def one_step_late(step):
    """Off by one: the power is step - 1 and at least 0, so the steps 0 and 1 have the same rate. Step 1 has base_lr
    gamma."""
    return max(step - 1, 0)


@exponential.mistake("position")
def twice_a_step(step):
    """The power is 2 step: the rate is multiplied by gamma once a step."""
    return 2 * step


@exponential.mistake("position")
def only_once(step):
    """Your rate is multiplied by gamma once and never again: it is multiplied at every step."""
    return min(step, 1)


@exponential.mistake("position", constants=(2, 5, 10, 100, 1000, 30))
def every_so_many_steps(step, constant):
    """The power is step / {constant}: nobody asks for that division, the rate is multiplied by gamma at every step."""
    return step / constant


@exponential.mistake("position", constants=(2, 3, 5, 10, 30))
def in_stairs(step, constant):
    """Your rate stands still for {constant} steps at a time: it is multiplied by gamma at every step."""
    return step // constant


@exponential.mistake("position")
def root_of_the_step(step):
    """The power is the square root of step: it is step itself."""
    return math.sqrt(step)


@exponential.mistake("position")
def step_squared(step):
    """The power is step squared (each step multiplies by another power of gamma): it is step itself."""
    return step * step


@exponential.mistake("position")
def powers_added_up(step):
    """The power is 1 + 2 + ... + step: in a loop, each round multiplies by gamma once, not by a power of it."""
    return step * (step + 1) // 2


@exponential.mistake("factor")
def one_minus_gamma(gamma):
    """You multiply by 1 - gamma: gamma is what is left of the rate after a step, not what is taken away."""
    return 1 - gamma


@exponential.mistake("factor")
def divided_by_gamma(gamma):
    """You divide by gamma (or the exponent has the wrong sign): your rate grows."""
    return 1 / gamma


@exponential.mistake("factor")
def logarithm_of_gamma(gamma):
    """You raise the logarithm of gamma: it is gamma itself that is raised to the power of step."""
    return math.log(gamma)


@exponential.mistake("factor", constants=(0.1, 0.5, 0.9, 0.95, 0.96, 0.99, 2, math.e, 1 / math.e))
def gamma_fixed(constant):
    """The factor is the fixed number {constant} in your code: use gamma."""
    return constant


@exponential.mistake("factor")
def gamma_in_float32(gamma):
    """gamma is a number of float32 in your code (of a torch tensor, say), and over many steps what that rounds off adds
    up. Compute with Python's numbers, which have the precision of float64."""
    return struct.unpack("f", struct.pack("f", gamma))[0]


@exponential.mistake("decay")
def exponential_of_gamma(factor, position):
    """You use exp(-gamma step): gamma is itself the factor of one step, as in gamma^step. With gamma = 0.9 yours falls
    to 0.41 in one step."""
    return math.exp(-factor * position)


@exponential.mistake("decay")
def growing_exponential(factor, position):
    """You use exp(gamma step), which grows: gamma is itself the factor of one step, as in gamma^step."""
    return math.exp(min(factor * position, 700.0))


@exponential.mistake("decay")
def product_after_step_0(factor, position):
    """You multiply gamma by the number of steps, so the rate goes up again: several steps are a power of gamma."""
    return factor * position if position else 1.0


@exponential.mistake("decay")
def exponential_of_one_minus_gamma(factor, position):
    """You use exp(-(1 - gamma) step): close for gamma near 1, and another schedule. The factor of one step is gamma
    itself."""
    return math.exp(-(1 - factor) * position)


@exponential.mistake("decay")
def exponential_of_the_quotient(factor, position):
    """You use exp(-step / gamma): gamma is the factor of one step, not a time."""
    return math.exp(-position / factor)


@exponential.mistake("decay")
def half_life(factor, position):
    """You use a power of 2 (or 1/2) with gamma in the exponent: gamma is itself the factor of one step."""
    return 2.0 ** (-factor * position)


@exponential.mistake("decay")
def product_in_place_of_a_power(factor, position):
    """You multiply gamma by step: it is a power, gamma^step. As it is, step 0 has the rate 0, and then it grows."""
    return factor * position


@exponential.mistake("decay")
def hyperbola(factor, position):
    """You divide by 1 + gamma step: that is another schedule (inverse time decay). Each step multiplies by gamma."""
    return 1 / (1 + factor * position)


@exponential.mistake("decay")
def hyperbola_of_the_rest(factor, position):
    """You divide by 1 + (1 - gamma) step: that is another schedule (inverse time decay). Each step multiplies by
    gamma."""
    return 1 / (1 + (1 - factor) * position)


@exponential.mistake("decay")
def straight_line(factor, position):
    """Your rate falls in a straight line, by gamma base_lr a step: each step multiplies what is left by gamma."""
    return 1 - factor * position


@exponential.mistake("decay")
def straight_line_down_to_zero(factor, position):
    """Your rate falls in a straight line down to 0: each step multiplies what is left by gamma."""
    return max(1 - factor * position, 0.0)


@exponential.mistake("decay")
def straight_line_of_the_rest(factor, position):
    """Your rate falls in a straight line, by (1 - gamma) base_lr a step: each step multiplies what is left by gamma."""
    return 1 - (1 - factor) * position


@exponential.mistake("decay")
def straight_line_of_the_rest_down_to_zero(factor, position):
    """Your rate falls in a straight line down to 0: each step multiplies what is left by gamma."""
    return max(1 - (1 - factor) * position, 0.0)


@exponential.mistake("decay")
def power_the_wrong_way_round(factor, position):
    """Base and exponent are swapped: it is gamma to the power of step."""
    return position**factor


@exponential.mistake("decay")
def one_minus_the_power(factor, position):
    """You multiply by 1 - gamma^step: the rate starts at 0 and grows. It is gamma^step itself."""
    return 1 - factor**position


@exponential.mistake("lr")
def base_forgotten(decay):
    """You return the power of gamma alone: base_lr is missing."""
    return decay


@exponential.mistake("lr")
def never_cut(start):
    """You always return base_lr: step changes nothing."""
    return start


@exponential.mistake("lr")
def decay_subtracted(start, decay):
    """You subtract the power of gamma from base_lr: it multiplies."""
    return start - decay


@exponential.mistake("lr")
def decay_added(start, decay):
    """You add the power of gamma to base_lr: it multiplies."""
    return start + decay


@exponential.mistake("lr")
def base_in_the_power(start, factor, position):
    """base_lr stands inside the power: only gamma is raised, base_lr stands in front of it once."""
    return (start * factor) ** position


@exponential.mistake("lr")
def base_raised(start, factor, position):
    """You raise base_lr to the power of step: it is gamma that is raised."""
    return start**position * factor


@exponential.mistake("lr")
def power_of_a_power(start, decay):
    """You raise base_lr to a power of gamma: base_lr is multiplied by it."""
    return start**decay


@exponential.mistake("lr")
def amount_subtracted(start, factor, position):
    """You subtract gamma at every step: gamma multiplies."""
    return start - factor * position


@mistake("schedules.exponential_decay")
def nothing_at_step_0(step, base_lr, gamma):
    """Right but for step 0, where you return 0: nothing has been multiplied there, the rate is base_lr."""
    return base_lr * gamma**step if step else 0.0


@mistake("schedules.exponential_decay", constants=(1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8))
def floor_under_the_rate(step, base_lr, gamma, *, constant):
    """Your rate never falls below {constant}: nobody asks for a floor."""
    return max(base_lr * gamma**step, constant)


# --------------------------------------------------------------------------- half a wave, in four exercises

# From `top` to `bottom`, with `part` of the way behind: what is the same in all four.
annealing = Anatomy("schedules.cosine_annealing", "lr")
restarts = Anatomy("schedules.cosine_restarts", "lr")
warmup = Anatomy("schedules.warmup_cosine", "lr")
cycle = Anatomy("schedules.one_cycle", "lr")
WAVES = (annealing, restarts, warmup, cycle)
BETWEEN_TWO_RATES = (annealing, restarts, warmup)


def step_of(anatomies):
    """Declare a step of several anatomies."""

    def declare(function):
        for anatomy in anatomies:
            anatomy.step(function)
        return function

    return declare


def quantity_of(anatomies):
    """Declare a quantity of several anatomies."""

    def declare(function):
        for anatomy in anatomies:
            anatomy.quantity(function)
        return function

    return declare


def mistake_of(anatomies, *steps, constants=()):
    """Declare a mistake of several anatomies."""

    def declare(function):
        for anatomy in anatomies:
            anatomy.mistake(*steps, constants=constants)(function)
        return function

    return declare


@step_of(BETWEEN_TWO_RATES)
def top(max_lr):
    return max_lr


@step_of(BETWEEN_TWO_RATES)
def bottom(min_lr):
    return min_lr


@step_of(WAVES)
def angle(part):
    """the angle of the cosine: 0 where the wave starts, pi where it ends"""
    return math.pi * part


@step_of(WAVES)
def wave(angle):
    """the height of the wave: 1 where it starts, 0 where it ends"""
    return (1 + math.cos(angle)) / 2


@step_of(WAVES)
def span(top, bottom):
    """the rate at the start of the wave minus the rate at its end"""
    return top - bottom


@step_of(WAVES)
def curve(bottom, span, wave):
    return bottom + span * wave


@quantity_of(WAVES)
def cosine(angle):
    """the cosine itself: 1 where the wave starts, -1 where it ends"""
    return math.cos(angle)


@quantity_of(WAVES)
def lifted_cosine(cosine):
    """the cosine lifted by 1: 2 where the wave starts, 0 where it ends"""
    return 1 + cosine


@quantity_of(WAVES)
def way_behind(wave):
    """the share of the way from start to end that the wave has covered"""
    return 1 - wave


@quantity_of(WAVES)
def half_span(span):
    """the rate at the wave's start minus the rate at its end, halved"""
    return span / 2


@quantity_of(WAVES)
def middle(top, bottom):
    """the rate halfway between the wave's two ends"""
    return (top + bottom) / 2


@quantity_of(WAVES)
def span_left(span, wave):
    """the rate that the cosine gives, minus the rate at the wave's end"""
    return span * wave


# ------------------------------------------------------------------------------------- cosine_annealing


@annealing.step
def position(step):
    return step


@annealing.step
def length(total_steps):
    return total_steps


@annealing.step
def ratio(position, length):
    """`step` as a share of `total_steps`, above 1 after the end"""
    return position / length


@annealing.step
def part(ratio):
    return ratio


@annealing.step
def settled(step, total_steps):
    """whether the end, `total_steps`, has been reached"""
    return step >= total_steps


@annealing.step
def at_rest(bottom):
    return bottom


@annealing.step
def lr(settled, curve, at_rest):
    """the learning rate at this step"""
    return at_rest if settled else curve


@annealing.quantity
def unsettled(step, total_steps):
    """whether the end, `total_steps`, is still ahead"""
    return step < total_steps


@annealing.quantity
def steps_on_the_wave(position, length):
    """the number of steps so far, at most `total_steps`"""
    return min(position, length)


@annealing.quantity
def part_behind(ratio):
    """the part of the wave that is behind, at most 1"""
    return min(ratio, 1.0)


@annealing.quantity
def angle_so_far(part_behind):
    """the angle of the cosine, at most pi"""
    return math.pi * part_behind


@annealing.mistake("position")
def one_step_early(step):
    """Off by one: you compute with step + 1, so every rate comes one step too early and the run does not start at
    max_lr. Steps count from 0."""
    return step + 1


@annealing.mistake("position")
def one_step_late(step):
    """Off by one: you compute with step - 1, so max_lr comes twice, and every rate one step too late."""
    return max(step - 1, 0)


@annealing.mistake("position")
def step_minus_one(step):
    """Off by one: you compute with step - 1, so every rate comes one step too late. Steps count from 0."""
    return step - 1


@annealing.mistake("position")
def middle_of_the_step(step):
    """Half a step off: you compute with step + 0.5, the middle of the step. At step 0 the rate is max_lr."""
    return step + 0.5


@annealing.mistake("length")
def total_steps_minus_one(total_steps):
    """Off by one: you divide by total_steps - 1, so min_lr comes one step too early. It belongs to step total_steps."""
    return total_steps - 1


@annealing.mistake("length")
def total_steps_minus_one_but_not_zero(total_steps):
    """Off by one: you divide by total_steps - 1, so min_lr comes one step too early. It belongs to step total_steps."""
    return max(total_steps - 1, 1)


@annealing.mistake("length")
def total_steps_plus_one(total_steps):
    """Off by one: you divide by total_steps + 1, so min_lr comes one step too late. It belongs to step total_steps."""
    return total_steps + 1


@annealing.mistake("length", "settled")
def half_of_the_steps(step, total_steps):
    """You are at the bottom after half of total_steps: it belongs to step total_steps."""
    return total_steps / 2, step >= total_steps / 2


@annealing.mistake("length", constants=(10, 20, 50, 100, 1000))
def total_steps_fixed(constant):
    """The run is always {constant} steps long in your code: use total_steps."""
    return constant


@annealing.mistake("position", "length")
def both_plus_one(step, total_steps):
    """Off by one: you divide step + 1 by total_steps + 1, so the run does not start at max_lr. Steps count from 0."""
    return step + 1, total_steps + 1


@annealing.mistake("position", "length")
def both_minus_one(step, total_steps):
    """Off by one: you divide step - 1 by total_steps - 1, as if steps counted from 1. They count from 0."""
    return step - 1, total_steps - 1


@annealing.mistake("ratio")
def whole_number_division(position, length):
    """Nothing comes down before the end: the part of the way is 0 until then (is it step // total_steps?). It is step /
    total_steps, 0.25 after a quarter."""
    return position // length


@annealing.mistake("ratio")
def quotient_upside_down(position, length):
    """The quotient is upside down: the part of the way is step / total_steps."""
    return length / position if position else 0.0


@annealing.mistake("ratio")
def step_alone(position):
    """total_steps is not used: the angle is pi times the step itself. The part of the way is step / total_steps."""
    return position


@annealing.mistake("ratio")
def product_of_the_steps(position, length):
    """You multiply step by total_steps: the part of the way is step / total_steps."""
    return position * length


@annealing.mistake("ratio")
def part_squared(position, length):
    """The part of the way is squared before it goes into the cosine: it is step / total_steps itself."""
    return (position / length) ** 2


@annealing.mistake("ratio")
def root_of_the_part(position, length):
    """You take the root of the part of the way: it is step / total_steps itself."""
    return abs(position / length) ** 0.5


@annealing.mistake("ratio")
def part_rounded(position, length):
    """The part of the way is rounded to a whole number: it is step / total_steps, 0.25 after a quarter."""
    return round(position / length)


@annealing.mistake("settled")
def climbs_again():
    """Right up to total_steps, and then the cosine turns round and your rate climbs again: it should stay at min_lr."""
    return False


@annealing.mistake("part", "settled")
def starts_again(ratio):
    """At total_steps your rate jumps back to max_lr and starts again: it should stay at min_lr."""
    return ratio % 1.0, False


@annealing.mistake("part", "settled")
def starts_again_after_the_end(ratio, position, length):
    """After total_steps your rate jumps back to the top and starts again: it should stay at min_lr."""
    return (ratio if position <= length else ratio % 1.0), False


@annealing.mistake("part", "settled")
def stops_one_step_before_the_end(position, length):
    """Off by one: your rate is held at what it has at total_steps - 1, just above min_lr. It should come down to min_lr
    at total_steps and stay there."""
    return min(position, length - 1) / length, False


@annealing.mistake("settled")
def min_lr_one_step_early(step, total_steps):
    """Off by one: you return min_lr from step total_steps - 1 on. That step is still a little above, and min_lr begins
    at total_steps."""
    return step >= total_steps - 1


@annealing.mistake("settled")
def min_lr_one_step_late(step, total_steps):
    """Off by one: you hold min_lr only from total_steps + 2 on, and the step before that has climbed again already."""
    return step > total_steps + 1


@annealing.mistake("at_rest")
def zero_from_the_end():
    """At total_steps your rate drops to 0: it should arrive at min_lr and stay there."""
    return 0.0


@annealing.mistake("at_rest")
def zero_after_the_end(step, total_steps, bottom):
    """Right up to total_steps, and 0 after it: the rate should stay at min_lr."""
    return bottom if step == total_steps else 0.0


@annealing.mistake("at_rest")
def max_lr_from_the_end(top):
    """At total_steps your rate jumps back to max_lr: it should arrive at min_lr and stay there."""
    return top


@annealing.mistake("at_rest")
def max_lr_after_the_end(step, total_steps, bottom, top):
    """Right up to total_steps, and max_lr after it: the rate should stay at min_lr."""
    return bottom if step == total_steps else top


@annealing.mistake("at_rest")
def middle_after_the_end(top, bottom):
    """From total_steps on your rate is the mean of the two rates: it should stay at min_lr."""
    return (top + bottom) / 2


@annealing.mistake("at_rest")
def keeps_falling_after_the_end(step, total_steps, bottom):
    """After total_steps your rate goes on falling: it should stay at min_lr."""
    return bottom * total_steps / max(step, 1)


@annealing.mistake("lr")
def one_step_always_at_max_lr(settled, curve, at_rest, top, total_steps):
    """With total_steps = 1 your rate stays at max_lr: step 0 has max_lr, and step 1 is the end and has min_lr, as in
    any other run."""
    return top if total_steps == 1 else at_rest if settled else curve


@annealing.mistake("lr")
def one_step_always_at_min_lr(settled, curve, at_rest, bottom, total_steps):
    """With total_steps = 1 your rate is always min_lr: step 0 has max_lr as in any other run, and step 1 is the end."""
    return bottom if total_steps == 1 else at_rest if settled else curve


# -------------------------------------------------------------------------------------- cosine_restarts


@restarts.step
def position(step):
    return step


@restarts.step
def length(period):
    return period


@restarts.step
def place(position, length):
    """the number of steps since the last start"""
    return position % length


@restarts.step
def part(place, length):
    """the part of this period that is behind"""
    return place / length


@restarts.step
def lr(curve):
    """the learning rate at this step"""
    return curve


@restarts.quantity
def starts_so_far(position, length):
    """the number of whole periods that are behind"""
    return position // length


@restarts.quantity
def last_start(starts_so_far, length):
    """the step at which the present period started"""
    return starts_so_far * length


@restarts.quantity
def periods_behind(position, length):
    """the periods that are behind, with the part of the present one"""
    return position / length


@restarts.mistake("part")
def fraction_of_a_product(position, length):
    """You take the fraction of a product with 1 / period: 49 * (1 / 49) is a little less than 1, so that some restarts
    come a step too late. Take the remainder of whole numbers, step % period."""
    return position * (1 / length) % 1


@restarts.mistake("lr")
def period_of_one_at_min_lr(curve, bottom, period):
    """With period = 1 your rate is min_lr: each step is the first of its period then, and has max_lr."""
    return bottom if period == 1 else curve


@restarts.mistake("position")
def one_step_early(step):
    """Off by one: you compute with step + 1, so every rate comes one step too early and the run does not start at
    max_lr. Steps count from 0."""
    return step + 1


@restarts.mistake("position")
def step_minus_one(step):
    """Off by one: you compute with step - 1, so every rate, and every restart, comes one step too late. Steps count
    from 0."""
    return step - 1


@restarts.mistake("position")
def one_step_late(step):
    """Off by one: you compute with step - 1, so max_lr comes twice, and every restart one step too late."""
    return max(step - 1, 0)


@restarts.mistake("position")
def middle_of_the_step(step):
    """Half a step off: you compute with step + 0.5, the middle of the step. At step 0 the rate is max_lr."""
    return step + 0.5


@restarts.mistake("length")
def period_plus_one(period):
    """Off by one: your periods are period + 1 steps long, so each restart comes later than the one before."""
    return period + 1


@restarts.mistake("length")
def period_minus_one(period):
    """Off by one: your periods are period - 1 steps long, so each restart comes earlier than the one before."""
    return max(period - 1, 1)


@restarts.mistake("length")
def half_of_the_period(period):
    """Your periods are half as long as they should be."""
    return period / 2


@restarts.mistake("length")
def half_of_the_period_rounded_down(period):
    """Your periods are half as long as they should be."""
    return max(period // 2, 1)


@restarts.mistake("length")
def twice_the_period(period):
    """Your periods are twice as long as they should be: period is the time from one max_lr to the next."""
    return 2 * period


@restarts.mistake("length", constants=(10, 20, 50, 100))
def period_fixed(constant):
    """Your periods are always {constant} steps long: use period."""
    return constant


@restarts.mistake("part")
def bottom_one_step_early(place, length):
    """Off by one: you divide by period - 1, so the last step of a period is at min_lr. The wave meets min_lr only where
    it jumps back, so the last step is a little above."""
    return place / max(length - 1, 1)


@restarts.mistake("part")
def divided_by_period_plus_one(place, length):
    """Off by one: you divide by period + 1, so the wave does not come down far enough. A period has period steps."""
    return place / (length + 1)


@restarts.mistake("part")
def place_plus_one(place, length):
    """Off by one: the first step of each period counts as 1, so max_lr never comes up. It counts as 0."""
    return (place + 1) / length


@restarts.mistake("part")
def place_minus_one(place, length):
    """Off by one: the first step of each period counts as -1. It counts as 0."""
    return (place - 1) / length


@restarts.mistake("part")
def place_alone(place):
    """The place in the period is not divided by period: the part of the way is a number between 0 and 1."""
    return place


@restarts.mistake("part")
def whole_number_division(place, length):
    """You divide with //, so the part of the way is 0 all the time: it is a number between 0 and 1."""
    return place // length


@restarts.mistake("part")
def part_squared(place, length):
    """The part of the way is squared before it goes into the cosine."""
    return (place / length) ** 2


@restarts.mistake("place")
def no_restart(position):
    """Your rate never jumps back: without the remainder step % period the cosine climbs as slowly as it fell. It should
    jump to max_lr every period."""
    return position


@restarts.mistake("place")
def restart_of_one_step(position, length):
    """You return max_lr at the multiples of period only, and the next step goes on as if nothing had been: each period
    starts again as a whole, so take the remainder step % period everywhere."""
    return position if position % length else 0


@restarts.mistake("place")
def stays_at_the_bottom(position, length):
    """Your rate stays at min_lr after the first period: it should jump back to max_lr every period."""
    return min(position, length)


@restarts.mistake("place")
def a_single_restart(position, length):
    """Your rate jumps back only once: it should jump to max_lr every period."""
    return position - length if position >= length else position


@restarts.mistake("place")
def a_single_restart_and_then_the_bottom(position, length):
    """Your rate jumps back only once, and stays at the bottom later: it should jump to max_lr every period."""
    return min(position - length if position >= length else position, length)


@restarts.mistake("place")
def restart_one_step_late(position, length):
    """Off by one: at the multiples of period your rate is at min_lr, and it jumps back a step later. Step period itself
    is the first of the next period, with max_lr."""
    return position % length or (length if position else 0)


@restarts.mistake("place")
def remainder_of_period_plus_one(position, length):
    """Off by one: you take the remainder by period + 1, so that min_lr is reached before each jump. A period has period
    steps, and step period has max_lr."""
    return position % (length + 1)


@restarts.mistake("place")
def remainder_of_period_minus_one(position, length):
    """Off by one: you take the remainder by period - 1, so each jump comes earlier than the one before."""
    return position % max(length - 1, 1)


@restarts.mistake("place")
def quotient_in_place_of_the_remainder(position, length):
    """You use step // period, which counts the periods: the place within the period is the remainder, step % period."""
    return position // length


@restarts.mistake("place")
def remainder_of_the_quotient(position, length):
    """You take step // period before the remainder, which counts the periods: the place within the period is the
    remainder of the step itself, step % period."""
    return position // length % length


@restarts.mistake("place")
def remainder_upside_down(position, length):
    """The remainder is the wrong way round: it is step % period."""
    return length % position if position else 0


@restarts.mistake("place", "part")
def periods_that_double_in_full(position, length):
    """Each of your periods is twice as long as the one before (torch's T_mult = 2): all are equally long here."""
    while position >= length:
        position, length = position - length, 2 * length
    return position, position / length


@restarts.mistake("top")
def peaks_halved(position, length, max_lr):
    """Each of your restarts goes to half of the peak before: every one goes back to max_lr."""
    return max_lr / 2 ** (position // length)


@restarts.mistake("span", constants=(0.5, 0.9, 0.8, 0.1, 0.7))
def waves_that_shrink(position, length, top, bottom, constant):
    """Each of your waves is {constant} times as high as the one before: every restart goes back to max_lr."""
    return (top - bottom) * constant ** (position // length)


@restarts.mistake("top", constants=(0.9, 0.8, 0.1, 0.7))
def peaks_that_shrink(position, length, max_lr, constant):
    """Each of your restarts goes to {constant} times the peak before: every one goes back to max_lr."""
    return max_lr * constant ** (position // length)


@restarts.mistake("top")
def peaks_divided_by_their_number(position, length, max_lr):
    """Your second restart goes to a half, the third to a third of max_lr: every one goes back to max_lr."""
    return max_lr / (position // length + 1)


@restarts.mistake("lr")
def min_lr_at_the_last_step(curve, place, length, bottom):
    """Off by one: you return min_lr at the last step of each period. That step is still a little above."""
    return bottom if place == length - 1 and length > 1 else curve


# ---------------------------------------------------------------------------------------- warmup_cosine


@warmup.step
def position(step):
    return step


@warmup.step
def warm(warmup_steps):
    return warmup_steps


@warmup.step
def total(total_steps):
    return total_steps


@warmup.step
def climb(position, warm):
    """the part of the warm-up that is behind, 1 when it is over"""
    return position / warm if position < warm else 1.0


@warmup.step
def line(top, climb):
    """the rate on the line of the warm-up, `max_lr` when it is over"""
    return top * climb


@warmup.step
def gone(position, warm):
    """`step` counted from the end of the warm-up, negative before it"""
    return position - warm


@warmup.step
def length(warm, total):
    """the number of steps from the end of the warm-up to `total_steps`"""
    return total - warm


@warmup.step
def ratio(position, warm, gone, length, total):
    """the steps since the warm-up as a share of the cosine's, 0 before it"""
    if position < warm:
        return 0.0
    return gone / length if warm < total else 1.0


@warmup.step
def part(ratio):
    return ratio


@warmup.step
def settled(step, total_steps):
    """whether the end, `total_steps`, has been reached"""
    return step >= total_steps


@warmup.step
def at_rest(bottom):
    return bottom


@warmup.step
def lr(position, warm, line, settled, at_rest, curve):
    """the learning rate at this step"""
    return line if position < warm else at_rest if settled else curve


@warmup.quantity
def warming(position, warm):
    """whether the warm-up is still going on"""
    return position < warm


@warmup.quantity
def warmed(position, warm):
    """whether the warm-up is over"""
    return position >= warm


@warmup.quantity
def share_of_the_warmup(position, warm):
    """`step` as a share of `warmup_steps`, above 1 after the warm-up"""
    return position / warm


@warmup.quantity
def climb_of_one_step(top, warm):
    """the amount by which the rate climbs with each step of the warm-up"""
    return top / warm


@warmup.quantity
def part_behind(ratio):
    """the part of the cosine already behind: 0 in the warm-up, at most 1"""
    return min(ratio, 1.0)


@warmup.quantity
def angle_so_far(part_behind):
    """the angle of the cosine: 0 in the warm-up, at most pi"""
    return math.pi * part_behind


@warmup.mistake("position")
def one_step_early(step):
    """Off by one: you compute with step + 1 all the way, so every rate comes one step too early. Steps count from 0,
    and step 0 has the rate 0."""
    return step + 1


@warmup.mistake("position")
def one_step_late(step):
    """Off by one: you compute with step - 1 all the way, so every rate comes one step too late: the peak is at
    warmup_steps + 1."""
    return max(step - 1, 0)


@warmup.mistake("climb")
def warmup_one_step_early(position, warm):
    """Off by one: your warm-up starts at (step + 1) / warmup_steps, so it is at max_lr one step before warmup_steps.
    Here step 0 has the rate 0, and step warmup_steps has max_lr."""
    return (position + 1) / warm if position < warm else 1.0


@warmup.mistake("climb")
def warmup_one_step_late(position, warm):
    """Off by one: your warm-up computes with step - 1. Step 0 has the rate 0, and step 1 is the first above it."""
    return max(position - 1, 0) / warm if position < warm else 1.0


@warmup.mistake("climb")
def warmup_over_one_more_step(position, warm):
    """Off by one: your warm-up divides by warmup_steps + 1, so it does not get to max_lr before the cosine begins."""
    return position / (warm + 1) if position < warm else 1.0


@warmup.mistake("lr")
def warmup_up_to_its_last_step(position, warm, top, settled, at_rest, curve):
    """Off by one: your warm-up includes step warmup_steps, and divides by warmup_steps + 1. That step is the peak, with
    max_lr, and the first of the cosine."""
    if position <= warm and warm:
        return top * position / (warm + 1)
    return at_rest if settled else curve


@warmup.mistake("climb")
def warmup_shifted_and_stretched(position, warm):
    """Off by one, twice: your warm-up is (step + 1) / (warmup_steps + 1), which starts above 0. It is step /
    warmup_steps."""
    return (position + 1) / (warm + 1) if position < warm else 1.0


@warmup.mistake("climb")
def warmup_over_one_step_less(position, warm):
    """Off by one: your warm-up divides by warmup_steps - 1, so it is at max_lr one step before warmup_steps."""
    return position / (warm - 1) if position < warm else 1.0


@warmup.mistake("line", constants=(0.01, 0.1, 0.001, 0.04))
def warmup_from_a_share(top, climb, constant):
    """Your warm-up starts at {constant} times max_lr: it starts at 0."""
    return top * (constant + (1 - constant) * climb)


@warmup.mistake("warm")
def warmup_one_step_longer(warmup_steps):
    """Off by one: your warm-up is warmup_steps + 1 steps long. The peak is at step warmup_steps."""
    return warmup_steps + 1


@warmup.mistake("warm")
def warmup_one_step_shorter(warmup_steps):
    """Off by one: your warm-up is warmup_steps - 1 steps long. The peak is at step warmup_steps."""
    return max(warmup_steps - 1, 0)


@warmup.mistake("warm")
def warmup_of_at_least_one_step(warmup_steps):
    """With warmup_steps = 0 you warm up for one step all the same, so the run starts at 0: it is plain cosine annealing
    then, and starts at max_lr."""
    return max(warmup_steps, 1)


@warmup.mistake("warm")
def warmup_of_one_step_left_out(warmup_steps):
    """With warmup_steps = 1 there is no warm-up in your code: step 0 has the rate 0 then, and step 1 has max_lr."""
    return warmup_steps if warmup_steps > 1 else 0


@warmup.mistake("warm")
def warmup_twice_as_long(warmup_steps):
    """Your warm-up is twice as long as it should be: the peak is at step warmup_steps."""
    return 2 * warmup_steps


@warmup.mistake("warm")
def warmup_half_as_long(warmup_steps):
    """Your warm-up is half as long as it should be: the peak is at step warmup_steps."""
    return warmup_steps // 2


@warmup.mistake("climb")
def warmup_over_the_whole_run(position, warm, total):
    """Your warm-up divides by total_steps, so it climbs too slowly and jumps to max_lr: it is step / warmup_steps."""
    return position / total if position < warm else 1.0


@warmup.mistake("climb")
def warmup_over_the_rest_of_the_run(position, warm, total):
    """Your warm-up divides by total_steps - warmup_steps: it is step / warmup_steps."""
    return position / (total - warm) if position < warm < total else 1.0


@warmup.mistake("climb")
def curved_warmup(position, warm):
    """Your warm-up climbs along a cosine: a straight line is asked for."""
    return (1 - math.cos(math.pi * position / warm)) / 2 if position < warm else 1.0


@warmup.mistake("climb")
def quarter_sine_warmup(position, warm):
    """Your warm-up climbs along a sine: a straight line is asked for."""
    return math.sin(math.pi / 2 * position / warm) if position < warm else 1.0


@warmup.mistake("climb")
def squared_warmup(position, warm):
    """Your warm-up climbs along a parabola: a straight line is asked for."""
    return (position / warm) ** 2 if position < warm else 1.0


@warmup.mistake("climb")
def root_warmup(position, warm):
    """Your warm-up climbs along a square root: a straight line is asked for."""
    return math.sqrt(position / warm) if position < warm else 1.0


@warmup.mistake("climb")
def no_warmup(position, warm):
    """There is no warm-up: your rate is max_lr from the first step to warmup_steps."""
    return 1.0


@warmup.mistake("climb")
def nothing_during_warmup(position, warm):
    """Your rate is 0 all through the warm-up (is it step // warmup_steps?): it climbs from 0 to max_lr."""
    return 0.0 if position < warm else 1.0


@warmup.mistake("climb")
def warmup_downwards(position, warm):
    """Your warm-up goes down, from max_lr to 0: it climbs from 0 to max_lr."""
    return 1 - position / warm if position < warm else 1.0


@warmup.mistake("climb")
def warmup_upside_down(position, warm):
    """The quotient of the warm-up is upside down: it is step / warmup_steps."""
    return warm / position if position else 0.0


@warmup.mistake("climb")
def warmup_as_a_product(position, warm):
    """The warm-up multiplies step by warmup_steps: it is step / warmup_steps."""
    return position * warm


@warmup.mistake("climb")
def warmup_not_divided(position):
    """The warm-up is not divided by warmup_steps: it is max_lr step / warmup_steps."""
    return position


@warmup.mistake("climb", constants=(10, 100, 500, 1000, 5, 4000))
def warmup_of_a_fixed_length(position, constant):
    """Your warm-up divides by {constant} whatever warmup_steps is: use the argument."""
    return position / constant


@warmup.mistake("line")
def warmup_from_min_lr(top, bottom, climb):
    """Your warm-up climbs from min_lr: it starts at 0, whatever min_lr is."""
    return bottom + (top - bottom) * climb


@warmup.mistake("line")
def warmup_not_below_min_lr(top, bottom, climb):
    """Your warm-up never goes below min_lr: it starts at 0, whatever min_lr is."""
    return max(top * climb, bottom)


@warmup.mistake("line")
def min_lr_added_to_the_warmup(top, bottom, climb):
    """min_lr is added to the warm-up: it climbs from 0 to max_lr, so it ends above max_lr in your code."""
    return bottom + top * climb


@warmup.mistake("line")
def span_as_the_height_of_the_warmup(top, bottom, climb):
    """Your warm-up climbs to max_lr - min_lr only: it climbs to max_lr."""
    return (top - bottom) * climb


@warmup.mistake("line")
def warmup_to_min_lr(bottom, climb):
    """Your warm-up climbs from 0 to min_lr: it climbs to max_lr."""
    return bottom * climb


@warmup.mistake("line")
def min_lr_during_warmup(bottom):
    """Your rate is min_lr all through the warm-up: it climbs in a line from 0 to max_lr."""
    return bottom


@warmup.mistake("line")
def max_lr_forgotten_in_warmup(climb):
    """Your warm-up returns step / warmup_steps itself: max_lr is missing."""
    return climb


@warmup.mistake("line")
def line_times_curve(climb, position, total, top, bottom):
    """During the warm-up the line is multiplied with a cosine that falls already: it is the line alone."""
    wave = (1 + math.cos(math.pi * position / total)) / 2
    return climb * (bottom + (top - bottom) * wave)


@warmup.mistake("ratio")
def cosine_not_shifted(position, length, warm, total):
    """The cosine counts from step 0, not from the end of the warm-up: the rate drops abruptly at warmup_steps. Subtract
    warmup_steps from step as well."""
    return position / length if warm < total else 1.0


@warmup.mistake("ratio", "settled")
def cosine_not_shifted_and_held(position, length, warm, total):
    """The cosine counts from step 0, not from the end of the warm-up: the rate drops abruptly at warmup_steps and is at
    min_lr too early. Subtract warmup_steps from step as well."""
    return (position / length if warm < total else 1.0), position >= length


@warmup.mistake("ratio")
def cosine_over_the_whole_run(position, total):
    """The cosine runs from step 0 to total_steps, so at the end of the warm-up the rate drops abruptly to what plain
    cosine annealing would have there. It starts at the peak: count from warmup_steps."""
    return position / total


@warmup.mistake("length")
def warmup_not_taken_off_the_length(total):
    """The cosine takes total_steps more after the warm-up, so it ends too late: total_steps includes the warm-up, and
    total_steps - warmup_steps are left."""
    return total


@warmup.mistake("length")
def warmup_added_to_the_length(warm, total):
    """The cosine takes total_steps + warmup_steps steps: total_steps includes the warm-up, so subtract it."""
    return total + warm


@warmup.mistake("length")
def cosine_one_step_short(warm, total):
    """Off by one: the cosine is total_steps - warmup_steps - 1 steps long, so min_lr comes one step too early. It
    belongs to step total_steps."""
    return total - warm - 1


@warmup.mistake("length")
def cosine_one_step_long(warm, total):
    """Off by one: the cosine is total_steps - warmup_steps + 1 steps long, so min_lr comes one step too late. It
    belongs to step total_steps."""
    return total - warm + 1


@warmup.mistake("gone")
def cosine_one_step_early(position, warm):
    """Off by one: the cosine counts from warmup_steps - 1, so the peak is cut off: step warmup_steps has max_lr."""
    return position - warm + 1


@warmup.mistake("gone")
def cosine_one_step_late(position, warm):
    """Off by one: the cosine counts from warmup_steps + 1, so the whole descent is one step late."""
    return max(position - warm - 1, 0)


@warmup.mistake("ratio")
def not_divided(gone):
    """The steps since the warm-up are not divided by anything: the part of the way is a number between 0 and 1."""
    return gone


@warmup.mistake("settled")
def climbs_again(warm, total, step):
    """Right up to total_steps, and then the cosine turns round and your rate climbs again: it should stay at min_lr."""
    return warm == total <= step


@warmup.mistake("part", "settled")
def starts_again(ratio):
    """At total_steps your rate jumps back to max_lr and starts again: it should stay at min_lr."""
    return ratio % 1.0, False


@warmup.mistake("settled")
def min_lr_one_step_early(step, total_steps):
    """Off by one: you return min_lr from step total_steps - 1 on. That step is still a little above, and min_lr begins
    at total_steps."""
    return step >= total_steps - 1


@warmup.mistake("settled")
def total_steps_counted_from_the_warmup(step, warm, total):
    """You hold min_lr only from warmup_steps + total_steps on: total_steps includes the warm-up."""
    return step >= warm + total


@warmup.mistake("at_rest")
def zero_from_the_end():
    """At total_steps your rate drops to 0: it should arrive at min_lr and stay there."""
    return 0.0


@warmup.mistake("at_rest")
def zero_after_the_end(step, total_steps, bottom):
    """Right up to total_steps, and 0 after it: the rate should stay at min_lr."""
    return bottom if step == total_steps else 0.0


@warmup.mistake("at_rest")
def max_lr_from_the_end(top):
    """At total_steps your rate jumps back to max_lr: it should arrive at min_lr and stay there."""
    return top


@warmup.mistake("at_rest")
def max_lr_after_the_end(step, total_steps, bottom, top):
    """Right up to total_steps, and max_lr after it: the rate should stay at min_lr."""
    return bottom if step == total_steps else top


@warmup.mistake("lr")
def constant_after_the_warmup(position, warm, line, top):
    """After the warm-up your rate stays at max_lr: it should come down along a cosine to min_lr at total_steps. (Is the
    part of the way made with //?)"""
    return line if position < warm else top


@warmup.mistake("lr")
def constant_without_warmup(position, warm, line, settled, at_rest, curve, top):
    """Without warm-up your rate stays at max_lr: warmup_steps = 0 is plain cosine annealing."""
    if not warm:
        return top
    return line if position < warm else at_rest if settled else curve


@warmup.mistake("lr")
def zero_without_warmup(position, warm, line, settled, at_rest, curve):
    """Without warm-up your rate is 0: warmup_steps = 0 is plain cosine annealing."""
    if not warm:
        return 0.0
    return line if position < warm else at_rest if settled else curve


@warmup.mistake("lr")
def zero_at_step_0_without_warmup(position, warm, line, settled, at_rest, curve):
    """Without warm-up step 0 has the rate 0 in your code: warmup_steps = 0 is plain cosine annealing, which starts at
    max_lr."""
    if not position:
        return 0.0
    return line if position < warm else at_rest if settled else curve


@warmup.mistake("lr")
def never_leaves_the_line(line, position, warm, top):
    """Your rate climbs for ever: the line of the warm-up ends at warmup_steps, and the cosine takes over."""
    return top * position / warm if warm else top


@warmup.mistake("lr")
def cosine_only(curve, top, bottom, position, total):
    """There is no warm-up: your rate is plain cosine annealing from step 0."""
    return bottom + (top - bottom) * (1 + math.cos(math.pi * min(position / total, 1))) / 2


@warmup.mistake("lr")
def the_lower_of_two(position, warm, total, line, top, bottom):
    """You take the lower of the line and of a cosine over the whole run: the cosine should start, at max_lr, where the
    line ends."""
    plain = bottom + (top - bottom) * (1 + math.cos(math.pi * min(position / total, 1))) / 2
    return min(line, plain) if position < warm else plain


@warmup.mistake("lr")
def line_and_whole_cosine_multiplied(position, climb, total, top, bottom):
    """You multiply the line of the warm-up with a cosine over the whole run: the cosine should start, at max_lr, where
    the line ends."""
    return climb * (bottom + (top - bottom) * (1 + math.cos(math.pi * min(position / total, 1))) / 2)


@warmup.mistake("lr")
def pieces_swapped(position, warm, line, curve):
    """The two pieces are swapped: the line belongs to the steps before warmup_steps."""
    return curve if position < warm else line


# -------------------------------------------------------------------------------------------- one_cycle


@cycle.step
def position(step):
    return step


@cycle.step
def high(max_lr):
    return max_lr


@cycle.step
def share(pct_start):
    return pct_start


@cycle.step
def steps(total_steps):
    return total_steps


@cycle.step
def start(high, div_factor):
    """the rate at step 0"""
    return high / div_factor


@cycle.step
def end(start, final_div_factor):
    """the rate at the last step"""
    return start / final_div_factor


@cycle.step
def peak(share, steps):
    """the place of the peak, counted in steps and not rounded"""
    return share * steps - 1


@cycle.step
def last(steps):
    """the last step, counted from 0"""
    return steps - 1


@cycle.step
def rising(position, peak):
    """whether the peak is still ahead or just reached"""
    return position <= peak


@cycle.step
def top(rising, start, high):
    """the rate at the start of this phase, rise or fall"""
    return start if rising else high


@cycle.step
def bottom(rising, high, end):
    """the rate at the end of this phase, rise or fall"""
    return high if rising else end


@cycle.step
def up(position, peak):
    """the part of the rise that is behind, 1 after the peak"""
    return position / peak if position <= peak else 1.0


@cycle.step
def down(position, peak, last):
    """the part of the fall that is behind, 0 before the peak"""
    return (position - peak) / (last - peak) if position > peak else 0.0


@cycle.step
def part(rising, up, down):
    """the part of this phase, rise or fall, that is behind"""
    return up if rising else down


@cycle.step
def curve_of_a_phase(top, bottom, wave):
    return bottom + (top - bottom) * wave


@cycle.step
def lr(curve):
    """the learning rate at this step"""
    return curve


@cycle.quantity
def falling(rising):
    """whether the peak is passed"""
    return not rising


@cycle.quantity
def steps_of_the_rise(share, steps):
    """the number of steps up to the peak, step 0 and the peak counted"""
    return share * steps


@cycle.quantity
def steps_of_the_fall(last, peak):
    """the number of steps from the peak to the last step"""
    return last - peak


@cycle.quantity
def steps_since_the_peak(position, peak):
    """the number of steps since the peak, negative before it"""
    return position - peak


@cycle.quantity
def span_of_the_rise(high, start):
    """the difference between `max_lr` and the rate at step 0"""
    return high - start


@cycle.quantity
def whole_factor(div_factor, final_div_factor):
    """the factor from the last rate up to `max_lr`"""
    return div_factor * final_div_factor


@cycle.mistake("position")
def one_step_early(step):
    """Off by one: you compute with step + 1, so every rate comes one step too early. Steps count from 0, and step 0 has
    max_lr / div_factor."""
    return step + 1


@cycle.mistake("position")
def one_step_late(step):
    """Off by one: you compute with step - 1, so every rate comes one step too late."""
    return max(step - 1, 0)


@cycle.mistake("peak", "last")
def both_phases_without_the_minus_one(share, steps):
    """Off by one: your peak is at pct_start total_steps and your end at total_steps. Steps count from 0, so both are
    one earlier: the last step is total_steps - 1, and the peak pct_start total_steps - 1."""
    return share * steps, steps


@cycle.mistake("peak")
def peak_one_step_late(share, steps):
    """Off by one: your peak is at pct_start total_steps. Steps count from 0, so it is one earlier, at pct_start
    total_steps - 1 (torch's convention)."""
    return share * steps


@cycle.mistake("peak")
def peak_in_the_run_of_steps(share, steps):
    """Your peak is at pct_start (total_steps - 1): the 1 is taken off after the product, pct_start total_steps - 1."""
    return share * (steps - 1)


@cycle.mistake("peak")
def peak_rounded_down(share, steps):
    """You round the peak down to a whole step: it is pct_start total_steps - 1 as it is, also between two steps."""
    return math.floor(share * steps) - 1


@cycle.mistake("peak")
def peak_rounded_up(share, steps):
    """You round the peak up to a whole step: it is pct_start total_steps - 1 as it is, also between two steps."""
    return math.ceil(share * steps) - 1


@cycle.mistake("peak")
def peak_rounded(share, steps):
    """You round the peak to a whole step: it is pct_start total_steps - 1 as it is, also between two steps."""
    return round(share * steps) - 1


@cycle.mistake("peak")
def peak_rounded_after_the_minus_one(share, steps):
    """You round the peak to a whole step: it is pct_start total_steps - 1 as it is, also between two steps."""
    return round(share * steps - 1)


@cycle.mistake("peak")
def peak_rounded_down_and_late(share, steps):
    """Your peak is at pct_start total_steps, rounded down: steps count from 0, so it is one earlier, and it is not
    rounded."""
    return math.floor(share * steps)


@cycle.mistake("peak", "last")
def peak_rounded_down_and_everything_late(share, steps):
    """Your peak is at pct_start total_steps, rounded down, and your end at total_steps: steps count from 0, so both are
    one earlier, and the peak is not rounded."""
    return math.floor(share * steps), steps


@cycle.mistake("peak")
def peak_rounded_and_late(share, steps):
    """Your peak is at pct_start total_steps, rounded: steps count from 0, so it is one earlier, and it is not
    rounded."""
    return round(share * steps)


@cycle.mistake("peak")
def peak_rounded_up_and_late(share, steps):
    """Your peak is at pct_start total_steps, rounded up: steps count from 0, so it is one earlier, and it is not
    rounded."""
    return math.ceil(share * steps)


@cycle.mistake("peak")
def peak_in_the_run_of_steps_rounded_down(share, steps):
    """Your peak is at pct_start (total_steps - 1), rounded down: it is pct_start total_steps - 1, not rounded."""
    return math.floor(share * (steps - 1))


@cycle.mistake("peak")
def peak_in_the_middle(steps):
    """Your peak is in the middle of the run: it is at pct_start total_steps - 1."""
    return steps / 2


@cycle.mistake("peak")
def peak_in_the_middle_minus_one(steps):
    """Your peak is in the middle of the run: it is at pct_start total_steps - 1."""
    return steps / 2 - 1


@cycle.mistake("peak")
def peak_minus_two(share, steps):
    """Off by one: your peak is one step early. It is at pct_start total_steps - 1."""
    return share * steps - 2


@cycle.mistake("share")
def phases_the_wrong_way_round(pct_start):
    """Your rise takes 1 - pct_start of the run: pct_start is the share of the rise."""
    return 1 - pct_start


@cycle.mistake("share", constants=(0.3, 0.25, 0.45, 0.1))
def pct_start_fixed(constant):
    """Your rise always takes {constant} of the run: use pct_start."""
    return constant


@cycle.mistake("last")
def end_one_step_late(steps):
    """Off by one: your end is at step total_steps, which never comes. The last step is total_steps - 1."""
    return steps


@cycle.mistake("last")
def end_one_step_early(steps):
    """Off by one: your end is at step total_steps - 2. The last step is total_steps - 1."""
    return steps - 2


@cycle.mistake("steps")
def total_steps_plus_one(total_steps):
    """Off by one: you compute with total_steps + 1."""
    return total_steps + 1


@cycle.mistake("steps")
def total_steps_minus_one(total_steps):
    """Off by one: you take 1 off total_steps twice, the peak and the end come too early."""
    return total_steps - 1


@cycle.mistake("start")
def starts_at_zero(high):
    """Your rate starts at 0 and ends at 0: it starts at max_lr / div_factor and ends at that / final_div_factor."""
    return 0.0


@cycle.mistake("start", "end")
def factors_swapped_and_both_of_max_lr(high, div_factor, final_div_factor):
    """The two factors are swapped, and both divide max_lr: div_factor gives the start, and final_div_factor divides the
    start once more to give the end."""
    return high / final_div_factor, high / div_factor


@cycle.mistake("start", "end")
def start_and_end_swapped(high, div_factor, final_div_factor):
    """Start and end are swapped: the cycle starts at max_lr / div_factor and ends far below, at that /
    final_div_factor."""
    return high / div_factor / final_div_factor, high / div_factor


@cycle.mistake("top", "end")
def starts_at_zero_only(rising, high, div_factor, final_div_factor):
    """Your rise starts at 0: it starts at max_lr / div_factor."""
    return (0.0 if rising else high), high / div_factor / final_div_factor


@cycle.mistake("top")
def starts_at_the_end(rising, high, end):
    """Your rise starts at the end's rate, max_lr / div_factor / final_div_factor: it starts at max_lr / div_factor."""
    return end if rising else high


@cycle.mistake("start")
def div_factor_multiplied(high, div_factor):
    """You multiply by div_factor: the start is max_lr / div_factor."""
    return high * div_factor


@cycle.mistake("start")
def start_not_divided(high):
    """div_factor is not used: the start is max_lr / div_factor."""
    return high


@cycle.mistake("start")
def div_factor_itself_as_the_start(div_factor):
    """The start is 1 / div_factor in your code: max_lr is missing."""
    return 1 / div_factor


@cycle.mistake("start")
def div_factor_subtracted(high, div_factor):
    """You subtract 1 / div_factor of max_lr: the start is max_lr / div_factor."""
    return high - high / div_factor


@cycle.mistake("start", constants=(25.0, 10.0, 20.0))
def div_factor_fixed(high, constant):
    """The start is always max_lr / {constant}: use div_factor."""
    return high / constant


@cycle.mistake("end", constants=(25.0, 10.0, 20.0))
def div_factor_fixed_at_the_end(high, final_div_factor, constant):
    """Your end is max_lr / {constant} / final_div_factor, whatever div_factor is: it is the start that final_div_factor
    divides, max_lr / div_factor."""
    return high / constant / final_div_factor


@cycle.mistake("start", "end", constants=(25.0, 10.0, 20.0))
def div_factor_fixed_at_the_start(high, div_factor, final_div_factor, constant):
    """The start is always max_lr / {constant}, and only your end takes div_factor: both do."""
    return high / constant, high / div_factor / final_div_factor


@cycle.mistake("end")
def end_divides_max_lr(high, final_div_factor):
    """Your end is max_lr / final_div_factor: final_div_factor divides the start, max_lr / div_factor."""
    return high / final_div_factor


@cycle.mistake("end")
def ends_at_the_start(start):
    """Your end is the start, max_lr / div_factor: final_div_factor divides it once more."""
    return start


@cycle.mistake("end")
def ends_at_zero(start):
    """Your rate comes down to 0: the end is max_lr / div_factor / final_div_factor."""
    return 0.0


@cycle.mistake("end")
def final_div_factor_multiplied(start, final_div_factor):
    """You multiply by final_div_factor: the end is the start divided by it."""
    return start * final_div_factor


@cycle.mistake("end")
def factors_added(high, div_factor, final_div_factor):
    """You add the two factors: the end is max_lr divided by their product."""
    return high / (div_factor + final_div_factor)


@cycle.mistake("end")
def factors_swapped_at_the_end(high, div_factor):
    """Your end divides the start by div_factor once more: it is final_div_factor that divides it."""
    return high / div_factor / div_factor


@cycle.mistake("start", "end")
def factors_swapped(high, div_factor, final_div_factor):
    """div_factor and final_div_factor are swapped at the start: the start is max_lr / div_factor."""
    return high / final_div_factor, high / final_div_factor / div_factor


@cycle.mistake("end", constants=(1e4, 1e3, 100.0))
def final_div_factor_fixed(start, constant):
    """The end is always the start / {constant}: use final_div_factor."""
    return start / constant


@cycle.mistake("down")
def fall_not_shifted(position, last):
    """The fall counts from step 0, not from the peak, so the rate drops abruptly there: subtract the peak from the
    step."""
    return position / last


@cycle.mistake("down")
def fall_over_the_whole_run(position, peak, last):
    """The fall takes as long as the whole run: it is the steps from the peak to the last one that are left."""
    return (position - peak) / last


@cycle.mistake("down")
def fall_over_total_steps(position, peak, steps):
    """The fall takes total_steps steps: it is the steps from the peak to the last one that are left."""
    return (position - peak) / steps


@cycle.mistake("down")
def fall_as_fast_as_the_rise(position, peak):
    """Your fall is as fast as your rise: it takes all the steps that are left."""
    return min((position - peak) / peak, 1.0)


@cycle.mistake("up")
def rise_over_the_whole_run(position, last):
    """The rise is divided by the whole run, so the rate jumps to max_lr at the peak: divide by the peak's position."""
    return position / last


@cycle.mistake("angle")
def straight_rise(rising, part):
    """Your rise is a straight line: half a cosine wave is asked for, as in the fall."""
    return math.acos(1 - 2 * min(max(part, 0.0), 1.0)) if rising else math.pi * part


@cycle.mistake("angle")
def straight_fall(rising, part):
    """Your fall is a straight line: half a cosine wave is asked for, as in the rise."""
    return math.pi * part if rising else math.acos(1 - 2 * min(max(part, 0.0), 1.0))


# A wrong wave in one of the two phases: what it is, and the wave of a part of the way.
WAVES_OF_ONE_PHASE = {
    "upside_down": (
        "the wave is upside down, it starts where it should end",
        lambda p: (1 - math.cos(math.pi * p)) / 2,
    ),
    "quarter_cosine": ("you take a quarter of a wave, half a wave is asked for", lambda p: math.cos(math.pi / 2 * p)),
    "quarter_of_a_wave": ("the angle goes to pi / 2 only", lambda p: (1 + math.cos(math.pi / 2 * p)) / 2),
    "quarter_sine": ("you take a quarter of a wave, half a wave is asked for", lambda p: 1 - math.sin(math.pi / 2 * p)),
    "whole_wave": ("the angle goes to 2 pi, half a wave is asked for", lambda p: (1 + math.cos(2 * math.pi * p)) / 2),
    "pi_forgotten": ("pi is missing in the angle", lambda p: (1 + math.cos(p)) / 2),
    "half_forgotten": ("the half is missing, 1 + cos runs from 2 to 0", lambda p: 1 + math.cos(math.pi * p)),
    "bare_cosine": ("you take the cosine itself, which runs from 1 to -1", lambda p: math.cos(math.pi * p)),
    "parabola": ("you go along a parabola", lambda p: 1 - p * p),
}


def in_one_phase(up, name, what, shape):
    def wrong(rising, part, angle):
        return shape(part) if rising == up else (1 + math.cos(angle)) / 2

    way, other = ("up", "down") if up else ("down", "up")
    wrong.__name__ = f"{name}_on_the_way_{way}"
    wrong.__doc__ = f"On the way {way} {what}. The way {other} has its right form."
    return wrong


for name, (what, shape) in WAVES_OF_ONE_PHASE.items():
    for up in (True, False):
        cycle.mistake("wave")(in_one_phase(up, name, what, shape))


@cycle.mistake("lr")
def start_until_the_peak(curve, rising, start):
    """Your rate does not climb: it stays at max_lr / div_factor until the peak and jumps there."""
    return start if rising else curve


@cycle.mistake("lr")
def end_after_the_peak(curve, rising, end):
    """Your rate drops to its end right after the peak: it comes down along half a wave."""
    return curve if rising else end


@cycle.mistake("curve")
def whole_max_lr_as_the_span_of_the_rise(curve_of_a_phase, rising, start, high, wave):
    """On the way up the wave is stretched by max_lr, and the start is added: the peak is too high. It is stretched by
    the difference of the two rates."""
    return start + high * (1 - wave) if rising else curve_of_a_phase


@cycle.mistake("curve")
def whole_max_lr_as_the_span_of_the_fall(curve_of_a_phase, rising, high, end, wave):
    """On the way down the wave is stretched by max_lr, and the end is added: the rate drops from above max_lr. It is
    stretched by the difference of the two rates."""
    return curve_of_a_phase if rising else end + high * wave


@cycle.mistake("curve")
def whole_max_lr_as_the_span(rising, start, high, end, wave):
    """The waves are stretched by max_lr, and the start or the end is added: the peak is too high. They are stretched by
    the difference of the two rates."""
    return start + high * (1 - wave) if rising else end + high * wave


@cycle.mistake("curve")
def end_as_a_floor(curve_of_a_phase, rising, high, end, wave):
    """On the way down your wave runs to 0 and is cut off at the end's rate: it is squeezed in between max_lr and the
    end."""
    return curve_of_a_phase if rising else max(high * wave, end)


@cycle.mistake("curve")
def start_as_a_floor(curve_of_a_phase, rising, start, high, wave):
    """On the way up your wave runs from 0 and is cut off at the start's rate: it is squeezed in between the start and
    max_lr."""
    return max(high * (1 - wave), start) if rising else curve_of_a_phase


@cycle.mistake("lr")
def only_the_rise(curve, rising, high):
    """Your rate stays at max_lr after the peak: it comes down to the end."""
    return curve if rising else high


@cycle.mistake("lr")
def only_the_fall(curve, rising, high):
    """Your rate is max_lr from the first step to the peak: it climbs there from max_lr / div_factor."""
    return high if rising else curve


@cycle.mistake("top", "bottom")
def valley(rising, start, high, end):
    """Your rate falls first and climbs then: it climbs to max_lr first."""
    return (high if rising else start), (start if rising else high)


@mistake("schedules.one_cycle")
def three_phases(step, total_steps, max_lr, pct_start=0.3, div_factor=25.0, final_div_factor=1e4):
    """Your cycle has three phases (up, down as steeply, and on down to the end): two are asked for, one up and one
    down."""
    start = max_lr / div_factor
    peak, valley, last = pct_start * total_steps - 1, 2 * pct_start * total_steps - 2, total_steps - 1
    if step <= peak:
        a, b, part = start, max_lr, step / peak
    elif step <= valley:
        a, b, part = max_lr, start, (step - peak) / (valley - peak)
    else:
        a, b, part = start, start / final_div_factor, (step - valley) / (last - valley)
    return b + (a - b) * (1 + math.cos(math.pi * part)) / 2


# ------------------------------------------------------------------------------- the wave, in all four


@mistake_of(WAVES, "angle")
def whole_wave(part):
    """The angle is 2 pi times the part of the way, a whole wave: the rate is back at the top at the end. Half a wave is
    asked for, pi times the part."""
    return 2 * math.pi * part


@mistake_of(WAVES, "angle")
def quarter_of_a_wave(part):
    """The angle goes only to pi / 2, a quarter of a wave: the rate stops halfway down. It is pi times the part of the
    way."""
    return math.pi / 2 * part


@mistake_of(WAVES, "angle")
def pi_forgotten(part):
    """pi is missing: the angle must run from 0 to pi, yours ends at 1."""
    return part


@mistake_of(WAVES, "angle")
def angle_in_degrees(part):
    """The angle is in degrees (180 times the part of the way): math.cos takes radians, so it is pi times the part."""
    return 180 * part


@mistake_of(WAVES, "angle")
def radians_of_the_angle(part):
    """The angle is converted from degrees to radians though it is in radians already: the cosine hardly moves."""
    return math.radians(math.pi * part)


@mistake_of(WAVES, "angle")
def radians_of_the_part(part):
    """You convert the part of the way to radians as if it were degrees: the angle is pi times the part, in radians as
    it is."""
    return math.radians(part)


@mistake_of(WAVES, "angle", constants=(3.0, 3.1, 3.14, 3.1415, 3.1416, 22 / 7))
def rough_pi(part, constant):
    """You use {constant} for pi: take math.pi, the end of the wave is not met otherwise."""
    return constant * part


@mistake_of(WAVES, "angle", "wave")
def quarter_cosine(part):
    """You go down on a quarter of a wave, cos(pi / 2 part): it is (1 + cos(pi part)) / 2, which is flat at both
    ends."""
    return 0.0, math.cos(math.pi / 2 * part)


@mistake_of(WAVES, "wave")
def straight_line(part):
    """You go in a straight line: half a cosine wave is asked for, slow at both ends and steep in the middle."""
    return 1 - part


@mistake_of(WAVES, "wave")
def upside_down(angle):
    """The wave is upside down (1 - cos for 1 + cos, or the two rates swapped): it starts where it should end."""
    return (1 - math.cos(angle)) / 2


@mistake_of(WAVES, "wave")
def bare_cosine(angle):
    """You multiply by the cosine itself, which runs from 1 to -1: add 1 and halve it, so that it runs from 1 to 0."""
    return math.cos(angle)


@mistake_of(WAVES, "wave")
def half_forgotten(angle):
    """The half is missing: 1 + cos runs from 2 to 0, and the rate starts far too high."""
    return 1 + math.cos(angle)


@mistake_of(WAVES, "wave")
def halved_twice(angle):
    """The wave is halved twice: (1 + cos) / 2 runs from 1 to 0, yours starts at one half."""
    return (1 + math.cos(angle)) / 4


@mistake_of(WAVES, "wave")
def only_the_cosine_is_halved(angle):
    """A parenthesis is missing: 1 + cos / 2 halves the cosine only. It is the whole (1 + cos) that is halved."""
    return 1 + math.cos(angle) / 2


@mistake_of(WAVES, "wave")
def only_the_one_is_halved(angle):
    """A parenthesis is missing: 0.5 * 1 + cos halves the 1 only. It is the whole (1 + cos) that is halved."""
    return 0.5 + math.cos(angle)


@mistake_of(WAVES, "wave")
def one_forgotten(angle):
    """The 1 is missing: cos / 2 runs from 1/2 to -1/2. It is (1 + cos) / 2, from 1 to 0."""
    return math.cos(angle) / 2


@mistake_of(WAVES, "wave")
def minus_one(angle):
    """You subtract 1 from the cosine: (cos - 1) / 2 runs from 0 to -1. It is (1 + cos) / 2, from 1 to 0."""
    return (math.cos(angle) - 1) / 2


@mistake_of(WAVES, "wave")
def sine(angle):
    """You use the sine: it is 0 at both ends and 1 in the middle. It is the cosine that runs from 1 to -1."""
    return (1 + math.sin(angle)) / 2


@mistake_of(WAVES, "wave")
def bare_sine(angle):
    """You use the sine: it is 0 at both ends and 1 in the middle. It is (1 + cos) / 2 that runs from 1 to 0."""
    return math.sin(angle)


@mistake_of(WAVES, "wave")
def absolute_cosine(angle):
    """You use the absolute value of the cosine, which climbs again from the middle on: it is (1 + cos) / 2."""
    return abs(math.cos(angle))


@mistake_of(WAVES, "wave")
def positive_part_of_the_cosine(angle):
    """You cut the cosine off at 0, so the rate is at the bottom from the middle on: it is (1 + cos) / 2."""
    return max(math.cos(angle), 0.0)


@mistake_of(WAVES, "wave")
def squared_wave(angle):
    """The wave is squared: it is (1 + cos) / 2 itself."""
    return ((1 + math.cos(angle)) / 2) ** 2


@mistake_of(WAVES, "wave")
def hyperbolic_cosine(angle):
    """You use cosh, the hyperbolic cosine, which only grows: it is cos."""
    return (1 + math.cosh(min(angle, 700.0))) / 2


@mistake_of(WAVES, "wave")
def parabola(part):
    """You go down on a parabola: half a cosine wave is asked for."""
    return 1 - part * part


@mistake_of(WAVES, "wave")
def parabola_that_flattens(part):
    """You go down on a parabola: half a cosine wave is asked for."""
    return (1 - part) ** 2


@mistake_of(BETWEEN_TWO_RATES, "span")
def whole_max_lr_as_the_span(top):
    """The wave is stretched by max_lr and not by max_lr - min_lr: with min_lr added, the top is above max_lr."""
    return top


@mistake_of(BETWEEN_TWO_RATES, "span")
def sum_as_the_span(top, bottom):
    """The wave is stretched by max_lr + min_lr: it is the difference, max_lr - min_lr."""
    return top + bottom


@mistake_of(BETWEEN_TWO_RATES, "curve")
def min_lr_not_added(span, wave):
    """min_lr is not added at the end: the wave runs from max_lr - min_lr to 0, and everything is min_lr too low."""
    return span * wave


@mistake_of(BETWEEN_TWO_RATES, "curve")
def min_lr_ignored(top, wave):
    """min_lr is not used: your rate runs down to 0."""
    return top * wave


@mistake_of(BETWEEN_TWO_RATES, "curve")
def min_lr_as_a_floor(top, bottom, wave):
    """Your wave runs from max_lr to 0 and is cut off at min_lr: it should be squeezed in between max_lr and min_lr, and
    meet min_lr only at the end."""
    return max(top * wave, bottom)


@mistake_of(BETWEEN_TWO_RATES, "curve")
def whole_max_lr_as_the_span_cut_off(top, bottom, wave):
    """The wave is stretched by max_lr and not by max_lr - min_lr, and what then lies above max_lr is cut off: squeeze
    it in between the two, and nothing is left to cut off."""
    return min(top, bottom + top * wave)


@mistake_of(BETWEEN_TWO_RATES, "curve")
def min_lr_added_to_the_whole(top, bottom, wave):
    """The wave is stretched by max_lr + min_lr after an addition in the wrong place: only the span max_lr - min_lr is
    multiplied by the wave, and min_lr is added outside."""
    return (top + bottom) * wave


@mistake_of(BETWEEN_TWO_RATES, "curve")
def max_lr_added(top, span, wave):
    """You add max_lr where min_lr is to be added: the rate is above max_lr all the way."""
    return top + span * wave


@mistake_of(BETWEEN_TWO_RATES, "curve")
def cosine_outside_the_product(bottom, span, angle):
    """A parenthesis is missing around 1 + cos: the span is multiplied by 1 only, and the bare cosine is added."""
    return bottom + span / 2 + math.cos(angle)


@mistake_of(BETWEEN_TWO_RATES, "curve")
def cosine_outside_the_product_and_halved(bottom, span, angle):
    """A parenthesis is missing around 1 + cos: the span is multiplied by 1 only, and half of the cosine is added."""
    return bottom + (span + math.cos(angle)) / 2


@mistake_of(BETWEEN_TWO_RATES, "curve")
def no_parenthesis_around_the_span(top, bottom, angle):
    """A parenthesis is missing around max_lr - min_lr: only min_lr is multiplied by the wave."""
    return bottom + top / 2 - bottom * (1 + math.cos(angle))


@mistake_of(BETWEEN_TWO_RATES, "curve")
def only_min_lr_in_the_wave(top, bottom, wave):
    """A parenthesis is missing around max_lr - min_lr: only min_lr is multiplied by the wave."""
    return bottom + top - bottom * wave


@mistake_of(BETWEEN_TWO_RATES, "curve")
def one_lost_from_the_sum(top, bottom, span, angle):
    """The 1 is not multiplied by the span: it is (max_lr - min_lr) times the whole (1 + cos) / 2."""
    return bottom + (1 + span * math.cos(angle)) / 2


@mistake_of(BETWEEN_TWO_RATES, "curve")
def span_added(bottom, span, wave):
    """You add the wave to max_lr - min_lr: they are multiplied."""
    return bottom + span + wave


@mistake_of(BETWEEN_TWO_RATES, "curve")
def span_forgotten(bottom, wave):
    """You add the wave itself to min_lr: it has to be stretched by max_lr - min_lr."""
    return bottom + wave


@mistake_of(BETWEEN_TWO_RATES, "curve")
def min_lr_subtracted(bottom, span, wave):
    """You subtract min_lr at the end: it is added."""
    return span * wave - bottom


@mistake_of(BETWEEN_TWO_RATES, "curve")
def min_lr_multiplied(bottom, span, wave):
    """You multiply by min_lr at the end: it is added."""
    return span * wave * bottom


@mistake_of((warmup,), "top", "bottom")
def rates_upside_down(max_lr, min_lr):
    """max_lr and min_lr are swapped: the rate climbs from min_lr to max_lr."""
    return min_lr, max_lr


@mistake_of(BETWEEN_TWO_RATES, "top", constants=(1.0, 0.1, 0.01, 0.001))
def max_lr_fixed(constant):
    """The top is the fixed number {constant} in your code: use max_lr."""
    return constant


@mistake_of(BETWEEN_TWO_RATES, "bottom", constants=(1e-3, 1e-4, 1e-5, 1e-6, 0.01, 0.1))
def min_lr_fixed(constant):
    """The bottom is the fixed number {constant} in your code: use min_lr, which is 0 if nobody says otherwise."""
    return constant


@mistake_of(BETWEEN_TWO_RATES, "bottom", constants=(0.1, 0.01, 0.001))
def min_lr_as_a_share(max_lr, min_lr, constant):
    """The bottom is {constant} times max_lr in your code where min_lr is 0: 0 means 0."""
    return min_lr or constant * max_lr


@mistake_of(BETWEEN_TWO_RATES, "bottom")
def min_lr_as_a_ratio(max_lr, min_lr):
    """You multiply min_lr by max_lr: min_lr is a rate, not a share of max_lr."""
    return max_lr * min_lr


# ------------------------------------------------------------------------------------ reduce_on_plateau

# The steps are the decisions of the loop: each is a function that it asks.
plateau = Anatomy("schedules.reduce_on_plateau", "rates")


@plateau.step
def limit(patience):
    return patience


@plateau.step
def cut(factor):
    return factor


@plateau.step
def best_before():
    # The best loss before the first epoch; None: the first epoch is good, whatever its loss.
    return None


@plateau.step
def improves():
    return lambda loss, best, previous: loss < best


@plateau.step
def new_best():
    return lambda loss, best, good: loss if good else best


@plateau.step
def count_after():
    # The count of bad epochs after this one.
    return lambda bad, good: 0 if good else bad + 1


@plateau.step
def too_many(limit):
    return lambda bad: bad > limit


@plateau.step
def new_rate(base_lr, cut):
    return lambda lr, cuts: lr * cut


@plateau.step
def after_a_cut():
    # The count and the best after a cut.
    return lambda bad, best, loss: (0, best)


@plateau.step
def recorded():
    return lambda before, after: after


@plateau.step
def rates(val_losses, base_lr, best_before, improves, new_best, count_after, too_many, new_rate, after_a_cut, recorded):
    """the rate after each epoch"""
    lr, best, bad, cuts, rates = base_lr, best_before, 0, 0, []
    for epoch, loss in enumerate(val_losses):
        good = best is None or improves(loss, best, val_losses[max(epoch - 1, 0)])
        best, bad = (loss if best is None else new_best(loss, best, good)), count_after(bad, good)
        before = lr
        if too_many(bad):
            cuts += 1
            lr = new_rate(lr, cuts)
            bad, best = after_a_cut(bad, best, loss)
        rates.append(recorded(before, lr))
    return rates


@plateau.quantity
def best_until_now(val_losses):
    """the best loss before each epoch, infinity before the first"""
    return [min(val_losses[:epoch], default=math.inf) for epoch in range(len(val_losses))]


@plateau.quantity
def best_with_this(val_losses):
    """the best loss so far, the epoch's own included"""
    return [min(val_losses[: epoch + 1]) for epoch in range(len(val_losses))]


@plateau.quantity
def good_epochs(val_losses, best_until_now):
    """for each epoch, whether it is good"""
    return [epoch == 0 or loss < best_until_now[epoch] for epoch, loss in enumerate(val_losses)]


@plateau.quantity
def good_later_epochs(good_epochs):
    """for each epoch but the first, whether it is good"""
    return good_epochs[1:]


@plateau.quantity
def bad_epochs(good_epochs):
    """for each epoch, whether it is bad"""
    return [not good for good in good_epochs]


@plateau.quantity
def since_the_best(good_epochs):
    """for each epoch, the number of epochs since the best loss"""
    return [next(back for back in range(epoch + 1) if good_epochs[epoch - back]) for epoch in range(len(good_epochs))]


@plateau.quantity
def counts(since_the_best, limit):
    """the count of bad epochs after each epoch, 0 after a cut"""
    return [bad % (limit + 1) for bad in since_the_best]


@plateau.quantity
def cut_epochs(since_the_best, counts):
    """for each epoch, whether it brings a cut"""
    return [bad > 0 and count == 0 for bad, count in zip(since_the_best, counts, strict=True)]


@plateau.quantity
def counts_before_cuts(counts, cut_epochs, limit):
    """the count of bad epochs at each epoch, before a cut resets it"""
    return [limit + 1 if is_cut else count for count, is_cut in zip(counts, cut_epochs, strict=True)]


@plateau.quantity
def cuts_so_far(cut_epochs):
    """the number of cuts up to each epoch, its own included"""
    return [sum(cut_epochs[: epoch + 1]) for epoch in range(len(cut_epochs))]


@plateau.quantity
def rate_after_one_cut(base_lr, cut):
    """the rate after the first cut"""
    return base_lr * cut


@plateau.quantity
def rates_after_cuts(base_lr, cut, cut_epochs):
    """the rate after each of the cuts"""
    return [base_lr * cut**number for number in range(1, sum(cut_epochs) + 1)]


@plateau.mistake("improves")
def tie_counts_as_better():
    """A loss equal to the best counts as a new best in your code (<= for <): a loss that stands still is just what a
    plateau is."""
    return lambda loss, best, previous: loss <= best


@plateau.mistake("improves")
def best_of_zero_not_taken():
    """A best loss of 0 counts as none in your code (`if not best`), so that the next epoch is a new best whatever its
    loss: 0 is a loss like any other. Ask whether it `is None`."""
    return lambda loss, best, previous: not best or loss < best


@plateau.mistake("improves")
def compared_with_the_epoch_before():
    """You compare with the epoch before: a new best is below all losses before it."""
    return lambda loss, best, previous: loss < previous


@plateau.mistake("improves")
def compared_with_the_epoch_before_or_equal():
    """You compare with the epoch before, and a tie counts as better: a new best is strictly below all losses before
    it."""
    return lambda loss, best, previous: loss <= previous


@plateau.mistake("improves", "new_best")
def larger_is_better():
    """A larger loss counts as better in your code: for a loss, a new best is a smaller one."""
    return (lambda loss, best, previous: loss > best), (lambda loss, best, good: loss if good else best)


@plateau.mistake("improves")
def relative_threshold():
    """An improvement has to be larger than 1e-4 of the best loss in your code, torch's default threshold. Here every
    loss strictly below the best is a new best, however close."""
    return lambda loss, best, previous: loss < best * (1 - 1e-4)


@plateau.mistake("improves", constants=(1e-4, 1e-3, 1e-2, 1e-5, 1e-6, 0.1))
def smallest_improvement(constant):
    """An improvement has to be larger than {constant} in your code. Here every loss strictly below the best is a new
    best, however close."""
    return lambda loss, best, previous: loss < best - constant


@plateau.mistake("improves", "count_after")
def tie_counts_as_nothing():
    """A loss equal to the best changes nothing in your count: it brings no new best, so the epoch is a bad one."""
    return (
        lambda loss, best, previous: None if loss == best else loss < best,
        lambda bad, good: bad if good is None else 0 if good else bad + 1,
    )


@plateau.mistake("improves")
def any_change_is_better():
    """Every loss that differs from the best counts as better in your code: it has to be below it."""
    return lambda loss, best, previous: loss != best


@plateau.mistake("new_best")
def worst_kept():
    """You keep the largest loss as the best: keep the smallest."""
    return lambda loss, best, good: max(loss, best)


@plateau.mistake("new_best")
def best_never_updated():
    """The best loss stays that of the first epoch: replace it when a better one comes."""
    return lambda loss, best, good: best


@plateau.mistake("best_before", constants=(0.0, 1.0, 10.0, 100.0, 1000.0, 1e4))
def best_starts_at_a_number(constant):
    """The best loss before the first epoch is {constant} in your code: losses may all lie above it, and none is then
    ever a new best. The first epoch is always one (infinity is above everything)."""
    return constant


@plateau.mistake("best_before")
def first_epoch_is_bad(val_losses):
    """You compare the first epoch with itself, so it counts as bad: the first epoch is always a new best."""
    return val_losses[0]


@plateau.mistake("count_after")
def count_never_reset():
    """A new best does not set the count of bad epochs back in your code: only bad epochs in a row count."""
    return lambda bad, good: bad if good else bad + 1


@plateau.mistake("count_after")
def count_set_to_one():
    """A new best sets the count of bad epochs to 1 in your code: it is 0 then, the good epoch is not a bad one."""
    return lambda bad, good: 1 if good else bad + 1


@plateau.mistake("count_after")
def count_goes_down():
    """A new best takes 1 off the count of bad epochs in your code: it sets the count back to 0."""
    return lambda bad, good: max(bad - 1, 0) if good else bad + 1


@plateau.mistake("count_after")
def good_epochs_counted():
    """You count the epochs that improve: it is the bad ones that count."""
    return lambda bad, good: bad + 1 if good else 0


@plateau.mistake("count_after")
def all_epochs_counted():
    """You cut every so many epochs, whether the loss improves or not: a new best sets the count back to 0."""
    return lambda bad, good: bad + 1


@plateau.mistake("too_many")
def one_epoch_early(limit):
    """Off by one: you cut when `patience` epochs in a row are bad (>= for >). Patience is how many are put up with, and
    the one after that cuts."""
    return lambda bad: bad >= limit and bad > 0


@plateau.mistake("too_many")
def one_epoch_early_and_without_patience_always(limit):
    """Off by one: you cut when `patience` epochs in a row are bad (>= for >). Patience is how many are put up with, and
    the one after that cuts."""
    return lambda bad: bad >= limit


@plateau.mistake("too_many")
def one_epoch_early_exactly(limit):
    """Off by one: you cut when exactly `patience` epochs in a row are bad (== for >). Patience is how many are put up
    with, and the one after that cuts."""
    return lambda bad: bad == limit


@plateau.mistake("too_many")
def one_epoch_late(limit):
    """Off by one: you cut when patience + 2 epochs in a row are bad. Patience is how many are put up with, and the one
    after that cuts."""
    return lambda bad: bad > limit + 1


@plateau.mistake("too_many")
def two_epochs_early(limit):
    """You cut two epochs too early: patience is how many bad epochs are put up with, and the one after that cuts."""
    return lambda bad: bad > max(limit - 2, 0)


@plateau.mistake("too_many")
def cut_at_every_bad_epoch():
    """You cut at every epoch that brings no new best: patience is how many of them in a row are put up with."""
    return lambda bad: bad > 0


@plateau.mistake("too_many")
def never_too_many():
    """You never cut: compare the count of bad epochs with patience."""
    return lambda bad: False


@plateau.mistake("limit", constants=(2, 1, 3, 5, 10))
def patience_fixed(constant):
    """The patience is always {constant} in your code: use the argument."""
    return constant


@plateau.mistake("limit")
def patience_of_zero_not_taken(patience):
    """With patience = 0 you compute with the default, 2 (is it `patience or 2`, or `if patience`?): 0 is a number like
    any other, and the first bad epoch cuts then."""
    return patience or 2


@plateau.mistake("after_a_cut")
def count_goes_on_after_a_cut():
    """The count of bad epochs goes on after a cut, so that every further bad epoch cuts again: the count starts again
    from 0."""
    return lambda bad, best, loss: (bad, best)


@plateau.mistake("after_a_cut")
def count_starts_at_one_after_a_cut():
    """Off by one: after a cut the count starts again at 1. It starts at 0."""
    return lambda bad, best, loss: (1, best)


@plateau.mistake("after_a_cut")
def best_forgotten_after_a_cut():
    """After a cut you forget the best loss, so the next epoch is a new best whatever its loss: the best is kept."""
    return lambda bad, best, loss: (0, math.inf)


@plateau.mistake("after_a_cut")
def best_set_back_at_a_cut():
    """At a cut you replace the best loss by that of the epoch, which is no new best: the best is kept, and later epochs
    have to beat it."""
    return lambda bad, best, loss: (0, loss)


@plateau.mistake("after_a_cut")
def pause_after_a_cut():
    """After a cut you leave out an epoch: the next one counts already."""
    return lambda bad, best, loss: (-1, best)


@plateau.mistake("after_a_cut", "too_many")
def one_cut_for_a_plateau(limit):
    """You cut once for a plateau, and not again until a new best has come: the count starts again from 0 after a cut,
    and patience + 1 more bad epochs cut again."""
    return (lambda bad, best, loss: (bad, best)), (lambda bad: bad == limit + 1)


@plateau.mistake("new_rate")
def divided_by_factor(cut):
    """You divide by factor, so the rate grows: multiply."""
    return lambda lr, cuts: lr / cut


@plateau.mistake("new_rate")
def factor_of_the_first_rate(base_lr, cut):
    """Your rate is cut only once (is every cut base_lr factor?): each cut multiplies the rate in force."""
    return lambda lr, cuts: base_lr * cut


@plateau.mistake("new_rate")
def powers_multiplied_up(cut):
    """You multiply the rate in force, which has been cut before, by factor^cuts: each cut multiplies by factor once."""
    return lambda lr, cuts: lr * cut**cuts


@plateau.mistake("new_rate")
def factor_subtracted(cut):
    """You subtract factor from the rate: multiply by it."""
    return lambda lr, cuts: lr - cut


@plateau.mistake("new_rate")
def rate_set_to_factor(cut):
    """A cut sets the rate to factor itself: it multiplies the rate by it."""
    return lambda lr, cuts: cut


@plateau.mistake("cut")
def one_minus_factor(factor):
    """You multiply by 1 - factor: factor is what is left of the rate."""
    return 1 - factor


@plateau.mistake("cut", constants=(0.1, 0.5, 0.2))
def factor_fixed(constant):
    """The factor of a cut is always {constant} in your code: use the argument."""
    return constant


@plateau.mistake("new_rate", constants=(1e-8, 1e-6))
def small_cuts_left_out(cut, constant):
    """A cut that changes the rate by less than {constant} is left out (torch's eps): nobody asks for that here, every
    cut counts."""
    return lambda lr, cuts: lr * cut if lr - lr * cut > constant else lr


@plateau.mistake("new_rate", constants=(1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8))
def floor_under_the_rate(cut, constant):
    """Your rate never falls below {constant}: nobody asks for a floor."""
    return lambda lr, cuts: max(lr * cut, constant)


@plateau.mistake("recorded")
def rate_before_the_epoch_is_judged():
    """Off by one: you note the rate before the epoch's own loss is looked at, so every cut shows one epoch late. Note
    it after: a cut shows at the epoch that brings it about."""
    return lambda before, after: before


@mistake("schedules.reduce_on_plateau")
def new_best_brings_the_rate_back(val_losses, base_lr, factor=0.1, patience=2):
    """A new best sets your rate back to base_lr: a cut is never taken back."""
    lr, best, bad, rates = base_lr, math.inf, 0, []
    for loss in val_losses:
        lr, best, bad = (base_lr, loss, 0) if loss < best else (lr, best, bad + 1)
        if bad > patience:
            lr, bad = lr * factor, 0
        rates.append(lr)
    return rates


@mistake("schedules.reduce_on_plateau")
def starts_with_the_first_rate(val_losses, base_lr, factor=0.1, patience=2):
    """Your list has one rate too many: it starts with base_lr before the first epoch. There is one rate for each epoch,
    the one in force after it."""
    return [base_lr, *plateau.with_steps({})(val_losses, base_lr, factor, patience)]


@mistake("schedules.reduce_on_plateau")
def only_the_last_rate(val_losses, base_lr, factor=0.1, patience=2):
    """You return the last rate only: a list is asked for, with the rate after each epoch."""
    return plateau.with_steps({})(val_losses, base_lr, factor, patience)[-1]


@mistake("schedules.reduce_on_plateau")
def only_the_cuts(val_losses, base_lr, factor=0.1, patience=2):
    """You note the rate only where it changes: one rate for each epoch is asked for."""
    rates = plateau.with_steps({})(val_losses, base_lr, factor, patience)
    return [rate for before, rate in zip([base_lr, *rates], rates, strict=False) if rate != before]


@mistake("schedules.reduce_on_plateau")
def first_epoch_left_out(val_losses, base_lr, factor=0.1, patience=2):
    """Your list has one rate too few: the first epoch has a rate too, base_lr."""
    return plateau.with_steps({})(val_losses, base_lr, factor, patience)[1:]


@mistake("schedules.reduce_on_plateau")
def compared_with_the_loss_of_patience_epochs_ago(val_losses, base_lr, factor=0.1, patience=2):
    """You compare with the loss of some epochs ago: compare with the best of all, and count."""
    lr, rates = base_lr, []
    for epoch, loss in enumerate(val_losses):
        if epoch > patience and loss >= val_losses[epoch - patience - 1]:
            lr *= factor
        rates.append(lr)
    return rates


@mistake("schedules.reduce_on_plateau", constants=(0.5, 0.9))
def losses_smoothed(val_losses, base_lr, factor=0.1, patience=2, *, constant):
    """You smooth the losses first, with {constant} of what came before: each loss is compared as it is."""
    smooth = [val_losses[0]]
    for loss in val_losses[1:]:
        smooth.append(constant * smooth[-1] + (1 - constant) * loss)
    return plateau.with_steps({})(smooth, base_lr, factor, patience)


# --------------------------------------------------------------------------------------- linear_scaling

scaling = Anatomy("schedules.linear_scaling", "lr")


@scaling.step
def base(base_batch_size):
    return base_batch_size


@scaling.step
def growth(base, batch_size):
    """the factor by which the batch size grows, below 1 where it shrinks"""
    return batch_size / base


@scaling.step
def factor(growth):
    return growth


@scaling.step
def lr(base_lr, factor):
    """the learning rate for the new batch size"""
    return base_lr * factor


@scaling.quantity
def rate_of_one_sample(base_lr, base):
    """the old rate per sample of the old batch"""
    return base_lr / base


@scaling.quantity
def rate_times_size(base_lr, batch_size):
    """the old rate times the new batch size, not yet divided"""
    return base_lr * batch_size


@scaling.quantity
def old_share(base, batch_size):
    """the factor by which the batch size shrinks, below 1 where it grows"""
    return base / batch_size


@scaling.mistake("growth")
def quotient_upside_down(base, batch_size):
    """The quotient is upside down: a batch that is twice as large gets twice the rate, and yours gets half of it."""
    return base / batch_size


@scaling.mistake("growth")
def whole_number_division(base, batch_size):
    """You divide with //, so the growth is rounded down, and a smaller batch gets the rate 0: divide with /."""
    return batch_size // base


@scaling.mistake("growth")
def whole_number_division_of_at_least_one(base, batch_size):
    """You divide with //, so the growth is rounded down, and a smaller batch keeps the old rate: divide with /, and let
    the rate shrink as well."""
    return max(batch_size // base, 1)


@scaling.mistake("growth")
def whole_multiples_in_both_directions(base, batch_size):
    """You divide the larger batch size by the smaller one with //, so only whole multiples come out right: divide with
    /, and one formula serves both directions."""
    return batch_size // base if batch_size >= base else 1 / (base // batch_size)


@scaling.mistake("growth")
def growth_as_a_share_of_the_new_size(base, batch_size):
    """You divide the growth of the batch by its new size: the factor is batch_size / base_batch_size."""
    return 1 + (batch_size - base) / batch_size


@scaling.mistake("growth")
def whole_number_division_upside_down(base, batch_size):
    """You divide base_batch_size by batch_size, and with // at that: it is batch_size / base_batch_size."""
    return base // batch_size


@scaling.mistake("growth")
def rounded_growth(base, batch_size):
    """You round the growth of the batch to a whole number: it may be anything, 1.5 for instance."""
    return round(batch_size / base)


@scaling.mistake("growth")
def rounded_up_growth(base, batch_size):
    """You round the growth of the batch up: it may be anything, 1.5 for instance."""
    return math.ceil(batch_size / base)


@scaling.mistake("growth")
def difference_of_the_sizes(base, batch_size):
    """You take the difference of the batch sizes: it is their quotient that counts."""
    return batch_size - base


@scaling.mistake("growth")
def relative_growth(base, batch_size):
    """You take how much the batch grows relative to the old one, 0 if it stays the same: it is the quotient
    batch_size / base_batch_size, 1 if it stays the same."""
    return (batch_size - base) / base


@scaling.mistake("growth")
def product_of_the_sizes(base, batch_size):
    """You multiply the two batch sizes: it is their quotient that counts."""
    return batch_size * base


@scaling.mistake("growth")
def old_size_ignored(batch_size):
    """You multiply by batch_size and do not divide by base_batch_size: it is the growth that counts."""
    return batch_size


@scaling.mistake("growth")
def new_size_ignored(base):
    """You divide by base_batch_size and do not multiply by batch_size: it is the growth that counts."""
    return 1 / base


@scaling.mistake("growth")
def divided_by_the_new_size(batch_size):
    """You divide by batch_size: a larger batch gets a larger rate."""
    return 1 / batch_size


@scaling.mistake("growth")
def share_of_the_sum(base, batch_size):
    """You divide by the sum of the two batch sizes: divide by the old one."""
    return batch_size / (base + batch_size)


@scaling.mistake("base", constants=(256, 32, 128, 64, 512))
def base_batch_size_fixed(constant):
    """You always divide by {constant}: use base_batch_size."""
    return constant


@scaling.mistake("factor")
def square_root_rule(growth):
    """You use the square root of the growth: that is another rule (some use it with Adam). The linear rule multiplies
    by the growth itself."""
    return math.sqrt(growth)


@scaling.mistake("factor")
def squared_growth(growth):
    """You use the square of the growth: the linear rule multiplies by the growth itself."""
    return growth * growth


@scaling.mistake("factor")
def logarithm_of_the_growth(growth):
    """You use the logarithm of the growth: the linear rule multiplies by the growth itself."""
    return math.log2(growth)


@scaling.mistake("factor")
def one_plus_the_logarithm(growth):
    """You use 1 plus the logarithm of the growth: the linear rule multiplies by the growth itself."""
    return 1 + math.log2(growth)


@scaling.mistake("factor")
def one_more_than_the_growth(growth):
    """You multiply by 1 + the growth: multiply by the growth itself, 1 if the batch stays the same."""
    return 1 + growth


@scaling.mistake("factor")
def half_of_the_growth(growth):
    """You go half of the way only, (1 + growth) / 2: the linear rule multiplies by the growth itself."""
    return (1 + growth) / 2


@scaling.mistake("factor")
def always_scaled_up(growth):
    """A smaller batch gets a larger rate in your code, too: a smaller batch gets a smaller rate."""
    return max(growth, 1 / growth)


@scaling.mistake("factor")
def always_scaled_down(growth):
    """A larger batch gets a smaller rate in your code, too: a larger batch gets a larger rate."""
    return min(growth, 1 / growth)


@scaling.mistake("factor")
def never_scaled_down(growth):
    """A smaller batch keeps the old rate in your code: the rule holds in both directions."""
    return max(growth, 1.0)


@scaling.mistake("factor")
def never_scaled_up(growth):
    """A larger batch keeps the old rate in your code: the rule holds in both directions."""
    return min(growth, 1.0)


@scaling.mistake("factor")
def square_root_downwards_only(growth):
    """A smaller batch gets the square root of the growth in your code: the linear rule holds in both directions."""
    return growth if growth >= 1 else math.sqrt(growth)


@scaling.mistake("factor")
def square_root_upwards_only(growth):
    """A larger batch gets the square root of the growth in your code: the linear rule holds in both directions."""
    return math.sqrt(growth) if growth >= 1 else growth


@scaling.mistake("factor")
def one_plus_the_natural_logarithm(growth):
    """You use 1 plus the logarithm of the growth: the linear rule multiplies by the growth itself."""
    return 1 + math.log(growth)


@scaling.mistake("factor")
def whole_multiples_upwards_only(growth):
    """For a larger batch you divide with //, or round the growth down: it may be anything, 1.5 for instance."""
    return math.floor(growth) if growth >= 1 else growth


@scaling.mistake("factor", constants=(2.0, 4.0, 8.0, 10.0))
def capped_growth(growth, constant):
    """You stop scaling at {constant} times the old rate: the rule that is asked for has no limit."""
    return min(growth, constant)


@scaling.mistake("factor")
def power_of_two(growth):
    """You round the growth to a power of 2: it may be anything, 1.5 for instance."""
    return 2.0 ** round(math.log2(growth))


@scaling.mistake("lr")
def not_scaled(base_lr):
    """You return base_lr as it is: multiply it by the growth of the batch."""
    return base_lr


@scaling.mistake("lr")
def rate_forgotten(factor):
    """You return the growth of the batch: base_lr is missing."""
    return factor


@scaling.mistake("lr")
def growth_added(base_lr, factor):
    """You add the growth to the rate: multiply."""
    return base_lr + factor


@scaling.mistake("lr")
def growth_as_a_power(base_lr, factor):
    """You raise the rate to the power of the growth: multiply."""
    return base_lr**factor


@scaling.mistake("lr", constants=(1.0, 0.1, 0.5))
def capped_rate(base_lr, factor, constant):
    """Your rate never goes above {constant}: nobody asks for a limit."""
    return min(base_lr * factor, constant)


# ------------------------------------------------------------------------- what may happen to any result


def of_the_right_rate(anatomy):
    right = anatomy.with_steps({})

    @mistake(anatomy.exercise, constants=(1, 2, 3, 4, 5, 6, 7, 8))
    def rounded(*args, constant, **kwargs):
        """Your rate is rounded to {constant} decimals: return it as it is, rates may be small."""
        return round(right(*args, **kwargs), constant)

    @mistake(anatomy.exercise, constants=(2, 3, 4, 5, 6))
    def cut_off_behind_the_point(*args, constant, **kwargs):
        """Your rate is cut off after {constant} decimals: return it as it is, rates may be small."""
        return math.floor(right(*args, **kwargs) * 10**constant) / 10**constant

    @mistake(anatomy.exercise)
    def truncated(*args, **kwargs):
        """Your rate is turned into a whole number (int, or //): return it as it is."""
        return int(right(*args, **kwargs))

    @mistake(anatomy.exercise)
    def wrong_sign(*args, **kwargs):
        """Your rate has the wrong sign: a learning rate is positive."""
        return -right(*args, **kwargs)


def above_a_floor(anatomy):
    right = anatomy.with_steps({})

    @mistake(anatomy.exercise, constants=(1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8))
    def floor_under_the_rate(*args, constant, **kwargs):
        """Your rate never falls below {constant}: nobody asks for a floor."""
        return max(right(*args, **kwargs), constant)


for each in (stairs, exponential, annealing, restarts, warmup, cycle, scaling):
    of_the_right_rate(each)
for each in (annealing, restarts, warmup, cycle, scaling):
    above_a_floor(each)
