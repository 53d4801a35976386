# wrong: a network that is too small
def chosen_run():
    return dict(hidden=16, epochs=20, batch_size=64, max_lr=0.01, weight_decay=0.01, dropout=0.0, label_smoothing=0.0,
                expected_accuracy=96.5)
