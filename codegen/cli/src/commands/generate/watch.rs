//! `eventc generate --watch`: a run at every change.

use std::{
    collections::HashMap,
    path::PathBuf,
    time::{Duration, Instant},
};

use anyhow::Result;
use eventc_codegen::report::short;
use eventc_model::{diagnostic::Diagnostic, text::display_path};

use super::{Args, Conclusion, EndedRun, Request, once};
use crate::{context::CommandContext, failure, status::Status, watched::Watched};

pub(super) fn run(args: &Args, context: &CommandContext) -> Result<Status> {
    let mut watched = Watched::new(context.places(args.schemas.as_deref())?);
    let ended = again(args, context, &mut watched)?;
    ended.tell(context);
    context.console.note("watching; stop with Ctrl-C\n");
    let mut told = findings(&ended);
    drop(ended);
    loop {
        let changed = watched.wait();
        let start = Instant::now();
        match again(args, context, &mut watched) {
            Ok(ended) => {
                let took = start.elapsed();
                tell(&ended, &told, &changed, took, context);
                told = findings(&ended);
            }
            Err(error) => {
                context.console.note(&format!("\n{}\n", named(&changed)));
                failure::tell(context, &error);
            }
        }
    }
}

fn again(args: &Args, context: &CommandContext, watched: &mut Watched) -> Result<EndedRun> {
    let progress = context.console.progress("reading schemas");
    let request = watched.read(|| Request::read(args, context), |request| &request.inputs)?;
    let ended = once(args, request, context, &progress)?;
    watched.keep_around(&ended.project);
    Ok(ended)
}

/// Returns what was found, and what a reader of the outputs should know.
fn findings(ended: &EndedRun) -> Vec<Diagnostic> {
    let notes = if let Conclusion::Written { notes, .. } = &ended.conclusion { &**notes } else { &[] };
    ended.new.iter().chain(notes).cloned().collect()
}

/// Tells what came and went since the run before, and what became of the outputs.
fn tell(ended: &EndedRun, told: &[Diagnostic], changed: &[PathBuf], took: Duration, context: &CommandContext) {
    context.console.note(&format!("\n{}\n", named(changed)));
    let now = findings(ended);
    let came: Vec<_> = beyond(&now, told).cloned().collect();
    for gone in beyond(told, &now) {
        context.console.note(&format!("gone: {}\n", short(gone)));
    }
    if !came.is_empty() {
        context.explain_failure(&came, &ended.project.sources);
    }
    match &ended.conclusion {
        Conclusion::Written { counts, .. } => context.console.note(counts),
        _ => ended.conclude(context),
    }
    context.console.note(&format!("took {:.2} s\n", took.as_secs_f64()));
}

/// Returns `schemas/events/order/created.json changed`, of many the number.
fn named(changed: &[PathBuf]) -> String {
    match changed {
        [] => "nothing changed".to_owned(),
        [one] => format!("{} changed", display_path(one)),
        [first, rest @ ..] => format!("{} and {} more changed", display_path(first), rest.len()),
    }
}

/// Yields the findings that other findings do not hold, wherever these stand in their file by now.
fn beyond<'a>(findings: &'a [Diagnostic], others: &'a [Diagnostic]) -> impl Iterator<Item = &'a Diagnostic> {
    let mut known: HashMap<_, usize> = HashMap::new();
    for other in others {
        *known.entry(identity(other)).or_default() += 1;
    }
    findings.iter().filter(move |finding| match known.get_mut(&identity(finding)) {
        Some(left) if *left > 0 => {
            *left -= 1;
            false
        }
        _ => true,
    })
}

fn identity(finding: &Diagnostic) -> (&str, &str, &str, &str) {
    (finding.rule.code, &finding.place.file, &finding.pointer, &finding.message)
}
