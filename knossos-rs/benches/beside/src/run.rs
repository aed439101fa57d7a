//! One checker on one history, in a process of its own that can be ended.

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::cases::Case;
use crate::clock::{self, Deadline};
use crate::rivals::Checker;
use crate::{ALLOCATOR, cases};

/// What one checker made of one history.
#[derive(Clone, Copy)]
pub(crate) enum Run {
    Done {
        is_consistent: bool,
        ns: u64,
        peak_bytes: u64,
        /// What explaining a violation took, beyond deciding it.
        explain_ns: Option<u64>,
    },
    /// Still running after this long.
    Unfinished(Duration),
    /// Out of memory or stack.
    Failed,
}

/// Asks in a process of its own.
pub(crate) fn run(checker: Checker, case: &Case, time: Duration) -> Run {
    let program = std::env::current_exe().expect("this program has a path");
    let mut child = Command::new(program)
        .args(["--one", checker.name(), &case.name])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("this program can be started");
    let deadline = Deadline::after(time + case.preparation());
    let ended = loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            break status;
        }
        if deadline.has_passed() {
            child.kill().expect("a child can be ended");
            child.wait().expect("an ended child can be waited for");
            return Run::Unfinished(time);
        }
        clock::pause();
    };
    let mut line = String::new();
    let mut output = child.stdout.take().expect("piped");
    output.read_to_string(&mut line).expect("numbers are text");
    let numbers: Vec<u64> = line
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    match numbers[..] {
        [is_consistent, ns, peak_bytes, ref explain_ns @ ..] if ended.success() => Run::Done {
            is_consistent: is_consistent == 1,
            ns,
            peak_bytes,
            explain_ns: explain_ns.first().copied(),
        },
        _ => Run::Failed,
    }
}

/// What the child does: prints verdict, the fastest time, the memory that the first time took
/// beyond the history, and the fastest time to explain.
pub(crate) fn one(checker: &str, case: &str) {
    let checker = Checker::ALL
        .into_iter()
        .find(|known| known.name() == checker)
        .expect("a checker");
    let case = cases::all()
        .into_iter()
        .find(|known| known.name == case)
        .expect("a case");
    let history = case.history();
    // The recursion of stateright is as deep as the history is long.
    let measure = std::thread::Builder::new()
        .stack_size(1 << 30)
        .spawn(move || {
            let before = ALLOCATOR.current_usage();
            ALLOCATOR.reset_peak_usage();
            let mut best = checker.ask(&history);
            let peak = ALLOCATOR.peak_usage() - before;
            let mut spent = best.ns + best.explain_ns.unwrap_or(0);
            for _ in 0..1_000 {
                if spent > 200_000_000 {
                    break;
                }
                let again = checker.ask(&history);
                assert_eq!(
                    best.is_consistent, again.is_consistent,
                    "the same answer to the same question"
                );
                spent += (again.ns + again.explain_ns.unwrap_or(0)).max(10_000);
                best.ns = best.ns.min(again.ns);
                best.explain_ns = best.explain_ns.min(again.explain_ns);
            }
            let explain_ns = best.explain_ns.map_or_else(String::new, |ns| ns.to_string());
            println!(
                "{} {} {peak} {explain_ns}",
                u64::from(best.is_consistent),
                best.ns
            );
        });
    measure
        .expect("a thread can be started")
        .join()
        .expect("it ends");
}
