//! Steps between versions that stand beside each other in a tree, and the promises that their numbers make.

mod stamps;

use eventc_model::{
    bundle::bundle,
    diagnostic::{self, Diagnostic, Evidence, Level},
    layout::{Number, Scheme},
    pool,
    schema::{FileId, NodeId},
    series::Series,
};
use rayon::prelude::*;

use crate::{
    compat::{CompareMode, CompareOptions, Comparison, Side, Verdict, compare},
    emit::Output,
    gate::{
        finding::{Against, of_break, of_undecided, owned},
        identifiers::Named,
    },
    project::Project,
    release::same_promise,
    report::counted,
    rules::gate::UNDECIDED,
};

/// The steps between the versions of a tree, and their findings.
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
    /// Those with a version that could not be read as a whole.
    pub uncompared: usize,
    /// Those in which a place that repeats the version was left out.
    pub stamped: usize,
    /// The words for the steps that promise something: `minor or patch`, `addition`.
    promise: Vec<&'static str>,
    /// Every break and open question, at the levels of the configuration. Sorted.
    pub findings: Vec<Diagnostic>,
}

/// A step from one version of an event to the next.
struct VersionStep<'a> {
    project: &'a Project,
    outputs: &'a [(&'static str, Box<dyn Output>)],
    series: &'a Series,
    old: &'a (Number, FileId),
    new: &'a (Number, FileId),
}

/// The answer about a step that promises something.
struct StepAssessment {
    /// Nothing where a version could not be read as a whole.
    verdict: Option<Verdict>,
    is_stamped: bool,
    findings: Vec<Diagnostic>,
}

impl VersionSteps {
    /// Compares each version with the one before it, where its number promises that it breaks nothing.
    pub fn of(project: &Project) -> Self {
        // A configured tree has its gate for what generated code calls things.
        let outputs = if project.catalog.config.unconfigured { project.outputs() } else { Vec::new() };
        let outputs = outputs.as_slice();
        let of_series = |series| Series::steps(series).map(move |(old, new)| VersionStep { project, outputs, series, old, new });
        let all: Vec<VersionStep<'_>> = project.catalog.series.iter().flat_map(of_series).collect();
        let judged: Vec<Option<StepAssessment>> = pool::run(|| all.par_iter().map(VersionStep::judge).collect());
        let mut steps = Self { count: all.len(), ..Self::default() };
        for (step, judged) in all.iter().zip(judged) {
            let Some(judged) = judged else { continue };
            steps.promising += 1;
            steps.note_promise(step.new.0.scheme);
            steps.broken += usize::from(judged.verdict == Some(Verdict::Incompatible));
            steps.undecided += usize::from(judged.verdict == Some(Verdict::Undecided));
            steps.uncompared += usize::from(judged.verdict.is_none());
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
        if self.uncompared > 0 {
            text.push_str(&format!(", {} could not be compared", self.uncompared));
        }
        if self.stamped > 0 {
            text.push_str(&format!("; a constant that repeats the version was left out of {}", self.stamped));
        }
        Some(text)
    }
}

impl VersionStep<'_> {
    /// Judges the step; nothing where its number promises nothing.
    fn judge(&self) -> Option<StepAssessment> {
        let catalog = &self.project.catalog;
        let schemas = &catalog.schemas;
        let namespace = &catalog.config.namespace[self.series.namespace];
        if !self.new.0.promises(&self.old.0) {
            return None;
        }
        let mut options = CompareOptions::of(namespace)?;
        let whole = |file: FileId| schemas.root(file).filter(|_| !schemas.file(file).broken);
        let (Some(old), Some(new)) = (whole(self.old.1), whole(self.new.1)) else {
            let torn = [self.old.1, self.new.1].into_iter().find(|file| whole(*file).is_none());
            let findings = torn.map(|file| self.own(self.uncompared(file))).into_iter().collect();
            return Some(StepAssessment { verdict: None, is_stamped: false, findings });
        };
        if catalog.config.unconfigured {
            options.mode = CompareMode::Backward;
        }
        options.stamps = stamps::pairs(schemas, (old, &self.old.0), (new, &self.new.0));
        let is_stamped = !options.stamps.is_empty();
        let comparison = compare(Side { schemas, root: old }, Side { schemas, root: new }, &options);
        let mut findings = self.findings(&comparison);
        findings.extend(self.identifiers(old, new));
        Some(StepAssessment { verdict: Some(comparison.verdict), is_stamped, findings })
    }

    /// Says that a version could not be read, and why.
    fn uncompared(&self, file: FileId) -> Diagnostic {
        let document = self.project.catalog.schemas.file(file);
        let told = self.project.catalog.diagnostics.iter().find(|told| told.level == Level::Error && told.place.file == document.shown);
        let (place, why) = told.map_or_else(|| (document.place(""), "it is no schema"), |told| (told.place.clone(), &told.message));
        let message = format!(
            "the step from {} to {} could not be compared: {} could not be read: {why}",
            self.old.0.text, self.new.0.text, document.shown
        );
        let identity = "uncompared".to_owned();
        Diagnostic::new(&UNDECIDED, place, message).help("mend the file").evidence(Evidence { identity, ..Evidence::default() })
    }

    /// Finds what generated code calls otherwise than it did. Nobody said that it is made, and events are not concerned: warnings.
    fn identifiers(&self, old: NodeId, new: NodeId) -> Vec<Diagnostic> {
        let schemas = &self.project.catalog.schemas;
        let [before, after] = [old, new].map(|root| bundle(schemas, root));
        if self.outputs.is_empty() || same_promise(&before, &after) {
            return Vec::new();
        }
        let named = Named { project: self.project, outputs: self.outputs, file: self.new.1, topic: &self.topic() };
        let warning = |finding: Diagnostic| Diagnostic { level: finding.level.min(Level::Warning), ..finding };
        named.findings(&self.old.0.text, &before, &after).into_iter().map(|finding| warning(self.own(finding))).collect()
    }

    fn topic(&self) -> String {
        self.series.path.join(".")
    }

    /// Makes a finding one of this step, also where another one has it at the same place.
    fn own(&self, finding: Diagnostic) -> Diagnostic {
        let topic = self.topic();
        owned(finding, &format!("{topic}\u{1f}{}", self.new.0.text)).topic(topic)
    }

    fn findings(&self, comparison: &Comparison) -> Vec<Diagnostic> {
        let schemas = &self.project.catalog.schemas;
        let document = schemas.file(self.new.1);
        let (old, new) = (&self.old.0, &self.new.0);
        let against = format!("{}, after which {} is {}", old.text, new.text, article(new.step(old)));
        let against = Against { versions: &against, detail: &old.text };
        let breaks = comparison.found().map(|found| of_break(found, document, &against, Vec::new()));
        let open = comparison.undecided.iter().map(|found| of_undecided(found, document, &old.text, Vec::new()));
        breaks.chain(open).map(|finding| self.own(finding)).collect()
    }
}

fn article(word: &str) -> String {
    format!("{} {word}", if word.starts_with('a') { "an" } else { "a" })
}
