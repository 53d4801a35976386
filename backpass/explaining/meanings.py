"""What an exception of Python or torch means, in the words of a teacher: for those that learners meet daily.

Nothing is guessed from the type of an exception; what its text does not say is not said here.
"""

from __future__ import annotations

import re

from backpass.course.language import later, tr
from backpass.worker.calls import Raised

# A pattern of the exception's name and text, and what it means; \1 and \2 are what the text says.
_MEANINGS: tuple[tuple[str, str], ...] = (
    (
        r"Boolean value of Tensor with more than one value is ambiguous",
        later(
            "Python needs a single True or False here (for `if`, `while`, `and`, `or`, `not`, or the built-in "
            "max and min), but this tensor has several entries. Decide element by element: torch.where, "
            "torch.maximum, & and |."
        ),
    ),
    (
        r"torch\.return_types\.(max|min|median|mode|sort|topk|kthvalue)",
        later(
            "When it is given a dimension, `\\1` returns two tensors, the values and their indices. Take "
            "`.values` of the result."
        ),
    ),
    (
        r"size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\) at non-singleton dimension (\d+)",
        later(
            "Element by element, two tensors need the same size in every dimension, or size 1: in dimension \\3 these "
            "have \\1 and \\2."
        ),
    ),
    (
        r"mat1 and mat2 shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)",
        later("A matrix product needs as many columns on the left as rows on the right. Here there are \\2 and \\3."),
    ),
    (
        r"(?:size mismatch, got input|inconsistent tensor size)",
        later(
            "The sizes of this product do not fit: the last dimension on the left has to equal the first on the right."
        ),
    ),
    (
        r"(?:unsupported operand type\(s\) for \^|bitwise_xor)",
        later("`^` is not a power in Python: it is the exclusive or of bits. A power is written `**`."),
    ),
    (r"name '(torch|math|np|F)' is not defined", later("`\\1` is not imported at the top of the file.")),
    (
        r"name '(\w+)' is not defined",
        later(
            "The name `\\1` does not exist when this line runs. Either it is spelled differently elsewhere, or it "
            "belongs to another function, or it never got a value."
        ),
    ),
    (
        r"cannot access local variable '(\w+)'",
        later("`\\1` has no value yet when this line runs, because the line that sets it was not run."),
    ),
    (
        r"(\w+)\(\): argument 'input' \(position 1\) must be Tensor, not (float|int|bool)",
        later("torch.\\1 takes tensors, and this is a Python \\2. The module `math` has functions for Python numbers."),
    ),
    (
        r"(\w+)\(\): argument '(\w+)' \(position (\d+)\) must be (\w+), not (\w+)",
        later("`\\1` wants a \\4 as its argument \\3, `\\2`, and this is a \\5."),
    ),
    (
        r"(?:expected (?:scalar type|m1 and m2 to have the same dtype)|must have the same dtype|Found dtype)",
        later("Two tensors of different dtypes are combined here. Compute everything in the dtype of the inputs."),
    ),
    (
        r"Dimension out of range \(expected to be in range of \[(-?\d+), (-?\d+)\], but got (-?\d+)\)",
        later("This tensor has no dimension \\3: its dimensions are numbered from \\1 to \\2."),
    ),
    (
        r"index (-?\d+) is out of bounds for dimension (\d+) with size (\d+)",
        later("Index \\1 does not exist in dimension \\2, which has \\3 entries: they are counted from 0."),
    ),
    (
        r"Index tensor must have the same number of dimensions as (?:input|self) tensor",
        later("The indices need as many dimensions here as the tensor that they pick from."),
    ),
    (
        r"list assignment index out of range",
        later("Writing to an index does not make a list longer. `append` adds an entry."),
    ),
    (r"(list|tuple|string) index out of range", later("The \\1 has fewer entries than this index asks for.")),
    (
        r"Can't call numpy\(\) on Tensor that requires grad",
        later("NumPy cannot follow gradients, so torch refuses. Stay with operations of torch."),
    ),
    (
        r"'(\w+)' object is not callable",
        later("A \\1 is called like a function here. Is a * missing, or is one name used for two things?"),
    ),
    (
        r"'(?:Tensor|float|int)' and 'torch\.Size'|'torch\.Size' and",
        later("A shape is a tuple of sizes, not a number: `.shape[0]` is one of them."),
    ),
    (
        r"iteration over a 0-d tensor|cannot unpack non-iterable",
        later("This is a single number, which cannot be unpacked into several."),
    ),
    (
        r"'builtin_function_or_method'|'(?:function|method)' (?:and|object has no)|and '(?:function|method)'",
        later("One of the values here is a function that is not called: are its brackets () missing?"),
    ),
    (
        r"does not support the (?:asynchronous )?context manager protocol|AttributeError: __enter__",
        later("`with` needs an object here, and this is not one: are its brackets () missing?"),
    ),
    (
        r"'NoneType'",
        later("One of the values here is None. It was never set, or a function returned nothing."),
    ),
    (
        r"1D tensors expected, but got (\d)D and (\d)D",
        later("This product is one of two vectors, and these tensors have \\1 and \\2 dimensions."),
    ),
    (
        r"invalid index of a 0-dim tensor|too many indices for tensor of dimension (\d+)",
        later("There are more indices here than the tensor has dimensions."),
    ),
    (
        r"(\w+)\(\) received an invalid combination of arguments - got \((?:(?:int|float|bool)(?:, )?)+\), "
        r"but expected one of:\s*\*?\s*\(Tensor",
        later("torch.\\1 takes tensors, and these are Python numbers. The module `math` has functions for those."),
    ),
    (
        r"(\w+)\(\) received an invalid combination of arguments - got \(.*?\b(axis|keepdims|ddof)=",
        later(
            "NumPy passes its `\\2` on to the tensor's own `.\\1()`, which has no such argument. Use torch's function."
        ),
    ),
    (
        r"(\w+)\(\) received an invalid combination of arguments",
        later("`\\1` does not take arguments of these types in this order: compare them with torch's documentation."),
    ),
    (
        r"takes (?:from \d+ to )?(\d+) positional arguments? but (\d+) (?:was|were) given",
        later("The function that is called takes \\1 at most, and \\2 are given (a method's object counts, too)."),
    ),
    (
        r"can only concatenate (\w+)|unsupported operand type\(s\) for .*?'(list|tuple|dict|str)'",
        later("One of the values here is a Python \\1\\2, which does not compute element by element."),
    ),
    (
        r"can't multiply sequence",
        later("A list or tuple times a number repeats its items. It does not multiply them."),
    ),
    (
        r"expected Tensor as element \d+ in argument 0, but got (\w+)",
        later("torch.stack and torch.cat join tensors, and one of these is a \\1."),
    ),
    (
        r"zero-dimensional tensor .*cannot be concatenated",
        later("A 0-d tensor has no dimension along which it could be joined to others."),
    ),
    (
        r"type must be tuple of ints, ?but got torch\._C\.Generator",
        later("The generator stands where a size belongs. Pass it by its name, `generator`."),
    ),
    (
        r"type must be tuple of ints, ?but got float",
        later(
            "A size has to be an integer, and this is a float. `/` gives a float even where the division "
            "leaves no remainder."
        ),
    ),
    (
        r"must have same number of dimensions: got (\d+) and (\d+)",
        later("torch.cat joins tensors with equally many dimensions, and these have \\1 and \\2."),
    ),
    (
        r"shape of the mask \[(.*?)\] at index \d+ does not match the shape of the indexed tensor \[(.*?)\]",
        later(
            "A mask needs the shape of the tensor that it picks from. This mask has the shape (\\1), and the "
            "tensor has (\\2)."
        ),
    ),
    (
        r"expanded size of the tensor \((\d+)\) must match the existing size \((\d+)\)|"
        r"value tensor of shape \[(.*?)\] cannot be broadcast to indexing result of shape \[(.*?)\]",
        later("What is written or expanded here does not have the shape of the place that it goes into."),
    ),
    (
        r"element 0 of tensors does not require grad",
        later("Autograd has nothing to follow back here: no tensor that this was computed from has requires_grad."),
    ),
    (
        r"leaf Variable that requires grad is being used in an in-place operation",
        later("Autograd starts from this tensor, so nothing may be written into it: compute a new one."),
    ),
    (r"cannot convert float (NaN|infinity) to integer", later("The number is \\1 here, and an integer cannot be.")),
    (r"'(int|float|bool)' object is not iterable", later("This is a single \\1, but several values are needed here.")),
    (r"'(int|float|bool)' object is not subscriptable", later("This is a single \\1, which has no entries to index.")),
    (
        r"must be either a floating point or complex dtype\. Got: (\w+)",
        later("torch computes means of floats only, and these are integers (\\1)."),
    ),
    (
        r"bitwise_(?:and|or)|unsupported operand type\(s\) for [&|]",
        later(
            "`&` and `|` join masks of True and False, and these are numbers. Both bind more tightly than < and "
            ">: does each comparison have parentheses of its own?"
        ),
    ),
    (r"not implemented for '(\w+)'", later("torch does not have this operation for tensors of type \\1.")),
    (r"non-empty list of Tensors", later("The list of tensors is empty here.")),
    (r"Expected reduction dim to be specified for input\.numel\(\) == 0", later("The tensor is empty in this case.")),
    (
        r"'(float|int)' object has no attribute '(\w+)'",
        later("A Python \\1 has no `.\\2`: only tensors do. Is it a number where you expect a tensor?"),
    ),
    (
        r"has no attribute '(\w+)'",
        later("There is no `.\\1` on this: is the name spelled as in torch's documentation?"),
    ),
    (
        r"(?:only integer tensors of a single element can be converted|indices must be|used as indices must be)",
        later("An index has to be an integer or a mask of True and False, and this is neither."),
    ),
    (
        r"(?s)(?:cannot be converted to Scalar|only one element tensors can be converted).* in math\.(\w+)\(",
        later("`math.\\1` takes one number, and this is a tensor of several: torch's functions take tensors."),
    ),
    (
        r"(?:with \d+ elements cannot be converted to Scalar|only one element tensors can be converted)",
        later("float(), int() and .item() need a tensor of one number, and this one has several."),
    ),
    (r"division by zero", later("The denominator is 0 in this case.")),
    (
        r"step must be greater than zero",
        later("torch has no slices with a negative step. torch.flip reverses a dimension."),
    ),
    (r"missing (\d+) required positional argument", later("The call leaves out an argument that has no default.")),
    (r"unexpected keyword argument '(\w+)'", later("The function that is called has no parameter `\\1`.")),
    (
        r"not enough values to unpack \(expected (\d+), got (\d+)\)",
        later("There are \\1 names on the left and \\2 values on the right."),
    ),
    (
        r"too many values to unpack \(expected (\d+)",
        later("There are \\1 names on the left and more values on the right."),
    ),
    (
        r"shape '\[(.*?)\]' is invalid for input of size (\d+)",
        later("\\2 numbers do not fit into the shape (\\1): a new shape needs room for exactly as many."),
    ),
    (
        r"can't allocate memory: you tried to allocate (\d+) bytes",
        later("A tensor of \\1 bytes is more than there is room for. Does it have the sizes that you mean?"),
    ),
    (
        r"^BdbQuit",
        later(
            "A debugger waits for somebody to type, and nobody can where this runs: `pytest exercises/` runs your code "
            "where you can."
        ),
    ),
    (
        r"of type int of more than \d+ bits",
        later("An int grows this large where a loop multiplies it in every round and nothing ends the loop."),
    ),
    (
        r"EOF when reading a line",
        later("Nobody can type an input here. Everything that is needed comes as an argument."),
    ),
    (
        r"No module named '([\w.]+)'",
        later("`\\1` is not installed where your work is judged. Python's own modules, torch and NumPy are."),
    ),
    (r"math (?:domain|range) error", later("The function of `math` has no finite value at this number.")),
    (
        r"maximum recursion depth exceeded",
        later(
            "The function calls itself more often than Python allows, either without end or once for each of "
            "many steps."
        ),
    ),
    (
        r"can't be cast to the desired output type",
        later("A result of one dtype is written into a tensor of another that cannot hold it."),
    ),
)


def meaning(raised: Raised, expression: str = "") -> str | None:
    """What an exception means; None for one that is not known. `expression`: what raises it."""
    for pattern, words in _MEANINGS:
        found = re.search(pattern, f"{raised.kind}: {raised.text} in {expression}")
        if found is not None:
            return found.expand(tr(words))
    return None
