//! Labels: how wide they are, and how they stand in XML.

use std::borrow::Cow;

use eventc_model::text::is_hidden;

/// The longest label that is shown whole, in columns of a monospaced font.
const MAX_LABEL_WIDTH: usize = 54;

/// Width of a column at 12 pixels: 0.6 em in every common monospaced font.
const COLUMN_TENTHS: i32 = 72;

/// Returns the number of columns that a character takes: two for the wide ones of East Asia and pictures, one for others.
fn columns(c: char) -> usize {
    let wide = matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}' | '\u{1f300}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}');
    if wide { 2 } else { 1 }
}

/// Returns the label as it is shown: without its middle where it is long, since topics differ at both ends.
pub(super) fn short(label: &str) -> Cow<'_, str> {
    if label.chars().map(columns).sum::<usize>() <= MAX_LABEL_WIDTH {
        return Cow::Borrowed(label);
    }
    let half = MAX_LABEL_WIDTH / 2 - 1;
    let take = |chars: &mut dyn Iterator<Item = char>| {
        let mut room = half;
        let fits = |c: &char| room.checked_sub(columns(*c)).map(|left| room = left).is_some();
        chars.take_while(fits).collect::<Vec<char>>()
    };
    let (head, mut tail) = (take(&mut label.chars()), take(&mut label.chars().rev()));
    tail.reverse();
    Cow::Owned(head.into_iter().chain(['…']).chain(tail).collect())
}

/// Returns the width of a label as it is shown, in pixels.
pub(super) fn width(label: &str) -> i32 {
    let columns: usize = short(label).chars().map(columns).sum();
    (i32::try_from(columns).unwrap_or(i32::MAX / COLUMN_TENTHS) * COLUMN_TENTHS + 9) / 10
}

/// Returns text for the content of an element or a quoted attribute. Hidden characters, of which XML forbids some and some
/// reach beyond their label, become the replacement character.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if is_hidden(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_labels_lose_their_middle() {
        assert_eq!(short("omninode.codegen.request.validate.v1"), "omninode.codegen.request.validate.v1");
        let long = format!("{}{}", "a".repeat(40), "b".repeat(40));
        assert_eq!(short(&long), format!("{}…{}", "a".repeat(26), "b".repeat(26)));
        assert_eq!(short(&"漢".repeat(30)), format!("{0}…{0}", "漢".repeat(13)));
        assert_eq!((width("ab"), width("漢")), (15, 15));
    }

    #[test]
    fn text_is_no_markup() {
        assert_eq!(escape("<a b='\"&\u{0}\u{202e}"), "&lt;a b=&#39;&quot;&amp;\u{fffd}\u{fffd}");
    }
}
