"""Hidden grader of the unit training.

What a right run returns depends on its own random draws, so it is not compared with the reference's. What must hold
of any run is asked for, and small runs are laid out so that a slip shows:

- at a rate of (almost) 0 nothing moves, so the weights that come back are the initial ones, and every recorded loss
  can be worked out from them;
- with one batch of all samples the order is no matter, so the run can be replayed step by step (`replay.py`) from
  the initial weights and the rates that were reported;
- exchanging samples within a batch changes nothing only where the batches are not shuffled.
"""

import torch

from backpass.judging.cases import Statistics, fixed
from backpass.judging.kinds import function, once_right, worth
from graders.training import outcome, record, steps
from graders.training.runs import PROBES

FORM = Statistics(measure=lambda inputs, value: {}, theory=lambda inputs: {})
TINY = fixed(PROBES["tiny"], dtypes=(torch.float32,), statistics=FORM)  # small, as it is traced in full

test_train_mlp = function(
    "training.train_mlp",
    values=worth(2, TINY, test=steps.makes_the_steps_that_it_should),
    records_its_losses=worth(2, test=record.records_its_losses),
    walks_downhill=worth(1, test=steps.walks_downhill),
    moves_its_rate=worth(3, test=record.moves_its_rate),
    learns_the_digits=worth(10, test=outcome.learns_the_digits),
    starts_as_he_did=worth(1, test=outcome.starts_as_he_did),
    of_other_sizes=once_right(1, test=outcome.of_other_sizes),
    deals_the_batches_anew=once_right(1, test=steps.deals_the_batches_anew),
    clips_its_gradients=once_right(1, test=steps.clips_its_gradients),
    is_pure=once_right(1, test=outcome.is_pure),
)
