//! A schedule in words, and what it broke.

use simulated_clock::Instant;

use super::action::{Action, What};
use super::broken::Broken;
use super::cluster::Cluster;
use super::memo::HangsIn;
use super::scheduled::Scheduled;
use super::state::{State, is_news};
use super::step::Fate;
use crate::check::{CHECKERS_AGREE, Cause, Violation};
use crate::network::LinkContract;
use crate::observation::LogId;

/// What was broken.
pub(super) fn violation(cluster: &Cluster, broken: Broken) -> Violation {
    cluster.subject().with_finding(told(cluster, broken))
}

fn told(cluster: &Cluster, broken: Broken) -> Violation {
    let safety = |check, cause, replicas, message: String| {
        Violation::safety(check, cause, Instant::ZERO, replicas, message)
    };
    match broken {
        Broken::Invariant(id) | Broken::Unsettled(id) | Broken::Beside(id) => {
            cluster.memo().violation(id)
        }
        Broken::Hang => hang(cluster, &[]),
        Broken::Suspect => unreachable!("what nobody took broke nothing"),
        Broken::Agreement {
            replica,
            log,
            index,
        } => safety(
            "agreement",
            Cause::DecidedDifferently,
            vec![replica.into()],
            format!(
                "replica {replica} decided another log up to index {index} than was decided before"
            ),
        )
        .in_log(LogId(log.into())),
        Broken::Linearizability => safety(
            Broken::LINEARIZABILITY,
            Cause::NotLinearizable,
            Vec::new(),
            "what the clients saw is not linearizable".to_owned(),
        ),
        Broken::Judges => safety(
            CHECKERS_AGREE,
            Cause::CheckersDisagree,
            Vec::new(),
            "the two checkers of linearizability differ: one of them is wrong".to_owned(),
        ),
    }
}

/// Code under test does not return at the end of a schedule.
pub(super) fn hang(cluster: &Cluster, schedule: &[Scheduled]) -> Violation {
    let last = || {
        schedule
            .last()
            .map_or("the first start", |step| &step.words)
    };
    let (hangs_in, patience) = cluster.memo().hangs().unwrap_or((HangsIn::Step, 0.0));
    let since = match hangs_in {
        HangsIn::Step => last().to_owned(),
        HangsIn::Judgement => format!("the model judges what clients saw after: {}", last()),
        HangsIn::Settling => "nothing fails any more, and time passes".to_owned(),
        HangsIn::Again => "the same schedule was taken again".to_owned(),
        HangsIn::Words => "words were asked for what happened".to_owned(),
    };
    let message = format!("code under test does not return for {patience} s, since {since}");
    Violation::hang(Instant::ZERO, message)
}

/// What happens in a state, for people, and what clients are answered.
pub(super) fn words(cluster: &Cluster, state: &State, action: Action) -> String {
    what_happens(cluster, state, action) + &answers(cluster, state, action)
}

/// What happens in a state, for people.
pub(super) fn what_happens(cluster: &Cluster, state: &State, action: Action) -> String {
    let memo = cluster.memo();
    let mut line = match action.what {
        What::Deliver {
            from,
            to,
            place,
            stays,
        } => {
            let link = &state.links[state.link(from.into(), to.into())];
            let (from, to) = (from + 1, to + 1);
            match link[usize::from(place)] {
                news if is_news(news) => {
                    let lost = link[..usize::from(place)]
                        .iter()
                        .filter(|id| !is_news(**id));
                    let lost = match lost.count() {
                        0 => String::new(),
                        count => format!("; the last {count} of the old one were lost"),
                    };
                    format!("replica {to} hears of a new session with replica {from}{lost}")
                }
                id => {
                    let lossy = cluster.rules().contract() == LinkContract::Lossy;
                    let how = match (place, stays) {
                        (0, false) => String::new(),
                        (_, true) => ", and will arrive again".to_owned(),
                        (lost, false) if lossy => format!("; {lost} sent before it were lost"),
                        (_, false) => ", before what was sent earlier".to_owned(),
                    };
                    format!("{from} -> {to}  {}{how}", memo.message(id))
                }
            }
        }
        What::Lose { from, to } => {
            let link = &state.links[state.link(from.into(), to.into())];
            format!(
                "{} -> {}  lost: {}",
                from + 1,
                to + 1,
                memo.message(link[0])
            )
        }
        What::Break { one, other } => format!(
            "the session of replicas {} and {} breaks, and is made again",
            one + 1,
            other + 1
        ),
        What::Cut { one, other } => {
            format!("the link of replicas {} and {} is cut", one + 1, other + 1)
        }
        What::Heal { one, other } => format!(
            "the link of replicas {} and {} is whole again",
            one + 1,
            other + 1
        ),
        What::Settle => "nothing fails any more, and time passes".to_owned(),
        What::Ask { operation, replica } => {
            let planned = cluster.rules().clients().planned()[usize::from(operation)];
            let again = if state.commands[usize::from(operation)].asked > 0 {
                " again"
            } else {
                ""
            };
            format!(
                "client {} asks replica {}{again}: {}",
                planned.client,
                replica + 1,
                memo.asked(operation)
            )
        }
        What::Attempt { replica } => format!("replica {} attempts to lead", replica + 1),
        What::Timer { replica, timer } if cluster.rules().is_free(timer) => {
            format!("replica {} sends what it has to send", replica + 1)
        }
        What::Timer { replica, .. } => format!("replica {} ticks", replica + 1),
        What::Time => match cluster.next_due(state) {
            Some(now) => format!("time passes until {now}, when a timer is due"),
            None => "no timer is set, and time stands still".to_owned(),
        },
        What::Crash { replica } => format!("replica {} crashes", replica + 1),
        What::Restart { replica, lost: 0 } => format!("replica {} starts again", replica + 1),
        What::Restart { replica, lost } => format!(
            "replica {} starts again; its disk lost the last {lost} of its writes",
            replica + 1
        ),
    };
    match action.fate {
        Fate::Whole => {}
        Fate::Before(write) => line.push_str(&format!("; it crashes before its write {write}")),
        Fate::After(write) => line.push_str(&format!("; it crashes after its write {write}")),
    }
    line
}

/// What clients were answered in a step.
fn answers(cluster: &Cluster, state: &State, action: Action) -> String {
    let Some((replica, input)) = state.input(action.what) else {
        return String::new();
    };
    let step = cluster.step(state, replica, input, action.fate);
    let answers = step.replies.iter().map(|(client, _, output)| {
        format!(
            "; client {client} is answered {}",
            cluster.memo().output(*output)
        )
    });
    answers.collect()
}
