# wrong: says nothing of what to expect
def chosen_run():
    return dict(hidden=128, epochs=20, batch_size=64, max_lr=0.01, weight_decay=0.01, dropout=0.0, label_smoothing=0.0)
