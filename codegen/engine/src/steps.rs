//! Steps between versions that stand beside each other in a tree, and the promises that their numbers make.

use std::collections::HashSet;

use eventc_model::{
    config::Compatibility,
    diagnostic::{self, Diagnostic},
    layout::{Number, Scheme},
    pool,
    schema::{FileId, Keywords, NodeId, Schemas},
    series::Series,
    syntax::escape_pointer,
};
use rayon::prelude::*;
use serde_json::Value;

use crate::{
    compat::{CompareMode, CompareOptions, Comparison, Side, Verdict, compare},
    gate::finding::{Against, of_break, of_undecided, owned},
    project::Project,
    report::counted,
};

/// What the versions of a tree say of each other.
#[derive(Debug, Default)]
pub struct VersionSteps {
    /// The number of steps from one version to the next.
    pub count: usize,
    /// Those whose numbers promise that nothing breaks.
    pub promising: usize,
    /// Those that break it.
    pub broken: usize,
    /// Those of which it is not known.
    pub undecided: usize,
    /// Those in which a place that repeats the version was left out.
    pub stamped: usize,
    /// The words for the steps that promise something: `minor or patch`, `addition`.
    promise: Vec<&'static str>,
    /// Every break, at the levels of the configuration. Sorted.
    pub findings: Vec<Diagnostic>,
}

/// A step from one version of an event to the next.
struct VersionStep<'a> {
    project: &'a Project,
    series: &'a Series,
    old: &'a (Number, FileId),
    new: &'a (Number, FileId),
}

/// The answer about a step that promises something.
struct StepAssessment {
    comparison: Comparison,
    is_stamped: bool,
    findings: Vec<Diagnostic>,
}

impl VersionSteps {
    /// Compares each version with the one before it, where its number promises that it breaks nothing.
    pub fn of(project: &Project) -> Self {
        let of_series = |series| Series::steps(series).map(move |(old, new)| VersionStep { project, series, old, new });
        let all: Vec<VersionStep<'_>> = project.catalog.series.iter().flat_map(of_series).collect();
        let judged: Vec<Option<StepAssessment>> = pool::install(|| all.par_iter().map(VersionStep::judge).collect());
        let mut steps = Self { count: all.len(), ..Self::default() };
        for (step, judged) in all.iter().zip(judged) {
            let Some(judged) = judged else { continue };
            steps.promising += 1;
            steps.note_promise(step.new.0.scheme);
            steps.broken += usize::from(judged.comparison.verdict == Verdict::Incompatible);
            steps.undecided += usize::from(judged.comparison.verdict == Verdict::Undecided);
            steps.stamped += usize::from(judged.is_stamped);
            steps.findings.extend(project.catalog.config.leveled(judged.findings));
        }
        diagnostic::sort(&mut steps.findings);
        steps
    }

    fn note_promise(&mut self, scheme: Scheme) {
        let words = if scheme == Scheme::SchemaVer { "an addition" } else { "a minor or patch version" };
        if !self.promise.contains(&words) {
            self.promise.push(words);
        }
    }

    /// Says in a line what was found; nothing where no version follows another.
    ///
    /// `141 steps between versions, 4 break what a minor or patch version promises`
    pub fn summary(&self) -> Option<String> {
        if self.count == 0 {
            return None;
        }
        let steps = format!("{} between versions", counted(self.count as u64, "step"));
        if self.promising == 0 {
            return Some(format!("{steps}, none promises that nothing breaks"));
        }
        let promise = self.promise.join(" or ");
        let mut text = match self.broken {
            0 => format!("{steps}, none breaks what {promise} promises"),
            1 => format!("{steps}, 1 breaks what {promise} promises"),
            broken => format!("{steps}, {broken} break what {promise} promises"),
        };
        if self.undecided > 0 {
            text.push_str(&format!(", {} undecided", self.undecided));
        }
        if self.stamped > 0 {
            text.push_str(&format!("; a constant that repeats the version was left out of {}", self.stamped));
        }
        Some(text)
    }
}

impl VersionStep<'_> {
    /// Judges the step; nothing where its number promises nothing, or a file could not be read as a whole.
    fn judge(&self) -> Option<StepAssessment> {
        let catalog = &self.project.catalog;
        let schemas = &catalog.schemas;
        let namespace = &catalog.config.namespace[self.series.namespace];
        let is_whole = |file: FileId| !schemas.file(file).broken;
        if !self.new.0.promises(&self.old.0) || namespace.compatibility == Compatibility::None {
            return None;
        }
        let (old, new) =
            (schemas.root(self.old.1).filter(|_| is_whole(self.old.1))?, schemas.root(self.new.1).filter(|_| is_whole(self.new.1))?);
        let mut options = CompareOptions::of(namespace)?;
        if catalog.config.bare {
            options.mode = CompareMode::Backward;
        }
        let stamps = stamps(schemas, (old, &self.old.0), (new, &self.new.0));
        let is_stamped = !stamps.is_empty();
        options.ignored.extend(stamps);
        let comparison = compare(Side { schemas, root: old }, Side { schemas, root: new }, &options);
        let findings = self.findings(&comparison);
        Some(StepAssessment { comparison, is_stamped, findings })
    }

    fn findings(&self, comparison: &Comparison) -> Vec<Diagnostic> {
        let schemas = &self.project.catalog.schemas;
        let document = schemas.file(self.new.1);
        let (old, new) = (&self.old.0, &self.new.0);
        let against = format!("{}, after which {} is {}", old.text, new.text, article(new.step(old)));
        let topic = self.series.path.join(".");
        let against = Against { versions: &against, detail: &old.text };
        let breaks = comparison.found().map(|found| of_break(found, document, &against, Vec::new()));
        let open = comparison.undecided.iter().map(|found| of_undecided(found, document, &old.text, Vec::new()));
        let owner = format!("{topic}\u{1f}{}", new.text);
        breaks.chain(open).map(|finding| owned(finding, &owner).topic(topic.as_str())).collect()
    }
}

fn article(word: &str) -> String {
    format!("{} {word}", if word.starts_with('a') { "an" } else { "a" })
}

/// Returns the places in a document at which both versions demand their own number, as JSON Pointers.
fn stamps(schemas: &Schemas, old: (NodeId, &Number), new: (NodeId, &Number)) -> Vec<String> {
    let earlier = stamps_of(schemas, old.0, &old.1.text);
    let mut found = stamps_of(schemas, new.0, &new.1.text);
    found.retain(|place| earlier.contains(place));
    found
}

/// The depth to which stamps are looked for: they stand at the head of a document.
const MAX_STAMP_DEPTH: usize = 6;

fn stamps_of(schemas: &Schemas, root: NodeId, version: &str) -> Vec<String> {
    let (mut found, mut seen, mut open) = (Vec::new(), HashSet::new(), vec![(root, String::new(), 0)]);
    while let Some((node, place, depth)) = open.pop() {
        let node = schemas.target(node);
        let Some(keywords) = schemas.keywords(node).filter(|_| depth <= MAX_STAMP_DEPTH && seen.insert(node)) else { continue };
        if demands(keywords, version) && !place.is_empty() {
            found.push(place);
            continue;
        }
        open.extend(keywords.all_of.iter().map(|child| (*child, place.clone(), depth + 1)));
        let below = keywords.properties.iter();
        open.extend(below.map(|(name, child)| (*child, format!("{place}/{}", escape_pointer(name)), depth + 1)));
    }
    found
}

/// Whether a schema allows only texts in which a version stands.
fn demands(keywords: &Keywords, version: &str) -> bool {
    let says = |value: &Value| value.as_str().is_some_and(|text| holds(text, version));
    match (&keywords.const_value, &keywords.enum_values) {
        (Some(value), _) => says(value),
        (None, Some(values)) => values.len() == 1 && says(&values[0]),
        (None, None) => false,
    }
}

/// Whether a version stands in a text by itself: `iglu:com.acme/click/jsonschema/1-0-1` holds `1-0-1`, and not `0-1`.
fn holds(text: &str, version: &str) -> bool {
    let is_part = |sign: Option<char>| sign.is_some_and(|sign| sign.is_ascii_digit() || matches!(sign, '.' | '-'));
    let around = |(at, _): (usize, &str)| (text[..at].chars().next_back(), text[at + version.len()..].chars().next());
    text.match_indices(version).map(around).any(|(before, behind)| !is_part(before) && !is_part(behind))
}
