# wrong: nothing is said of 0 / 0
def update_ratio(old, new):
    return ((new - old).norm() / old.norm()).item()
