"""Right or wrong, and the points: cases, what checks assert of the answers, the verdict.

Graders are written with `cases`, `checks`, `assertions` and `gradcheck`. Others call `graders` and `verdict`. It knows
nothing of mistakes, messages, or who asks.
"""
