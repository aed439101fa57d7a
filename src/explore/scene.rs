//! A state in words: what each replica has come to, what is under way, what the
//! clients know, and what may still happen.

use std::fmt::Write as _;

use super::automaton::Automaton;
use super::cluster::Cluster;
use super::state::{Left, State, is_news};
use super::step::LocalId;
use super::tell;
use crate::system::System;

impl<S: System> Automaton<S> {
    /// What a replica in this state has come to, line by line.
    pub(super) fn show(&self, local: LocalId) -> Vec<String> {
        let life = self.relive_narrated(local);
        let ledger = life.checks.ledger(life.me());
        let disk = format!(
            "promised {}, accepted {}, log of {}, decided {}",
            ledger.promise,
            ledger.accepted_round,
            ledger.last(),
            ledger.decided
        );
        let down = (!life.host.is_up()).then(|| "is down".to_owned());
        let lines = [down, Some(disk)].into_iter().flatten();
        lines.chain(life.standing().lines().cloned()).collect()
    }
}

/// A state in words.
pub(super) fn scene(cluster: &Cluster, state: &State) -> String {
    let mut text = String::new();
    for (replica, local) in (1..).zip(&state.locals) {
        let mut title = format!("replica {replica}");
        for line in cluster.memo().show(*local) {
            let _ = writeln!(text, "{title:<11} {line}");
            title.clear();
        }
    }
    text.push_str("under way\n");
    let before = text.len();
    under_way(cluster, state, &mut text);
    if text.len() == before {
        text.push_str("  nothing\n");
    }
    for one in 0..state.replicas() {
        for other in (one + 1..state.replicas()).filter(|other| state.is_cut(one, *other)) {
            let _ = writeln!(text, "cut\n  {} - {}", one + 1, other + 1);
        }
    }
    text.push_str("clients\n");
    clients(cluster, state, &mut text);
    let _ = writeln!(text, "may still happen\n  {}", told(state.left));
    if let Some(broken) = state.broken {
        let violation = tell::violation(cluster, broken);
        let _ = writeln!(
            text,
            "VIOLATION {}\n  {}",
            violation.check, violation.message
        );
    }
    text
}

fn under_way(cluster: &Cluster, state: &State, text: &mut String) {
    for from in 0..state.replicas() {
        for to in 0..state.replicas() {
            for message in &state.links[state.link(from, to)] {
                let words = if is_news(*message) {
                    "news of a new session".to_owned()
                } else {
                    cluster.memo().message(*message)
                };
                let _ = writeln!(text, "  {} -> {}  {words}", from + 1, to + 1);
            }
        }
    }
}

fn clients(cluster: &Cluster, state: &State, text: &mut String) {
    for (operation, (planned, command)) in cluster
        .rules()
        .clients()
        .planned()
        .iter()
        .zip(&state.commands)
        .enumerate()
    {
        let words = match command.asked {
            0 => cluster.memo().asked(operation as u8),
            _ => cluster.memo().command(operation as u8, command.output),
        };
        let asked = match command.asked {
            0 => ", not asked yet".to_owned(),
            1 => String::new(),
            often => format!(", asked {often} times"),
        };
        let (client, sequence) = (planned.client, planned.sequence);
        let _ = writeln!(text, "  c{client}#{sequence} {words}{asked}");
    }
}

/// What may still happen, in words.
fn told(left: Left) -> String {
    let all = [
        (left.attempts, "attempts to lead"),
        (left.ticks, "ticks"),
        (left.time, "steps of time"),
        (left.crashes, "crashes"),
        (left.unsynced, "writes lost in crashes"),
        (left.breaks, "broken sessions"),
        (left.cuts, "cut links"),
        (left.losses, "lost messages"),
        (left.duplicates, "duplicates"),
        (left.reorders, "messages out of order"),
        (left.retries, "retries"),
    ];
    let some = all.iter().filter(|(count, _)| *count > 0);
    let some: Vec<_> = some
        .map(|(count, what)| format!("{what}: {count}"))
        .collect();
    if some.is_empty() {
        "only what is under way".to_owned()
    } else {
        some.join(", ")
    }
}
