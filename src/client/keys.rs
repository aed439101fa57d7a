//! Which key an operation touches.

use super::options::{KeyChoice, KeyOptions};
use super::workload::Chooser;
use crate::decision::distribution::scale;

/// Chooses keys 0 to count - 1 in one of the ways of [`KeyChoice`].
#[derive(Clone, Debug)]
pub struct KeyChooser {
    options: KeyOptions,
    /// For Zipf: how much of 2^63 lies on the first k + 1 keys.
    cumulative: Vec<u64>,
}

impl KeyChooser {
    /// A chooser over `options.count` keys.
    ///
    /// # Panics
    /// If there are no keys.
    pub fn new(options: KeyOptions) -> Self {
        assert!(options.count > 0, "there must be a key to choose");
        let cumulative = match options.choice {
            KeyChoice::Zipf => zipf(options.count),
            KeyChoice::Uniform | KeyChoice::Hot(_) => Vec::new(),
        };
        Self {
            options,
            cumulative,
        }
    }

    /// The next key.
    pub fn choose(&self, chooser: &mut Chooser<'_>) -> u64 {
        let count = self.options.count;
        match self.options.choice {
            KeyChoice::Uniform => chooser.below(count),
            KeyChoice::Zipf => {
                let total = *self.cumulative.last().expect("there is a key");
                chooser.pick(count, |slice| {
                    let place = scale(slice, total);
                    self.cumulative.partition_point(|below| *below <= place) as u64
                })
            }
            KeyChoice::Hot(probability) => chooser.pick(count, |slice| {
                // The high half chooses between hot and cold, the low half the cold key.
                let hot = scale(slice & !0xffff_ffff, 1_000_000) < u64::from(probability.ppm());
                if hot || count == 1 {
                    0
                } else {
                    1 + scale(slice << 32, count - 1)
                }
            }),
        }
    }
}

/// Cumulative weights 1/k in integers.
fn zipf(count: u64) -> Vec<u64> {
    const UNIT: u64 = 1 << 40;
    let mut sum = 0;
    (1..=count)
        .map(|rank| {
            sum += UNIT / rank;
            sum
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::Decisions;
    use crate::units::Probability;

    fn counts(choice: KeyChoice) -> Vec<u64> {
        let keys = KeyChooser::new(KeyOptions { count: 4, choice });
        let mut decisions = Decisions::seeded(1);
        let mut counts = vec![0; 4];
        for operation in 0..10_000u64 {
            let mut stream = Chooser::stream(&decisions, operation, 1);
            let mut chooser = Chooser::new(&mut decisions, &mut stream);
            counts[keys.choose(&mut chooser) as usize] += 1;
        }
        counts
    }

    #[test]
    fn each_choice_has_its_shape() {
        assert!(
            counts(KeyChoice::Uniform)
                .iter()
                .all(|count| (2_300..2_700).contains(count))
        );
        let zipf = counts(KeyChoice::Zipf);
        assert!((4_500..5_100).contains(&zipf[0]), "{zipf:?}");
        assert!((2_200..2_600).contains(&zipf[1]), "{zipf:?}");
        let hot = counts(KeyChoice::Hot(Probability::from_ppm(700_000)));
        assert!((6_800..7_200).contains(&hot[0]), "{hot:?}");
        assert!(
            hot[1..].iter().all(|count| (850..1_150).contains(count)),
            "{hot:?}"
        );
    }
}
