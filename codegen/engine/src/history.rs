//! What was released: the bundled schema of every released version, below the releases folder.

use std::collections::BTreeMap;

use serde_json::Value;

/// All releases, by namespace and path (`omninode/codegen/request/validate`), oldest version first.
#[derive(Debug, Default)]
pub struct History {
    /// Releases of each contract, all majors together.
    pub releases: BTreeMap<String, Vec<Release>>,
}

/// One released version of a contract.
#[derive(Debug, Clone)]
pub struct Release {
    /// Its version.
    pub version: semver::Version,
    /// The day of the release, `YYYY-MM-DD`.
    pub date: String,
    /// Its topic.
    pub topic: String,
    /// The bundled schema.
    pub schema: Value,
}
