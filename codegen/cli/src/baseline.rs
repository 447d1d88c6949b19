//! The findings that a legacy tree starts with: accepted until somebody mends them.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use eventc_codegen::{
    lint::baseline::{self, LintBaseline},
    output::{self, FRESHNESS},
    report::counted,
    rules,
};
use eventc_model::{diagnostic::Diagnostic, source::BASELINE_FILE, text::display_path};

use crate::context::CommandContext;

#[derive(Debug, Default, clap::Args)]
#[expect(clippy::option_option, reason = "the option may stand without a file")]
pub(crate) struct BaselineArgs {
    /// Report only what this baseline does not list; otherwise eventc-baseline.json beside eventc.toml, or in the folder of --schemas
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    /// Write all findings into the baseline, in place of what is there, and report none of them
    #[arg(long, value_name = "FILE", num_args = 0..=1, conflicts_with = "baseline")]
    write_baseline: Option<Option<PathBuf>>,
}

impl BaselineArgs {
    /// Returns the findings that no baseline lists. `home` is the folder of the project; `asked` says of the name of a rule whether it was
    /// asked this time.
    ///
    /// # Errors
    /// Where a baseline cannot be read or written.
    pub(crate) fn apply(
        &self,
        findings: Vec<Diagnostic>,
        home: &Path,
        asked: impl Fn(&str) -> bool,
        context: &CommandContext,
    ) -> Result<Vec<Diagnostic>> {
        let file = KnownFindings::file(home, self.baseline.as_ref().or(self.write_baseline.iter().flatten().next()));
        if self.write_baseline.is_none() {
            let Some(known) = KnownFindings::read(file, self.baseline.is_some())? else { return Ok(findings) };
            return Ok(known.filter(findings, asked));
        }
        let (stale, lasting): (Vec<_>, Vec<_>) = findings.into_iter().partition(|finding| FRESHNESS.contains(&finding.rule));
        let mut baseline = LintBaseline::of(&lasting);
        if let Some(old) = KnownFindings::read(file.clone(), false)? {
            baseline = baseline.keeping(old.baseline, &asked);
        }
        output::replace(&file, baseline.to_text().as_bytes())?;
        let count = baseline.fingerprints.values().map(|known| known.count as u64).sum();
        context.console.note(&format!("{}: {} accepted\n", display_path(&file), counted(count, "finding")));
        let mut left = KnownFindings { file, baseline }.filter(lasting, asked);
        left.extend(stale);
        Ok(left)
    }
}

impl BaselineArgs {
    /// Returns the text of the baseline that findings are held against, empty without one; `None` where one is written.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub(crate) fn known(&self, home: &Path) -> Result<Option<String>> {
        if self.write_baseline.is_some() {
            return Ok(None);
        }
        let known = KnownFindings::read(KnownFindings::file(home, self.baseline.as_ref()), self.baseline.is_some())?;
        Ok(Some(known.as_ref().map(KnownFindings::text).unwrap_or_default()))
    }
}

/// A baseline that was read.
pub(crate) struct KnownFindings {
    file: PathBuf,
    baseline: LintBaseline,
}

impl KnownFindings {
    /// Returns the baseline of a project, if it has one.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub(crate) fn of(home: &Path) -> Result<Option<Self>> {
        Self::read(Self::file(home, None), false)
    }

    fn file(home: &Path, stated: Option<&PathBuf>) -> PathBuf {
        stated.cloned().unwrap_or_else(|| home.join(BASELINE_FILE))
    }

    fn read(file: PathBuf, required: bool) -> Result<Option<Self>> {
        let text = match fs::read_to_string(&file) {
            Err(error) if error.kind() == ErrorKind::NotFound && !required => return Ok(None),
            read => read.with_context(|| format!("cannot read {}", display_path(&file)))?,
        };
        let baseline = LintBaseline::parse(&text)
            .with_context(|| format!("{} is no baseline; write it anew with `eventc check --write-baseline`", display_path(&file)))?;
        Ok(Some(Self { file, baseline }))
    }

    /// Returns the text of the baseline.
    pub(crate) fn text(&self) -> String {
        self.baseline.to_text()
    }

    /// Returns the findings that it does not list, and a note for each entry of a rule that was asked and found nothing.
    pub(crate) fn filter(&self, findings: Vec<Diagnostic>, asked: impl Fn(&str) -> bool) -> Vec<Diagnostic> {
        baseline::filter(findings, &self.baseline, &self.file.to_string_lossy(), asked)
    }

    /// Returns the findings that it does not list, without notes on what is gone.
    pub(crate) fn unlisted(&self, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
        self.filter(findings, |_| false)
    }
}

/// Returns whether a rule, by its name, is asked without the gate.
pub(crate) fn is_of_lint(rule: &str) -> bool {
    rules::all().find(rule).is_some_and(|rule| !rule.code.starts_with("EV3"))
}
