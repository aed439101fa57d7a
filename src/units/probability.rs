//! Probabilities in whole parts per million, so that no float reaches a decision.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A probability in parts per million, between 0 and 1,000,000.
///
/// Scenario files write it as a number between 0 and 1.
///
/// ```
/// use omnisim::units::Probability;
/// assert_eq!(Probability::from_fraction(0.25).unwrap().ppm(), 250_000);
/// assert!(Probability::from_fraction(1.5).is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Probability(u32);

impl Probability {
    /// It never happens.
    pub const NEVER: Self = Self(0);
    /// It always happens.
    pub const ALWAYS: Self = Self(Self::ONE_PPM);
    const ONE_PPM: u32 = 1_000_000;

    /// A probability of `ppm` parts per million.
    ///
    /// # Panics
    /// If `ppm` is above one million.
    pub const fn from_ppm(ppm: u32) -> Self {
        assert!(ppm <= Self::ONE_PPM, "a probability is at most one");
        Self(ppm)
    }

    /// A probability from a fraction between 0 and 1, rounded to parts per million.
    ///
    /// # Errors
    /// When the fraction is outside that range or not a number.
    pub fn from_fraction(fraction: f64) -> Result<Self, String> {
        if (0.0..=1.0).contains(&fraction) {
            Ok(Self((fraction * f64::from(Self::ONE_PPM)).round() as u32))
        } else {
            Err(format!(
                "{fraction} is not a probability: write a number between 0 and 1, as 0.01 for one in a hundred"
            ))
        }
    }

    /// Parts per million.
    pub const fn ppm(self) -> u32 {
        self.0
    }

    /// Whether it can happen at all.
    pub const fn is_possible(self) -> bool {
        self.0 > 0
    }
}

impl<'de> Deserialize<'de> for Probability {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fraction = f64::deserialize(deserializer)?;
        Self::from_fraction(fraction).map_err(serde::de::Error::custom)
    }
}

impl Serialize for Probability {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(f64::from(self.0) / f64::from(Self::ONE_PPM))
    }
}

impl schemars::JsonSchema for Probability {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Probability".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number", "minimum": 0, "maximum": 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fraction_outside_zero_and_one_is_refused_with_what_would_be_right() {
        let error = Probability::from_fraction(30.0).unwrap_err();
        assert!(error.contains("between 0 and 1"), "{error}");
        assert!(Probability::from_fraction(f64::NAN).is_err());
    }

    #[test]
    fn a_probability_survives_a_round_trip_through_json() {
        for ppm in [0, 1, 999, 500_000, 1_000_000] {
            let text = serde_json::to_string(&Probability::from_ppm(ppm)).unwrap();
            assert_eq!(
                serde_json::from_str::<Probability>(&text).unwrap().ppm(),
                ppm
            );
        }
    }
}
