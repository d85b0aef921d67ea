// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Colours are told apart in dark, in light, and without red or green.

#include "Page.h"

llvm::StringRef qopt::report::getStyle() {
  return R"(
:root { color-scheme: light dark;
  --paper: #ffffff; --ink: #1c2430; --soft: #5b6675; --line: #dde2e9;
  --panel: #f6f8fa; --blue: #1f6fb8; --orange: #c4570b; --teal: #0b8275;
  --chosen: #1f6fb81c; --muted: #9aa5b4; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #12161c; --ink: #e4e9f0; --soft: #9aa6b6; --line: #2b333f;
  --panel: #1a2029; --blue: #5aa9ef; --orange: #f09448; --teal: #3fc7b6;
  --chosen: #5aa9ef26; --muted: #66727f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 1000px; margin: 0 auto; padding: 28px 20px 60px; }
h1 { font-size: 26px; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 38px 0 8px; }
p { margin: 6px 0 12px; color: var(--soft); max-width: 72ch; }
a { color: var(--blue); }
.cards { display: grid; gap: 12px; margin: 20px 0;
  grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); }
.card { background: var(--panel); border: 1px solid var(--line);
  border-radius: 8px; padding: 12px 14px; }
.card b { display: block; font-size: 22px; line-height: 1.3;
  font-variant-numeric: tabular-nums; }
.card span { color: var(--soft); font-size: 13px; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px;
  font-variant-numeric: tabular-nums; }
th { text-align: left; color: var(--soft); font-weight: 600; }
th, td { padding: 5px 10px; border-bottom: 1px solid var(--line);
  vertical-align: baseline; white-space: nowrap; }
td.name { font-family: ui-monospace, Menlo, Consolas, monospace;
  font-size: 13px; white-space: normal; overflow-wrap: anywhere;
  min-width: 180px; }
td.text { white-space: normal; min-width: 200px; }
th.n, td.n { text-align: right; }
tr:hover td { background: var(--panel); }
.share { display: inline-block; width: 110px; height: 9px;
  background: var(--line); border-radius: 2px; overflow: hidden; }
.share span { display: block; height: 100%; }
.share .alone { background: var(--blue); }
.share .size { background: var(--teal); }
figure { margin: 0; }
figcaption { font-size: 13px; color: var(--soft); overflow-wrap: anywhere; }
figcaption b { color: var(--ink); font-weight: 600; }
.plots { display: grid; gap: 18px 24px;
  grid-template-columns: repeat(auto-fit, minmax(320px, 1fr)); }
svg { width: 100%; height: auto; display: block; }
svg text { font: 11px system-ui, sans-serif; fill: var(--soft); }
.tick.y { text-anchor: end; } .tick.x, .label.x { text-anchor: middle; }
.axis { stroke: var(--soft); } .grid { stroke: var(--line); }
circle.alone { fill: var(--blue); }
polyline { fill: none; stroke-width: 1.8; }
polyline.cumulative { stroke: var(--orange); }
circle.cumulative { fill: var(--orange); }
polyline.integer { stroke: var(--teal); stroke-dasharray: 5 4; }
circle.integer { fill: var(--paper); stroke: var(--teal); stroke-width: 1.5; }
.bin { fill: var(--blue); } .chosen { fill: var(--chosen); }
.bound { stroke: var(--orange); stroke-dasharray: 4 3; stroke-width: 1.4; }
.before { fill: var(--muted); } .after { fill: var(--blue); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; font-size: 13px;
  color: var(--soft); margin: 4px 0 10px; }
.legend i { display: inline-block; width: 12px; height: 12px;
  border-radius: 6px; margin-right: 6px; vertical-align: -1px; }
.legend .alone { background: var(--blue); }
.legend .cumulative { background: var(--orange); }
.legend .integer { border: 2px solid var(--teal); }
.legend .before { background: var(--muted); }
.legend .after, .legend .on { background: var(--blue); }
.legend .off { background: var(--orange); }
.map { display: flex; flex-wrap: wrap; gap: 3px; margin: 6px 0 14px; }
.cell { width: 14px; height: 14px; border-radius: 3px; }
.cell.on { background: var(--blue); } .cell.off { background: var(--orange); }
details { margin: 10px 0; }
summary { cursor: pointer; color: var(--blue); font-size: 14px; }
footer { margin-top: 40px; color: var(--soft); font-size: 13px; }
@media print { details > * { display: block; } }
)";
}
