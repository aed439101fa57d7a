//! Takes tables and numbers of the scenario away, as far as the violation stays.

use super::bench::{Bench, Candidate};
use crate::check::Class;
use crate::client::{KeyChoice, LoopMode, Mix, Phase, Retry};
use crate::decision::{Distribution, Shape};
use crate::nemesis::{NemesisOptions, SettleMode};
use crate::scenario::{ErrorSource, Scenario};
use crate::search::Runner;
use crate::system::TuningHooks;
use crate::units::{Probability, Time};

pub(super) fn take_away(bench: &mut Bench<'_>) {
    let runner = bench.runner();
    let tuning = runner.info().tuning;
    loop {
        let now = bench.best().scenario.clone();
        let ended = bench.best().outcome.ended;
        let steps = [
            fewer_replicas(&now, tuning),
            fewer_clients(&now),
            calmer(&now),
            shorter(&now, Time(ended.saturating_since(Default::default()))),
            shorter_faults(&now),
            plainer_requests(&now),
            without_settle(&now, bench.signature().class),
            plainer_system(&now, tuning),
            plainer_disks_and_clocks(&now),
            plainer_links(&now),
        ];
        let candidates: Vec<Candidate> = steps
            .concat()
            .into_iter()
            .filter(|scenario| *scenario != now && is_sound(runner, scenario))
            .map(|scenario| Candidate {
                scenario,
                plan: bench.best().plan.clone(),
            })
            .collect();
        if bench.first(candidates).is_none() {
            return;
        }
    }
}

/// Ends the run with its violation: without it, every candidate that does not fail
/// would run to the end that the scenario once had.
pub(super) fn end_with_the_violation(bench: &mut Bench<'_>) {
    let now = bench.best().scenario.clone();
    let ended = Time(
        bench
            .best()
            .outcome
            .ended
            .saturating_since(Default::default()),
    );
    let cut = cut_at(&now, ended);
    let class = bench.signature().class;
    let runner = bench.runner();
    let soonest = without_settle(&cut, class).into_iter().next();
    let candidates = soonest.into_iter().chain([cut]);
    let candidates = candidates
        .filter(|scenario| *scenario != now && is_sound(runner, scenario))
        .map(|scenario| Candidate {
            scenario,
            plan: bench.best().plan.clone(),
        });
    let candidates = candidates.collect();
    bench.first(candidates);
}

/// No phases after `ended`.
fn cut_at(now: &Scenario, ended: Time) -> Scenario {
    let mut left = ended.as_nanos() / 1_000_000 + 1;
    changed(now, |scenario| {
        scenario.workload.phases.retain_mut(|phase| {
            let millis = (phase.duration.as_nanos() / 1_000_000).min(left);
            left -= millis;
            phase.duration = Time::from_millis(millis);
            millis > 0
        });
    })
}

/// The smallest cluster in which the seed fails at all. What a fault or an operation
/// is depends on who is there, so that this is another run, and may be a larger one.
pub(super) fn smallest_cluster(bench: &mut Bench<'_>) {
    let now = bench.best().scenario.clone();
    let runner = bench.runner();
    let candidates = fewer_replicas(&now, runner.info().tuning)
        .into_iter()
        .filter(|scenario| is_sound(runner, scenario));
    let candidates = candidates.map(|scenario| Candidate {
        scenario,
        plan: bench.seeded_plan(),
    });
    let candidates = candidates.collect();
    bench.first_of_any_size(candidates);
}

fn is_sound(runner: &dyn Runner, scenario: &Scenario) -> bool {
    let source = ErrorSource {
        file: "",
        text: "",
        prefix: &[],
    };
    scenario.validate(&source).is_ok() && runner.validate(scenario).is_ok()
}

fn changed(scenario: &Scenario, change: impl FnOnce(&mut Scenario)) -> Scenario {
    let mut changed = scenario.clone();
    change(&mut changed);
    changed
}

fn fewer_replicas(now: &Scenario, tuning: TuningHooks) -> Vec<Scenario> {
    (2..now.cluster.replicas)
        .map(|replicas| {
            changed(now, |scenario| {
                scenario.cluster.set_replicas(replicas);
                (tuning.reconcile)(scenario);
            })
        })
        .collect()
}

fn fewer_clients(now: &Scenario) -> Vec<Scenario> {
    [1, now.workload.clients / 2, now.workload.clients - 1]
        .into_iter()
        .filter(|clients| (1..now.workload.clients).contains(clients))
        .map(|clients| changed(now, |scenario| scenario.workload.clients = clients))
        .collect()
}

/// Without some kinds of fault, scripted faults and actions.
fn calmer(now: &Scenario) -> Vec<Scenario> {
    let mut steps = vec![changed(now, |scenario| {
        scenario.nemesis = NemesisOptions::default();
        scenario.faults.clear();
        scenario.actions.clear();
    })];
    for (kind, _) in now.nemesis.rates() {
        steps.push(changed(now, |scenario| *scenario.nemesis.rate(kind) = None));
    }
    for place in 0..now.nemesis.actions.len() {
        steps.push(changed(now, |scenario| {
            scenario.nemesis.actions.remove(place);
        }));
    }
    for place in 0..now.nemesis.targeted.len() {
        steps.push(changed(now, |scenario| {
            scenario.nemesis.targeted.remove(place);
        }));
    }
    for place in 0..now.faults.len() {
        steps.push(changed(now, |scenario| {
            scenario.faults.remove(place);
        }));
    }
    for place in 0..now.actions.len() {
        steps.push(changed(now, |scenario| {
            scenario.actions.remove(place);
        }));
    }
    steps
}

/// Phases that end with the violation, or sooner.
fn shorter(now: &Scenario, ended: Time) -> Vec<Scenario> {
    let mut steps = Vec::new();
    if now.workload.phases.len() > 1 {
        for place in 0..now.workload.phases.len() {
            steps.push(changed(now, |scenario| {
                scenario.workload.phases.remove(place);
            }));
        }
    }
    let phases = &now.workload.phases;
    for (place, phase) in phases.iter().enumerate() {
        let whole = phase.duration.as_nanos() / 1_000_000;
        let upto = ended.as_nanos() / 1_000_000 + 1;
        for millis in [whole / 4, whole / 2, whole * 3 / 4, upto] {
            if (1..whole).contains(&millis) {
                steps.push(changed(now, |scenario| {
                    scenario.workload.phases[place].duration = Time::from_millis(millis);
                }));
            }
        }
    }
    steps
}

/// Scripted faults that are over sooner.
fn shorter_faults(now: &Scenario) -> Vec<Scenario> {
    let timed = now.faults.iter().enumerate();
    let timed = timed.filter_map(|(place, fault)| Some((place, fault.lasts?)));
    let steps = timed.flat_map(|(place, lasts)| {
        let whole = lasts.as_nanos() / 1_000_000;
        let millis = [whole / 4, whole / 2, whole * 3 / 4].into_iter();
        millis
            .filter(move |millis| (1..whole).contains(millis))
            .map(move |millis| (place, Time::from_millis(millis)))
    });
    steps
        .map(|(place, lasts)| changed(now, |scenario| scenario.faults[place].lasts = Some(lasts)))
        .collect()
}

/// What only settle asks for is no part of a safety violation.
fn without_settle(now: &Scenario, class: Class) -> Vec<Scenario> {
    const LIVENESS: [&str; 2] = ["completion", "convergence"];
    if class == Class::Liveness {
        return Vec::new();
    }
    let bounds = [1, 100, 1_000].map(Time::from_millis);
    let step = |bound| {
        changed(now, |scenario| {
            scenario.check.settle.bound = Some(bound);
            scenario.check.without.extend(LIVENESS.map(str::to_owned));
            scenario.check.without.sort();
            scenario.check.without.dedup();
        })
    };
    let shorter = |bound: &Time| now.check.settle.bound.is_none_or(|now| *bound < now);
    bounds.into_iter().filter(shorter).map(step).collect()
}

fn plainer_requests(now: &Scenario) -> Vec<Scenario> {
    let plain = |change: fn(&mut crate::client::WorkloadOptions)| {
        changed(now, |scenario| change(&mut scenario.workload))
    };
    vec![
        plain(|workload| workload.keys.count = 1),
        plain(|workload| workload.keys.choice = KeyChoice::Uniform),
        plain(|workload| workload.mix = Mix::default()),
        plain(|workload| workload.mix.cas = 0),
        plain(|workload| workload.mix.append = 0),
        plain(|workload| workload.mix.delete = 0),
        plain(|workload| workload.retry = Retry::None),
        plain(|workload| workload.mode = LoopMode::Open),
        plain(|workload| {
            for Phase { read_ratio, .. } in &mut workload.phases {
                *read_ratio = Probability::NEVER;
            }
        }),
    ]
}

/// A plainer tuning of the system.
fn plainer_system(now: &Scenario, tuning: TuningHooks) -> Vec<Scenario> {
    let tables = (tuning.plainer)(now).into_iter();
    let steps = tables.map(|table| {
        changed(now, |scenario| {
            scenario.system = table;
            (tuning.reconcile)(scenario);
        })
    });
    steps.collect()
}

fn plainer_disks_and_clocks(now: &Scenario) -> Vec<Scenario> {
    vec![
        changed(now, |scenario| {
            scenario.disk.write_latency = Time::default()
        }),
        changed(now, |scenario| scenario.clock = Default::default()),
        changed(now, |scenario| {
            scenario.check.settle.mode = SettleMode::Full
        }),
    ]
}

fn plainer_links(now: &Scenario) -> Vec<Scenario> {
    let constant = |latency: &Distribution| {
        let base = Time(simulated_clock::Duration::from_nanos(
            latency.base().max(1_000),
        ));
        Distribution::new(Shape::Constant(base))
    };
    let plain = |change: &dyn Fn(&mut crate::network::NetworkOptions)| {
        changed(now, |scenario| change(&mut scenario.network))
    };
    vec![
        plain(&|network| network.latency = constant(&network.latency)),
        plain(&|network| network.latency.tail = None),
        plain(&|network| network.client_latency = None),
        plain(&|network| network.regions = None),
        plain(&|network| network.loss = Probability::NEVER),
        plain(&|network| network.duplicate = Probability::NEVER),
        plain(&|network| network.reorder = Probability::NEVER),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scripted_fault_is_tried_shorter_down_to_a_millisecond() {
        let fault = |lasts: &str| {
            let text = format!(
                "[[fault]]\nat = \"1s\"\nkind = \"crash\"\nreplica = 1\n\
                 [[fault]]\nat = \"1s\"\nkind = \"pause\"\nreplica = 2\nfor = \"{lasts}\"\n"
            );
            let scenario = Scenario::parse("faults", &text).expect("it is sound");
            let steps = shorter_faults(&scenario).into_iter();
            let lasts = steps.map(|scenario| scenario.faults[1].lasts.expect("it is over once"));
            lasts.map(|lasts| lasts.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(fault("1s"), ["250ms", "500ms", "750ms"]);
        assert_eq!(fault("2ms"), ["1ms", "1ms"]);
        assert!(fault("1ms").is_empty());
    }
}
