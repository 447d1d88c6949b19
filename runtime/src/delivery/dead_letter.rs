//! Dead letters: the event as it was, with a record of what happened in a header.

use crate::DeadLetterRecord;

/// The attempt that an event is at, on its way through a queue of waiting; decimal.
pub const ATTEMPT: &str = "eventc-attempt";

/// The record of a dead letter; JSON.
pub const DEAD_LETTER: &str = "eventc-dead-letter";

/// The group that an event was sent back for.
pub const REDRIVE: &str = "eventc-redrive";

const MAX_RECORD_BYTES: usize = 48 * 1024;
const MAX_TYPE: usize = 200;
const MAX_MESSAGE: usize = 4_000;
const REDACTED: &str = "[redacted]";

impl DeadLetterRecord {
    /// Returns the text of the header [`DEAD_LETTER`], at most 48 KiB: the rest of a longer stack trace is left out, and the event itself is
    /// not in it. `secrets` are the values of sensitive fields; the error does not tell them.
    ///
    /// ```
    /// use eventc::{DeadLetterRecord, Topic};
    ///
    /// const PAID: Topic = Topic::new("shop.paid", "1.0.0", "shop");
    /// let error = std::io::Error::other("no account of ada@example.com");
    /// let record = DeadLetterRecord::of(&PAID, b"{}", &error).read_from(0, 41).consumer("ledger", "ledger-1");
    /// assert!(record.into_header(&["ada@example.com"]).contains(r#""error_message":"no account of [redacted]""#));
    /// ```
    pub fn into_header(self, secrets: &[&str]) -> String {
        let hide = |text: &str| redacted(text, secrets);
        let error_type = non_empty(cut(&self.error_type, MAX_TYPE), "Error");
        let error_message = non_empty(cut(&hide(&self.error_message), MAX_MESSAGE), &error_type);
        let trace = self.error_stack_trace.as_deref().map(hide);
        let mut told = Self { error_type, error_message, original_event: None, original_bytes: None, ..self };
        let mut written = |trace: Option<String>| {
            told.error_stack_trace = trace;
            // Texts and numbers always have a form in JSON.
            serde_json::to_string(&told).unwrap_or_default()
        };
        let whole = written(trace.clone());
        let Some(trace) = trace.filter(|_| whole.len() > MAX_RECORD_BYTES) else { return whole };
        // The greatest length that fits lies between these.
        let (mut low, mut high) = (0, trace.chars().count());
        while low + 1 < high {
            let middle = usize::midpoint(low, high);
            let fits = written(Some(cut(&trace, middle))).len() <= MAX_RECORD_BYTES;
            (low, high) = if fits { (middle, high) } else { (low, middle) };
        }
        written(Some(cut(&trace, low)))
    }
}

/// Returns the headers of an event's dead letter: its own, without what earlier attempts left there, and the record.
pub fn dead_letter_headers(headers: &[(String, Vec<u8>)], record: &str) -> Vec<(String, Vec<u8>)> {
    let kept = headers.iter().filter(|(name, _)| name != ATTEMPT && name != DEAD_LETTER).cloned();
    kept.chain([(DEAD_LETTER.to_owned(), record.as_bytes().to_vec())]).collect()
}

fn non_empty(text: String, other: &str) -> String {
    if text.is_empty() { other.to_owned() } else { text }
}

/// Returns at most so many characters, the last of which says that others were left out.
fn cut(text: &str, length: usize) -> String {
    if text.chars().count() <= length {
        return text.to_owned();
    }
    let kept = text.chars().take(length.saturating_sub(1));
    kept.chain(std::iter::once('…').take(length)).collect()
}

/// Returns a text without the values of sensitive fields. Of two that begin alike the longer one is meant.
fn redacted(text: &str, secrets: &[&str]) -> String {
    let mut secrets: Vec<&str> = secrets.iter().copied().filter(|secret| !secret.is_empty() && text.contains(*secret)).collect();
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    let (mut hidden, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(next) = rest.chars().next() {
        if let Some(secret) = secrets.iter().find(|secret| rest.starts_with(**secret)) {
            hidden.push_str(REDACTED);
            rest = &rest[secret.len()..];
        } else {
            hidden.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    hidden
}
