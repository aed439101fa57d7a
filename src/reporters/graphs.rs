//! What partial connectivity did: a table that is Markdown, and JSON.

use std::fmt::Write;

use serde_json::json;

use crate::report::counted;
use crate::search::{CLAIM, Trial};

/// The table of all graphs, with what it is and what it shows in a sentence.
pub fn graph_table(trials: &[Trial], seeds: u64) -> String {
    let judged = trials.iter().filter(|trial| trial.is_judged());
    let (judged, broken) = judged.fold((0, 0), |(judged, broken), trial| {
        (judged + 1, broken + usize::from(trial.breaks_the_claim()))
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
    for trial in trials {
        let graph = &trial.graph;
        let connected: Vec<String> = graph
            .quorum_connected()
            .iter()
            .map(ToString::to_string)
            .collect();
        let connected = if connected.is_empty() {
            "nobody".to_owned()
        } else {
            connected.join(", ")
        };
        let claim = match (trial.is_judged(), &trial.violation) {
            (_, Some((seed, violation))) => format!("{} in seed {seed}", violation.check),
            (true, None) if trial.breaks_the_claim() => "broken".to_owned(),
            (true, None) => "holds".to_owned(),
            (false, None) => "none".to_owned(),
        };
        writeln!(
            text,
            "| {} | {graph} | {connected} | {} | {} | {claim} |",
            graph.replicas,
            hundredths(trial.waited_hundredths()),
            trial.leader_changes
        )
        .expect("text can be written to");
    }
    text
}

/// One line of JSON.
pub fn graph_object(trial: &Trial) -> String {
    let object = json!({
        "replicas": trial.graph.replicas,
        "links": trial.graph.to_string(),
        "quorum_connected": trial.graph.quorum_connected(),
        "unavailability_ns": trial.unavailability.as_nanos(),
        "election_timeout_ns": trial.election_timeout.as_nanos(),
        "leader_changes": trial.leader_changes,
        "judged": trial.is_judged(),
        "holds": !trial.breaks_the_claim(),
        "violation": trial.violation.as_ref().map(|(_, violation)| violation),
        "seed": trial.violation.as_ref().map(|(seed, _)| seed),
    });
    format!("{object}\n")
}

fn hundredths(hundredths: u64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}
