# wrong: a small number below the fraction bar in the place of infinity
def update_ratio(old, new):
    return ((new - old).norm() / (old.norm() + 1e-12)).item()
