//! Runs the code under test so that nothing it does reaches the world by unwinding.
//!
//! Two things unwind out of a handler: a crash that the disk gate started, which
//! is the world's own doing, and a panic, which is a finding. A hook, installed
//! once and chained before the one that was there, notes a panic's message and
//! place while a handler runs on this thread, and leaves all others alone.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::Once;

use crate::storage::CrashUnwind;

/// How a handler ended.
#[derive(Debug)]
pub enum Outcome<T> {
    /// It returned.
    Returned(T),
    /// The disk gate crashed it.
    Crashed,
    /// It panicked.
    Panicked(Caught),
}

/// A panic of the code under test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caught {
    /// What it said.
    pub message: String,
    /// Where: file, line and column.
    pub place: String,
    /// Whether that is in omnisim itself, or in the standard library.
    pub is_own: bool,
}

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
    static LAST: RefCell<Option<Caught>> = const { RefCell::new(None) };
}

static INSTALL: Once = Once::new();

/// Runs `handler`, catching crashes and panics.
#[inline(always)]
pub fn guarded<T>(handler: impl FnOnce() -> T) -> Outcome<T> {
    INSTALL.call_once(install);
    let outer = INSIDE.replace(true);
    let result = catch_unwind(AssertUnwindSafe(handler));
    INSIDE.set(outer);
    match result {
        Ok(value) => Outcome::Returned(value),
        Err(payload) if payload.is::<CrashUnwind>() => Outcome::Crashed,
        Err(_) => Outcome::Panicked(LAST.take().unwrap_or_else(|| Caught {
            message: "a panic without a message".to_owned(),
            place: "an unknown place".to_owned(),
            is_own: false,
        })),
    }
}

/// Does something, and catches a panic in it.
pub(crate) fn caught<T>(what: impl FnOnce() -> T) -> Result<T, Caught> {
    match guarded(what) {
        Outcome::Returned(value) => Ok(value),
        Outcome::Panicked(caught) => Err(caught),
        Outcome::Crashed => unreachable!("disks crash inside handlers, which are guarded"),
    }
}

/// Words that code under test finds for something; that it panics over them loses nothing else.
pub(crate) fn in_words(tell: impl FnOnce() -> String) -> String {
    let told = caught(tell);
    told.unwrap_or_else(|Caught { message, place, .. }| {
        format!("(to describe it panics at {place}: {message})")
    })
}

fn install() {
    let chained = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if INSIDE.get() {
            LAST.replace(Some(describe(info)));
        } else {
            chained(info);
        }
    }));
}

fn describe(info: &PanicHookInfo<'_>) -> Caught {
    let payload = info.payload();
    let message = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a message".to_owned());
    let place = info
        .location()
        .map_or_else(|| "an unknown place".to_owned(), |place| place.to_string());
    Caught {
        message,
        is_own: is_own_place(&place),
        place: portable_place(&place),
    }
}

/// Whether a place as the compiler knows it is in this program's own crates, wherever they were
/// built, or in the standard library, which tells who called it where that is at fault.
fn is_own_place(place: &str) -> bool {
    const HERE: &str = file!();
    const FOLDERS: [&str; 3] = ["src/", "knossos-rs/src/", "simulated_clock/src/"];
    let package = HERE.strip_suffix("src/replica/guard.rs");
    let inside = package.and_then(|package| place.strip_prefix(package));
    let is_inside = |inside: &str| FOLDERS.iter().any(|folder| inside.starts_with(folder));
    let portable = portable_place(place);
    let in_crate = |name: &str| {
        let rest = portable.strip_prefix(name);
        rest.is_some_and(|rest| rest.starts_with('-') || rest.starts_with("/src/"))
    };
    inside.is_some_and(is_inside)
        || ["knossos-rs", "simulated_clock"].into_iter().any(in_crate)
        || place.starts_with("/rustc/")
}

/// A place without the folders that differ from machine to machine: from the
/// crate's own folder on.
fn portable_place(place: &str) -> String {
    let cut = place
        .rfind("/src/")
        .and_then(|source| place[..source].rfind('/'))
        .map_or(0, |folder| folder + 1);
    place[cut..].to_owned()
}

/// Refuses to simulate where a panic ends the process.
///
/// # Errors
/// When the program was built with `panic = "abort"`.
pub fn refuse_aborting_panics() -> Result<(), String> {
    if cfg!(panic = "abort") {
        Err(
            "built with panic = \"abort\", a replica's panic would end omnisim instead of being \
             reported: set panic = \"unwind\" in the profile"
                .to_owned(),
        )
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_caught_with_its_message_and_place() {
        let Outcome::Panicked(caught) = guarded(|| panic!("index {} is gone", 7)) else {
            panic!("the panic got away");
        };
        assert_eq!(caught.message, "index 7 is gone");
        assert!(
            caught.place.contains("src/replica/guard.rs"),
            "{}",
            caught.place
        );
    }

    #[test]
    fn a_panic_of_our_own_is_told_from_one_of_others() {
        let Outcome::Panicked(caught) = guarded(|| panic!("ours")) else {
            panic!("the panic got away");
        };
        assert!(caught.is_own, "{}", caught.place);
        let own = [
            "simulated_clock/src/event_queue.rs:1:1",
            "/home/x/registry/knossos-rs-0.1.1/src/check.rs:1:1",
            "/rustc/59807616e/library/core/src/slice/index.rs:1:1",
        ];
        let others = [
            "tests/own_systems/bank.rs:1:1",
            "examples/lock_service/src/lib.rs:1:1",
            "/home/x/bank/src/lib.rs:1:1",
            "/home/x/registry/omnipaxos-0.2.4/src/util.rs:1:1",
        ];
        for place in own {
            assert!(is_own_place(place), "{place}");
        }
        for place in others {
            assert!(!is_own_place(place), "{place}");
        }
    }

    #[test]
    fn a_crash_of_the_disk_gate_is_no_panic() {
        let outcome = guarded(|| std::panic::resume_unwind(Box::new(CrashUnwind)));
        assert!(matches!(outcome, Outcome::<()>::Crashed));
    }

    #[test]
    fn a_place_names_the_crate_and_not_the_folders_of_a_machine() {
        assert_eq!(
            portable_place("/home/x/omnipaxos-0.2.4/src/util.rs:3:5"),
            "omnipaxos-0.2.4/src/util.rs:3:5"
        );
        assert_eq!(portable_place("src/lib.rs:1:1"), "src/lib.rs:1:1");
    }
}
