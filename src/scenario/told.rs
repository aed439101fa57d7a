//! A scenario in one line: what in it is not as it would be anyway.

use super::Scenario;
use crate::units::as_toml_table;

impl Scenario {
    /// Every option that differs from its default, as `cluster.replicas = 5`, with
    /// commas between them; nothing for the default scenario.
    ///
    /// ```
    /// use omnisim::scenario::Scenario;
    /// let text = "[cluster]\nreplicas = 5\n[nemesis]\ncrash = { every = \"2s\" }\n";
    /// let scenario = Scenario::parse("", text).unwrap();
    /// let told = scenario.told();
    /// assert!(told.starts_with("cluster.replicas = 5, nemesis.crash = {"), "{told}");
    /// ```
    pub fn told(&self) -> String {
        let (own, usual) = (as_toml_table(self), as_toml_table(&Self::default()));
        let mut options = Vec::new();
        for (name, value) in own {
            let usual = usual.get(&name);
            match value {
                toml::Value::Table(table) => {
                    let usual = usual.and_then(toml::Value::as_table);
                    for (key, value) in table {
                        if usual.and_then(|usual| usual.get(&key)) != Some(&value) {
                            options.push(format!("{name}.{key} = {value}"));
                        }
                    }
                }
                value if usual != Some(&value) => options.push(format!("{name} = {value}")),
                _ => {}
            }
        }
        options.join(", ")
    }
}
