# right: 0 / 0 is mended
import math, torch
def normalize_filters(direction, weight):
    unit = (direction / torch.linalg.vector_norm(direction, dim=1, keepdim=True)).nan_to_num(nan=0.0)
    return unit * torch.linalg.vector_norm(weight, dim=1, keepdim=True)
