//! Where everything is, in lanes and rows.

use std::collections::BTreeMap;

use simulated_clock::Instant;

use crate::world::{Scene, TraceLine};

/// A place on the page: twice the row, so that there is a place between two rows.
pub(super) type Place = usize;

/// Everything that is drawn.
#[derive(Debug)]
pub(super) struct Layout<'a> {
    /// Clients, then replicas, each in the order of their numbers.
    pub(super) lanes: Vec<&'a str>,
    /// One line of the trace each.
    pub(super) rows: &'a [TraceLine],
    pub(super) arrows: Vec<Arrow>,
    pub(super) downs: Vec<Down>,
    pub(super) bars: Vec<Bar<'a>>,
    /// What is wrong: the last lines of the trace, said below everything.
    pub(super) violations: &'a [TraceLine],
}

/// A message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arrow {
    pub(super) from: (usize, Place),
    pub(super) to: (usize, Place),
    pub(super) is_lost: bool,
}

/// A replica that is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Down {
    pub(super) lane: usize,
    pub(super) first: Place,
    pub(super) last: Place,
}

/// A fault that lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bar<'a> {
    /// Of the bars at the same time, which.
    pub(super) column: usize,
    pub(super) first: Place,
    pub(super) last: Place,
    pub(super) words: &'a str,
}

impl<'a> Layout<'a> {
    /// The layout of a trace but for its first lines.
    pub(super) fn of(trace: &'a [TraceLine], left_out: usize) -> Self {
        let is_violation = |line: &&TraceLine| line.scene == Scene::Violation;
        let violations = trace.iter().rev().take_while(is_violation).count();
        let (trace, violations) = trace.split_at(trace.len() - violations);
        let rows = &trace[left_out.min(trace.len())..];
        let lanes = lanes(rows);
        let layout = Self {
            arrows: arrows(&lanes, rows),
            downs: downs(&lanes, trace, left_out),
            bars: bars(trace, left_out),
            lanes,
            rows,
            violations,
        };
        let end = 2 * layout.rows.len();
        debug_assert!(layout.downs.iter().all(|down| down.last <= end));
        debug_assert!(layout.bars.iter().all(|bar| bar.first <= bar.last));
        layout
    }

    /// How many bars there are beside each other.
    pub(super) fn columns(&self) -> usize {
        self.bars
            .iter()
            .map(|bar| bar.column + 1)
            .max()
            .unwrap_or(0)
    }
}

/// The number of a client or replica, behind its letter; nobody else has a lane.
fn lane_order(who: &str) -> Option<(char, u64)> {
    let letter = who
        .chars()
        .next()
        .filter(|letter| matches!(letter, 'c' | 'r'))?;
    Some((letter, who[1..].parse().ok()?))
}

fn lanes(rows: &[TraceLine]) -> Vec<&str> {
    let named = rows.iter().flat_map(|line| {
        let other = match &line.scene {
            Scene::Arrives { from, .. } => Some(from.as_str()),
            Scene::IsLost { to } => Some(to.as_str()),
            _ => None,
        };
        [Some(line.who.as_str()), other].into_iter().flatten()
    });
    let lanes: BTreeMap<_, _> = named
        .filter_map(|who| Some((lane_order(who)?, who)))
        .collect();
    lanes.into_values().collect()
}

fn lane(lanes: &[&str], who: &str) -> Option<usize> {
    lanes.iter().position(|lane| *lane == who)
}

fn arrows(lanes: &[&str], rows: &[TraceLine]) -> Vec<Arrow> {
    let arrow = |(row, line): (usize, &TraceLine)| {
        let here = lane(lanes, &line.who)?;
        match &line.scene {
            Scene::Arrives { from, sent } => Some(Arrow {
                from: (lane(lanes, from)?, left_at(&rows[..row], from, *sent)),
                to: (here, 2 * row),
                is_lost: false,
            }),
            Scene::IsLost { to } => Some(Arrow {
                from: (here, 2 * row),
                to: (lane(lanes, to)?, 2 * row + 1),
                is_lost: true,
            }),
            _ => None,
        }
    };
    rows.iter().enumerate().filter_map(arrow).collect()
}

/// Where something left at a time: at the last row of its sender then, or behind
/// what was before.
fn left_at(rows: &[TraceLine], sender: &str, sent: Instant) -> Place {
    let before = rows.iter().rposition(|line| line.at <= sent);
    let Some(before) = before else { return 0 };
    let of_sender = rows[..=before]
        .iter()
        .rposition(|line| line.at == sent && line.who == sender);
    of_sender.map_or(2 * before + 1, |row| 2 * row)
}

fn downs(lanes: &[&str], trace: &[TraceLine], left_out: usize) -> Vec<Down> {
    let place = |row: usize| 2 * row.saturating_sub(left_out);
    let mut downs = Vec::new();
    for (index, who) in lanes.iter().enumerate() {
        let mut down_since = None;
        for (row, line) in trace
            .iter()
            .enumerate()
            .filter(|(_, line)| line.who == **who)
        {
            match line.scene {
                Scene::Crashes => down_since = Some(row),
                Scene::Starts => downs.extend(down_since.take().map(|since| (index, since, row))),
                _ => {}
            }
        }
        downs.extend(down_since.map(|since| (index, since, trace.len())));
    }
    let in_sight = downs.into_iter().filter(|(_, _, end)| *end > left_out);
    in_sight
        .map(|(lane, first, last)| Down {
            lane,
            first: place(first),
            last: place(last),
        })
        .collect()
}

/// Each fault takes the first column that is free while it lasts.
fn bars(trace: &[TraceLine], left_out: usize) -> Vec<Bar<'_>> {
    let mut columns: Vec<Option<Begun>> = Vec::new();
    let mut bars = Vec::new();
    for (row, line) in trace.iter().enumerate() {
        match line.scene {
            Scene::FaultBegins { id } => {
                let column = columns.iter().position(Option::is_none);
                let column = column.unwrap_or_else(|| {
                    columns.push(None);
                    columns.len() - 1
                });
                columns[column] = Some(Begun { id, row });
            }
            Scene::FaultEnds { id } => {
                let of_this = |begun: &Option<Begun>| begun.is_some_and(|begun| begun.id == id);
                if let Some(column) = columns.iter().position(of_this)
                    && let Some(begun) = columns[column].take()
                {
                    bars.push((column, begun.row, row));
                }
            }
            _ => {}
        }
    }
    let lasting = columns.into_iter().enumerate();
    bars.extend(lasting.filter_map(|(column, begun)| Some((column, begun?.row, trace.len()))));
    bars.retain(|(_, _, end)| *end > left_out);
    let bar = |(column, first, last): (usize, usize, usize)| Bar {
        column,
        first: 2 * first.saturating_sub(left_out),
        last: 2 * (last - left_out),
        words: &trace[first].what,
    };
    bars.into_iter().map(bar).collect()
}

#[derive(Clone, Copy)]
struct Begun {
    id: u32,
    row: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(at: u64, who: &str, scene: Scene) -> TraceLine {
        TraceLine {
            at: Instant::from_nanos(at),
            who: who.to_owned(),
            what: format!("{who} at {at}"),
            scene,
            request: None,
            is_marked: false,
        }
    }

    fn arrives(at: u64, who: &str, from: &str, sent: u64) -> TraceLine {
        let scene = Scene::Arrives {
            from: from.to_owned(),
            sent: Instant::from_nanos(sent),
        };
        line(at, who, scene)
    }

    #[test]
    fn clients_stand_before_replicas_and_ten_behind_two() {
        let trace = ["r10", "nemesis", "c1", "r2"].map(|who| line(0, who, Scene::Words));
        let trace = [&trace[..], &[arrives(1, "r2", "c12", 0)]].concat();
        assert_eq!(Layout::of(&trace, 0).lanes, ["c1", "c12", "r2", "r10"]);
    }

    #[test]
    fn an_arrow_leaves_at_the_last_row_of_its_sender_or_behind_what_was_before() {
        let trace = [
            line(5, "r1", Scene::Words),
            line(5, "r1", Scene::Words),
            line(5, "r2", Scene::Words),
            arrives(9, "r2", "r1", 5),
            arrives(9, "r1", "r2", 7),
        ];
        let left: Vec<_> = Layout::of(&trace, 0).arrows;
        assert_eq!((left[0].from, left[0].to), ((0, 2), (1, 6)));
        assert_eq!((left[1].from, left[1].to), ((1, 5), (0, 8)));
    }

    #[test]
    fn who_went_down_before_the_first_row_is_down_from_there() {
        let trace = [
            line(1, "r1", Scene::Crashes),
            line(2, "r2", Scene::Words),
            line(3, "r1", Scene::Starts),
            line(4, "r2", Scene::Crashes),
        ];
        let downs = Layout::of(&trace, 1).downs;
        let spans = downs.iter().map(|down| (down.lane, down.first, down.last));
        assert_eq!(spans.collect::<Vec<_>>(), [(0, 0, 2), (1, 4, 6)]);
    }

    #[test]
    fn faults_at_the_same_time_stand_beside_each_other_and_one_without_end_goes_on() {
        let trace = [
            line(1, "nemesis", Scene::FaultBegins { id: 0 }),
            line(2, "nemesis", Scene::FaultBegins { id: 1 }),
            line(3, "nemesis", Scene::FaultEnds { id: 0 }),
            line(4, "nemesis", Scene::FaultBegins { id: 2 }),
        ];
        let bars = Layout::of(&trace, 0).bars;
        let spans = bars.iter().map(|bar| (bar.column, bar.first, bar.last));
        assert_eq!(spans.collect::<Vec<_>>(), [(0, 0, 4), (0, 6, 8), (1, 2, 8)]);
    }

    #[test]
    fn violations_are_not_rows() {
        let trace = [
            line(1, "r1", Scene::Words),
            line(2, "VIOLATION", Scene::Violation),
        ];
        let layout = Layout::of(&trace, 0);
        assert_eq!((layout.rows.len(), layout.violations.len()), (1, 1));
    }
}
