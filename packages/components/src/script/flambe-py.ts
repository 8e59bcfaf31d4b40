/** Generated from python/flambe.py by scripts/python.ts. */
export const FLAMBE_PY = `"""What a script of Flambe may say and ask. One file, no dependencies, Python 3.8 or later.

    import flambe

    for epoch in range(start, epochs):
        ...
        flambe.report(epoch, val_accuracy=0.91)     # one step of the trial
        if flambe.should_stop():
            break

Outside of Flambe everything works too: reports are printed, nothing is stopped, \`params\` and \`inputs\` are empty.
"""
import json
import math
import os
import shutil
import signal
import sys
import threading

__all__ = ["report", "log", "checkpoint", "progress", "params", "inputs", "resume_from", "should_stop", "seed", "trial_dir"]


def _read(name):
    path = os.environ.get(name)
    if not path:
        return {}
    with open(path, encoding="utf-8") as file:
        return json.load(file)


#: The keywords (\`kwargs\`) of the script as a dictionary.
params = _read("FLAMBE_PARAMS")
#: For every earlier block that this one links to: the folder of its checkpoint.
inputs = _read("FLAMBE_INPUTS")
#: The folder of the checkpoint to go on from, or None for a fresh start.
resume_from = os.environ.get("FLAMBE_RESUME_FROM") or None
#: The trial's seed, an integer >= 1.
seed = int(os.environ.get("FLAMBE_SEED", "1"))
#: A folder of the trial's own.
trial_dir = os.environ.get("FLAMBE_TRIAL_DIR", ".")

_lock = threading.Lock()
_count = 0
_stop = None


def report(step, checkpoint=None, **metrics):
    """One step of the trial is done. \`checkpoint\`: a folder (or file) that this step could be continued from."""
    line = {"step": step, "metrics": {name: _number(value) for name, value in metrics.items()}}
    if checkpoint is not None:
        line["checkpoint"] = _copy(checkpoint)
    _write(line)


def log(step, **values):
    """Numbers and texts for the plots. Not a step."""
    _write({"step": step, "log": {k: v if isinstance(v, str) else _number(v) for k, v in values.items()}})


def checkpoint(path):
    """The folder (or file) \`path\` holds all that is needed to go on from here. Copied at once."""
    _write({"checkpoint": _copy(path)})


def progress(done):
    """How much of the current step is done: 0 to 1."""
    _write({"progress": _number(done)})


def should_stop():
    """True once the trial is to stop or pause: save a checkpoint and end. A script that never asks is ended by SIGTERM."""
    global _stop
    if _stop is None:
        _stop = threading.Event()
        try:
            signal.signal(signal.SIGTERM, lambda *_: _stop.set())
        except ValueError:
            pass  # only the main thread may catch signals
    return _stop.is_set()


def _number(value):
    value = float(value)
    if math.isnan(value):
        return ".nan"
    if math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _copy(path):
    """A copy of its own, complete before it is told of: the script may write to \`path\` again at once."""
    global _count
    if "FLAMBE_CHECKPOINTS" not in os.environ:
        return os.path.abspath(path)
    with _lock:
        _count += 1
        target = os.path.join(os.environ["FLAMBE_CHECKPOINTS"], "%d-%d" % (os.getpid(), _count))
    if os.path.isdir(path):
        shutil.copytree(path, target)
    else:
        os.makedirs(target)
        shutil.copy2(path, target)
    return target


def _write(line):
    text = json.dumps(line) + "\\n"
    path = os.environ.get("FLAMBE_REPORT")
    with _lock:
        if path:
            # One write of one line: lines of several processes do not mix.
            with open(path, "ab", buffering=0) as file:
                file.write(text.encode("utf-8"))
        else:
            sys.stdout.write("::flambe " + text)
            sys.stdout.flush()
`
