//! What happens in a state, as the line of a file in which it is written.

use super::action::{Action, What};
use super::cluster::Cluster;
use super::line::{Event, Line, Which};
use super::state::{State, is_news};

/// What can happen in a state, as it is written.
pub(super) fn written(cluster: &Cluster, state: &State, action: Action) -> Line {
    let event = match action.what {
        What::Deliver {
            from,
            to,
            place,
            stays,
        } => delivery(cluster, state, (from, to), place.into(), stays),
        What::Lose { from, to } => Event::Lose {
            message: message(cluster, state, (from, to), 0),
        },
        What::Break { one, other } => Event::Break {
            one: one + 1,
            other: other + 1,
        },
        What::Cut { one, other } => Event::Cut {
            one: one + 1,
            other: other + 1,
        },
        What::Heal { one, other } => Event::Heal {
            one: one + 1,
            other: other + 1,
        },
        What::Settle => Event::Settle,
        What::Ask { operation, .. } => {
            let planned = cluster.rules().clients().planned()[usize::from(operation)];
            Event::Ask {
                client: planned.client,
                sequence: planned.sequence,
            }
        }
        What::Attempt { replica } => Event::Attempt {
            replica: replica + 1,
        },
        What::Timer { replica, timer } => Event::Timer {
            replica: replica + 1,
            timer,
        },
        What::Time => Event::Time,
        What::Crash { replica } => Event::Crash {
            replica: replica + 1,
        },
        What::Restart { replica, lost } => Event::Restart {
            replica: replica + 1,
            lost,
        },
    };
    Line {
        event,
        fate: action.fate,
    }
}

/// What arrives: a message, or news of a session.
fn delivery(
    cluster: &Cluster,
    state: &State,
    (from, to): (u8, u8),
    place: usize,
    stays: bool,
) -> Event {
    let link = &state.links[state.link(from.into(), to.into())];
    if !is_news(link[place]) {
        let message = message(cluster, state, (from, to), place);
        return Event::Deliver { message, stays };
    }
    let before = link[..place].iter().filter(|message| is_news(**message));
    Event::Session {
        from: from + 1,
        to: to + 1,
        nth: before.count() + 1,
    }
}

/// A message at a place of a link, by its kind.
fn message(cluster: &Cluster, state: &State, (from, to): (u8, u8), place: usize) -> Which {
    let link = &state.links[state.link(from.into(), to.into())];
    let kind = cluster.memo().kind(link[place]);
    let before = link[..place].iter().enumerate();
    let same = before.filter(|(earlier, message)| {
        !is_news(**message)
            && !link[..*earlier].contains(message)
            && cluster.memo().kind(**message) == kind
    });
    Which {
        from: from + 1,
        to: to + 1,
        kind: kind.to_owned(),
        nth: same.count() + 1,
    }
}
