//! What happens uses up of what may still happen.

use super::action::{Action, What};
use super::cluster::Cluster;
use super::state::{State, is_news, skipped};
use crate::network::LinkContract;

/// Takes what happens from what may still happen.
pub(super) fn spend(cluster: &Cluster, state: &mut State, action: Action) {
    match action.what {
        What::Deliver {
            from,
            to,
            place,
            stays,
        } => {
            let link = state.link(from.into(), to.into());
            let contract = cluster.rules().contract();
            deliver(state, (link, place.into()), stays, contract);
        }
        What::Ask { operation, .. } => {
            let after = state.answered();
            let operation = usize::from(operation);
            let command = &mut state.commands[operation];
            if command.asked > 0 {
                state.left.retries -= 1;
            } else if !cluster.rules().clients().planned()[operation].is_open {
                command.after = after;
            }
            command.asked += 1;
        }
        What::Attempt { .. } => state.left.attempts -= 1,
        What::Restart { lost, .. } => state.left.unsynced -= lost,
        What::Timer { replica, timer } => {
            let local = cluster.local(state, replica.into());
            state.left.ticks -= u8::from(!cluster.rules().fires_freely(&local, timer));
        }
        _ => {}
    }
}

/// What arrives leaves its place on its link, if it does not stay; what is lost before it, too.
fn deliver(state: &mut State, (link, place): (usize, usize), stays: bool, contract: LinkContract) {
    let link = &mut state.links[link];
    if is_news(link[place]) {
        state.left.losses -= skipped(link, place) as u8;
        link.drain(..=place);
        return;
    }
    if contract == LinkContract::Lossy {
        state.left.losses -= place as u8;
        link.drain(..=place);
        return;
    }
    state.left.reorders -= u8::from(place > 0);
    if stays {
        state.left.duplicates -= 1;
    } else {
        link.remove(place);
    }
}
