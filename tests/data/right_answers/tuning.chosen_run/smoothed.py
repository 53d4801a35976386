def chosen_run():
    run = {"hidden": 96, "epochs": 25, "batch_size": 128, "max_lr": 0.02, "weight_decay": 0, "dropout": 0.2}
    run["label_smoothing"] = 0.1
    run["expected_accuracy"] = 98
    return run
