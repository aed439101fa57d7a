//! Who may come next, when operations wait for each other in lanes.
//!
//! Each clause makes lanes: one for all, or one for each client. In a lane, some operations are
//! waited for until they end (`blockers`), and some wait (`waiting`): one may come next if no
//! blocker that has not come yet ended before its call. So a lane needs to know the earliest
//! end among its blockers only, and that moves as a pointer over the blockers sorted by end.
//! An operation may wait in several lanes; it is listed in one of them, its *home*, and those
//! that wait nowhere have a home without blockers.

use super::rules::{CLAUSES_MAX, Clause};
use super::task::Task;
use crate::report::Reason;
use crate::watch::Watch;

/// No lane.
const NONE: u32 = u32::MAX;

/// All lanes of one search.
pub(super) struct Lanes {
    lanes: Vec<Lane>,
    /// Of each task: the lanes that wait for it, with its place among the blockers.
    blocks: Vec<[(u32, u32); CLAUSES_MAX]>,
    /// Of each task: the lanes in which it waits.
    waits: Vec<[u32; CLAUSES_MAX]>,
    /// Of each task: its home and its place there.
    homes: Vec<(u32, u32)>,
    is_taken: Vec<bool>,
}

#[derive(Default)]
struct Lane {
    /// By end.
    blockers: Vec<(u64, u32)>,
    /// The first blocker that has not come yet.
    first_blocker: usize,
    /// Known tasks that have their home here, by call.
    known: Vec<u32>,
    /// The first of them that has not come yet.
    first_known: usize,
    /// Tasks of unknown outcome that have their home here, by call.
    unknown: Vec<u32>,
}

impl Lane {
    /// Whoever is called later than this waits.
    fn bound(&self) -> u64 {
        self.blockers
            .get(self.first_blocker)
            .map_or(u64::MAX, |(end, _)| *end)
    }
}

impl Lanes {
    /// The lanes of these tasks, which are sorted by call; `clients` are their clients, as
    /// numbers below `client_count`.
    ///
    /// # Errors
    ///
    /// When a limit is reached.
    pub(super) fn new(
        tasks: &[Task],
        clients: &[u32],
        client_count: usize,
        clauses: &[Clause],
        watch: &mut Watch,
    ) -> Result<Lanes, Reason> {
        assert!(clauses.len() <= CLAUSES_MAX, "a level has few clauses");
        // Lane 0 is the home of those that wait nowhere.
        let mut lanes: Vec<Lane> = vec![Lane::default()];
        let mut blocks = vec![[(NONE, 0); CLAUSES_MAX]; tasks.len()];
        let mut waits = vec![[NONE; CLAUSES_MAX]; tasks.len()];
        for (place, clause) in clauses.iter().enumerate() {
            let first = lanes.len() as u32;
            let count = if clause.per_client { client_count } else { 1 };
            lanes.resize_with(lanes.len() + count, Lane::default);
            for (number, task) in tasks.iter().enumerate() {
                watch.turn()?;
                let lane = first
                    + if clause.per_client {
                        clients[number]
                    } else {
                        0
                    };
                if clause.later.includes(task.is_read) {
                    waits[number][place] = lane;
                }
                if clause.earlier.includes(task.is_read) && task.is_known {
                    let end = task.ret.saturating_add(clause.delay);
                    blocks[number][place] = (lane, 0);
                    lanes[lane as usize].blockers.push((end, number as u32));
                }
            }
        }
        for (number, lane) in lanes.iter_mut().enumerate() {
            watch.sort_by_key(&mut lane.blockers, |blocker| *blocker)?;
            for (place, (_, task)) in lane.blockers.iter().enumerate() {
                watch.turn()?;
                for slot in &mut blocks[*task as usize] {
                    if slot.0 == number as u32 {
                        slot.1 = place as u32;
                    }
                }
            }
        }
        let mut homes = vec![(0, 0); tasks.len()];
        for (number, task) in tasks.iter().enumerate() {
            watch.turn()?;
            let home = waits[number].iter().find(|lane| **lane != NONE);
            let home = home.copied().unwrap_or(0);
            let lane = &mut lanes[home as usize];
            let list = if task.is_known {
                &mut lane.known
            } else {
                &mut lane.unknown
            };
            homes[number] = (home, list.len() as u32);
            list.push(number as u32);
        }
        Ok(Lanes {
            lanes,
            blocks,
            waits,
            homes,
            is_taken: vec![false; tasks.len()],
        })
    }

    /// Calls `visit` with every task that may come next, known ones first.
    pub(super) fn candidates(&self, tasks: &[Task], mut visit: impl FnMut(u32)) {
        for lane in &self.lanes {
            let known = &lane.known[lane.first_known..];
            self.open_ones(tasks, known, lane.bound(), &mut visit);
        }
        for lane in &self.lanes {
            self.open_ones(tasks, &lane.unknown, lane.bound(), &mut visit);
        }
    }

    fn open_ones(&self, tasks: &[Task], list: &[u32], bound: u64, visit: &mut impl FnMut(u32)) {
        for task in list {
            let call = tasks[*task as usize].call;
            if call > bound {
                break;
            }
            if !self.is_taken[*task as usize] && self.is_open(*task, call) {
                visit(*task);
            }
        }
    }

    fn is_open(&self, task: u32, call: u64) -> bool {
        self.waits[task as usize]
            .iter()
            .all(|lane| *lane == NONE || call <= self.lanes[*lane as usize].bound())
    }

    /// Whether the task has come.
    pub(super) fn is_taken(&self, task: u32) -> bool {
        self.is_taken[task as usize]
    }

    /// The task comes next.
    pub(super) fn take(&mut self, task: u32) {
        debug_assert!(!self.is_taken[task as usize], "taken twice");
        self.is_taken[task as usize] = true;
        let is_taken = &self.is_taken;
        for (lane, _) in self.blocks[task as usize] {
            if lane != NONE {
                let lane = &mut self.lanes[lane as usize];
                let rest = &lane.blockers[lane.first_blocker..];
                let come = rest.iter().take_while(|(_, task)| is_taken[*task as usize]);
                lane.first_blocker += come.count();
            }
        }
        let lane = &mut self.lanes[self.homes[task as usize].0 as usize];
        let rest = &lane.known[lane.first_known..];
        let come = rest.iter().take_while(|task| is_taken[**task as usize]);
        lane.first_known += come.count();
    }

    /// The task has not come after all. In any order.
    pub(super) fn put_back(&mut self, task: u32, is_known: bool) {
        debug_assert!(self.is_taken[task as usize], "not taken");
        self.is_taken[task as usize] = false;
        for (lane, place) in self.blocks[task as usize] {
            if lane != NONE {
                let lane = &mut self.lanes[lane as usize];
                lane.first_blocker = lane.first_blocker.min(place as usize);
            }
        }
        let (home, place) = self.homes[task as usize];
        if is_known {
            let lane = &mut self.lanes[home as usize];
            lane.first_known = lane.first_known.min(place as usize);
        }
    }
}
