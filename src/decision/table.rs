//! A plan as it is written in files.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Kept, Plan, Site};

/// The `[decisions]` table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionTable {
    keep: KeepTable,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    set: BTreeMap<String, u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "write keep = \"all\", or the sites as keep = [\"loss/r1>r2.s1.Prepare/0\"]"
)]
enum KeepTable {
    All(All),
    Sites(Vec<String>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum All {
    All,
}

impl Default for KeepTable {
    fn default() -> Self {
        Self::All(All::All)
    }
}

impl DecisionTable {
    /// The table that says what a plan says.
    pub fn of(plan: &Plan) -> Self {
        Self {
            keep: match &plan.kept {
                Kept::All => KeepTable::All(All::All),
                Kept::Only(sites) => {
                    KeepTable::Sites(sites.iter().map(|site| site.to_string()).collect())
                }
            },
            set: plan
                .set
                .iter()
                .map(|(site, answer)| (site.to_string(), *answer))
                .collect(),
        }
    }

    /// The plan that it says.
    ///
    /// # Errors
    /// When a site is malformed: the keys that lead to it in the table,
    /// and what would be right.
    pub fn plan(&self) -> Result<Plan, (Vec<&str>, String)> {
        let site = |text: &str| Site::parse(text).map_err(|error| error.to_string());
        let kept = match &self.keep {
            KeepTable::All(All::All) => Kept::All,
            KeepTable::Sites(sites) => {
                let sites = sites.iter().map(|text| site(text));
                let sites: Result<_, _> = sites.collect();
                Kept::Only(sites.map_err(|message| (vec!["keep"], message))?)
            }
        };
        let set = self.set.iter().map(|(text, answer)| {
            let site = site(text).map_err(|message| (vec!["set", text.as_str()], message))?;
            Ok((site, *answer))
        });
        Ok(Plan {
            kept,
            set: set.collect::<Result<_, _>>()?,
        })
    }
}
