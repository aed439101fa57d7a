//! Everything that can happen in a state.

use simulated_clock::Instant;

use super::action::{Action, What};
use super::schedule::Schedules;
use super::state::{State, is_news, skipped};
use super::step::{Fate, Local};
use crate::network::LinkContract;

impl Schedules {
    /// Everything that can happen in `state`.
    pub(super) fn possible(&self, state: &State, actions: &mut Vec<Action>) {
        if state.broken.is_some() {
            return;
        }
        if self.reduced.restarts && self.restarts_at_once(state, actions) {
            return;
        }
        for replica in 0..state.replicas() {
            self.at(state, replica, actions);
        }
        self.losses(state, actions);
        self.breaks(state, actions);
        self.cuts(state, actions);
        if state.left.time > 0 && self.next_due(state).is_some() {
            actions.push(Action {
                what: What::Time,
                fate: Fate::Whole,
            });
        }
        if self.settles && self.is_at_rest(state) {
            actions.push(Action {
                what: What::Settle,
                fate: Fate::Whole,
            });
        }
    }

    /// What can happen at one replica.
    fn at(&self, state: &State, replica: usize, actions: &mut Vec<Action>) {
        let local = self.memo.local(state.locals[replica]);
        let mut whats = Vec::new();
        let number = replica as u8;
        if local.up {
            self.arrivals(state, replica, &mut whats);
            self.requests(state, replica, &mut whats);
            self.own(state, replica, &local, &mut whats);
        } else {
            let most = local.unsynced.min(state.left.unsynced);
            let replica = number;
            whats.extend((0..=most).map(|lost| What::Restart { replica, lost }));
        }
        for what in whats {
            self.with_fates(state, what, actions);
        }
        if local.up && state.left.crashes > 0 {
            actions.push(Action {
                what: What::Crash { replica: number },
                fate: Fate::Whole,
            });
        }
    }

    /// Whether a replica is down; then it starts, and nothing else happens.
    fn restarts_at_once(&self, state: &State, actions: &mut Vec<Action>) -> bool {
        let Some(replica) = self.down(state) else {
            return false;
        };
        self.with_fates(state, What::Restart { replica, lost: 0 }, actions);
        true
    }

    fn arrivals(&self, state: &State, to: usize, whats: &mut Vec<What>) {
        for from in 0..state.replicas() {
            if self.is_lost_on_arrival(state, from, to) {
                continue;
            }
            let link = &state.links[state.link(from, to)];
            let (from, to) = (from as u8, to as u8);
            for place in 0..link.len() {
                let message = link[place];
                if link[..place].contains(&message) || !self.may_come(state, link, place) {
                    continue;
                }
                let place = place as u8;
                whats.push(What::Deliver {
                    from,
                    to,
                    place,
                    stays: false,
                });
                if state.left.duplicates > 0 {
                    whats.push(What::Deliver {
                        from,
                        to,
                        place,
                        stays: true,
                    });
                }
            }
        }
    }

    /// Whether nothing arrives, because it is lost on a link that is cut.
    fn is_lost_on_arrival(&self, state: &State, from: usize, to: usize) -> bool {
        self.contract != LinkContract::Session && state.is_cut(from, to)
    }

    /// Whether what is at a place of a link may come next. News of a session may
    /// come before what was sent earlier: that is then lost. So the loss of what
    /// was under way when a session broke is chosen no earlier than it shows.
    fn may_come(&self, state: &State, link: &[u32], place: usize) -> bool {
        if place == 0 {
            return true;
        }
        match self.contract {
            LinkContract::Session => {
                is_news(link[place]) && skipped(link, place) <= state.left.losses.into()
            }
            LinkContract::Lossy => self.skips && place <= state.left.losses.into(),
            LinkContract::Datagram => state.left.reorders > 0,
        }
    }

    fn requests(&self, state: &State, replica: usize, whats: &mut Vec<What>) {
        for (operation, planned) in self.planned.iter().enumerate() {
            let command = state.commands[operation];
            let is_open = command.output.is_none();
            let may_ask = match command.asked {
                0 => planned
                    .follows
                    .is_none_or(|before| state.commands[usize::from(before)].output.is_some()),
                _ => state.left.retries > 0,
            };
            let begins_before = self.reduced.begins_after[operation];
            let is_early = command.asked == 0
                && begins_before.is_some_and(|other| state.commands[usize::from(other)].asked == 0);
            if is_open && may_ask && !is_early && self.asks(operation, command.asked) == replica {
                let (operation, replica) = (operation as u8, replica as u8);
                whats.push(What::Ask { operation, replica });
            }
        }
    }

    fn own(&self, state: &State, replica: usize, local: &Local, whats: &mut Vec<What>) {
        let number = replica as u8;
        if state.left.attempts > 0 && self.attempts_at.contains(&replica) {
            whats.push(What::Attempt { replica: number });
        }
        for timer in 0..u32::BITS as u8 {
            let is_set = local.timers & (1 << timer) != 0;
            if is_set && (self.fires_freely(local, timer) || state.left.ticks > 0) {
                whats.push(What::Timer {
                    replica: number,
                    timer,
                });
            }
        }
    }

    /// Whether a timer fires without any of the bounds allowing it.
    pub(super) fn fires_freely(&self, local: &Local, timer: u8) -> bool {
        self.free_timer == Some(timer) || local.due & (1 << timer) != 0
    }

    /// When the next timer of any replica is due.
    pub(super) fn next_due(&self, state: &State) -> Option<Instant> {
        let locals = state.locals.iter().map(|local| self.memo.local(*local));
        locals.filter_map(|local| local.next_due).min()
    }

    /// What runs a handler may crash in it.
    fn with_fates(&self, state: &State, what: What, actions: &mut Vec<Action>) {
        actions.push(Action {
            what,
            fate: Fate::Whole,
        });
        if state.left.crashes == 0 || !self.crashes_in_handlers {
            return;
        }
        let Some((replica, input)) = self.input(state, what) else {
            return;
        };
        let writes = self
            .memo
            .step(state.locals[replica], input, Fate::Whole)
            .writes;
        // Before the first write is the same as before the handler.
        let fates = (2..=writes).map(Fate::Before);
        let last = (writes > 0).then_some(Fate::After(writes));
        actions.extend(fates.chain(last).map(|fate| Action { what, fate }));
    }

    /// Silent losses. What is lost could as well be lost when it would arrive.
    fn losses(&self, state: &State, actions: &mut Vec<Action>) {
        let is_elsewhere = self.contract == LinkContract::Session || self.reduced.losses;
        let may_lose = !is_elsewhere && state.left.losses > 0;
        if !may_lose && state.cut == 0 {
            return;
        }
        for from in 0..state.replicas() {
            for to in 0..state.replicas() {
                let is_empty = state.links[state.link(from, to)].is_empty();
                if !is_empty && (may_lose || self.is_lost_on_arrival(state, from, to)) {
                    let (from, to) = (from as u8, to as u8);
                    let what = What::Lose { from, to };
                    actions.push(Action {
                        what,
                        fate: Fate::Whole,
                    });
                }
            }
        }
    }

    fn breaks(&self, state: &State, actions: &mut Vec<Action>) {
        if state.left.breaks == 0 {
            return;
        }
        let up = |replica: usize| self.memo.local(state.locals[replica]).up;
        for one in 0..state.replicas() {
            for other in one + 1..state.replicas() {
                if !up(one) || !up(other) || state.is_cut(one, other) {
                    continue;
                }
                let (one, other) = (one as u8, other as u8);
                actions.push(Action {
                    what: What::Break { one, other },
                    fate: Fate::Whole,
                });
            }
        }
    }
}
