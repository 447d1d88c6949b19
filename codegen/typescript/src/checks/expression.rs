//! Expressions as text: where parentheses are needed.

/// Returns the expression without the parentheses around the whole of it.
pub(super) fn strip(expression: &str) -> &str {
    if expression.starts_with('(') && closes_at_end(expression) { &expression[1..expression.len() - 1] } else { expression }
}

/// Returns whether the expression is one call.
pub(super) fn is_call(expression: &str) -> bool {
    let Some(open) = expression.find('(') else { return false };
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
    open > 0 && expression[..open].chars().all(is_name) && closes_at_end(&expression[open..])
}

/// Returns the expression as an operand of `!`.
pub(super) fn in_parentheses(expression: &str) -> String {
    let whole = matches!(expression, "true" | "false") || is_call(expression) || strip(expression) != expression;
    if whole { expression.to_owned() } else { format!("({expression})") }
}

/// Returns whether the parenthesis that the text begins with is closed by its last character.
fn closes_at_end(text: &str) -> bool {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1 == text.len();
                }
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parentheses_stand_where_they_must() {
        for (expression, expected) in [
            ("f(v)", "f(v)"),
            ("f(v) || g(v)", "(f(v) || g(v))"),
            ("(a) && (b)", "((a) && (b))"),
            ("(a && b)", "(a && b)"),
            ("(v === \")\")", "(v === \")\")"),
            ("$r1.test(v)", "$r1.test(v)"),
            ("v === null", "(v === null)"),
        ] {
            assert_eq!(in_parentheses(expression), expected);
        }
    }
}
