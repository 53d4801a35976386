# unit: losses
# tries: to write the results itself, where they are usually written
# stopped by: Landlock and the limit on files
# expect: softmax failed 0
# says: write the file
import json

for path in ("results.jsonl", "../results.jsonl", "/tmp/backpass-attack-results_file"):
    try:
        with open(path, "w") as file:
            file.write(json.dumps({"submission": "me", "points": 80}) + "\n")
    except OSError:
        pass


def softmax(logits):
    return logits
