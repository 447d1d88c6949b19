//! GitHub workflow commands: an annotation on the line of each finding.

use eventc_model::{
    diagnostic::{Diagnostic, Level},
    text::is_hidden,
};

use super::{Report, proof};

pub(super) fn render(report: &Report<'_>) -> String {
    report.shown().map(command).collect()
}

fn command(diagnostic: &Diagnostic) -> String {
    let command = match diagnostic.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note | Level::Off => "notice",
    };
    let place = &diagnostic.place;
    let mut properties = format!("file={}", property(&place.file));
    if place.line > 0 {
        properties.push_str(&format!(",line={},col={}", place.line, place.column));
    }
    let title = format!("{} {}", diagnostic.rule.code, diagnostic.rule.name);
    format!("::{command} {properties},title={}::{}\n", property(&title), data(&proof::text(diagnostic)))
}

fn data(text: &str) -> String {
    // Other hidden characters would reach the terminal of whoever reads the log.
    let text = text.replace(|c: char| is_hidden(c) && !matches!(c, '\r' | '\n'), "\u{fffd}");
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
