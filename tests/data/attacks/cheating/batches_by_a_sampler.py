# unit: optimizers
# tries: to have the samplers of torch's loader draw the batches
# stopped by: samplers tell, and are said to do the exercise
# expect: minibatches shortcut 0
# says: torch.utils.data
import torch
from torch.utils.data import BatchSampler, RandomSampler


def minibatches(num_samples, batch_size, generator):
    drawn = RandomSampler(range(num_samples), generator=generator)
    return [torch.tensor(batch) for batch in BatchSampler(drawn, batch_size, False)]
