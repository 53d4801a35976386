BEST = {"hidden": 200, "epochs": 15, "batch_size": 48, "max_lr": 6e-3, "weight_decay": 0.1}


def chosen_run():
    return {**BEST, "dropout": 0.1, "label_smoothing": 0, "expected_accuracy": 0.98}
