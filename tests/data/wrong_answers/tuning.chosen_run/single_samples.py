# wrong: more steps than are run
def chosen_run():
    return dict(hidden=512, epochs=60, batch_size=1, max_lr=0.01, weight_decay=0.01, dropout=0.0, label_smoothing=0.0,
                expected_accuracy=98.0)
