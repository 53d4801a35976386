"""Known mistakes of the unit diagnostics: short wrong solutions, and what to tell whoever wrote one."""

import math
import statistics
from itertools import accumulate, pairwise

import torch

from backpass.explaining.declared import Anatomy, mistake
from backpass.judging.failures import Fault
from solutions.diagnostics import diagnose_curve as right_diagnosis


def fault(wrong, evidence="", case=None):
    """The Fault of a mistake of this catalogue that a check has recognised by other means than its answers."""
    tell = " ".join((wrong.__doc__ or "").split())
    return Fault(wrong.__name__, f"{tell} {evidence}".strip(), case)


# initial_loss

first = Anatomy("diagnostics.initial_loss", "loss")


@first.step
def probability(num_classes):
    """the probability of each class when all are equally likely"""
    return 1 / num_classes


@first.step
def logarithm(probability):
    """the logarithm of the probability of the right class"""
    return math.log(probability)


@first.step
def loss(logarithm):
    """the cross-entropy of a classifier to which all classes are equally likely"""
    return -logarithm


@first.quantity
def logits(num_classes):
    """logits that prefer no class, all 0"""
    return torch.zeros(num_classes)


@first.quantity
def log_normalizer(logits):
    """the log-sum-exp of logits that are all 0"""
    return torch.logsumexp(logits, 0)


@first.quantity
def distribution(num_classes, probability):
    """the uniform distribution over the classes"""
    return torch.full((num_classes,), probability)


@first.quantity
def log_distribution(distribution):
    """the logarithm of each class's probability when all are equally likely"""
    return distribution.log()


@first.quantity
def losses(log_distribution):
    """the cross-entropy for each class that may be the right one"""
    return -log_distribution


@first.quantity
def parts_of_entropy(distribution, losses):
    """what each class adds to the entropy of the uniform distribution"""
    return distribution * losses


@first.mistake("probability")
def one_class_too_many(num_classes):
    """You count one class too many: C + 1 where C is asked for."""
    return 1 / (num_classes + 1)


@first.mistake("probability")
def one_class_too_few(num_classes):
    """You count one class too few, the wrong ones only: a classifier that knows nothing spreads its probability over
    all C classes, the right one included."""
    return 1 / max(num_classes - 1, 1e-9)


@first.mistake("probability")
def half_for_any_number_of_classes():
    """You use the probability 1/2 whatever the number of classes: with C classes each gets 1/C."""
    return 0.5


@first.mistake("probability")
def tenth_for_any_number_of_classes():
    """Your result is always that of ten classes, log 10: num_classes is not used."""
    return 0.1


@first.mistake("probability")
def wrong_classes_together(num_classes):
    """You take the logarithm of 1 - 1/C, the probability of being wrong: cross-entropy looks at the probability of the
    right class, 1/C."""
    return max(1 - 1 / num_classes, 1e-300)


@first.mistake("logarithm")
def logarithm_to_base_two(probability):
    """That is the loss in bits: the logarithm is to base 2. Cross-entropy is in nats here, with the natural
    logarithm."""
    return math.log2(probability)


@first.mistake("logarithm")
def logarithm_to_base_ten(probability):
    """The logarithm is to base 10: cross-entropy takes the natural one, math.log or torch.log."""
    return math.log10(probability)


@first.mistake("logarithm")
def logarithm_missing(probability):
    """The logarithm is missing: you return the probability of a class (or its inverse), not the cross-entropy."""
    return probability


@first.mistake("logarithm")
def log_of_one_more(probability):
    """You use log(1 + p), log1p: cross-entropy is -log(p)."""
    return math.log1p(probability)


@first.mistake("loss")
def wrong_sign_of_the_loss(logarithm):
    """The sign is wrong: log(1/C) is negative, and cross-entropy is its negative."""
    return logarithm


@first.mistake("loss")
def added_over_the_classes(logarithm, num_classes):
    """You add the logarithm up over all C classes: only the probability of the right class counts, once."""
    return -logarithm * num_classes


@first.mistake("loss")
def weighted_by_the_probability(logarithm, probability, num_classes):
    """You multiply the loss by 1 - 1/C, the probability of being wrong: -log(p) stands alone."""
    return -logarithm * (1 - probability)


@first.mistake("loss")
def perplexity(logarithm):
    """You return C itself, the exponential of the loss (its perplexity): the loss is the logarithm of C."""
    return math.exp(-logarithm)


@first.mistake("loss", constants=(0, 1, 2, 3))
def rounded_loss(logarithm, constant):
    """You round the loss to {constant} digits: leave it as it is."""
    return round(-logarithm, int(constant))


@first.mistake("loss")
def whole_number(logarithm):
    """Your loss is cut to a whole number: a float keeps its digits."""
    return float(int(-logarithm))


@first.mistake("probability", constants=(1e-4, 1e-3, 1e-2, 0.1))
def probability_padded(num_classes, constant):
    """You add {constant} to the probability before the logarithm: 1/C is never 0, and needs no padding."""
    return 1 / num_classes + constant


@first.mistake("probability", constants=(1e-3, 1e-2, 0.1))
def count_padded(num_classes, constant):
    """You add {constant} to the number of classes: it is never 0, and needs no padding."""
    return 1 / (num_classes + constant)


@first.mistake("probability")
def twice_the_classes(num_classes):
    """You count every class twice: each of C classes has the probability 1/C."""
    return 1 / (2 * num_classes)


@first.mistake("logarithm")
def square_of_the_logarithm(probability):
    """You square the logarithm: cross-entropy is -log(p), without a square."""
    return -(math.log(probability) ** 2)


@first.mistake("loss", constants=(1.0, -1.0))
def shifted_loss(logarithm, constant):
    """You add {constant} to log C."""
    return -logarithm + constant


@first.mistake("loss")
def logarithms_of_the_wrong_classes_too(logarithm, probability, num_classes):
    """You add up binary cross-entropies, one for each class, wrong classes included: cross-entropy over C classes is
    -log(p) of the right one alone."""
    return -logarithm - (num_classes - 1) * math.log(1 - probability + 1e-12)


@first.mistake("loss")
def probability_as_a_factor(logarithm, probability):
    """You divide log C by C: cross-entropy is -log(p) of the right class, and its mean runs over samples, not over
    classes."""
    return -probability * logarithm


@first.mistake("loss")
def two_classes_doubled(logarithm, num_classes):
    """For two classes you return 2 log 2, the binary cross-entropy of two outputs: two classes are a case like any
    other, log C."""
    return -logarithm * (2 if num_classes == 2 else 1)


@first.mistake("loss")
def two_classes_halved(logarithm, num_classes):
    """For two classes you return half of log 2: two classes are a case like any other, log C."""
    return -logarithm / (2 if num_classes == 2 else 1)


@first.mistake("loss")
def one_class_as_two(logarithm):
    """For one class you return log 2, as for a single sigmoid output: with one class there is nothing to guess, and the
    loss is log 1 = 0."""
    return max(-logarithm, math.log(2))


@mistake("diagnostics.initial_loss")
def binary_entropy(num_classes):
    """You return the entropy of "the right class or not", two cases: cross-entropy over C classes is -log(1/C)."""
    p = 1 / num_classes
    return -(p * math.log(p) + (1 - p) * math.log(1 - p + 1e-12))


@mistake("diagnostics.initial_loss")
def logarithm_of_the_factorial(num_classes):
    """You add up log 1, log 2, ..., log C: only the logarithm of C itself counts."""
    return math.lgamma(num_classes + 1)


@mistake("diagnostics.initial_loss")
def exponential_of_the_probability(num_classes):
    """You use exp where the logarithm belongs."""
    return math.exp(1 / num_classes)


@mistake("diagnostics.initial_loss")
def accuracy_of_guessing(num_classes):
    """You return how often a guess is wrong, 1 - 1/C: the question is for the cross-entropy, log C."""
    return 1 - 1 / num_classes


@mistake("diagnostics.initial_loss")
def root_of_the_count(num_classes):
    """You return the square root of C: cross-entropy is a logarithm."""
    return math.sqrt(num_classes)


@mistake("diagnostics.initial_loss")
def loss_of_nothing(num_classes):
    """You return 0 whatever the number of classes: 0 is the loss of a classifier that is always right and sure of
    it."""
    return 0.0


@mistake("diagnostics.initial_loss")
def mean_squared_error(num_classes):
    """That is the mean squared error against the one-hot label, not the cross-entropy: it is -log(1/C)."""
    return ((1 - 1 / num_classes) ** 2 + (num_classes - 1) / num_classes**2) / num_classes


# accuracy

share = Anatomy("diagnostics.accuracy", "accuracy")


@share.step
def is_right(pred, labels):
    """the mask of right predictions"""
    return pred == labels


@share.step
def number_right(is_right):
    """the number of right predictions"""
    return int(is_right.sum())


@share.step
def number_of_samples(labels):
    """the number of samples"""
    return len(labels)


@share.step
def accuracy(number_right, number_of_samples):
    """the share of the samples whose prediction is right"""
    return number_right / number_of_samples if number_of_samples else 0.0


@share.quantity
def ones_and_zeros(is_right):
    """the mask of right predictions in numbers, 1 for right and 0 for wrong"""
    return is_right.float()


@share.quantity
def right_in_a_tensor(is_right):
    """the number of right predictions"""
    return is_right.sum()


@share.quantity
def mean_in_a_tensor(ones_and_zeros):
    """the share of the samples whose prediction is right"""
    return ones_and_zeros.mean()


@share.quantity
def is_wrong(pred, labels):
    """the mask of wrong predictions"""
    return pred != labels


@share.quantity
def number_wrong(is_wrong):
    """the number of wrong predictions"""
    return int(is_wrong.sum())


@share.quantity
def error_rate(number_wrong, number_of_samples):
    """the share of the samples whose prediction is wrong"""
    return number_wrong / number_of_samples


@share.quantity
def differences(pred, labels):
    """the predicted class numbers minus the right ones"""
    return pred - labels


@share.quantity
def list_of_right(is_right):
    """the mask of right predictions, as a list"""
    return is_right.tolist()


@share.mistake("is_right")
def error_rate(pred, labels):
    """You count the wrong ones: that is the error rate, 1 minus the accuracy."""
    return pred != labels


@share.mistake("is_right")
def hits_of_classes_above_zero(pred, labels):
    """Right answers for class 0 are not counted: a product of pred and labels, or `and`, takes 0 for false. Compare
    with ==."""
    return (pred == labels) & (labels != 0)


@share.mistake("is_right")
def hits_of_class_one(pred, labels):
    """Only right answers for class 1 are counted: every class counts."""
    return (pred == 1) & (labels == 1)


@share.mistake("is_right")
def hits_of_class_zero(pred, labels):
    """Only right answers for class 0 are counted: every class counts."""
    return (pred == 0) & (labels == 0)


@share.mistake("is_right")
def hits_of_two_classes(pred, labels):
    """Only right answers for classes 0 and 1 are counted, as if there were no others."""
    return (pred == labels) & (labels < 2)


@share.mistake("is_right")
def only_zero_or_not(pred, labels):
    """You ask whether pred and labels are both zero or both not: classes 1 and 2 are then the same. Compare the classes
    themselves."""
    return (pred > 0) == (labels > 0)


@share.mistake("is_right")
def off_by_one_is_right(pred, labels):
    """A prediction that is one class off counts as right: class numbers are names, and 2 is no nearer to 3 than 0
    is."""
    return (pred - labels).abs() <= 1


@share.mistake("is_right")
def prediction_not_below(pred, labels):
    """You compare with >= or <=: only equal classes are right."""
    return pred >= labels


@share.mistake("is_right")
def prediction_not_above(pred, labels):
    """You compare with <= or <: only equal classes are right."""
    return pred <= labels


@share.mistake("is_right")
def order_ignored(pred, labels):
    """You compare sorted predictions with sorted labels, or how often each class comes in the two: which sample a
    prediction belongs to is lost."""
    return pred.sort().values == labels.sort().values


@share.mistake("is_right")
def any_label(pred, labels):
    """You ask whether a prediction occurs among the labels at all: it has to be the label of its own sample."""
    return torch.isin(pred, labels)


@share.mistake("is_right")
def shifted_by_one(pred, labels):
    """Predictions are compared with the labels of their neighbours: the two have come out of step."""
    return pred.roll(1) == labels


@share.mistake("number_right")
def count_of_right_ones_as_truth(is_right):
    """You ask whether all (or any) are right: count how many."""
    return int(is_right.all())


@share.mistake("number_right")
def never_right():
    """Your result is always 0: numbers that are tensors are compared with `is`, or as texts? Compare with ==."""
    return 0


@share.mistake("number_right")
def any_right(is_right):
    """You ask whether any is right: count how many."""
    return int(is_right.any())


@share.mistake("number_right")
def without_the_first(is_right):
    """The first sample is left out of the count."""
    return int(is_right[1:].sum())


@share.mistake("number_right")
def without_the_last(is_right):
    """The last sample is left out of the count."""
    return int(is_right[:-1].sum())


@share.mistake("number_of_samples")
def divided_by_the_number_of_classes(labels):
    """You divide by the number of classes: the mean runs over the samples."""
    return len(labels.unique())


@share.mistake("number_of_samples")
def divided_by_the_largest_class(labels):
    """You divide by the number of classes, the largest label + 1: the mean runs over the samples."""
    return int(labels.max()) + 1


@share.mistake("number_of_samples")
def one_sample_too_many(labels):
    """You divide by N + 1: there are N samples."""
    return len(labels) + 1


@share.mistake("number_of_samples")
def one_sample_too_few(labels):
    """You divide by N - 1: a share divides by N."""
    return max(len(labels) - 1, 1)


@share.mistake("number_of_samples")
def not_divided():
    """You return the number of right answers, not their share: divide by N."""
    return 1


@share.mistake("number_of_samples")
def divided_by_the_wrong_ones(pred, labels):
    """You divide the right ones by the wrong ones: a share divides by all of them."""
    return max(int((pred != labels).sum()), 1)


@mistake("diagnostics.accuracy")
def every_with_every(pred, labels):
    """You compare every prediction with every label, N times N pairs, because two shapes were broadcast against each
    other: a prediction belongs to one label."""
    return (pred == labels[:, None]).double().mean().item()


@share.mistake("accuracy")
def percent(number_right, number_of_samples):
    """You return a percentage: a share lies between 0 and 1."""
    return 100 * number_right / number_of_samples


@share.mistake("accuracy")
def whole_division(number_right, number_of_samples):
    """Everything but a perfect score comes out as 0: you ask whether all are right, or divide with //, which cuts off
    what is behind the point."""
    return float(number_right // number_of_samples)


@share.mistake("accuracy", constants=(1, 2, 3, 4))
def rounded_share(number_right, number_of_samples, constant):
    """You round the share to {constant} digits: leave it as it is."""
    return round(number_right / number_of_samples, int(constant))


@share.mistake("accuracy")
def rounded_to_a_whole(number_right, number_of_samples):
    """You round the share to 0 or 1: leave it as it is."""
    return float(round(number_right / number_of_samples))


@mistake("diagnostics.accuracy")
def overlap_of_the_classes(pred, labels):
    """You compare the set of the predicted classes with that of the labels: which sample a prediction belongs to is
    lost, and how often each class comes."""
    predicted, right = set(pred.tolist()), set(labels.tolist())
    return len(predicted & right) / len(predicted | right)


@mistake("diagnostics.accuracy")
def each_pair_once(pred, labels):
    """Samples with the same prediction and the same label are counted once (a set, a dict or unique): each sample
    counts."""
    pairs = set(zip(pred.tolist(), labels.tolist(), strict=True))
    return sum(one == other for one, other in pairs) / len(pairs)


@mistake("diagnostics.accuracy")
def mean_of_the_recalls(pred, labels):
    """You average the accuracy of the single classes: that is balanced accuracy. Here every sample counts the same."""
    return statistics.mean(_share(pred[labels == each] == each) for each in labels.unique())


@mistake("diagnostics.accuracy")
def over_the_predictions(pred, labels):
    """You average over the predicted classes how often each is right (precision): every sample counts the same."""
    return statistics.mean(_share(labels[pred == each] == each) for each in pred.unique())


@mistake("diagnostics.accuracy")
def mean_distance(pred, labels):
    """You subtract class numbers: they are names, not sizes. Ask whether they are equal."""
    return 1 - (pred - labels).abs().double().mean().item()


@mistake("diagnostics.accuracy")
def distance_alone(pred, labels):
    """You average the difference of the class numbers: they are names, not sizes. Ask whether they are equal."""
    return (pred - labels).abs().double().mean().item()


@mistake("diagnostics.accuracy")
def jaccard(pred, labels):
    """You divide the hits by the hits plus twice the misses, as for the overlap of two sets (Jaccard): accuracy divides
    by N."""
    right = int((pred == labels).sum())
    return right / (2 * len(labels) - right)


@mistake("diagnostics.accuracy")
def recall_for_accuracy(pred, labels):
    """You return the recall of class 1: accuracy asks about the samples of all classes."""
    return _share(pred[labels == 1] == 1)


@mistake("diagnostics.accuracy")
def precision_for_accuracy(pred, labels):
    """You return the precision of class 1: accuracy asks about the samples of all classes."""
    return _share(labels[pred == 1] == 1)


@mistake("diagnostics.accuracy")
def always_perfect(pred, labels):
    """You return 1 whatever the predictions: are they compared with the labels, or with themselves?"""
    return 1.0


@mistake("diagnostics.accuracy")
def first_sample_only(pred, labels):
    """You return after the first sample: compare them all."""
    return float(pred[0] == labels[0])


@mistake("diagnostics.accuracy")
def last_sample_only(pred, labels):
    """Only the last sample counts: each round of a loop overwrites the one before."""
    return float(pred[-1] == labels[-1])


def _share(truths):
    return truths.double().mean().item() if len(truths) else 0.0


# recall

found = Anatomy("diagnostics.recall", "recall")


@found.step
def class_in_question(positive):
    return positive


@found.step
def hits(pred, labels, class_in_question):
    """the number of samples of class `positive` that are predicted to be of it"""
    return int(((pred == class_in_question) & (labels == class_in_question)).sum())


@found.step
def possible(labels, class_in_question):
    """the number of samples whose label is the class `positive`"""
    return int((labels == class_in_question).sum())


@found.step
def recall(hits, possible):
    """the share of class `positive` that is found, 0 if it has no samples"""
    return hits / possible if possible else 0.0


@found.quantity
def of_the_class(labels, positive):
    """the mask of samples whose label is the class `positive`"""
    return labels == positive


@found.quantity
def predicted(pred, positive):
    """the mask of samples that are predicted to be of class `positive`"""
    return pred == positive


@found.quantity
def is_hit(of_the_class, predicted):
    """the mask of samples of class `positive` that are predicted to be of it"""
    return of_the_class & predicted


@found.quantity
def is_missed(of_the_class, predicted):
    """the mask of samples of class `positive` that are predicted to be of another"""
    return of_the_class & ~predicted


@found.quantity
def number_missed(is_missed):
    """the number of samples of class `positive` that are predicted to be of another"""
    return int(is_missed.sum())


@found.quantity
def hits_in_a_tensor(is_hit):
    """the number of samples of class `positive` that are predicted to be of it"""
    return is_hit.sum()


@found.quantity
def possible_in_a_tensor(of_the_class):
    """the number of samples whose label is the class `positive`"""
    return of_the_class.sum()


@found.quantity
def predictions_in_class(pred, of_the_class):
    """the predictions for the samples whose label is the class `positive`"""
    return pred[of_the_class]


@found.quantity
def hits_in_class(predictions_in_class, positive):
    """the mask of those that are found, among the samples of class `positive` alone"""
    return predictions_in_class == positive


@found.mistake("class_in_question")
def positive_ignored():
    """`positive` is not used: you always look at class 1."""
    return 1


@found.mistake("class_in_question")
def class_zero():
    """You always look at class 0: the class in question is `positive`."""
    return 0


@found.mistake("class_in_question")
def class_after(positive):
    """You look at the class after `positive`: classes are counted from 0, and `positive` is such a number."""
    return positive + 1


@found.mistake("class_in_question")
def class_before(positive):
    """You look at the class before `positive`: classes are counted from 0, and `positive` is such a number."""
    return positive - 1


@found.mistake("hits")
def all_predicted_counted(pred, class_in_question):
    """Every prediction of the class counts as found, whether it is true or not: count those whose label is the class as
    well."""
    return int((pred == class_in_question).sum())


@found.mistake("hits")
def missed_counted(pred, labels, class_in_question):
    """You return the share that is missed, 1 - recall: recall counts those that are found."""
    return int(((pred != class_in_question) & (labels == class_in_question)).sum())


@found.mistake("hits")
def false_alarms_counted(pred, labels, class_in_question):
    """You count the false alarms, predicted to be of the class and not of it: recall counts what is of the class and
    predicted to be."""
    return int(((pred == class_in_question) & (labels != class_in_question)).sum())


@found.mistake("hits")
def all_right_ones_counted(pred, labels):
    """You count the right predictions of all classes: only those of the class in question are hits."""
    return int((pred == labels).sum())


@found.mistake("hits")
def right_or_not_of_the_class(pred, labels, class_in_question):
    """A sample of another class that is not taken for this one counts as found: only samples of the class count."""
    return int(((pred == class_in_question) == (labels == class_in_question)).sum())


@found.mistake("hits")
def either_counted(pred, labels, class_in_question):
    """You count samples that are of the class or predicted to be, with `or`: both have to hold."""
    return int(((pred == class_in_question) | (labels == class_in_question)).sum())


@found.mistake("possible")
def precision(pred, class_in_question):
    """That is precision: you divide by the number of predictions of the class. Recall divides by the number of samples
    that are of the class."""
    return int((pred == class_in_question).sum())


@found.mistake("possible")
def divided_by_all_samples(labels):
    """You divide by the number of all samples: recall divides by the number of those that have the class."""
    return len(labels)


@found.mistake("possible")
def divided_by_the_others(labels, class_in_question):
    """You divide by the number of samples that are not of the class."""
    return int((labels != class_in_question).sum())


@found.mistake("possible")
def divided_by_the_right_ones(pred, labels):
    """You divide by the number of all right predictions: recall divides by the number of samples of the class."""
    return int((pred == labels).sum())


@found.mistake("possible")
def divided_by_either(pred, labels, class_in_question):
    """You divide by all that are of the class or predicted to be (Jaccard's index): recall divides by those that are of
    it."""
    return int(((pred == class_in_question) | (labels == class_in_question)).sum())


@found.mistake("possible")
def hits_not_divided():
    """You return the number of hits, not their share: divide by the number of samples of the class."""
    return 1


@found.mistake("possible")
def smoothed_by_one(labels, class_in_question):
    """You add 1 below the fraction bar to avoid a division by 0, and every other result is wrong for it: ask whether
    the class is there."""
    return int((labels == class_in_question).sum()) + 1


@found.mistake("possible")
def misses_below(pred, labels, class_in_question):
    """You divide by the missed ones alone: hits and misses together are the samples of the class."""
    return int(((pred != class_in_question) & (labels == class_in_question)).sum())


@found.mistake("recall")
def absent_class_is_nan(hits, possible):
    """Where no sample has the class, your result is NaN, 0/0 (or the mean of nothing): 0.0 is asked for."""
    return hits / possible if possible else math.nan


@found.mistake("recall")
def absent_class_is_perfect(hits, possible):
    """Where no sample has the class, your result is 1.0: the statement asks for 0.0."""
    return hits / possible if possible else 1.0


@found.mistake("recall")
def percent_found(hits, possible):
    """You return a percentage: a share lies between 0 and 1."""
    return 100 * hits / possible if possible else 0.0


@found.mistake("recall")
def whole_division_of_hits(hits, possible):
    """Everything but a perfect score comes out as 0: you ask whether all are right, or divide with //, which cuts off
    what is behind the point."""
    return float(hits // possible) if possible else 0.0


@found.mistake("recall", constants=(1, 2, 3, 4))
def rounded_recall(hits, possible, constant):
    """You round the share to {constant} digits: leave it as it is."""
    return round(hits / possible, int(constant)) if possible else 0.0


@mistake("diagnostics.recall")
def specificity(pred, labels, positive=1):
    """You return the specificity, the share of the other samples that are not taken for the class: recall looks at the
    samples of the class."""
    return _share(pred[labels != positive] != positive)


@mistake("diagnostics.recall")
def false_alarm_rate(pred, labels, positive=1):
    """You return the rate of false alarms, over the samples that are not of the class: recall looks at those that
    are."""
    return _share(pred[labels != positive] == positive)


@mistake("diagnostics.recall")
def accuracy_for_recall(pred, labels):
    """You return the accuracy: recall looks at the samples of one class only."""
    return _share(pred == labels)


@mistake("diagnostics.recall")
def f1(pred, labels, positive=1):
    """That is the F1 score, which mixes recall and precision: recall alone is asked for."""
    both = int((pred == positive).sum()) + int((labels == positive).sum())
    return 2 * int(((pred == positive) & (labels == positive)).sum()) / both if both else 0.0


@mistake("diagnostics.recall")
def mean_recall(pred, labels):
    """You average the recall of all classes: the one of the class `positive` is asked for."""
    return statistics.mean(_share(pred[labels == each] == each) for each in labels.unique())


@mistake("diagnostics.recall")
def above_zero_is_positive(pred, labels):
    """You take every class above 0 for the positive one: compare with `positive`."""
    return _share(pred[labels > 0] > 0)


# gradient_report

pulse = Anatomy("diagnostics.gradient_report", "report")


@pulse.step
def size_of():
    return lambda grad: grad.abs().mean().item()


@pulse.step
def limits(low, high):
    return low, high


@pulse.step
def is_broken():
    return lambda grad: not bool(grad.isfinite().all())


@pulse.step
def verdict_of(limits):
    low, high = limits
    return lambda size: "exploding" if size > high else "vanishing" if size < low else "healthy"


@pulse.step
def entry_of():
    return lambda size, verdict: (size, verdict)


@pulse.step
def report(grads, size_of, is_broken, verdict_of, entry_of):
    """the mean absolute value of each gradient, and the verdict on it"""
    return {
        name: entry_of(size_of(grad), "exploding" if is_broken(grad) else verdict_of(size_of(grad)))
        for name, grad in grads.items()
    }


@pulse.quantity
def absolute(grads):
    """the absolute value of every entry, gradient by gradient"""
    return {name: grad.abs() for name, grad in grads.items()}


@pulse.quantity
def sums(absolute):
    """the sum of the absolute values of each gradient"""
    return {name: each.sum().item() for name, each in absolute.items()}


@pulse.quantity
def counts(grads):
    """the number of entries of each gradient"""
    return {name: grad.numel() for name, grad in grads.items()}


@pulse.quantity
def sizes(grads, size_of):
    """the mean absolute value of each gradient"""
    return {name: size_of(grad) for name, grad in grads.items()}


@pulse.quantity
def list_of_sizes(sizes):
    """the mean absolute value of each gradient, in a list"""
    return list(sizes.values())


@pulse.quantity
def broken(grads, is_broken):
    """a flag for each gradient, True if an entry is infinite or NaN"""
    return {name: is_broken(grad) for name, grad in grads.items()}


@pulse.quantity
def all_finite(broken):
    """a flag for each gradient, True if all its entries are finite"""
    return {name: not each for name, each in broken.items()}


@pulse.quantity
def verdicts(report):
    """the verdict on each gradient"""
    return {name: verdict for name, (_, verdict) in report.items()}


@pulse.mistake("size_of")
def mean_without_absolute_values():
    """You average the entries with their signs: positive and negative ones cancel, and a huge gradient can look like
    none at all. Take absolute values first."""
    return lambda grad: grad.mean().item()


@pulse.mistake("size_of")
def absolute_value_of_the_mean():
    """You take the mean first and its absolute value then: by that time positive and negative entries have cancelled.
    The absolute values come first."""
    return lambda grad: grad.mean().abs().item()


@pulse.mistake("size_of")
def largest_entry():
    """You report the largest absolute value: the mean over all entries is asked for."""
    return lambda grad: grad.abs().max().item()


@pulse.mistake("size_of")
def smallest_entry():
    """You report the smallest absolute value: the mean over all entries is asked for."""
    return lambda grad: grad.abs().min().item()


@pulse.mistake("size_of")
def sum_of_absolute_values():
    """You add the absolute values up: the mean divides by their number, so that layers of different sizes can be
    compared."""
    return lambda grad: grad.abs().sum().item()


@pulse.mistake("size_of")
def euclidean_norm():
    """You report the norm, the root of the sum of squares: it grows with the number of entries. The mean of the
    absolute values is asked for."""
    return lambda grad: grad.square().sum().sqrt().item()


@pulse.mistake("size_of")
def root_mean_square():
    """You report the root of the mean square: the mean of the absolute values is asked for."""
    return lambda grad: grad.square().mean().sqrt().item()


@pulse.mistake("size_of")
def mean_square():
    """You report the mean of the squares: the mean of the absolute values is asked for."""
    return lambda grad: grad.square().mean().item()


@pulse.mistake("size_of")
def median_entry():
    """You report the median of the absolute values: the mean is asked for."""
    return lambda grad: grad.abs().median().item()


@pulse.mistake("size_of")
def spread_of_the_entries():
    """You report the standard deviation, which leaves the mean out: the mean of the absolute values is asked for."""
    return lambda grad: grad.std(unbiased=False).item()


@pulse.mistake("size_of")
def unbiased_spread():
    """You report the standard deviation, which leaves the mean out (and is NaN for one entry): the mean of the absolute
    values is asked for."""
    return lambda grad: grad.std().item() if grad.numel() > 1 else math.nan


@pulse.mistake("size_of")
def first_row_alone():
    """You look at the first row (or entry) of each gradient only: the mean runs over all entries."""
    return lambda grad: (grad[0] if grad.dim() else grad).abs().mean().item()


@pulse.mistake("size_of")
def divided_by_the_rows():
    """You divide by the number of rows: the mean divides by the number of all entries, numel."""
    return lambda grad: grad.abs().sum().item() / (len(grad) if grad.dim() else 1)


@pulse.mistake("size_of")
def finite_entries_only():
    """You leave out entries that are infinite or NaN before you take the mean, and so hide the damage: nobody who reads
    the size will see it. Let it come out as infinite or NaN."""
    return lambda grad: grad[grad.isfinite()].abs().sum().item() / max(int(grad.isfinite().sum()), 1)


@pulse.mistake("size_of")
def broken_entries_as_zero():
    """You replace entries that are infinite or NaN by numbers (nan_to_num), and so hide the damage: let the size come
    out as infinite or NaN."""
    return lambda grad: grad.nan_to_num(0.0, 0.0, 0.0).abs().mean().item()


@pulse.mistake("size_of")
def half_precision_size():
    """Your size is rounded to a lower precision on the way: keep the dtype of the gradient."""
    return lambda grad: grad.float().abs().mean().item()


@pulse.mistake("size_of")
def size_in_half_precision():
    """Your size is rounded to half precision, where everything below 1e-8 is 0: keep the digits that the gradient
    has."""
    return lambda grad: grad.abs().mean().half().item()


@pulse.mistake("size_of")
def zero_where_broken():
    """Where an entry is infinite or NaN you report a size of 0 (or none): that hides the damage. Let the size come
    out as infinite or NaN."""
    return lambda grad: grad.abs().mean().item() if bool(grad.isfinite().all()) else 0.0


@pulse.mistake("size_of", constants=(2, 3, 4, 6, 8))
def rounded_size(constant):
    """You round the size to {constant} digits: a gradient of 1e-9 becomes 0."""
    return lambda grad: round(grad.abs().mean().item(), int(constant))


@pulse.mistake("limits")
def limits_ignored():
    """`low` and `high` are not used: you compare with fixed numbers."""
    return 1e-6, 1e3


@pulse.mistake("limits")
def low_ignored(high):
    """`low` is not used: you compare with a fixed number."""
    return 1e-6, high


@pulse.mistake("limits")
def high_ignored(low):
    """`high` is not used: you compare with a fixed number."""
    return low, 1e3


@pulse.mistake("limits")
def limits_swapped(low, high):
    """`low` and `high` are mixed up, or the questions are asked in an order in which a healthy gradient is called
    exploding because it is above `low`."""
    return high, low


@pulse.mistake("is_broken")
def not_finite_is_healthy():
    """A gradient with NaN in it is called healthy: every comparison with NaN is False, so it falls through to the last
    branch. Ask first whether all entries are finite."""
    return lambda grad: False


@pulse.mistake("is_broken")
def nan_alone_is_broken():
    """You ask for NaN only, and an infinite entry gets away."""
    return lambda grad: bool(grad.isnan().any()) and not bool(grad.isinf().any())


@pulse.mistake("is_broken")
def all_entries_broken():
    """You call a gradient exploding only if every entry is infinite or NaN: one is enough."""
    return lambda grad: not bool(grad.isfinite().any())


@pulse.mistake("verdict_of")
def verdicts_swapped(limits):
    """ "vanishing" and "exploding" are mixed up: what is too small vanishes, what is too large explodes."""
    low, high = limits
    return lambda size: "vanishing" if size > high else "exploding" if size < low else "healthy"


@pulse.mistake("verdict_of")
def vanishing_never_seen(limits):
    """Gradients below `low` are called healthy."""
    return lambda size: "exploding" if size > limits[1] else "healthy"


@pulse.mistake("verdict_of")
def exploding_never_seen(limits):
    """Gradients above `high` are called healthy: does everything above `low` get that word before anyone asks about
    `high`?"""
    return lambda size: "vanishing" if size < limits[0] else "healthy"


@pulse.mistake("verdict_of")
def zero_is_healthy(limits):
    """A gradient of zeros is called healthy: nothing has vanished more."""
    low, high = limits
    return lambda size: "exploding" if size > high else "vanishing" if 0 < size < low else "healthy"


@pulse.mistake("verdict_of")
def healthy_called_vanishing(limits):
    """Everything that does not explode is called vanishing: between the limits a gradient is healthy."""
    return lambda size: "exploding" if size > limits[1] else "vanishing"


@pulse.mistake("verdict_of")
def other_words(limits):
    """The words are "vanishing", "healthy" and "exploding", in just this spelling."""
    low, high = limits
    return lambda size: "Exploding" if size > high else "Vanishing" if size < low else "Healthy"


@pulse.mistake("verdict_of")
def ok_for_healthy(limits):
    """The words are "vanishing", "healthy" and "exploding", in just this spelling."""
    low, high = limits
    return lambda size: "exploding" if size > high else "vanishing" if size < low else "ok"


@pulse.mistake("entry_of")
def verdict_alone():
    """You return the verdict alone: each name gets a pair, (size, verdict)."""
    return lambda size, verdict: verdict


@pulse.mistake("entry_of")
def size_alone():
    """You return the size alone: each name gets a pair, (size, verdict)."""
    return lambda size, verdict: size


@pulse.mistake("entry_of")
def pair_in_the_other_order():
    """The pair is (size, verdict), in this order."""
    return lambda size, verdict: (verdict, size)


@pulse.mistake("entry_of")
def size_as_a_tensor():
    """The size is a 0-d tensor: a Python float is asked for (.item())."""
    return lambda size, verdict: (torch.tensor(size), verdict)


@pulse.mistake("report")
def list_for_a_dict(grads, size_of, verdict_of):
    """You return a list: a dict with the same names is asked for."""
    return [(size_of(grad), verdict_of(size_of(grad))) for grad in grads.values()]


@pulse.mistake("report")
def last_name_only(grads, size_of, verdict_of):
    """Only the last gradient is in your report: a dict is made anew in each round of a loop."""
    names = list(grads)[-1:]
    return {name: (size_of(grads[name]), verdict_of(size_of(grads[name]))) for name in names}


@pulse.mistake("report")
def first_name_only(grads, size_of, verdict_of):
    """Only the first gradient is in your report: does the loop return in its first round?"""
    names = list(grads)[:1]
    return {name: (size_of(grads[name]), verdict_of(size_of(grads[name]))) for name in names}


@pulse.mistake("report")
def healthy_left_out(grads, size_of, is_broken, verdict_of):
    """Healthy gradients are missing from your report: every name gets its entry."""
    entries = {
        name: (size_of(grad), "exploding" if is_broken(grad) else verdict_of(size_of(grad)))
        for name, grad in grads.items()
    }
    return {name: entry for name, entry in entries.items() if entry[1] != "healthy"}


@pulse.mistake("report")
def one_size_for_all(grads, verdict_of):
    """You measure all gradients together and give every name the same entry: the point is to see which layer is
    ill."""
    if not grads:
        return {}
    size = torch.cat([grad.reshape(-1).double() for grad in grads.values()]).abs().mean().item()
    return dict.fromkeys(grads, (size, verdict_of(size)))


# diagnose_curve

QUESTIONS = ("diverged", "spike", "oscillating", "not learning", "overfitting", "underfitting")


def _is_diverged(train, val):
    return not all(map(math.isfinite, train + val)) or train[-1] > 3 * train[0]


def _is_spike(train, val):
    jumps = [after / before for before, after in pairwise(train)]
    highest = jumps.index(max(jumps))
    return jumps[highest] > 3 and max(train[highest + 3 :], default=math.inf) < 0.5 * train[highest + 1]


def _is_oscillating(train, val):
    return _changes(train, 0.1) > len(train) / 4


def _changes(curve, least):
    """How often a curve turns round, counting only moves by more than `least` of its level."""
    moves = [(after - before) / max(before, after) if max(before, after) else 0.0 for before, after in pairwise(curve)]
    return sum(a * b < 0 and min(abs(a), abs(b)) > least for a, b in pairwise(moves))


def _end(curve):
    return sum(curve[-3:]) / 3


def _is_not_learning(train, val):
    return _end(train) > 0.9 * train[0]


def _is_overfitting(train, val):
    return _end(val) > 1.25 * min(val)


def _is_underfitting(train, val):
    return _end(train) > 0.4 * train[0]


ANSWERS = {
    "diverged": _is_diverged,
    "spike": _is_spike,
    "oscillating": _is_oscillating,
    "not learning": _is_not_learning,
    "overfitting": _is_overfitting,
    "underfitting": _is_underfitting,
}


def _asked(train, val, order=QUESTIONS, **other):
    """The word of the first question, in `order`, that is answered with yes; `other` answers take the place of right
    ones (with _ for a blank)."""
    for word in order:
        if other.get(word.replace(" ", "_"), ANSWERS[word])(train, val):
            return word
    return "healthy"


def _never(train, val):
    return False


@mistake("diagnostics.diagnose_curve")
def not_finite_not_seen(train, val):
    """NaN or infinite losses are not seen: every comparison with NaN is False, so such a run falls through all your
    questions. Ask first whether everything is finite."""
    return _asked(train, val, diverged=lambda train, val: train[-1] > 3 * train[0] and math.isfinite(train[-1]))


@mistake("diagnostics.diagnose_curve")
def infinity_not_seen(train, val):
    """You ask for NaN, and an infinite loss gets away: math.isfinite asks for both."""
    return _asked(train, val, diverged=lambda t, v: any(map(math.isnan, t)) or 3 * t[0] < t[-1] < math.inf)


@mistake("diagnostics.diagnose_curve")
def not_finite_asked_too_late(train, val):
    """A run that ends in NaN is called something else, because another question is asked first: a run that is lost is
    lost, whatever came before. Ask for what is not finite before everything else."""
    order = ("spike", "oscillating", "diverged", "not learning", "overfitting", "underfitting")

    def finite(curve):
        return [loss for loss in curve if math.isfinite(loss)]

    return _asked(
        train,
        val,
        order,
        spike=lambda t, v: len(finite(t)) > 8 and _is_spike(finite(t), v),
        oscillating=lambda t, v: len(finite(t)) > 8 and _is_oscillating(finite(t), v),
    )


@mistake("diagnostics.diagnose_curve")
def growth_not_seen(train, val):
    """You call a run diverged only if it becomes NaN or infinite: a loss that ends a hundred times above its start, and
    grows, is as lost."""
    return _asked(train, val, diverged=lambda t, v: not all(map(math.isfinite, t + v)))


@mistake("diagnostics.diagnose_curve")
def val_ignored(train, val):
    """On no run does `val` make a difference to your answer, and that a network memorises shows nowhere else.
    Overfitting is train falling on while val turns and ends far above its own minimum."""
    return right_diagnosis(train, train)


@mistake("diagnostics.diagnose_curve")
def train_ignored(train, val):
    """On no run does `train` make a difference to your answer: you look at `val` only."""
    return right_diagnosis(val, val)


@mistake("diagnostics.diagnose_curve")
def curves_swapped(train, val):
    """`train` and `val` are mixed up: it is train that goes on falling when a network memorises, and val that turns."""
    return right_diagnosis(val, train)


@mistake("diagnostics.diagnose_curve")
def fixed_thresholds(train, val):
    """Your answer changes when all losses are multiplied by a number: somewhere a loss is compared with a fixed number,
    or a difference with one. What is high in a run that starts at 0.02 is low in one that starts at 150: compare with
    the first loss."""
    if _is_diverged(train, val):
        return "diverged"
    if _is_spike(train, val):
        return "spike"
    if _is_oscillating(train, val):
        return "oscillating"
    if train[0] - _end(train) < 0.1:
        return "not learning"
    if _end(val) - min(val) > 0.15:
        return "overfitting"
    return "underfitting" if _end(train) > 0.9 else "healthy"


@mistake("diagnostics.diagnose_curve")
def absolute_drop(train, val):
    """You call a run "not learning" when its loss falls by less than a fixed number: a run that starts at 0.02 cannot
    fall by much. Compare with the first loss."""
    return _asked(train, val, not_learning=lambda t, v: t[0] - _end(t) < 0.1)


@mistake("diagnostics.diagnose_curve")
def absolute_level(train, val):
    """You call a run "underfitting" when its loss ends above a fixed number: for a run that starts at 150, an end at 10
    is low. Compare with the first loss."""
    return _asked(train, val, underfitting=lambda t, v: _end(t) > 1.0)


@mistake("diagnostics.diagnose_curve")
def absolute_explosion(train, val):
    """You call a run "diverged" when its loss is above a fixed number such as 100: a run may well start there. Compare
    with the first loss."""
    return _asked(train, val, diverged=lambda t, v: not all(map(math.isfinite, t + v)) or t[-1] > 10)


@mistake("diagnostics.diagnose_curve")
def only_the_ends(train, val):
    """You look at the first and the last losses only: a spike, an oscillation and the turn of val lie between them."""
    if not math.isfinite(train[-1]) or train[-1] > 3 * train[0]:
        return "diverged"
    if train[-1] > 0.9 * train[0]:
        return "not learning"
    if val[-1] > 2.5 * train[-1]:
        return "overfitting"
    return "underfitting" if train[-1] > 0.4 * train[0] else "healthy"


@mistake("diagnostics.diagnose_curve")
def spike_called_diverged(train, val):
    """A run with a single jump is called "diverged": the largest loss of the run is high, but look where the run ends.
    It came back."""
    return _asked(train, val, diverged=lambda t, v: not all(map(math.isfinite, t + v)) or _has_jump(t))


def _has_jump(curve):
    return any(after > 3 * before for before, after in pairwise(curve))


@mistake("diagnostics.diagnose_curve")
def spike_called_oscillating(train, val):
    """A run with a single jump is called "oscillating": one up and down is a spike, many of them to the end are an
    oscillation. Count them."""
    return _asked(train, val, spike=_never, oscillating=lambda t, v: _is_oscillating(t, v) or _has_jump(t))


@mistake("diagnostics.diagnose_curve")
def spike_not_seen(train, val):
    """A run with a single jump is called by what it was before and after: the jump is not seen, as where a run begins
    and ends says nothing about it."""
    return _asked(train, val, spike=_never)


@mistake("diagnostics.diagnose_curve")
def oscillating_called_spike(train, val):
    """A run that never settles is called "spike": its first jump is taken for the only one. A spike is a single jump,
    after which the loss goes on falling."""
    return _asked(train, val, spike=lambda t, v: any(after > 1.3 * before for before, after in pairwise(t)))


@mistake("diagnostics.diagnose_curve")
def oscillation_not_seen(train, val):
    """A run that never settles is called by its level: look at how far the losses move from epoch to epoch, compared
    with that level."""
    return _asked(train, val, oscillating=_never)


@mistake("diagnostics.diagnose_curve")
def noise_called_oscillating(train, val):
    """A little noise is called "oscillating": you count how often the loss turns, whatever the size of the move. Every
    real curve turns all the time by a percent; ask for moves that are large compared with the level."""
    return _asked(train, val, oscillating=lambda t, v: _changes(t, 0.0) > len(t) / 4)


@mistake("diagnostics.diagnose_curve")
def any_rise_called_overfitting(train, val):
    """Any rise of val above its minimum is called overfitting: noise alone lifts it by a percent or two. Ask for a rise
    that is large compared with the minimum."""
    return _asked(train, val, overfitting=lambda t, v: v[-1] > min(v))


@mistake("diagnostics.diagnose_curve")
def gap_called_overfitting(train, val):
    """A val that is a little above train is called overfitting: a small gap is normal. The mark of overfitting is that
    val turns and rises."""
    return _asked(train, val, overfitting=lambda t, v: _end(v) > 1.01 * _end(t))


@mistake("diagnostics.diagnose_curve")
def overfitting_only_above_the_start(train, val):
    """You call a run overfitting only if val ends above (or near) its first value: val has fallen far below that before
    it turns. Compare its end with its own minimum."""
    return _asked(train, val, overfitting=lambda t, v: v[-1] > 0.8 * v[0])


@mistake("diagnostics.diagnose_curve")
def under_and_overfitting_swapped(train, val):
    """ "overfitting" and "underfitting" are mixed up: a network that overfits has learned too much of the training set
    by heart, one that underfits too little."""
    word = right_diagnosis(train, val)
    return {"overfitting": "underfitting", "underfitting": "overfitting"}.get(word, word)


@mistake("diagnostics.diagnose_curve")
def not_learning_and_underfitting_swapped(train, val):
    """ "not learning" and "underfitting" are mixed up: a loss that has never moved is not learning, one that fell and
    came to rest too high is underfitting."""
    word = right_diagnosis(train, val)
    return {"not learning": "underfitting", "underfitting": "not learning"}.get(word, word)


@mistake("diagnostics.diagnose_curve")
def spike_and_oscillation_swapped(train, val):
    """ "spike" and "oscillating" are mixed up: a spike is one jump, an oscillation has no end."""
    word = right_diagnosis(train, val)
    return {"spike": "oscillating", "oscillating": "spike"}.get(word, word)


@mistake("diagnostics.diagnose_curve")
def not_learning_called_underfitting(train, val):
    """A loss that never moved is called "underfitting": that word is for a run that has learned something, and then
    came to rest too high. Ask first whether train has moved at all."""
    return _asked(train, val, not_learning=_never)


@mistake("diagnostics.diagnose_curve")
def underfitting_called_not_learning(train, val):
    """A run that fell by a third and came to rest is called "not learning": it has learned something, though not
    enough."""
    return _asked(train, val, not_learning=_is_underfitting)


@mistake("diagnostics.diagnose_curve")
def underfitting_called_healthy(train, val):
    """A run that comes to rest high above 0 is called "healthy": that train and val agree is not enough, both have
    to be low compared with the start."""
    return _asked(train, val, underfitting=_never)


@mistake("diagnostics.diagnose_curve")
def rest_called_not_learning(train, val):
    """You look at the slope at the end of the run only: a healthy run is flat there, too, once it has learned what
    there is. Compare with where it started."""
    return _asked(train, val, not_learning=lambda t, v: abs(t[-1] - t[-4]) < 0.02 * t[0])


@mistake("diagnostics.diagnose_curve")
def always_the_same_word(train, val):
    """Every run gets the same word: is there a question before your first return?"""
    return "healthy"


# overfit_one_batch: judged by properties, see the checks. Each of these is made to be recognised by one of them.


def _train(
    x,
    labels,
    hidden,
    lr,
    steps,
    generator,
    *,
    scale=None,
    ascend=False,
    frozen=(),
    bend=True,
    reported=lambda loss, after: loss,
    rows=None,
    classes=None,
    anew=False,
    squash=False,
    columns=False,
):
    """Plain gradient descent with momentum, and one thing wrong with it. `frozen`: the parameters that never change."""
    classes = classes or int(labels.max()) + 1
    dtype = x.dtype

    def start():
        scales = scale or (math.sqrt(2 / x.shape[1]), math.sqrt(2 / hidden))
        w1 = scales[0] * torch.randn(hidden, x.shape[1], generator=generator).to(dtype)
        w2 = scales[1] * torch.randn(classes, hidden, generator=generator).to(dtype)
        return [w1, torch.zeros(hidden, dtype=dtype), w2, torch.zeros(classes, dtype=dtype)]

    def forward(params, x, labels):
        w1, b1, w2, b2 = params
        z = x @ w1.T + b1
        h = z.clamp(min=0) if bend else z
        out = h @ w2.T + b2
        logits = torch.softmax(out, dim=1) if squash else out
        rows = torch.arange(len(labels))
        loss = (torch.logsumexp(logits, 1) - logits[rows, labels]).mean()
        delta = torch.softmax(logits, 1)
        delta[slice(None) if columns else rows, labels] -= 1
        delta /= len(labels)
        if squash:
            delta = logits * (delta - (delta * logits).sum(1, keepdim=True))
        back = (delta @ w2) * ((z > 0) if bend else 1)
        return loss.item(), [back.T @ x, back.sum(0), delta.T @ h, delta.sum(0)]

    params = start()
    velocities = [torch.zeros_like(param) for param in params]
    losses = []
    for step in range(steps):
        some = slice(None) if rows is None else rows(step, len(labels))
        loss, grads = forward(params, x[some], labels[some])
        for index, grad in enumerate(grads):
            if index not in frozen:
                velocities[index] = 0.9 * velocities[index] + grad
                params[index] = params[index] + (lr if ascend else -lr) * velocities[index]
        after = forward(params, x[some], labels[some])[0]
        losses.append(reported(loss, after))
        if anew:
            params = start()
    return losses


@mistake("diagnostics.overfit_one_batch")
def nothing_is_trained(x, labels, hidden, lr, steps, generator):
    """Your loss is the same in every step: the weights that the forward pass uses never change. Are the new ones kept
    for the next round?"""
    return _train(x, labels, hidden, 0.0, steps, generator)


@mistake("diagnostics.overfit_one_batch")
def goes_uphill(x, labels, hidden, lr, steps, generator):
    """Your loss rises: the step goes along the gradient, where it should go against it."""
    return _train(x, labels, hidden, lr, steps, generator, ascend=True)


@mistake("diagnostics.overfit_one_batch")
def ends_above_its_start(x, labels, hidden, lr, steps, generator):
    """At each of the learning rates 0.5, 0.1, 0.02 and 0.003 your loss ends above its start: the steps do not follow
    the gradient of this loss. Begin at the logits, where it is (softmax - one-hot) / N: the 1 is subtracted at each
    sample's own label, p[range(N), labels] -= 1, where p[:, labels] takes whole columns."""
    return _train(x, labels, hidden, lr, steps, generator, columns=True)


@mistake("diagnostics.overfit_one_batch")
def loss_after_the_step(x, labels, hidden, lr, steps, generator):
    """Your first loss depends on the learning rate, so a step has been taken before it: note the loss of the weights
    that the gradient belongs to, before they change."""
    return _train(x, labels, hidden, lr, steps, generator, reported=lambda loss, after: after)


@mistake("diagnostics.overfit_one_batch")
def one_loss_too_many(x, labels, hidden, lr, steps, generator):
    """You return steps + 1 losses: the one after the last step does not belong in the list."""
    return _train(x, labels, hidden, lr, steps + 1, generator)


@mistake("diagnostics.overfit_one_batch")
def one_loss_too_few(x, labels, hidden, lr, steps, generator):
    """You return steps - 1 losses: the first is that of the untrained network, before any step."""
    return _train(x, labels, hidden, lr, steps, generator)[1:]


@mistake("diagnostics.overfit_one_batch")
def losses_now_and_then(x, labels, hidden, lr, steps, generator):
    """You return fewer losses than steps: one for every step is asked for."""
    return _train(x, labels, hidden, lr, steps, generator)[::2]


@mistake("diagnostics.overfit_one_batch")
def tensors_for_floats(x, labels, hidden, lr, steps, generator):
    """The losses in your list are tensors: Python floats are asked for (.item())."""
    return [torch.tensor(loss) for loss in _train(x, labels, hidden, lr, steps, generator)]


@mistake("diagnostics.overfit_one_batch")
def last_loss_alone(x, labels, hidden, lr, steps, generator):
    """You return one number: the list of all losses is asked for."""
    return _train(x, labels, hidden, lr, steps, generator)[-1]


@mistake("diagnostics.overfit_one_batch")
def tensor_of_losses(x, labels, hidden, lr, steps, generator):
    """You return a tensor of losses: a list of Python floats is asked for (.tolist())."""
    return torch.tensor(_train(x, labels, hidden, lr, steps, generator))


@mistake("diagnostics.overfit_one_batch")
def more_than_the_losses(x, labels, hidden, lr, steps, generator):
    """You return more than the losses: the list of losses alone is asked for."""
    return _train(x, labels, hidden, lr, steps, generator), [x]


@mistake("diagnostics.overfit_one_batch")
def all_weights_zero(x, labels, hidden, lr, steps, generator):
    """All weights start at 0: every hidden unit then does the same as every other, no gradient gets past the zeros of
    the last layer, and only its bias learns. Draw random weights."""
    return _train(x, labels, hidden, lr, steps, generator, scale=(0.0, 0.0))


@mistake("diagnostics.overfit_one_batch")
def weights_too_large(x, labels, hidden, lr, steps, generator):
    """Your first loss is far above log C: an untrained network should know nothing, and yours is sure of the wrong
    classes. The weights start too large; scale them with the number of inputs."""
    return _train(x, labels, hidden, lr, steps, generator, scale=(1.0, 1.0))


@mistake("diagnostics.overfit_one_batch")
def generator_not_used(x, labels, hidden, lr, steps, generator):
    """Two generators with the same seed give different losses: some randomness does not come from `generator`. A run
    that cannot be repeated cannot be debugged."""
    return _train(x, labels, hidden, lr, steps, torch.Generator().manual_seed(next(_counter)))


_counter = iter(range(10**9))


@mistake("diagnostics.overfit_one_batch")
def weights_always_the_same(x, labels, hidden, lr, steps, generator):
    """Generators with different seeds give the same losses: a seed of your own is used somewhere, or the weights are
    not random."""
    return _train(x, labels, hidden, lr, steps, torch.Generator().manual_seed(0))


@mistake("diagnostics.overfit_one_batch")
def generator_seeded_again(x, labels, hidden, lr, steps, generator):
    """Two calls with one generator give the same losses: draw from the generator itself; do not seed it again, or copy
    its seed into another."""
    return _train(x, labels, hidden, lr, steps, torch.Generator().manual_seed(generator.initial_seed()))


@mistake("diagnostics.overfit_one_batch")
def no_nonlinearity(x, labels, hidden, lr, steps, generator):
    """Your network does not learn the four points of XOR, which no linear one can: the nonlinearity between the two
    layers is missing, or the backward pass goes wrong there."""
    return _train(x, labels, hidden, lr, steps, generator, bend=False)


@mistake("diagnostics.overfit_one_batch")
def a_layer_never_learns(x, labels, hidden, lr, steps, generator):
    """With four hidden units on sixteen samples your loss stays high, where a network all of whose weights learn gets
    far below: do the weights of both layers get their gradient, and are both updated?"""
    return _train(x, labels, hidden, lr, steps, generator, frozen=(0, 1))


@mistake("diagnostics.overfit_one_batch")
def summed_over_the_samples(x, labels, hidden, lr, steps, generator):
    """Your loss is N times too large: it is added up over the batch, and the mean is asked for."""
    return _train(x, labels, hidden, lr, steps, generator, reported=lambda loss, after: len(labels) * loss)


@mistake("diagnostics.overfit_one_batch")
def divided_by_the_batch_twice(x, labels, hidden, lr, steps, generator):
    """Your loss is N times too small: the mean over the batch is divided by N once more."""
    return _train(x, labels, hidden, lr, steps, generator, reported=lambda loss, after: loss / len(labels))


@mistake("diagnostics.overfit_one_batch")
def loss_in_bits(x, labels, hidden, lr, steps, generator):
    """Your loss is in bits, with the logarithm to base 2: cross-entropy takes the natural logarithm."""
    return _train(x, labels, hidden, lr, steps, generator, reported=lambda loss, after: loss / math.log(2))


@mistake("diagnostics.overfit_one_batch")
def wrong_sign_in_the_list(x, labels, hidden, lr, steps, generator):
    """Your losses are negative: cross-entropy is minus the logarithm of a probability."""
    return _train(x, labels, hidden, lr, steps, generator, reported=lambda loss, after: -loss)


@mistake("diagnostics.overfit_one_batch")
def another_loss(x, labels, hidden, lr, steps, generator):
    """What you note down is not the cross-entropy: of a network whose inputs are all 0 it is log C, as no class stands
    out."""
    return _train(x, labels, hidden, lr, steps, generator, reported=lambda loss, after: 1 - math.exp(-loss))


@mistake("diagnostics.overfit_one_batch")
def wrong_number_of_classes(x, labels, hidden, lr, steps, generator):
    """Your network has the wrong number of classes: it is the largest label plus one, not a fixed number, and not the
    number of samples."""
    return _train(x, labels, hidden, lr, steps, generator, classes=10)


@mistake("diagnostics.overfit_one_batch")
def invented_losses(x, labels, hidden, lr, steps, generator):
    """Your losses fall in the same way on a batch that cannot be learned, where equal samples have different labels:
    they are not the losses of a network."""
    start = _train(x, labels, hidden, lr, 1, generator)
    return [start[0] * math.exp(-lr * step) for step in range(steps)]


@mistake("diagnostics.overfit_one_batch")
def part_of_the_batch(x, labels, hidden, lr, steps, generator):
    """On a batch in which equal samples have different labels, your loss falls below what is possible: it is not the
    loss of the whole batch. Every step uses all samples."""
    return _train(x, labels, hidden, lr, steps, generator, rows=lambda step, n: slice(step % n, step % n + 1))


@mistake("diagnostics.overfit_one_batch")
def lr_ignored(x, labels, hidden, lr, steps, generator):
    """At a learning rate of 0 your weights still change: `lr` is not used, or not in every update."""
    return _train(x, labels, hidden, 0.1, steps, generator)


@mistake("diagnostics.overfit_one_batch")
def starts_anew_in_every_step(x, labels, hidden, lr, steps, generator):
    """Your loss jumps about and does not fall, even at a learning rate of 0: new weights are drawn in every step. Draw
    them once, before the loop."""
    return _train(x, labels, hidden, lr, steps, generator, anew=True)


@mistake("diagnostics.overfit_one_batch")
def hidden_ignored(x, labels, hidden, lr, steps, generator):
    """`hidden` is not used: networks with 3 and with 50 hidden units give the same losses."""
    return _train(x, labels, 64, lr, steps, generator)


@mistake("diagnostics.overfit_one_batch")
def softmax_twice(x, labels, hidden, lr, steps, generator):
    """Your loss comes to rest at log(e + C - 1) - 1, the least that is possible when softmax is applied twice: the
    cross-entropy takes logits, not probabilities."""
    return _train(x, labels, hidden, lr, steps, generator, squash=True)


@mistake("diagnostics.overfit_one_batch")
def float32_network(x, labels, hidden, lr, steps, generator):
    """For x in float64 your losses have float32's precision: the network computes in the dtype of x."""
    return _train(x.float(), labels, hidden, lr, steps, generator)


@mistake("diagnostics.overfit_one_batch")
def stays_too_high(x, labels, hidden, lr, steps, generator):
    """Your loss does not fall below 0.01 on eight samples, at any of the learning rates 0.5, 0.1, 0.02 and 0.003: a
    network with 64 hidden units can know them by heart. Compare your gradients with numerical_gradient."""
    return _train(x, labels, hidden, lr / 1000, steps, generator)


@mistake("diagnostics.overfit_one_batch")
def classes_counted_by_their_labels(x, labels, hidden, lr, steps, generator):
    """You count the different labels in the batch: a class that no sample happens to have counts as well. The number of
    classes is the largest label plus one."""
    return _train(x, labels, hidden, lr, steps, generator, classes=len(labels.unique()))


@mistake("diagnostics.overfit_one_batch")
def rounded_losses(x, labels, hidden, lr, steps, generator):
    """Your losses are rounded to a few digits: leave them as they are."""
    return _train(x, labels, hidden, lr, steps, generator, reported=lambda loss, after: round(loss, 2))


@mistake("diagnostics.overfit_one_batch")
def padded_logarithm(x, labels, hidden, lr, steps, generator):
    """Your loss comes out a little below what is possible: a small number is added to the probability inside the
    logarithm. With the log-sum-exp of the logits no padding is needed."""
    padded = lambda loss, after: -math.log(math.exp(-loss) + 2e-3)  # noqa: E731
    return _train(x, labels, hidden, lr, steps, generator, reported=padded)


@mistake("diagnostics.overfit_one_batch")
def best_so_far(x, labels, hidden, lr, steps, generator):
    """Your losses never rise, not even at a learning rate of 1000 on a batch that cannot be learned: you note the
    lowest loss so far, or the step is not lr's. The list says what the loss was before each step."""
    losses = _train(x, labels, hidden, lr, steps, generator)
    return list(accumulate(losses, min))
