//! Takes decisions away: whole kinds, faults, operations, single answers.

use super::bench::{Bench, Candidate};
use super::{chunks, keeping};
use crate::decision::Site;

/// What is taken away together.
type Group = Vec<Site>;

/// Whole kinds, then faults, operations and the probes of settle.
pub(super) fn take_away_groups(bench: &mut Bench<'_>) {
    groups(bench, |site| Some(site.kind().to_owned()));
    groups(bench, |site| of_kind(site, "fault", stream));
    groups(bench, |site| of_kind(site, "operation", operation));
    groups(bench, |site| of_kind(site, "probe", Site::to_string));
}

/// Whole streams, then single answers.
pub(super) fn take_away_answers(bench: &mut Bench<'_>) {
    groups(bench, |site| Some(stream(site)));
    groups(bench, |site| Some(site.to_string()));
}

fn stream(site: &Site) -> String {
    site.stream().to_owned()
}

/// An operation without the gap before it, on which the time of later ones depends.
fn operation(site: &Site) -> String {
    if site.number() == 0 {
        format!("{} gap", site.stream())
    } else {
        site.stream().to_owned()
    }
}

fn of_kind(site: &Site, kind: &str, name: fn(&Site) -> String) -> Option<String> {
    (site.kind() == kind).then(|| name(site))
}

/// Delta debugging over groups of sites; those without a group's name stay.
fn groups(bench: &mut Bench<'_>, name: impl Fn(&Site) -> Option<String>) {
    let mut named: Vec<(String, Group)> = Vec::new();
    let mut rest: Group = Vec::new();
    let recorded: Vec<Site> = bench
        .best()
        .outcome
        .decisions
        .iter()
        .map(|answered| answered.site.clone())
        .collect();
    let mut places = std::collections::BTreeMap::new();
    for site in recorded {
        let Some(name) = name(&site) else {
            rest.push(site);
            continue;
        };
        let place = *places.entry(name.clone()).or_insert_with(|| {
            named.push((name, Group::new()));
            named.len() - 1
        });
        named[place].1.push(site);
    }
    let at_once = bench.threads();
    // The latest first: what comes after the cause matters least.
    named.reverse();
    chunks::take_away(named, at_once, |lists| {
        let candidates = lists
            .into_iter()
            .map(|list| {
                let kept = list.into_iter().flat_map(|(_, group)| group);
                Candidate {
                    scenario: bench.best().scenario.clone(),
                    plan: keeping(kept.chain(rest.iter().cloned()), &bench.best().plan),
                }
            })
            .collect();
        bench.first(candidates)
    });
}
