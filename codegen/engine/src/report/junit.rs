//! JUnit XML: a suite for each file, a failed case for each error; what is less than an error passes, with its text as output.

use std::collections::BTreeMap;

use eventc_model::{
    diagnostic::{Diagnostic, Level},
    text::is_hidden,
};

use super::{Report, proof};

pub(super) fn render(report: &Report<'_>) -> String {
    let mut suites: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in report.shown() {
        suites.entry(&diagnostic.place.file).or_default().push(diagnostic);
    }
    let (tests, failures) = (report.shown().count().max(1), report.count(Level::Error));
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.push_str(&format!("<testsuites name=\"eventc\" tests=\"{tests}\" failures=\"{failures}\">\n"));
    if suites.is_empty() {
        // Some CI systems take a report without a case for a broken one.
        xml.push_str("  <testsuite name=\"eventc\" tests=\"1\" failures=\"0\">\n    <testcase name=\"nothing found\" classname=\"eventc\"/>\n  </testsuite>\n");
    }
    for (file, findings) in suites {
        xml.push_str(&suite(file, &findings));
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn suite(file: &str, findings: &[&Diagnostic]) -> String {
    let failures = findings.iter().filter(|diagnostic| diagnostic.level == Level::Error).count();
    let file = escape(file);
    let mut xml = format!("  <testsuite name=\"{file}\" tests=\"{}\" failures=\"{failures}\">\n", findings.len());
    for diagnostic in findings {
        let name = escape(&format!("{} {} at {}", diagnostic.rule.code, diagnostic.rule.name, diagnostic.place));
        let message = escape(&diagnostic.message);
        let text = escape(&format!("{}: {}", diagnostic.place, proof::text(diagnostic)));
        xml.push_str(&format!("    <testcase name=\"{name}\" classname=\"{file}\">\n"));
        if diagnostic.level == Level::Error {
            xml.push_str(&format!("      <failure message=\"{message}\" type=\"{}\">{text}</failure>\n", diagnostic.rule.code));
        } else {
            xml.push_str(&format!("      <system-out>{}: {text}</system-out>\n", diagnostic.level));
        }
        xml.push_str("    </testcase>\n");
    }
    xml.push_str("  </testsuite>\n");
    xml
}

/// Returns text for XML 1.0: markup escaped, what XML cannot hold replaced.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push_str(&format!("&#{};", u32::from(c))),
            c if is_hidden(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
