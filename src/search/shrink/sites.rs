//! Takes decisions away: whole kinds, faults, operations, single answers.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::bench::{Bench, Candidate};
use super::chunks;
use super::keeping::keeping;
use crate::decision::Site;

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
    let grouped = Grouped::of(bench, name);
    let at_once = bench.threads();
    // The latest first: what comes after the cause matters least.
    let latest_first = (0..grouped.count).rev().collect();
    chunks::take_away(latest_first, at_once, |lists| {
        let candidates = lists
            .into_iter()
            .map(|list| Candidate {
                scenario: bench.best().scenario.clone(),
                plan: keeping(grouped.sites_of(&list), &bench.best().plan),
            })
            .collect();
        let first = bench.first(candidates);
        if bench.is_stopped() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(first)
        }
    });
}

/// The sites that were answered other than boring, each with its group. There are
/// thousands, and a list of them for every candidate: groups go by number.
struct Grouped {
    /// In the order of sites.
    sites: Vec<(Site, Option<usize>)>,
    /// How many groups there are, numbered by when their first site was asked.
    count: usize,
}

impl Grouped {
    fn of(bench: &Bench<'_>, name: impl Fn(&Site) -> Option<String>) -> Self {
        let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
        let mut number = |name: String| {
            let next = numbers.len();
            *numbers.entry(name).or_insert(next)
        };
        let recorded = bench.best().outcome.decisions.iter();
        let mut sites: Vec<_> = recorded
            .map(|answered| (answered.site.clone(), name(&answered.site).map(&mut number)))
            .collect();
        sites.sort();
        Self {
            sites,
            count: numbers.len(),
        }
    }

    /// The sites of some groups, and those of none.
    fn sites_of(&self, groups: &[usize]) -> impl Iterator<Item = Site> {
        let mut stays = vec![false; self.count];
        for group in groups {
            stays[*group] = true;
        }
        let sites = self.sites.iter();
        let kept = sites.filter(move |(_, group)| group.is_none_or(|group| stays[group]));
        kept.map(|(site, _)| site.clone())
    }
}
