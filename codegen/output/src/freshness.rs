//! Differences between an output folder and what would be generated, as findings.

use std::path::PathBuf;

use eventc_model::diagnostic::{Diagnostic, Level, Place, Rule};

use super::Difference;

/// Every rule about the output folder.
pub static FRESHNESS: &[&Rule] = &[&STALE, &MISSING, &EXTRA];

static STALE: Rule = Rule {
    code: "EV901",
    name: "stale-file",
    level: Level::Error,
    summary: "a generated file differs from what would be generated now",
    docs: "Generated files are committed, so that readers see them and builds need no generator. This one is no longer what the schemas \
           say: a schema, eventc.toml or eventc itself changed since, or somebody edited the file by hand.\n\nRun `eventc generate` and \
           commit the result.",
};

static MISSING: Rule = Rule {
    code: "EV902",
    name: "missing-file",
    level: Level::Error,
    summary: "a generated file does not exist",
    docs: "The schemas ask for a file that is not in the output folder.\n\nRun `eventc generate` and commit the result.",
};

static EXTRA: Rule = Rule {
    code: "EV903",
    name: "extra-file",
    level: Level::Error,
    summary: "a generated file is no longer generated",
    docs: "eventc made the file in an earlier run, and the schemas no longer ask for it.\n\nRun `eventc generate`, which removes it, and \
           commit the result.",
};

/// Returns a finding for each difference.
pub fn findings(differences: &[(PathBuf, Difference)]) -> Vec<Diagnostic> {
    let finding = |(path, difference): &(PathBuf, Difference)| {
        let (rule, message) = match difference {
            Difference::Stale => (&STALE, "this file is not what would be generated now"),
            Difference::Missing => (&MISSING, "this file would be generated and does not exist"),
            Difference::Extra => (&EXTRA, "this file would no longer be generated"),
        };
        let shown = path.to_string_lossy().replace('\\', "/");
        Diagnostic::new(rule, Place::whole(shown), message).help("run `eventc generate`")
    };
    differences.iter().map(finding).collect()
}
