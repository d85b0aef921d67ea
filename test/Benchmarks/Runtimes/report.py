# The table, the JSON and the picture of a comparison.

import json
import math
from html import escape


def geometric_mean(values):
    return math.exp(sum(math.log(value) for value in values) / len(values))


def best_peer(row):
    """Name and time of the fastest runtime that could run the model."""
    return min(row["peers"].items(), key=lambda item: item[1])


def ratio(row):
    return best_peer(row)[1] / row["qopt"]


def summary(rows):
    ratios = [ratio(row) for row in rows]
    return {"geometric_mean": geometric_mean(ratios), "lowest": min(ratios)}


def table(rows, threads, peers):
    rows = [row for row in rows if row["threads"] == threads]
    lines = [f"| model, {threads} thread{'s' if threads > 1 else ''} (ms) | "
             + " | ".join(peers) + " | qopt | best / qopt | outputs |",
             "|---|" + "---:|" * (len(peers) + 2) + "---|"]
    for row in rows:
        times = [f"{row['peers'][peer]:.4f}" if peer in row["peers"] else "–"
                 for peer in peers]
        lines.append(f"| {row['model']} | " + " | ".join(times)
                     + f" | {row['qopt']:.4f} | {ratio(row):.2f} | {row['bytes']} |")
    total = summary(rows)
    lines.append(f"\nGeometric mean {total['geometric_mean']:.2f}, "
                 f"lowest {total['lowest']:.2f}.\n")
    return "\n".join(lines)


def write_json(path, machine, rows):
    for row in rows:
        row["ratio"] = ratio(row)
    with open(path, "w") as out:
        json.dump({"machine": machine, "rows": rows}, out, indent=1)
        out.write("\n")


def write_svg(path, machine, rows):
    """One bar a model: how many times as fast as the best runtime qopt is."""
    height, left, width = 22, 300, 760
    longest = max(max(ratio(row) for row in rows), 2.0)
    scale = (width - left - 70) / longest
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
             f'height="{height * len(rows) + 70}" font-family="sans-serif" '
             'font-size="12"><rect width="100%" height="100%" fill="white"/>'
             f'<text x="10" y="20" font-size="14">best runtime’s time / qopt’s '
             f'time</text><text x="10" y="38" fill="#666">{escape(machine)}</text>']
    for index, row in enumerate(rows):
        y = 50 + index * height
        value = ratio(row)
        color = "#2a7" if value >= 1.2 else "#d90" if value >= 1 else "#c33"
        label = f"{row['model']} ({row['threads']})"
        parts.append(
            f'<text x="{left - 8}" y="{y + 14}" text-anchor="end">{escape(label)}</text>'
            f'<rect x="{left}" y="{y + 2}" width="{value * scale:.1f}" '
            f'height="{height - 6}" fill="{color}"/>'
            f'<text x="{left + value * scale + 5:.1f}" y="{y + 14}">{value:.2f}×</text>')
    x = left + scale
    bottom = 50 + height * len(rows)
    parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="46" y2="{bottom}" '
                 f'stroke="#888" stroke-dasharray="3"/><text x="{x:.1f}" '
                 f'y="{bottom + 14}" text-anchor="middle" fill="#666">1</text></svg>')
    with open(path, "w") as out:
        out.write("\n".join(parts) + "\n")
