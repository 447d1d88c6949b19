//! For a person: each finding with its place, an excerpt and a way out, and a line that sums up.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level as Title, Origin, Renderer, Snippet, normalize_untrusted_str};
use eventc_model::{
    diagnostic::{Diagnostic, LITERAL_PASSWORD, Level, Place},
    text::visible,
};

use super::{Report, SourceTexts, counted, proof};

/// The style of text for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// With ANSI colours.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, width: 140 }
    }
}

/// Longest part of a line that is shown, in characters on either side of the place.
const REACH: usize = 200;

pub(super) fn render(report: &Report<'_>, style: Style) -> String {
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(style.width);
    let mut text = String::new();
    for diagnostic in report.shown() {
        text.push_str(&finding(diagnostic, report.sources, &renderer));
        text.push_str("\n\n");
    }
    text.push_str(&summary(report));
    text
}

fn summary(report: &Report<'_>) -> String {
    let levels = [(Level::Error, "error"), (Level::Warning, "warning"), (Level::Note, "note")];
    let counts: Vec<_> = levels.into_iter().map(|(level, noun)| (report.count(level), noun)).filter(|(count, _)| *count > 0).collect();
    let found = counts.iter().map(|(count, noun)| counted(*count, noun)).collect::<Vec<_>>().join(", ");
    let facts = report
        .facts
        .iter()
        .map(|(noun, count)| counted(*count, &noun.trim_end_matches('s').replace('_', " ")))
        .collect::<Vec<_>>()
        .join(", ");
    match (found.is_empty(), facts.is_empty()) {
        (true, true) => "nothing found\n".to_owned(),
        (true, false) => format!("nothing found in {facts}\n"),
        (false, true) => format!("{found}\n"),
        (false, false) => format!("{found} in {facts}\n"),
    }
}

/// Returns a finding in one line: `file:1:2: warning[EV101]: message`.
pub fn short(diagnostic: &Diagnostic) -> String {
    let Diagnostic { place, level, rule, message, .. } = diagnostic;
    normalize_untrusted_str(&format!("{place}: {level}[{}]: {message}", rule.code)).replace('\n', " ")
}

fn finding(diagnostic: &Diagnostic, sources: &SourceTexts, renderer: &Renderer) -> String {
    let level = match diagnostic.level {
        Level::Error => Title::ERROR,
        Level::Warning => Title::WARNING,
        Level::Note | Level::Off => Title::NOTE,
    };
    let place = &diagnostic.place;
    // A log has more readers than the file.
    let nothing = SourceTexts::default();
    let shown = if *diagnostic.rule == LITERAL_PASSWORD { &nothing } else { sources };
    let id = format!("{} {}", diagnostic.rule.code, diagnostic.rule.name);
    let mut group = Group::with_title(level.primary_title(&diagnostic.message).id(id));
    group = show(group, place, shown, AnnotationKind::Primary, None);
    if let Some(related) = diagnostic.evidence.as_ref().and_then(|evidence| evidence.related.as_ref()) {
        group = show(group, &related.place, sources, AnnotationKind::Context, Some(&related.label));
    }
    for line in proof::lines(diagnostic) {
        group = group.element(Title::NOTE.message(normalize_untrusted_str(&line)));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Title::HELP.message(normalize_untrusted_str(help)));
    }
    renderer.render(&[group])
}

/// Adds a place with its line, where there is one.
fn show<'a>(group: Group<'a>, place: &'a Place, sources: &'a SourceTexts, kind: AnnotationKind, label: Option<&'a str>) -> Group<'a> {
    let path = visible(&place.file);
    let origin = || match (place.line, place.column) {
        (0, _) => Origin::path(path.clone()),
        (line, column) => Origin::path(path.clone()).line(line as usize).char_column(column as usize),
    };
    let Some(line) = sources.line(&place.file, place.line) else { return group.element(origin()) };
    let excerpt = Excerpt::of(line, place.column as usize);
    let mut annotation = kind.span(excerpt.span);
    if let Some(label) = label {
        annotation = annotation.label(normalize_untrusted_str(label));
    }
    let snippet = Snippet::source(excerpt.text).line_start(place.line as usize).annotation(annotation);
    if excerpt.cut {
        // The column would be that in the excerpt.
        group.element(origin()).element(snippet)
    } else {
        group.element(snippet.path(path.clone()))
    }
}

/// The part of a line around a place, and the token there as a range of its bytes.
struct Excerpt {
    text: String,
    span: Range<usize>,
    /// Whether the line's beginning is left out.
    cut: bool,
}

impl Excerpt {
    /// Columns count from 1, in characters.
    fn of(line: &str, column: usize) -> Self {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let at = line.char_indices().nth(column.saturating_sub(1)).map_or(line.len(), |(offset, _)| offset);
        let first = line[..at].char_indices().rev().nth(REACH).map_or(0, |(offset, _)| offset);
        let last = line[at..].char_indices().nth(REACH).map_or(line.len(), |(offset, _)| at + offset);
        let end = (at + token_length(&line[at..last])).min(last);
        let mark = if first > 0 { "... " } else { "" };
        let shift = |offset: usize| offset - first + mark.len();
        Self { text: format!("{mark}{}", &line[first..last]), span: shift(at)..shift(end), cut: first > 0 }
    }
}

fn token_length(text: &str) -> usize {
    match text.chars().next() {
        Some('"') => {
            let mut escaped = false;
            let closing = text.char_indices().skip(1).find(|(_, c)| {
                let closes = *c == '"' && !escaped;
                escaped = *c == '\\' && !escaped;
                closes
            });
            closing.map_or(text.len(), |(offset, _)| offset + 1)
        }
        Some(c) if c.is_alphanumeric() || matches!(c, '-' | '_' | '$' | '.') => {
            text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '$' | '.' | '+'))).unwrap_or(text.len())
        }
        Some(c) => c.len_utf8(),
        None => 0,
    }
}
