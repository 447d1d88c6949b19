//! Markdown for a comment on a pull request: what changed, what it breaks with the document that proves it, and what else is wrong.

use eventc_model::diagnostic::{Diagnostic, Evidence, Level};

use super::{Change, Report, counted};
use crate::compat::{Bump, Verdict};

/// The maximum number of findings that are listed beside breaks; a comment has a limit, and the other formats have them all.
const MAX_OTHERS: usize = 30;

/// Renders the report, with a table of the contracts that changed.
pub fn render(report: &Report<'_>, changes: &[Change]) -> String {
    let mut text = format!("## Event contracts: {}\n", title(report));
    if !changes.is_empty() {
        text.push_str("\n| Contract | Version | Verdict | Needs | Findings | Concerns |\n|---|---|---|---|---|---|\n");
        for change in changes {
            text.push_str(&row(change));
        }
    }
    let (breaks, others): (Vec<&Diagnostic>, Vec<&Diagnostic>) = report.shown().partition(|finding| finding.evidence.is_some());
    if !breaks.is_empty() {
        text.push_str("\n### What broke\n");
        for finding in breaks {
            text.push_str(&broken(finding));
        }
    }
    let others: Vec<_> = others.into_iter().filter(|finding| finding.level > Level::Note).collect();
    if !others.is_empty() {
        text.push_str("\n### What else is wrong\n\n");
        for finding in others.iter().take(MAX_OTHERS) {
            text.push_str(&format!("- {}\n", sentence(finding)));
        }
        if others.len() > MAX_OTHERS {
            text.push_str(&format!("- and {} more\n", others.len() - MAX_OTHERS));
        }
    }
    text
}

fn title(report: &Report<'_>) -> String {
    match (report.count(Level::Error), report.count(Level::Warning)) {
        (0, 0) => "nothing is wrong".into(),
        (0, warnings) => counted(warnings, "warning"),
        (errors, 0) => counted(errors, "error"),
        (errors, warnings) => format!("{}, {}", counted(errors, "error"), counted(warnings, "warning")),
    }
}

fn row(change: &Change) -> String {
    let verdict = match change.verdict {
        Some(Verdict::Compatible) => "compatible",
        Some(Verdict::Incompatible) => "**incompatible**",
        Some(Verdict::Undecided) => "**undecided**",
        None => "nothing is promised",
    };
    let needed = match change.required_bump {
        Bump::None => "none",
        Bump::Patch => "patch",
        Bump::Minor => "minor",
        Bump::Major => "major",
    };
    let found = match (change.findings, change.accepted) {
        (0, _) => String::new(),
        (all, 0) => all.to_string(),
        (all, accepted) => format!("{all}, {accepted} accepted"),
    };
    let (topic, from, to) = (code(&change.topic), escape(&change.from), escape(&change.to));
    format!("| {topic} | {from} → {to} | {verdict} | {needed} | {found} | {} |\n", escape(&change.consumers.join(", ")))
}

fn broken(finding: &Diagnostic) -> String {
    let mut text = format!("\n{}\n", sentence(finding));
    if let Some(evidence) = &finding.evidence {
        text.push_str(&proof(finding, evidence));
    }
    text
}

fn proof(finding: &Diagnostic, evidence: &Evidence) -> String {
    let Some(witness) = &evidence.witness else { return String::new() };
    let mut text = String::from("\n<details><summary>An event that shows it</summary>\n\n");
    let document = format!("{witness:#}");
    // A fence that the document does not hold.
    let fence = "`".repeat(3.max(longest_run(&document, '`') + 1));
    text.push_str(&format!("{fence}json\n{document}\n{fence}\n\n"));
    if !evidence.instance.is_empty() {
        text.push_str(&format!("Refused at {}.\n", code(&evidence.instance)));
    }
    if let Some(related) = &evidence.related {
        text.push_str(&format!("Before: {}, {}.\n", code(&related.place.to_string()), escape(&related.label)));
    }
    if !evidence.consumers.is_empty() {
        text.push_str(&format!("Concerns {}.\n", escape(&evidence.consumers.join(", "))));
    }
    if finding.level == Level::Error && !finding.pointer.is_empty() {
        text.push_str(&format!("An `allow` for it says `rule` {} and `at` {}.\n", code(finding.rule.name), code(&finding.pointer)));
    }
    text.push_str("\n</details>\n");
    text
}

fn sentence(finding: &Diagnostic) -> String {
    let Diagnostic { rule, level, place, message, help, .. } = finding;
    let help = help.as_ref().map(|help| format!(" *{}*", escape(help))).unwrap_or_default();
    format!("**{level} {} {}** at {}: {}.{help}", rule.code, rule.name, code(&place.to_string()), escape(message))
}

/// Returns text that Markdown, and HTML within it, shows as it is, on one line.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '@' | '!' => {
                out.push('\\');
                out.push(c);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Returns text as code within a line; a table takes a bar for the end of its cell even there.
fn code(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let text = text.replace('|', "\\|");
    let fence = "`".repeat(longest_run(&text, '`') + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

fn longest_run(text: &str, of: char) -> usize {
    text.split(|c| c != of).map(str::len).max().unwrap_or(0)
}
