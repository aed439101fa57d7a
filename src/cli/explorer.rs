//! `omnisim model --explore`: a page on which one goes from state to state.

#![expect(
    clippy::disallowed_methods,
    reason = "pages are served on threads of their own, until a signal comes"
)]

use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::time::Duration;

use serde_json::json;

use super::Exit;
use super::args::ModelArgs;
use super::interrupt::Interrupt;
use super::printing::print;
use crate::explore::Limits;
use crate::repro::Source;
use crate::search::Runner;

/// How often a signal is looked for.
const WAIT: Duration = Duration::from_millis(50);

/// Serves the page until a signal comes.
pub(super) fn serve(
    options: &ModelArgs,
    source: &Source,
    address: &str,
    runner: &'static dyn Runner,
) -> Result<Exit, Exit> {
    let limits = Limits {
        without: options.without_reduction.clone(),
        ..Limits::default()
    };
    let explorer = runner.explorer(&source.scenario, &limits);
    let explorer = explorer.map_err(|error| source.unsuited(error))?;
    let at = free(address)?;
    let interrupt = Interrupt::watch()?;
    let name = &source.scenario.name;
    print(&if options.format.is_for_people {
        format!("{name}: http://{at}/ shows every schedule; Ctrl-C ends it\n")
    } else {
        let object = json!({ "schema": 1, "scenario": name, "url": format!("http://{at}/") });
        format!("{object}\n")
    })?;
    let threads = options.manner.threads();
    let states_max = usize::try_from(options.states).unwrap_or(usize::MAX);
    let server = std::thread::spawn(move || explorer.serve(at, threads, states_max));
    while !server.is_finished() {
        if let Some(exit) = interrupt.exit() {
            return Ok(exit);
        }
        std::thread::sleep(WAIT);
    }
    Err(Exit::io(format!("nothing is served at {at} any more")))
}

/// An address at which nobody serves yet; a port of 0 becomes one that is free.
fn free(address: &str) -> Result<SocketAddr, Exit> {
    let wrong = |error| {
        Exit::usage(format!(
            "--explore {address}: {error}; write HOST:PORT, as localhost:3000"
        ))
    };
    let found = address.to_socket_addrs().map_err(wrong)?;
    let mut found: Vec<_> = found.collect();
    // A name may stand for both: browsers try either.
    found.sort_by_key(SocketAddr::is_ipv6);
    let listener = match found.first() {
        Some(first) => TcpListener::bind(first).map_err(wrong)?,
        None => return Err(wrong(std::io::ErrorKind::AddrNotAvailable.into())),
    };
    listener.local_addr().map_err(wrong)
}
