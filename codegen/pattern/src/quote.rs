//! Quoted text in patterns, as Java and Perl write it.

use std::borrow::Cow;

/// Turns `\Q…\E` into characters that mean themselves. A quotation without an end goes on to the end of the pattern.
pub(super) fn unquote(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut rest = text;
    let mut quoted = false;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        if let Some(after) = escape.strip_prefix("\\Q") {
            let (inside, behind) = after.split_once("\\E").unwrap_or((after, ""));
            inside.chars().for_each(|c| push(&mut out, c));
            (rest, quoted) = (behind, true);
        } else {
            let length = escape.chars().take(2).map(char::len_utf8).sum();
            out.push_str(&escape[..length]);
            rest = &escape[length..];
        }
    }
    if !quoted {
        return text.into();
    }
    out.push_str(rest);
    out.into()
}

fn push(out: &mut String, c: char) {
    if !c.is_alphanumeric() {
        out.push('\\');
    }
    out.push(c);
}

#[cfg(test)]
mod tests {
    use super::unquote;

    #[test]
    fn quoted_text_means_itself() {
        for (text, expected) in
            [(r"^\Qa.b\E$", r"^a\.b$"), (r"\Q", ""), (r"\Q(é", r"\(é"), (r"\\Q.\d\", r"\\Q.\d\"), (r"\Q\\Ex", r"\\x"), (r"\E", r"\E")]
        {
            assert_eq!(unquote(text), expected, "{text}");
        }
    }
}
