//! What proves a finding about two versions, in lines of text.

use eventc_model::diagnostic::{Diagnostic, Evidence};

/// The longest document that is shown to a person; the JSON report has it whole.
const LONGEST: usize = 400;

/// The document, the place in it, and who reads that place: a line each.
pub(super) fn lines(evidence: &Evidence) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(witness) = &evidence.witness {
        let at = if evidence.instance.is_empty() { String::new() } else { format!(", at {}", evidence.instance) };
        lines.push(format!("shown by {}{at}", shortened(&witness.to_string())));
    }
    if !evidence.consumers.is_empty() {
        lines.push(format!("concerns {}", evidence.consumers.join(", ")));
    }
    lines
}

/// What a finding says in formats that have one text for it: the message, what proves it, and what to do.
pub(super) fn text(diagnostic: &Diagnostic) -> String {
    let mut text = diagnostic.message.clone();
    for line in diagnostic.evidence.iter().flat_map(|evidence| lines(evidence)) {
        text.push_str(&format!("\n{line}"));
    }
    if let Some(help) = &diagnostic.help {
        text.push_str(&format!("\nhelp: {help}"));
    }
    text
}

/// A text that fits into a report.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}... ({} bytes)", &text[..end], text.len()),
        None => text.to_owned(),
    }
}
