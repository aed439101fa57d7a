//! Spans of faults, as the events of a nemesis tell them.
//!
//! A nemesis tells twice of what it does: before, and once it is done. A fault holds from the
//! first `:start` to the last `:stop`, under the name of the process; so do faults with names of
//! their own, from `:start-NAME` to `:stop-NAME`, `:kill` to `:start`, and `:pause` to `:resume`. One that is not ended goes on. All
//! other events of a nemesis are at one moment, of which nobody knows how long it lasts.

use crate::format::datum::Datum;
use crate::picture::Band;

/// The faults so far.
#[derive(Debug, Default)]
pub(super) struct Nemesis {
    faults: Vec<Fault>,
}

#[derive(Debug)]
struct Fault {
    process: String,
    band: Band,
}

/// An event of a process that is no client.
#[derive(Debug)]
pub(super) struct Deed {
    pub(super) process: String,
    pub(super) op: String,
    pub(super) value: Datum,
}

impl Nemesis {
    /// Takes the next event, which happened at `time`.
    pub(super) fn take(&mut self, deed: Deed, time: u64) {
        if let Some(name) = self.ended_by(&deed) {
            let mut faults = self.faults.iter_mut().rev();
            if let Some(fault) = faults.find(|fault| fault.is(&deed.process, &name)) {
                fault.band.until = Some(time);
            }
        } else if let Some(name) = begun_by(&deed) {
            self.begin(deed, name, time);
        }
    }

    /// The bands, in order of their beginnings.
    pub(super) fn bands(self) -> Vec<Band> {
        self.faults.into_iter().map(|fault| fault.band).collect()
    }

    fn begin(&mut self, deed: Deed, name: String, time: u64) {
        let detail = match &deed.value {
            Datum::Null => String::new(),
            Datum::Text(text) => text.to_string(),
            value => value.to_string(),
        };
        let mut faults = self.faults.iter_mut().rev();
        match faults.find(|fault| fault.is(&deed.process, &name) && fault.band.until.is_none()) {
            Some(_) if detail.is_empty() => {}
            Some(fault) => fault.band.detail = detail,
            None => self.faults.push(Fault {
                process: deed.process,
                band: Band {
                    name,
                    detail,
                    from: time,
                    until: None,
                },
            }),
        }
    }

    /// The name of the fault that the event ends.
    fn ended_by(&self, deed: &Deed) -> Option<String> {
        let op = deed.op.as_str();
        match op {
            "stop" => Some(deed.process.clone()),
            "resume" => Some("pause".to_owned()),
            "start" => {
                // What was killed is started; its end is told twice, too.
                let last = self
                    .faults
                    .iter()
                    .rev()
                    .find(|fault| fault.process == deed.process);
                let is_killed = last.is_some_and(|fault| fault.band.name == "kill");
                is_killed.then(|| "kill".to_owned())
            }
            _ => op.strip_prefix("stop-").map(str::to_owned),
        }
    }
}

impl Fault {
    fn is(&self, process: &str, name: &str) -> bool {
        self.process == process && self.band.name == name
    }
}

/// The name of the fault that the event begins.
fn begun_by(deed: &Deed) -> Option<String> {
    match deed.op.as_str() {
        "start" => Some(deed.process.clone()),
        "kill" | "pause" => Some(deed.op.clone()),
        op => op.strip_prefix("start-").map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bands of events of one nemesis, at 1, 2, 3 and so on.
    fn bands(events: &[(&str, &str)]) -> Vec<(String, String, u64, Option<u64>)> {
        let mut nemesis = Nemesis::default();
        for (time, (op, value)) in (1..).zip(events) {
            let deed = Deed {
                process: "nemesis".to_owned(),
                op: (*op).to_owned(),
                value: match *value {
                    "" => Datum::Null,
                    text => Datum::Text(text.into()),
                },
            };
            nemesis.take(deed, time);
        }
        let told = |band: Band| (band.name, band.detail, band.from, band.until);
        nemesis.bands().into_iter().map(told).collect()
    }

    fn band(
        name: &str,
        detail: &str,
        from: u64,
        until: Option<u64>,
    ) -> (String, String, u64, Option<u64>) {
        (name.to_owned(), detail.to_owned(), from, until)
    }

    #[test]
    fn a_fault_holds_from_its_first_start_to_its_last_stop() {
        let found = bands(&[
            ("start", ""),
            ("start", "a cut"),
            ("stop", ""),
            ("stop", "healed"),
            ("start", ""),
        ]);
        let second = band("nemesis", "", 5, None);
        assert_eq!(found, [band("nemesis", "a cut", 1, Some(4)), second]);
    }

    #[test]
    fn faults_of_other_names_hold_beside_each_other() {
        let found = bands(&[
            ("start-partition", ""),
            ("pause", ""),
            ("kill", ""),
            ("start", ""),
            ("start", ""),
            ("bump-clock", ""),
            ("resume", ""),
            ("stop-partition", ""),
            ("stop", ""),
        ]);
        let all = [
            band("partition", "", 1, Some(8)),
            band("pause", "", 2, Some(7)),
            band("kill", "", 3, Some(5)),
        ];
        assert_eq!(found, all);
    }
}
