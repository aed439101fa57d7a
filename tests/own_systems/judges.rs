//! Judges that a system brings: one that panics is no fault of omnisim, one that leaves a check
//! undecided makes a pass unknown, and its check is kept in repros like any other.

use crate::anything::{Anything, Asking};
use crate::common::whole::without_a_disk;
use omnisim::prelude::*;
use omnisim::repro::Repro;
use omnisim::search::replay;
use serde::{Deserialize, Serialize};

/// What its judge does, as the table `[system]` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Manner {
    /// It finds nothing.
    #[default]
    Mild,
    /// It finds the tenth operation too many, on the way.
    Strict,
    /// It panics at the end.
    Faulty,
    /// It cannot decide.
    Unsure,
    /// It finds something that it does not list.
    Sly,
}

/// The table `[system]`.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Own {
    manner: Manner,
}

#[derive(Clone, Debug, Serialize)]
enum Silence {}

impl Message for Silence {
    const KINDS: &'static [&'static str] = &[];

    fn kind(&self) -> usize {
        match *self {}
    }
}

/// Answers everybody alike.
struct Echo;

impl Replica for Echo {
    type Message = Silence;
    type Command = ();
    type Output = ();
    type Disk = NoDisk<()>;
    type Entry = ();
    type Action = NoAction;
    type Options = ();

    fn start((): &(), _: NoDisk<()>, _: &mut Context<'_, Self>) -> Self {
        Self
    }

    fn handle(&mut self, event: Event<Self>, context: &mut Context<'_, Self>) {
        if let Event::Request(request) = event {
            context.reply(Reply {
                id: request.id,
                attempt: request.attempt,
                position: None,
                output: (),
            });
        }
    }
}

struct Echoes;

impl System for Echoes {
    type Replica = Echo;
    type Workload = Asking<()>;
    type Model = Anything<(), ()>;
    type Fold = NoFold;

    const INFO: SystemInfo =
        SystemInfo::new("echoes", without_a_disk(LinkContract::Session, false));

    fn setup(scenario: &Scenario) -> Result<Setup<()>, KeyError> {
        let own = scenario.system.read::<Own>();
        own.map_err(|error| error.within("system"))?;
        let profile = Profile::of_replicas(scenario.cluster.replicas);
        Ok(Setup {
            options: (),
            profile,
        })
    }

    fn model() -> Anything<(), ()> {
        Anything::MODEL
    }

    fn judges() -> Vec<Box<dyn Judge<Self>>> {
        vec![Box::new(Few { operations: 0 })]
    }
}

/// There are few operations.
struct Few {
    operations: u64,
}

const FEW: &str = "few_operations";

impl Judge<Echoes> for Few {
    fn checks(&self) -> &'static [&'static str] {
        &[FEW]
    }

    fn completed(&mut self, operation: &RecordOf<Echoes>, judgement: &mut Judgement) {
        self.operations += 1;
        let at = operation.completion.as_ref().expect("it completed").at;
        if self.operations == 10 {
            let violation =
                Violation::safety(FEW, Cause::Own, at, Vec::new(), "the tenth operation");
            judgement.violated(violation.shown_by([operation.id()]));
        }
    }

    fn judge(&mut self, run: &EndOfRun<'_, Echoes>, judgement: &mut Judgement) {
        let own: Own = run.scenario.system.read().expect("it was validated");
        assert!(own.manner != Manner::Faulty, "this judge is faulty");
        if own.manner == Manner::Sly {
            let violation = Violation::safety("sly", Cause::Own, run.ended, Vec::new(), "found");
            judgement.violated(violation);
        }
        if own.manner == Manner::Unsure {
            judgement.undecided("few_operations is unknown: the judge is unsure");
        }
        judgement.evaluated(FEW, self.operations);
    }
}

const ECHOES: &dyn Runner = <Whole<Echoes> as Testable>::RUNNER;

fn scenario(manner: Manner) -> Scenario {
    let text = "cluster.system = \"echoes\"\nworkload.phases = [{ duration = \"2s\" }]";
    let mut scenario = Scenario::parse("judged", text).expect("it is well formed");
    if manner != Manner::Strict {
        scenario.check.without = vec![FEW.to_owned()];
    }
    scenario.system = OpenTable::of(&Own { manner });
    ECHOES.validate(&scenario).expect("it suits the system");
    scenario
}

fn run(manner: Manner) -> Outcome {
    let outcome = ECHOES.run(&scenario(manner), 3, RunOptions::default());
    outcome.expect("it suits the system")
}

#[test]
fn what_a_judge_finds_on_the_way_ends_the_run_and_can_be_replayed() {
    let outcome = run(Manner::Strict);
    let violation = &outcome.violations[0];
    assert_eq!((violation.check, violation.cause), (FEW, Cause::Own));
    assert_eq!(outcome.operations.ok, 10, "the run goes no further");

    let text = Repro::of(&scenario(Manner::Strict), &outcome).to_text();
    let repro = Repro::parse("judged.repro.toml", &text).expect("it is well formed");
    let replayed = replay(ECHOES, &repro, RunOptions::default()).expect("the check is known");
    assert_eq!(replayed.violations()[0], *violation);

    let mut unknown = repro;
    let violation = unknown.violation.as_mut().expect("it has one");
    violation.check = "many_operations".to_owned();
    let error = replay(ECHOES, &unknown, RunOptions::default()).expect_err("nobody has it");
    let error = error.to_string();
    assert!(error.contains("no check \"many_operations\""), "{error}");
    assert!(error.ends_with(FEW), "{error}");
}

#[test]
fn a_check_that_is_switched_off_ends_no_run_and_says_what_it_would_have_evaluated() {
    let outcome = run(Manner::Mild);
    assert_eq!(outcome.verdict, Verdict::Pass, "{:?}", outcome.violations);
    assert!(outcome.operations.ok > 10);
    let mut checks = outcome.checks.iter();
    let few = checks
        .find(|check| check.name == FEW)
        .expect("it is listed");
    assert_eq!(few.evaluated, None);
    assert_eq!(few.switched_off, Some(outcome.operations.ok));
}

#[test]
fn a_judge_that_panics_is_code_under_test_and_the_others_still_judge() {
    let outcome = run(Manner::Faulty);
    let violation = &outcome.violations[0];
    assert_eq!(violation.check, "panic", "{}", violation.message);
    assert!(violation.message.contains("this judge is faulty"));
    let mut checks = outcome.checks.iter();
    let history = checks.find(|check| check.name == "linearizability");
    assert!(history.is_some_and(|check| check.evaluated > Some(0)));
}

#[test]
fn a_check_that_its_judge_does_not_list_is_no_verdict_on_the_system() {
    let outcome = run(Manner::Sly);
    assert_eq!(outcome.verdict, Verdict::Unknown);
    let message = &outcome.violations[0].message;
    assert!(
        message.contains("\"sly\" violated, which no `Judge::checks` lists"),
        "{message}"
    );
}

#[test]
fn a_judge_that_cannot_decide_makes_a_pass_unknown_and_says_why() {
    let outcome = run(Manner::Unsure);
    assert_eq!(outcome.verdict, Verdict::Unknown);
    let remarks = outcome.remarks.join("\n");
    assert!(remarks.contains("the judge is unsure"), "{remarks}");
}
