//! Texts of a format that have a given length.

/// No label of a host name is longer.
const MAX_LABEL: usize = 60;

/// No local part of an address is longer.
const MAX_LOCAL: usize = 64;

/// Returns a text of so many characters that most likely satisfies a format; `None` where none is known.
pub(super) fn sample(format: &str, length: usize) -> Option<String> {
    let padded = |start: &str, end: &str| {
        let inner = length.checked_sub(start.len() + end.len())?;
        Some(format!("{start}{}{end}", "1".repeat(inner)))
    };
    match format {
        "email" | "idn-email" => address(length),
        "hostname" | "idn-hostname" => host(length),
        "ipv4" => Some(spread("1", '.', 4, 3, length)).filter(|text| text.len() == length),
        "ipv6" => ipv6(length),
        "uri" | "iri" => padded("https://example.com/", "").or_else(|| padded("a:", "")),
        "uri-reference" | "iri-reference" | "uri-template" | "regex" => padded("", ""),
        "json-pointer" => padded("/", ""),
        "relative-json-pointer" => padded("0/", "").or_else(|| padded("", "")),
        "date-time" => with_fraction("2020-01-31T12:00:00", length),
        "time" => with_fraction("12:00:00", length),
        "duration" => padded("P", "D"),
        _ => None,
    }
}

fn address(length: usize) -> Option<String> {
    const DOMAIN: &str = "@example.com";
    match length.checked_sub(DOMAIN.len()) {
        Some(local @ 1..=MAX_LOCAL) => Some(format!("{}{DOMAIN}", "a".repeat(local))),
        Some(local) if local > MAX_LOCAL => Some(format!("{}@{}", "a".repeat(MAX_LOCAL), host(length - MAX_LOCAL - 1)?)),
        _ => Some(format!("a@{}", host(length.checked_sub(2)?)?)),
    }
}

fn host(length: usize) -> Option<String> {
    let mut labels = Vec::new();
    let mut left = length;
    while left > MAX_LABEL + 2 {
        labels.push("a".repeat(MAX_LABEL));
        left -= MAX_LABEL + 1;
    }
    // A domain of two labels is what most ask for.
    match left.checked_sub(3) {
        Some(first @ 1..) => labels.extend(["b".repeat(first), "co".to_owned()]),
        _ => labels.push("b".repeat(left)),
    }
    (left > 0).then(|| labels.join("."))
}

/// Returns groups of digits, the first as long as they can be, with so many characters.
fn spread(digit: &str, between: char, groups: usize, most: usize, length: usize) -> String {
    let mut extra = length.saturating_sub(2 * groups - 1);
    let mut out = String::new();
    for group in 0..groups {
        let more = extra.min(most - 1);
        extra -= more;
        if group > 0 {
            out.push(between);
        }
        out.push_str(digit);
        out.push_str(&"0".repeat(more));
    }
    out
}

fn ipv6(length: usize) -> Option<String> {
    const GROUPS: usize = 8;
    if length >= 2 * GROUPS - 1 {
        return Some(spread("1", ':', GROUPS, 4, length)).filter(|text| text.len() == length);
    }
    let digits = length.checked_sub(2)?;
    match (digits + 1).div_ceil(5) {
        _ if digits == 0 => Some("::".to_owned()),
        groups => Some(format!("::{}", spread("1", ':', groups, 4, digits))).filter(|text| text.len() == length),
    }
}

fn with_fraction(start: &str, length: usize) -> Option<String> {
    match length.checked_sub(start.len() + 1)? {
        0 => Some(format!("{start}Z")),
        1 => None,
        digits => Some(format!("{start}.{}Z", "1".repeat(digits - 1))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::accepts;

    #[test]
    fn samples_have_their_length_and_satisfy_their_format() {
        for (format, lengths) in [
            ("email", 6..=250),
            ("idn-email", 6..=250),
            ("hostname", 1..=250),
            ("ipv4", 7..=15),
            ("ipv6", 2..=39),
            ("uri", 3..=400),
            ("iri", 3..=400),
            ("uri-reference", 0..=400),
            ("uri-template", 0..=400),
            ("json-pointer", 1..=400),
            ("relative-json-pointer", 1..=400),
            ("duration", 3..=12),
            ("regex", 0..=400),
        ] {
            for length in lengths {
                let text = sample(format, length).unwrap_or_else(|| panic!("{format}, {length}"));
                assert_eq!(text.len(), length, "{format}: {text}");
                assert!(accepts(0, format, &text), "{format}: {text}");
            }
        }
        for length in [20, 22, 23, 30, 60] {
            assert!(sample("date-time", length).is_some_and(|text| text.len() == length && accepts(0, "date-time", &text)), "{length}");
        }
    }
}
