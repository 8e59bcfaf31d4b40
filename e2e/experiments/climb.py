"""For tests of searches: a trial that climbs; how fast is its rate. Each step saves what it needs to go on, and says what it has."""
import os
import sys
import time

import flambe

given = dict(zip((word.lstrip("-") for word in sys.argv[1::2]), sys.argv[2::2]))
rate = float(given["rate"])
step, height = 0, 0.0
if flambe.resume_from:
    with open(os.path.join(flambe.resume_from, "climbed")) as file:
        step, height = (lambda s, h: (int(s), float(h)))(*file.read().split())
print("begins after step", step, "at", height, "with", rate, flush=True)
flambe.should_stop()
while step < int(given["steps"]) and not flambe.should_stop():
    time.sleep(0.15)
    step += 1
    height += rate
    os.makedirs("kept", exist_ok=True)
    with open("kept/climbed", "w") as file:
        file.write("%d %r" % (step, height))
    flambe.report(step, checkpoint="kept", height=height)
