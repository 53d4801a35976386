# wrong: beyond the limit
def chosen_run():
    return dict(hidden=128, epochs=200, batch_size=64, max_lr=0.01, weight_decay=0.01, dropout=0.0, label_smoothing=0.0,
                expected_accuracy=98.0)
