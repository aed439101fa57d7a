//! Distributions over nanoseconds, sampled from one 64-bit slice.
//!
//! Uniform draws are integer arithmetic. The exponential and the log-normal use
//! their inverse distribution functions, built from IEEE additions,
//! multiplications, divisions and square roots alone: these round the same
//! everywhere, while a platform's `ln` and `exp` do not.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Probability, Time};

/// A number below `bound`, proportional to where `slice` lies among all slices.
/// The bias is below `bound` / 2^64.
#[inline]
pub const fn scale(slice: u64, bound: u64) -> u64 {
    ((slice as u128 * bound as u128) >> 64) as u64
}

/// A distribution of times, with an optional long tail.
///
/// ```
/// use omnisim::decision::{Distribution, Shape};
/// use omnisim::units::Time;
/// let latency = Distribution::new(Shape::Uniform { min: Time::from_millis(1), max: Time::from_millis(5) });
/// assert_eq!(latency.base(), 1_000_000);
/// assert!((1_000_000..=5_000_000).contains(&latency.sample(u64::MAX / 3)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Distribution {
    /// What nearly every sample is drawn from.
    pub shape: Shape,
    /// What a few samples are drawn from instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tail: Option<Tail>,
}

/// The body of a distribution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Shape {
    /// Always the same.
    Constant(Time),
    /// Every value between the two is as likely as any other.
    Uniform {
        /// The smallest value.
        min: Time,
        /// The largest value.
        max: Time,
    },
    /// Memoryless: `min` plus an exponential of the given mean.
    Exponential {
        /// The mean of what is added to `min`.
        mean: Time,
        /// The smallest value.
        #[serde(default)]
        min: Time,
    },
    /// The logarithm is normal: half of the samples are above the median.
    LogNormal {
        /// The median.
        median: Time,
        /// The standard deviation of the natural logarithm, in thousandths (500: a factor of 1.65).
        sigma_thousandths: u32,
    },
}

/// A few samples are much slower than the rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tail {
    /// How likely a sample is from the tail.
    pub probability: Probability,
    /// The slowest; the tail is uniform from the base up to it.
    pub up_to: Time,
}

/// Bits of a slice that choose between body and tail.
const TAIL_BITS: u32 = 20;
/// No sample is longer: ten minutes, beyond which an exponential is an outage.
const CEILING_NS: u64 = 600_000_000_000;

impl Distribution {
    /// A distribution without a tail.
    pub const fn new(shape: Shape) -> Self {
        Self { shape, tail: None }
    }

    /// Always `time`.
    pub const fn constant(time: Time) -> Self {
        Self::new(Shape::Constant(time))
    }

    /// The boring sample, in nanoseconds: the smallest, or the median where
    /// there is no smallest.
    pub const fn base(&self) -> u64 {
        match &self.shape {
            Shape::Constant(time) => time.as_nanos(),
            Shape::Uniform { min, .. } | Shape::Exponential { min, .. } => min.as_nanos(),
            Shape::LogNormal { median, .. } => median.as_nanos(),
        }
    }

    /// A length that (nearly) no sample exceeds, in nanoseconds: the largest,
    /// or the one exceeded once in 10,000 samples.
    pub fn longest(&self) -> u64 {
        let body = match &self.shape {
            Shape::Constant(time) => time.as_nanos(),
            Shape::Uniform { max, .. } => max.as_nanos(),
            // The longer, the smaller the slice.
            Shape::Exponential { .. } => self.body(u64::MAX / 10_000),
            Shape::LogNormal { .. } => self.body(u64::MAX - u64::MAX / 10_000),
        };
        body.max(self.tail.as_ref().map_or(0, |tail| tail.up_to.as_nanos()))
    }

    /// The sample that belongs to `slice`, in nanoseconds.
    #[inline]
    pub fn sample(&self, slice: u64) -> u64 {
        let Some(tail) = &self.tail else {
            return self.body(slice);
        };
        // The high bits choose the part, the low bits the place in it.
        let chooser = scale((slice >> (64 - TAIL_BITS)) << (64 - TAIL_BITS), 1_000_000);
        let place = slice << TAIL_BITS;
        if chooser < u64::from(tail.probability.ppm()) {
            let base = self.base();
            base + scale(place, tail.up_to.as_nanos().saturating_sub(base) + 1)
        } else {
            self.body(place)
        }
    }

    #[inline]
    fn body(&self, slice: u64) -> u64 {
        match &self.shape {
            Shape::Constant(time) => time.as_nanos(),
            Shape::Uniform { min, max } => {
                let (min, max) = (min.as_nanos(), max.as_nanos());
                min + scale(slice, max.saturating_sub(min) + 1)
            }
            Shape::Exponential { .. } | Shape::LogNormal { .. } => self.curved(slice),
        }
    }

    #[inline(never)]
    fn curved(&self, slice: u64) -> u64 {
        match &self.shape {
            Shape::Constant(_) | Shape::Uniform { .. } => unreachable!("these are straight"),
            Shape::Exponential { mean, min } => {
                let added = -ln(open_unit(slice)) * mean.as_nanos() as f64;
                (min.as_nanos() + added as u64).min(CEILING_NS)
            }
            Shape::LogNormal {
                median,
                sigma_thousandths,
            } => {
                let sigma = f64::from(*sigma_thousandths) / 1000.0;
                let factor = exp(sigma * normal_quantile(open_unit(slice)));
                ((median.as_nanos() as f64 * factor) as u64).min(CEILING_NS)
            }
        }
    }

    /// What is wrong with it, if anything.
    pub fn problem(&self) -> Option<String> {
        let times = match &self.shape {
            Shape::Constant(time) => [*time, *time],
            Shape::Uniform { min, max } => [*min, *max],
            Shape::Exponential { mean, min } => [*mean, *min],
            Shape::LogNormal { median, .. } => [*median, *median],
        };
        let tail = self.tail.as_ref().map(|tail| tail.up_to);
        if let Some(long) = times
            .into_iter()
            .chain(tail)
            .find(|time| time.as_nanos() > CEILING_NS)
        {
            return Some(format!(
                "{long} is an outage, not a latency: write at most 10m"
            ));
        }
        match &self.shape {
            Shape::Uniform { min, max } if min > max => {
                return Some(format!("min ({min}) is above max ({max})"));
            }
            Shape::LogNormal {
                sigma_thousandths, ..
            } if *sigma_thousandths > 5_000 => {
                return Some(format!(
                    "sigma_thousandths is {sigma_thousandths}; above 5000 every sample is an outage"
                ));
            }
            _ => {}
        }
        match &self.tail {
            Some(tail) if tail.up_to.as_nanos() < self.base() => Some(format!(
                "the tail's up_to ({}) is below the smallest latency",
                tail.up_to
            )),
            _ => None,
        }
    }
}

/// Strictly between 0 and 1.
fn open_unit(slice: u64) -> f64 {
    ((slice >> 12) as f64 + 0.5) / (1u64 << 52) as f64
}

/// Natural logarithm of a positive normal number: the exponent from its bits,
/// the mantissa by the series of the inverse hyperbolic tangent.
fn ln(x: f64) -> f64 {
    debug_assert!(
        x.is_normal() && x > 0.0,
        "the logarithm of a positive number"
    );
    let bits = x.to_bits();
    let mut exponent = ((bits >> 52) & 0x7ff) as i64 - 1023;
    let mut mantissa = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | (1023 << 52));
    if mantissa > std::f64::consts::SQRT_2 {
        mantissa /= 2.0;
        exponent += 1;
    }
    let t = (mantissa - 1.0) / (mantissa + 1.0);
    let square = t * t;
    let mut sum = 0.0;
    // |t| < 0.172, so ten terms reach the last bit.
    for denominator in (1..=19).rev().step_by(2) {
        sum = sum * square + 1.0 / f64::from(denominator);
    }
    2.0 * t * sum + exponent as f64 * std::f64::consts::LN_2
}

/// e to the power of x, for |x| below 700: a power of two times a Taylor series.
fn exp(x: f64) -> f64 {
    let x = x.clamp(-700.0, 700.0);
    let scaled = x / std::f64::consts::LN_2;
    let whole = if scaled < 0.0 {
        scaled - 0.5
    } else {
        scaled + 0.5
    } as i64;
    let rest = x - whole as f64 * std::f64::consts::LN_2;
    let mut sum = 1.0;
    for n in (1..=14).rev() {
        sum = 1.0 + sum * rest / f64::from(n);
    }
    sum * f64::from_bits(((whole + 1023) as u64) << 52)
}

/// The inverse of the normal distribution function, by P. J. Acklam's rational
/// approximation (relative error below 1.15e-9).
fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const B: [f64; 6] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
        1.0,
    ];
    const C: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 5] = [
        7.784_695_709_041_462e-3,
        3.224_671_290_700_398e-1,
        2.445_134_137_142_996,
        3.754_408_661_907_416,
        1.0,
    ];
    const LOW: f64 = 0.024_25;
    let polynomial =
        |coefficients: &[f64], x: f64| coefficients.iter().fold(0.0, |sum, c| sum * x + c);
    if p < LOW {
        let q = (-2.0 * ln(p)).sqrt();
        polynomial(&C, q) / polynomial(&D, q)
    } else if p > 1.0 - LOW {
        -normal_quantile(1.0 - p)
    } else {
        let q = p - 0.5;
        let r = q * q;
        polynomial(&A, r) * q / polynomial(&B, r)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slices() -> impl Iterator<Item = u64> {
        (0..20_000u64).map(|i| super::super::hash::mix(i, 7))
    }

    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "the platform's functions judge ours"
    )]
    fn our_logarithm_and_exponential_agree_with_the_platforms() {
        for slice in slices() {
            let x = open_unit(slice);
            assert!(
                (ln(x) - x.ln()).abs() < 1e-13 * x.ln().abs().max(1.0),
                "ln {x}"
            );
            let y = (x - 0.5) * 40.0;
            assert!((exp(y) / y.exp() - 1.0).abs() < 1e-12, "exp {y}");
        }
    }

    #[test]
    fn nearly_no_sample_is_longer_than_the_longest() {
        let min = Time::from_micros(100);
        let (max, mean) = (Time::from_millis(3), Time::from_millis(3));
        let (median, sigma_thousandths) = (mean, 500);
        for shape in [
            Shape::Constant(mean),
            Shape::Uniform { min, max },
            Shape::Exponential { min, mean },
            Shape::LogNormal {
                median,
                sigma_thousandths,
            },
        ] {
            let distribution = Distribution::new(shape);
            let longest = distribution.longest();
            let longer = slices().filter(|slice| distribution.sample(*slice) > longest);
            let count = longer.count();
            assert!(count <= 10, "{count} of 20,000 samples of {distribution:?}");
            let near = slices().filter(|slice| distribution.sample(*slice) > longest / 3);
            assert!(near.count() > 0, "{longest} ns is far from any sample");
        }
    }

    #[test]
    fn an_exponential_has_its_mean_and_a_log_normal_its_median() {
        let mean = Distribution::new(Shape::Exponential {
            mean: Time::from_millis(10),
            min: Time::from_millis(1),
        });
        let sum: u64 = slices().map(|slice| mean.sample(slice) / 20_000).sum();
        assert!((10_700_000..11_300_000).contains(&sum), "{sum}");

        let skewed = Distribution::new(Shape::LogNormal {
            median: Time::from_millis(10),
            sigma_thousandths: 500,
        });
        let above = slices()
            .filter(|slice| skewed.sample(*slice) > 10_000_000)
            .count();
        assert!((9_700..10_300).contains(&above), "{above}");
    }

    #[test]
    fn a_tail_is_as_rare_as_it_says() {
        let tailed = Distribution {
            shape: Shape::Constant(Time::from_millis(1)),
            tail: Some(Tail {
                probability: Probability::from_ppm(100_000),
                up_to: Time::from_millis(100),
            }),
        };
        let slow = slices()
            .filter(|slice| tailed.sample(*slice) > 1_000_000)
            .count();
        assert!((1_800..2_200).contains(&slow), "{slow}");
        assert!(slices().all(|slice| tailed.sample(slice) <= 100_000_000));
        assert_eq!(tailed.longest(), 100_000_000);
    }

    #[test]
    fn samples_are_the_same_on_every_machine() {
        let skewed = Distribution::new(Shape::LogNormal {
            median: Time::from_millis(10),
            sigma_thousandths: 500,
        });
        let sum: u64 = slices().map(|slice| skewed.sample(slice)).sum();
        assert_eq!(sum, 225_638_023_452);
    }
}
