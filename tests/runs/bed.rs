//! The bed itself breaks, and somebody notices: decisions that are not what a repro
//! says. That checks can be blinded, and a system forget that runs are alike, has
//! tests of its own (`bugs`, `nondeterminism`), as has the digest (`src/world/tests.rs`).

use crate::common::{files, package, run};
use omnisim::decision::{Kept, Plan, Site, Sites};
use omnisim::repro::{Repro, SeededRun};
use omnisim::world::{Outcome, RunOptions};

/// The failures that are kept with the findings, those that are shrunken.
fn repros() -> Vec<(String, Repro)> {
    let folder = package().join("reports").join("findings");
    let files = files(&folder, "toml").into_iter();
    let load = |path: std::path::PathBuf| {
        let repro = Repro::load(&path).expect("a committed repro is sound");
        (path.display().to_string(), repro)
    };
    let is_shrunken = |(_, repro): &(String, Repro)| {
        let plan = run_of(repro).plan().expect("it is sound");
        plan.kept != Kept::All
    };
    files.map(load).filter(is_shrunken).collect()
}

fn run_of(repro: &Repro) -> &SeededRun {
    repro.run().expect("it is of a run")
}

fn planned(repro: &Repro, plan: &Plan) -> Outcome {
    let options = RunOptions {
        plan: plan.clone(),
        ..RunOptions::default()
    };
    run(&repro.scenario, run_of(repro).seed, options)
}

fn kept(plan: &Plan) -> &Sites {
    match &plan.kept {
        Kept::Only(sites) => sites,
        Kept::All => panic!("a shrunken repro names the sites that it keeps"),
    }
}

#[test]
fn a_door_that_does_not_ask_the_plan_changes_the_digest() {
    let repros = repros();
    assert!(repros.len() >= 3, "{}", repros.len());
    for (name, repro) in &repros {
        let plan = run_of(repro).plan().expect("it is sound");
        assert!(kept(&plan).iter().count() > 0, "{name}");
        let seeded = Plan::default();
        let boring = Plan {
            kept: Kept::Only(Sites::default()),
            ..plan.clone()
        };
        let digest = planned(repro, &plan).digest;
        for ignoring in [seeded, boring] {
            assert_ne!(planned(repro, &ignoring).digest, digest, "{name}");
        }
    }
}

#[test]
fn a_door_that_forgets_one_kept_site_changes_the_digest() {
    for (name, repro) in &repros() {
        let plan = run_of(repro).plan().expect("it is sound");
        let digest = planned(repro, &plan).digest;
        for forgotten in kept(&plan).iter() {
            let others = kept(&plan).iter().filter(|site| *site != forgotten);
            let forgetting = Plan {
                kept: Kept::Only(others.collect()),
                ..plan.clone()
            };
            let other = planned(repro, &forgetting).digest;
            assert_ne!(other, digest, "{name}: {forgotten}");
        }
    }
}

#[test]
fn a_door_that_ignores_an_answer_set_by_hand_changes_the_digest() {
    for (name, repro) in &repros() {
        let plan = run_of(repro).plan().expect("it is sound");
        let first: Site = kept(&plan).iter().next().expect("it keeps sites");
        let recording = RunOptions {
            plan: plan.clone(),
            record_decisions: true,
            ..RunOptions::default()
        };
        let recorded = run(&repro.scenario, run_of(repro).seed, recording);
        let mut answers = recorded.decisions.iter();
        let answered = answers.find(|answered| answered.site == first);
        let answered = answered.expect("what is kept was answered other than boring");
        let mut by_hand = plan.clone();
        by_hand.set.insert(first, answered.boring);
        assert_ne!(planned(repro, &by_hand).digest, recorded.digest, "{name}");
    }
}
