# wrong: an infinite rate
def chosen_run():
    return dict(hidden=128, epochs=20, batch_size=64, max_lr=float("inf"), weight_decay=0.01, dropout=0.0,
                label_smoothing=0.0, expected_accuracy=98.0)
