"""Runs Python programs one after another, each in a process of its own that has torch already: loading it takes a second.

    python3 models/train/in_turn.py PROGRAM [OPTIONS] [-- PROGRAM [OPTIONS] …]

Ends with the status of the first that fails. Where processes can't be forked, each loads it again.
"""
import multiprocessing
import runpy
import sys
from itertools import groupby

import onnx  # noqa: F401
import torch  # noqa: F401


def begin(path, *options):
    sys.path[0], sys.argv = path.rpartition("/")[0], [path, *options]
    runpy.run_path(path, run_name="__main__")


def main():
    for apart, command in groupby(sys.argv[1:], lambda word: word == "--"):
        if apart:
            continue
        process = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn").Process(target=begin, args=list(command))
        process.start()
        process.join()
        if process.exitcode:
            sys.exit(process.exitcode)


if __name__ == "__main__":
    main()
