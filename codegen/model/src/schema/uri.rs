//! URIs of schemas: as much of RFC 3986 as identifiers need.

/// The URI of a file without `$id` is this and its path.
pub(super) const TREE: &str = "tree:///";

/// Joins a reference to a base URI (RFC 3986, section 5.2, as far as identifiers of schemas go).
pub(super) fn join(base: &str, reference: &str) -> String {
    if has_scheme(reference) {
        return reference.to_owned();
    }
    let (scheme, rest) = base.split_once("://").unwrap_or(("", base));
    let (authority, path) = rest.split_once('/').map_or((rest, ""), |(authority, path)| (authority, path));
    if let Some(reference) = reference.strip_prefix("//") {
        return format!("{scheme}://{reference}");
    }
    if !base.contains("://") {
        // An opaque base, such as a URN, has no path to resolve against.
        return reference.to_owned();
    }
    let merged = match reference.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("{}{reference}", path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"))),
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in merged.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("{scheme}://{authority}/{}", parts.join("/"))
}

pub(super) fn has_scheme(reference: &str) -> bool {
    reference.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

/// Returns whether a relative reference from a file of the tree climbs above its root.
pub(super) fn climbs_out(base: &str, reference: &str) -> bool {
    let Some(path) = base.strip_prefix(TREE) else { return false };
    if has_scheme(reference) || reference.starts_with('/') || reference.is_empty() {
        return false;
    }
    let mut depth = path.matches('/').count();
    for part in reference.split('/') {
        match part {
            ".." if depth == 0 => return true,
            ".." => depth -= 1,
            "." | "" => {}
            _ => depth += 1,
        }
    }
    false
}

pub(super) fn encode_path(path: &str) -> String {
    path.replace('%', "%25").replace('#', "%23").replace('?', "%3F").replace(' ', "%20")
}

/// Returns a path with everything escaped that a validator's URIs may not have.
pub(super) fn encode(path: &str) -> String {
    path.bytes().fold(String::with_capacity(path.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/$".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

pub(super) fn percent_decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok())).flatten();
        out.push(hex.unwrap_or(bytes[at]));
        at += if hex.is_some() { 3 } else { 1 };
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_join_like_urls() {
        for (base, reference, expected) in [
            ("tree:///a/b.json", "c.json", "tree:///a/c.json"),
            ("tree:///a/b.json", "../c.json", "tree:///c.json"),
            ("tree:///a/b.json", "/c.json", "tree:///c.json"),
            ("https://example.com/s/root.json", "item.json", "https://example.com/s/item.json"),
            ("https://example.com/root.json", "//other.org/x", "https://other.org/x"),
            ("urn:example:root", "urn:example:other", "urn:example:other"),
            ("tree:///a/b.json", "https://example.com/x", "https://example.com/x"),
        ] {
            assert_eq!(join(base, reference), expected);
        }
    }

    #[test]
    fn climbing_out_is_seen() {
        assert!(climbs_out("tree:///a/b.json", "../../c.json"));
        assert!(!climbs_out("tree:///a/b.json", "../c.json"));
        assert!(!climbs_out("https://example.com/a", "../../c.json"));
    }
}
