//! Virtual time for deterministic simulation.
//!
//! A simulated world has one true time, which only the world knows, and which
//! moves only when the world takes its next event. Three ideas make it up:
//!
//! - [`Instant`] and [`Duration`]: true time, in whole nanoseconds. Integers
//!   only, so the same run gives the same times on every machine.
//! - [`EventQueue`]: what is going to happen, in one total order: by time, and
//!   among equal times by the order in which events were pushed.
//! - [`NodeClock`]: what a node believes the time is. It is off by a bounded
//!   error, drifts, is corrected now and then, and declares how far off it may
//!   be. It can be made to step, or to lie about its bound.
//!
//! Nothing here draws a random number, reads the machine's clock, or depends on
//! another crate: whoever owns these types passes in what chance decides.
//!
//! # Example
//!
//! Two messages are under way; a node reads its clock when each arrives.
//!
//! ```
//! use simulated_clock::{Duration, EventQueue, Instant, NodeClock, Quality};
//!
//! let mut queue = EventQueue::new();
//! let start = Instant::ZERO;
//! queue.push(start + Duration::from_millis(7), "late");
//! queue.push(start + Duration::from_millis(3), "early");
//! let timeout = queue.push(start + Duration::from_millis(5), "timeout");
//! assert_eq!(queue.cancel(timeout), Some("timeout"));
//!
//! // A good clock, 5 ppm fast, first synchronised at 400 us.
//! let mut clock = NodeClock::new(
//!     Quality::High.options(),
//!     5_000,
//!     Duration::from_micros(400),
//! );
//!
//! let mut arrived = Vec::new();
//! while let Some((now, message)) = queue.pop() {
//!     // Every synchronisation so far left the clock 2 us ahead.
//!     clock.advance_to(now, |_synchronisation| 2_000);
//!     let reading = clock.read(now);
//!     assert!(reading.abs_difference(now) <= clock.uncertainty(now));
//!     arrived.push(message);
//! }
//! assert_eq!(arrived, ["early", "late"]);
//! ```

mod calendar;
mod clock_options;
mod duration;
mod duration_text;
mod event_queue;
mod instant;
mod key_heap;
mod node_clock;
mod slots;

pub use clock_options::{ClockOptions, Quality};
pub use duration::Duration;
pub use duration_text::ParseDurationError;
pub use event_queue::{EventHandle, EventQueue};
pub use instant::Instant;
pub use node_clock::NodeClock;
