# unit: losses
# tries: to find the grader's cases, checks or solutions among all objects of the process
# stopped by: the zygote, which has never had them in memory
# expect: softmax crashed 0
# says: search the memory of its process
import gc


def softmax(logits):
    for each in gc.get_objects():
        if type(each).__name__ in ("Case", "Check", "Graders", "Catalogue", "Mistake"):
            return each.expected
        if callable(each) and getattr(each, "__module__", "") == "solutions.losses":
            return each(logits)
    raise LookupError("nothing of the course is in memory")
