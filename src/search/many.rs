//! Runs many seeds on many cores; results come in the order of the jobs.

#![expect(
    clippy::disallowed_methods,
    reason = "threads carry whole runs; nothing inside a run depends on them"
)]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;

/// One thing to do, numbered by its place in the list.
pub trait Job {
    /// What it gives.
    type Output: Send;

    /// Does it.
    fn run(&self) -> Self::Output;
}

impl<J: Job> Job for &J {
    type Output = J::Output;

    fn run(&self) -> J::Output {
        (*self).run()
    }
}

/// Does all `jobs` on `threads` threads and hands each result to `sink` in the
/// order of the jobs. When `stop` is set, jobs that have not begun are left out;
/// `sink` may set it, too.
///
/// # Panics
/// If `threads` is zero, or when a job panics.
pub fn run_all<J: Job + Sync>(
    jobs: &[J],
    threads: usize,
    stop: &AtomicBool,
    sink: impl FnMut(usize, J::Output),
) {
    let threads = threads.min(jobs.len()).max(1);
    run_each(|place| jobs.get(place), threads, stop, sink);
}

/// Does jobs as [`run_all`] does, each made when its turn comes: there may be no
/// end of them. The first place without a job ends it.
///
/// # Panics
/// If `threads` is zero, or when a job panics.
pub fn run_each<J: Job>(
    job: impl Fn(usize) -> Option<J> + Sync,
    threads: usize,
    stop: &AtomicBool,
    mut sink: impl FnMut(usize, J::Output),
) {
    assert!(threads > 0, "somebody has to do the work");
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::sync_channel(threads * 2);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (sender, next, job) = (sender.clone(), &next, &job);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(job) = job(place) else {
                        return;
                    };
                    if sender.send((place, job.run())).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut due = 0;
        for (place, output) in receiver {
            early.insert(place, output);
            while let Some(output) = early.remove(&due) {
                sink(due, output);
                due += 1;
            }
        }
        // After a stop there may be gaps: what was done is still told, in order.
        for (place, output) in early {
            sink(place, output);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Square(u64);

    impl Job for Square {
        type Output = u64;

        fn run(&self) -> u64 {
            self.0 * self.0
        }
    }

    #[test]
    fn results_come_in_the_order_of_the_jobs_whatever_the_threads() {
        let jobs: Vec<_> = (0..200).map(Square).collect();
        for threads in [1, 2, 7] {
            let mut seen = Vec::new();
            run_all(&jobs, threads, &AtomicBool::new(false), |place, square| {
                seen.push((place as u64, square))
            });
            assert_eq!(seen, (0..200).map(|n| (n, n * n)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_stop_leaves_out_what_has_not_begun() {
        let jobs: Vec<_> = (0..10_000).map(Square).collect();
        let stop = AtomicBool::new(false);
        let mut seen = 0;
        run_all(&jobs, 2, &stop, |_, _| {
            seen += 1;
            stop.store(true, Ordering::Relaxed);
        });
        assert!(seen < 10_000, "{seen}");
    }
}
