//! Properties that a pattern names, as far as keys of TypeScript can say it.

/// Returns the template of the keys that a pattern matches, such as `x-${string}` for `^x-`, as the text before and after
/// what may be anything; `None` where the pattern says more than a beginning and an end.
pub(super) fn template(pattern: &str) -> Option<(String, String)> {
    let (start, rest) = pattern.strip_prefix('^').map_or((false, pattern), |rest| (true, rest));
    let (end, rest) = rest.strip_suffix('$').filter(|rest| !rest.ends_with('\\')).map_or((false, rest), |rest| (true, rest));
    let parts: Vec<&str> = rest.split(".*").collect();
    match (start, end, &parts[..]) {
        (true, false, [text] | [text, ""]) => Some((literal(text)?, String::new())),
        (false, true, [text] | ["", text]) | (true, true, ["", text]) => Some((String::new(), literal(text)?)),
        (true, true, [before, after]) => Some((literal(before)?, literal(after)?)),
        _ => None,
    }
    .filter(|(before, after)| !before.is_empty() || !after.is_empty())
}

/// Returns the text that a pattern without operators matches.
fn literal(pattern: &str) -> Option<String> {
    let mut out = String::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.push(chars.next().filter(|c| !c.is_ascii_alphanumeric())?),
            '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '^' | '$' => return None,
            c if c.is_ascii_alphanumeric() || "_-:/@ ".contains(c) => out.push(c),
            _ => return None,
        }
    }
    Some(out)
}

/// Returns whether a key fits a template.
pub(super) fn fits(key: &str, (before, after): &(String, String)) -> bool {
    key.len() >= before.len() + after.len() && key.starts_with(before.as_str()) && key.ends_with(after.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_and_ends_are_templates() {
        let check = |pattern: &str, expected: Option<(&str, &str)>| {
            let found = template(pattern);
            assert_eq!(found.as_ref().map(|(before, after)| (before.as_str(), after.as_str())), expected, "{pattern}");
        };
        check("^x-", Some(("x-", "")));
        check("^x\\-.*$", Some(("x-", "")));
        check("_id$", Some(("", "_id")));
        check("^a.*_b$", Some(("a", "_b")));
        check("^x$", None);
        check("^[a-z]+$", None);
        check("^x-\\d", None);
        check("^.*$", None);
        check("", None);
    }
}
