open("/tmp/backpass-attack-planted_modules", "w").close()


def softmax(logits):
    return logits
