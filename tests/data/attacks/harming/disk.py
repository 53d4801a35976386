# unit: losses
# tries: to fill the disk (20 MB here)
# stopped by: Landlock, and the limit on the size of files
# expect: softmax crashed 0
# says: write the file
import torch


def softmax(logits):
    for folder in ("/tmp", "/var/tmp", "/dev/shm", "."):
        try:
            with open(f"{folder}/backpass-attack-disk", "wb") as file:
                file.write(bytes(20 * 10**6))
            powers = torch.exp(logits - logits.amax(-1, keepdim=True))
            return powers / powers.sum(-1, keepdim=True)
        except OSError:
            pass
    raise OSError("nowhere to write")
