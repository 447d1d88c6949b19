//! JSON as people keep it: comments and trailing commas, put out of the way before a parser sees the text.

/// A text without its comments and trailing commas, each byte of them a space, so that every place stays where it is.
#[derive(Debug)]
pub(super) struct UncommentedText {
    pub(super) text: String,
    /// The offset of the first comment or comma.
    pub(super) first: usize,
    pub(super) comments: usize,
    pub(super) commas: usize,
}

/// Blanks comments and trailing commas. `None` where the text has neither.
pub(super) fn blank(text: &str) -> Option<UncommentedText> {
    let mut bytes = text.as_bytes().to_vec();
    let mut found: Vec<usize> = Vec::new();
    blank_comments(&mut bytes, &mut found);
    let comments = found.len();
    blank_commas(&mut bytes, &mut found);
    let first = found.iter().copied().min()?;
    // Comments begin and end with ASCII, so that no character is cut.
    let text = String::from_utf8(bytes).ok()?;
    Some(UncommentedText { text, first, comments, commas: found.len() - comments })
}

fn blank_comments(bytes: &mut [u8], found: &mut Vec<usize>) {
    let mut at = 0;
    while at < bytes.len() {
        let end = match (bytes[at], bytes.get(at + 1)) {
            (b'"', _) => {
                at = after_string(bytes, at);
                continue;
            }
            (b'/', Some(b'/')) => Some(line_end(bytes, at)),
            (b'/', Some(b'*')) => memchr::memmem::find(&bytes[at + 2..], b"*/").map(|end| at + 2 + end + 2),
            _ => None,
        };
        let Some(end) = end else {
            at += 1;
            continue;
        };
        found.push(at);
        bytes[at..end].iter_mut().filter(|byte| !matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
        at = end;
    }
}

/// Blanks commas between a value and a closing bracket.
fn blank_commas(bytes: &mut [u8], found: &mut Vec<usize>) {
    let (mut at, mut before, mut comma) = (0, b'[', None);
    while at < bytes.len() {
        let byte = bytes[at];
        let next = if byte == b'"' { after_string(bytes, at) } else { at + 1 };
        if !byte.is_ascii_whitespace() {
            if let Some(comma) = comma.take().filter(|_| matches!(byte, b'}' | b']')) {
                found.push(comma);
                bytes[comma] = b' ';
            }
            comma = (byte == b',' && !matches!(before, b'[' | b'{' | b',' | b':')).then_some(at);
            before = byte;
        }
        at = next;
    }
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', &bytes[from..]).map_or(bytes.len(), |end| from + end)
}

/// Returns the offset after the string that begins here.
fn after_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += found + 1;
        if bytes[at - 1] == b'"' {
            return at;
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_trailing_commas_become_spaces() {
        for (text, expected) in [
            ("{\"a\": 1, // é\r\n \"b\": [2, ],}", Some("{\"a\": 1,      \r\n \"b\": [2  ] }")),
            ("/* a\n b */{\"a\": \"// no, }\"}", Some("    \n     {\"a\": \"// no, }\"}")),
            ("[1 /* x */ , // y\n]", Some("[1               \n]")),
            ("[1]", None),
            ("[,]", None),
            ("{\"a\":,}", None),
            ("[1,,]", None),
            ("[1] /* never ends", None),
            ("\"\\\"//\"", None),
        ] {
            assert_eq!(blank(text).map(|plain| plain.text), expected.map(str::to_owned), "{text}");
        }
    }
}
