//! What partial connectivity did: a table that is Markdown.

use std::fmt::Write;

use crate::report::{GraphReport, counted};
use crate::search::CLAIM;

/// The table of all graphs, with what it is and what it shows in a sentence.
pub(super) fn graph_table(graphs: &[GraphReport], seeds: u64) -> String {
    let judged = graphs.iter().filter(|graph| graph.judged);
    let (judged, broken) = judged.fold((0, 0), |(judged, broken), graph| {
        (judged + 1, broken + usize::from(!graph.holds))
    });
    let mut text = format!(
        "# Partial connectivity\n\n\
         Every graph of a few replicas, up to the names of followers, in {} each. Replica 1 \
         leads when all other links than these are cut, for four seconds. The wait is the longest time \
         in which nothing completed although a request was outstanding at a replica that reaches a \
         majority in both directions. Claimed is {CLAIM} \
         wherever there is such a replica and links work in both directions or not at all: {judged} \
         graphs are judged, and {broken} break the claim.\n\n\
         | replicas | links that work | reach a majority | longest wait, in election timeouts | new \
         leaders | claim |\n| --: | --- | --- | --: | --: | --- |\n",
        counted(seeds, "seed")
    );
    for graph in graphs {
        let connected = graph.quorum_connected.iter();
        let connected: Vec<String> = connected.map(ToString::to_string).collect();
        let connected = if connected.is_empty() {
            "nobody".to_owned()
        } else {
            connected.join(", ")
        };
        writeln!(
            text,
            "| {} | {} | {connected} | {} | {} | {} |",
            graph.replicas,
            graph.links,
            hundredths(graph.waited_hundredths()),
            graph.leader_changes,
            claim(graph)
        )
        .expect("text can be written to");
    }
    text
}

fn claim(graph: &GraphReport) -> String {
    match (&graph.violation, graph.seed) {
        (Some(violation), Some(seed)) => format!("{} in seed {seed}", violation.check),
        _ if !graph.holds => "broken".to_owned(),
        _ if graph.judged => "holds".to_owned(),
        _ => "none".to_owned(),
    }
}

fn hundredths(hundredths: u64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}
