# Times functions and qopt's artefacts in turn, so that a change of the clock or
# of the machine's other work meets all of them alike.

import json
import statistics
import subprocess
import time


def time_function(run, seconds):
    """The median time of one run, in milliseconds."""
    run()
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 3:
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e3


def time_artefact(qopt_run, artefact, seconds):
    """The same of qopt-run's arguments for a library that qoptc made."""
    done = subprocess.run(
        [qopt_run, *artefact, "--bench", f"--seconds={seconds}", "--json"],
        check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["median_ms"]


def in_turn(timers, rounds):
    """Calls each timer once a round; the median over the rounds by name."""
    times = {name: [] for name in timers}
    for _ in range(rounds):
        for name, timer in timers.items():
            times[name].append(timer())
    return {name: statistics.median(values) for name, values in times.items()}
