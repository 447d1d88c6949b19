//! Differences between an output folder and what would be generated, as findings.

use std::{collections::BTreeMap, path::PathBuf};

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

/// What of a target's files is not as it would be generated.
pub struct StaleTarget {
    /// Name of the target.
    pub target: &'static str,
    /// A finding for each file.
    pub findings: Vec<Diagnostic>,
}

/// Returns one finding for all stale files of a level, at the first of them; where it is one alone, its own.
pub fn summarized(stale: Vec<StaleTarget>) -> Vec<Diagnostic> {
    let mut levels: BTreeMap<Level, (Vec<&'static str>, Vec<Diagnostic>)> = BTreeMap::new();
    for StaleTarget { target, findings } in stale {
        for finding in findings {
            let (targets, found) = levels.entry(finding.level).or_default();
            found.push(finding);
            if targets.last() != Some(&target) {
                targets.push(target);
            }
        }
    }
    let summary = |(level, (targets, mut found)): (Level, (Vec<&str>, Vec<Diagnostic>))| {
        let count = found.len();
        let first = found.swap_remove(0);
        if count == 1 {
            return first;
        }
        let message = format!("{count} generated files are stale ({})", targets.join(", "));
        let help = "run `eventc generate`; `--verbose` lists them";
        Diagnostic { level, ..Diagnostic::new(&STALE, first.place, message).help(help) }
    };
    levels.into_iter().map(summary).collect()
}

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
