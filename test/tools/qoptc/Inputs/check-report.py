# Checks what must hold between the numbers of a report.
import json
import sys

report = json.load(open(sys.argv[1]))
histograms = 0
for activation in report["inputs"] + [l["activation"] for l in report["layers"] if "activation" in l]:
    counts = activation["histogram"]["counts"]
    assert sum(counts) % report["samples"] == 0, activation["name"]
    low, high = activation["histogram"]["range"]
    assert low <= activation["observed"][0] and activation["observed"][1] <= high, activation
    assert activation["chosen"][0] < activation["chosen"][1]
    histograms += 1
for layer in report["layers"]:
    assert layer["integer"], layer
    # Absent where nothing was run.
    if layer["sqnr_cumulative"] is not None:
        assert layer["sqnr_cumulative"] > 20, layer
    if layer["sqnr_alone"] is not None:
        assert layer["sqnr_alone"] > layer["sqnr_cumulative"] - 3, layer
order = [l["sqnr_alone"] for n in report["most_sensitive"] for l in report["layers"] if l["name"] == n]
order = [sqnr for sqnr in order if sqnr is not None]
assert order == sorted(order)
print(len(report["layers"]), "layers,", histograms, "histograms")
