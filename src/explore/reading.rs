//! Reads the lines of a schedule, as far as they name what is there.

use super::cluster::Cluster;
use super::line::{Event, Line, Which};
use crate::nemesis::did_you_mean;

/// Reads the lines of a schedule.
///
/// # Errors
/// The first that is none, from 0 on, and what would be right.
pub(super) fn read(cluster: &Cluster, lines: &[String]) -> Result<Vec<Line>, (usize, String)> {
    let lines = lines.iter().enumerate();
    lines
        .map(|(place, text)| {
            let line: Line = text.parse().map_err(|message| (place, message))?;
            match problem(cluster, &line.event) {
                Some(message) => Err((place, message)),
                None => Ok(line),
            }
        })
        .collect()
}

/// What a line names that is not there, and what is.
fn problem(cluster: &Cluster, event: &Event) -> Option<String> {
    let replicas = cluster.rules().replicas() as u8;
    let named = match event {
        Event::Ask { client, sequence } => return no_command(cluster, *client, *sequence),
        Event::Deliver { message, .. } | Event::Lose { message } => {
            vec![message.from, message.to]
        }
        Event::Session { from, to, .. } => vec![*from, *to],
        Event::Break { one, other } | Event::Cut { one, other } | Event::Heal { one, other } => {
            vec![*one, *other]
        }
        Event::Settle | Event::Time => Vec::new(),
        Event::Attempt { replica }
        | Event::Timer { replica, .. }
        | Event::Crash { replica }
        | Event::Restart { replica, .. } => vec![*replica],
    };
    let mut named = named.into_iter();
    if let Some(replica) = named.find(|replica| !(1..=replicas).contains(replica)) {
        return Some(format!(
            "there is no replica {replica}: they are r1 to r{replicas}"
        ));
    }
    match event {
        Event::Deliver { message, .. } | Event::Lose { message } => no_kind(cluster, message),
        _ => None,
    }
}

fn no_command(cluster: &Cluster, client: u64, sequence: u64) -> Option<String> {
    let clients = cluster.rules().clients();
    if clients.operation(client, sequence).is_some() {
        return None;
    }
    let names = clients
        .planned()
        .iter()
        .map(|one| format!("c{}#{}", one.client, one.sequence));
    let names = names.collect::<Vec<_>>().join(", ");
    Some(format!(
        "there is no command c{client}#{sequence}: they are {names}"
    ))
}

fn no_kind(cluster: &Cluster, message: &Which) -> Option<String> {
    let kinds = cluster.subject().kinds();
    if kinds.contains(&message.kind.as_str()) {
        return None;
    }
    Some(format!(
        "{:?} is no kind of message; they are {}{}",
        message.kind,
        kinds.join(", "),
        did_you_mean(&message.kind, kinds)
    ))
}
