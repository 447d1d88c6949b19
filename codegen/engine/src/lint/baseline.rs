//! Findings that were there before: a legacy tree starts green, and only new findings fail.

use std::collections::BTreeMap;

use eventc_model::diagnostic::{Diagnostic, Level, Place, Rule};
use serde::{Deserialize, Serialize};

/// See [`Rule::docs`].
pub static STALE_BASELINE: Rule = Rule {
    code: "EV190",
    name: "stale-baseline",
    level: Level::Note,
    summary: "the baseline lists a finding that is gone",
    docs: "\
### What it finds
An entry of the findings baseline that no finding matches any more: what it accepted was mended.

### Why it is bad
While the entry stands, the same finding could come back unseen.

### What to do
Write the baseline anew with `eventc check --write-baseline`.",
};

/// Findings that are known and accepted until somebody mends them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LintBaseline {
    /// Fingerprints, with their numbers and what they stand for.
    pub fingerprints: BTreeMap<String, KnownFinding>,
}

/// The findings that a fingerprint of a baseline stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFinding {
    /// The rule's name.
    pub rule: String,
    /// The file.
    pub file: String,
    /// The number of findings that have the fingerprint.
    pub count: usize,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BaselineEntry {
    fingerprint: String,
    rule: String,
    file: String,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    count: usize,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BaselineFile {
    version: u32,
    findings: Vec<BaselineEntry>,
}

fn one() -> usize {
    1
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_one(count: &usize) -> bool {
    *count == 1
}

/// The version of the file format.
const VERSION: u32 = 1;

impl LintBaseline {
    /// Returns the baseline that accepts these findings. Notes need no acceptance.
    pub fn of(findings: &[Diagnostic]) -> Self {
        let mut fingerprints: BTreeMap<String, KnownFinding> = BTreeMap::new();
        for finding in findings.iter().filter(|finding| finding.level > Level::Note) {
            let known = KnownFinding { rule: finding.rule.name.into(), file: finding.place.file.to_string(), count: 0 };
            fingerprints.entry(finding.fingerprint()).or_insert(known).count += 1;
        }
        Self { fingerprints }
    }

    /// Returns this baseline with the entries of another whose rules were not asked.
    #[must_use]
    pub fn keeping(mut self, other: Self, asked: impl Fn(&str) -> bool) -> Self {
        let others = other.fingerprints.into_iter().filter(|(_, known)| !asked(&known.rule));
        self.fingerprints.extend(others);
        self
    }

    /// Reads the text of a baseline.
    ///
    /// # Errors
    /// Where the text is no JSON, or not of a baseline that this version of eventc knows.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        let written: BaselineFile = serde_json::from_str(text)?;
        if written.version != VERSION {
            return Err(serde::de::Error::custom(format!(
                "baseline version {} is not known; this eventc reads {VERSION}",
                written.version
            )));
        }
        let known = |entry: BaselineEntry| (entry.fingerprint, KnownFinding { rule: entry.rule, file: entry.file, count: entry.count });
        Ok(Self { fingerprints: written.findings.into_iter().map(known).collect() })
    }

    /// Returns the text of the baseline: JSON, a finding a line, by file and rule, so that it reviews and merges well.
    pub fn to_text(&self) -> String {
        let mut entries: Vec<(&String, &KnownFinding)> = self.fingerprints.iter().collect();
        entries.sort_by(|(a, x), (b, y)| (&x.file, &x.rule, a).cmp(&(&y.file, &y.rule, b)));
        let lines = entries.into_iter().map(|(fingerprint, known)| {
            let entry =
                BaselineEntry { fingerprint: fingerprint.clone(), rule: known.rule.clone(), file: known.file.clone(), count: known.count };
            format!("    {}", serde_json::to_string(&entry).unwrap_or_default())
        });
        let lines = lines.collect::<Vec<_>>().join(",\n");
        let lines = if lines.is_empty() { lines } else { format!("\n{lines}\n  ") };
        format!("{{\n  \"version\": {VERSION},\n  \"findings\": [{lines}]\n}}\n")
    }
}

/// Returns the findings that the baseline does not know, and a note for each of its entries that found nothing. `file` names the baseline;
/// `asked` says of a rule's name whether it was asked: what another rule found may still be there.
pub fn filter(findings: Vec<Diagnostic>, baseline: &LintBaseline, file: &str, asked: impl Fn(&str) -> bool) -> Vec<Diagnostic> {
    let mut left: BTreeMap<&str, usize> = baseline.fingerprints.iter().map(|(print, known)| (print.as_str(), known.count)).collect();
    let mut new = Vec::with_capacity(findings.len());
    for finding in findings {
        match left.get_mut(finding.fingerprint().as_str()).filter(|count| **count > 0) {
            Some(count) => *count -= 1,
            None => new.push(finding),
        }
    }
    for (print, count) in left.into_iter().filter(|(_, count)| *count > 0) {
        let known = &baseline.fingerprints[print];
        if !asked(&known.rule) {
            continue;
        }
        let message = format!("{} in {} is gone ({count} of {})", known.rule, known.file, known.count);
        new.push(
            Diagnostic::new(&STALE_BASELINE, Place::whole(file), message)
                .help("write the baseline anew with `eventc check --write-baseline`"),
        );
    }
    new
}
