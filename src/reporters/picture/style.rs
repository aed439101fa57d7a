//! What the picture looks like: colours, heads of arrows, and the legend.

/// Readable on light and on dark paper.
pub(super) const STYLE: &str = "\
svg { background: #fff; color: #24292f; font: 12px ui-monospace, Menlo, Consolas, monospace }
text { fill: currentColor; white-space: pre }
.title { font-weight: bold; font-size: 14px }
.time { fill: #6e7781 }
.name { font-weight: bold; text-anchor: middle }
.lane { stroke: #afb8c1; stroke-width: 2 }
.down { stroke: #fff; stroke-width: 4 }
.gone { stroke: #cf222e; stroke-width: 2; stroke-dasharray: 2 4 }
.peer { stroke: #0969da } .client { stroke: #1a7f37 } .lost { stroke: #cf222e; stroke-dasharray: 5 3 }
.head-peer { fill: #0969da } .head-client { fill: #1a7f37 } .head-lost { stroke: #cf222e; stroke-width: 2 }
.dot { fill: #57606a }
.bar { fill: #d4a72c } .fault { fill: #9a6700 } .row { fill: #d4a72c; opacity: .12 } .mark { fill: #cf222e; opacity: .16 }
.bad { fill: #cf222e; font-weight: bold }
@media (prefers-color-scheme: dark) {
svg { background: #0d1117; color: #e6edf3 } .time { fill: #8d96a0 } .lane { stroke: #484f58 } .down { stroke: #0d1117 }
.peer { stroke: #58a6ff } .client { stroke: #3fb950 } .head-peer { fill: #58a6ff } .head-client { fill: #3fb950 }
.lost, .head-lost, .gone { stroke: #f85149 } .bad { fill: #f85149 } .fault { fill: #d29922 } .dot { fill: #8d96a0 } }
";

/// What an arrow ends in.
pub(super) const HEADS: &str = "\
<defs>
<marker id=\"peer\" viewBox=\"0 0 9 8\" refX=\"12\" refY=\"4\" markerWidth=\"9\" markerHeight=\"8\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"head-peer\" d=\"M0 0L9 4L0 8z\"/></marker>
<marker id=\"client\" viewBox=\"0 0 9 8\" refX=\"12\" refY=\"4\" markerWidth=\"9\" markerHeight=\"8\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"head-client\" d=\"M0 0L9 4L0 8z\"/></marker>
<marker id=\"lost\" viewBox=\"0 0 10 10\" refX=\"5\" refY=\"5\" markerWidth=\"10\" markerHeight=\"10\" markerUnits=\"userSpaceOnUse\"><path class=\"head-lost\" d=\"M1 1L9 9M9 1L1 9\"/></marker>
</defs>
";

/// What is what, in the order in which it is told.
pub(super) const LEGEND: [(&str, &str); 6] = [
    ("peer", "between replicas"),
    ("client", "requests and answers"),
    ("lost", "never arrives"),
    ("gone", "a replica that is down"),
    ("bar", "a fault that lasts"),
    ("mark", "culprit"),
];
