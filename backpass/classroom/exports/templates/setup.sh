#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image of the autograder.
set -euo pipefail
home="${AUTOGRADER:-/autograder}"

# uv brings a Python of its own, whichever the base image has, and PyTorch for CPUs: the one on PyPI has gigabytes
# of CUDA along.
apt-get update
apt-get install -y python3-venv
python3 -m venv /opt/uv
/opt/uv/bin/pip install uv
export UV_PYTHON_INSTALL_DIR=/opt/python UV_NO_CACHE=1
/opt/uv/bin/uv venv --python 3.12 "$home/venv"
/opt/uv/bin/uv pip install --python "$home/venv" --torch-backend cpu -c "$home/source/constraints.txt" \
    -e "$home/source"
