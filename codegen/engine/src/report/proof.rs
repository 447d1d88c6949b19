//! The proof of a finding about two versions, in lines of text.

use eventc_model::diagnostic::Diagnostic;

/// The maximum length of a document that is shown to a person; the JSON report has it whole.
const MAX_DOCUMENT_LENGTH: usize = 400;

/// Returns the document, the place in it, who reads that place, and where the schema says it: a line each.
pub(super) fn lines(diagnostic: &Diagnostic) -> Vec<String> {
    let mut lines = Vec::new();
    let Some(evidence) = &diagnostic.evidence else { return lines };
    if let Some(witness) = &evidence.witness {
        let at = if evidence.instance.is_empty() { String::new() } else { format!(", at {}", evidence.instance) };
        lines.push(format!("shown by {}{at}", shortened(&witness.to_string())));
    }
    if !evidence.consumers.is_empty() {
        lines.push(format!("concerns {}", evidence.consumers.join(", ")));
    }
    // An `allow` names the place so.
    if evidence.witness.is_some() && !diagnostic.pointer.is_empty() {
        lines.push(format!("stands at {}", diagnostic.pointer));
    }
    lines
}

/// Returns what a finding says in formats that have one text for it: the message, what proves it, and what to do.
pub(super) fn text(diagnostic: &Diagnostic) -> String {
    let mut text = diagnostic.message.clone();
    for line in lines(diagnostic) {
        text.push_str(&format!("\n{line}"));
    }
    if let Some(help) = &diagnostic.help {
        text.push_str(&format!("\nhelp: {help}"));
    }
    text
}

/// Returns a text that fits into a report.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(MAX_DOCUMENT_LENGTH) {
        Some((end, _)) => format!("{}... ({} bytes)", &text[..end], text.len()),
        None => text.to_owned(),
    }
}
