//! How often the nemesis considers a fault.

use simulated_clock::Duration;

/// Simulated time is cut into slots of this length; in each, every kind of random fault begins or
/// does not.
pub const SLOT: Duration = Duration::from_millis(100);
