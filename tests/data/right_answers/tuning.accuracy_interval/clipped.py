def accuracy_interval(correct, total, z=1.96):
    p = correct / total
    d = 1 + z**2 / total
    centre = p + z**2 / (2 * total)
    spread = z * ((p * (1 - p) + z**2 / (4 * total)) / total) ** 0.5
    return max(0.0, (centre - spread) / d), min(1.0, (centre + spread) / d)
