//! Properties of characters by name: `\p{…}`.

use regex_syntax::hir::{Class, HirKind};

use super::class::{CharSet, ranges_of};

/// The values of `General_Category`, and the binary properties that ECMA-262 names (tables 67 and 68), each by all its names; without
/// `Changes_When_NFKC_Casefolded`, of which no table is at hand.
const ALONE: &str = " \
    Cased_Letter LC Close_Punctuation Pe Connector_Punctuation Pc Control Cc cntrl Currency_Symbol Sc Dash_Punctuation Pd Decimal_Number Nd digit \
    Enclosing_Mark Me Final_Punctuation Pf Format Cf Initial_Punctuation Pi Letter L Letter_Number Nl Line_Separator Zl Lowercase_Letter Ll Mark M \
    Combining_Mark Math_Symbol Sm Modifier_Letter Lm Modifier_Symbol Sk Nonspacing_Mark Mn Number N Open_Punctuation Ps Other C Other_Letter Lo \
    Other_Number No Other_Punctuation Po Other_Symbol So Paragraph_Separator Zp Private_Use Co Punctuation P punct Separator Z Space_Separator Zs \
    Spacing_Mark Mc Surrogate Cs Symbol S Titlecase_Letter Lt Unassigned Cn Uppercase_Letter Lu \
    ASCII ASCII_Hex_Digit AHex Alphabetic Alpha Any Assigned Bidi_Control Bidi_C Bidi_Mirrored Bidi_M Case_Ignorable CI Cased \
    Changes_When_Casefolded CWCF Changes_When_Casemapped CWCM Changes_When_Lowercased CWL \
    Changes_When_Titlecased CWT Changes_When_Uppercased CWU Dash Default_Ignorable_Code_Point DI Deprecated Dep Diacritic Dia Emoji \
    Emoji_Component EComp Emoji_Modifier EMod Emoji_Modifier_Base EBase Emoji_Presentation EPres Extended_Pictographic ExtPict Extender Ext \
    Grapheme_Base Gr_Base Grapheme_Extend Gr_Ext Hex_Digit Hex IDS_Binary_Operator IDSB IDS_Trinary_Operator IDST ID_Continue IDC ID_Start IDS \
    Ideographic Ideo Join_Control Join_C Logical_Order_Exception LOE Lowercase Lower Math Noncharacter_Code_Point NChar Pattern_Syntax Pat_Syn \
    Pattern_White_Space Pat_WS Quotation_Mark QMark Radical Regional_Indicator RI Sentence_Terminal STerm Soft_Dotted SD Terminal_Punctuation Term \
    Unified_Ideograph UIdeo Uppercase Upper Variation_Selector VS White_Space space XID_Continue XIDC XID_Start XIDS ";

/// Returns the characters of a property as ECMA-262 names it; `None` where it has no such name.
pub(super) fn of_ecma(name: &str) -> Option<CharSet> {
    let is_known = match name.split_once('=') {
        None => is_alone(name),
        Some(("General_Category" | "gc", value)) => is_alone(value) && lookup(&format!("gc={value}")).is_some(),
        Some(("Script" | "sc" | "Script_Extensions" | "scx", value)) => {
            value.split('_').all(is_word) && value != "Unknown" && value != "Zzzz"
        }
        Some(_) => false,
    };
    if is_known { lookup(name) } else { None }
}

/// Returns the characters of a property as Java, Perl and Rust also name it: `\p{Greek}`, `\p{IsGreek}`, `\p{IsL}`.
pub(super) fn of_others(name: &str) -> Option<CharSet> {
    let unprefixed = name.strip_prefix("Is").unwrap_or(name);
    let is_script = |name: &str| of_ecma(&format!("Script={name}"));
    of_ecma(name).or_else(|| of_ecma(unprefixed)).or_else(|| is_script(unprefixed))
}

/// Returns a class of POSIX, for ASCII.
pub(super) fn posix(name: &str) -> Option<CharSet> {
    const DIGIT: (u32, u32) = (0x30, 0x39);
    const UPPER: (u32, u32) = (0x41, 0x5a);
    const LOWER: (u32, u32) = (0x61, 0x7a);
    let ranges: &[(u32, u32)] = match name {
        "alnum" => &[DIGIT, UPPER, LOWER],
        "alpha" => &[UPPER, LOWER],
        "ascii" => &[(0, 0x7f)],
        "blank" => &[(0x09, 0x09), (0x20, 0x20)],
        "cntrl" => &[(0, 0x1f), (0x7f, 0x7f)],
        "digit" => &[DIGIT],
        "graph" => &[(0x21, 0x7e)],
        "lower" => &[LOWER],
        "print" => &[(0x20, 0x7e)],
        "punct" => &[(0x21, 0x2f), (0x3a, 0x40), (0x5b, 0x60), (0x7b, 0x7e)],
        "space" => &[(0x09, 0x0d), (0x20, 0x20)],
        "upper" => &[UPPER],
        "word" => &[DIGIT, UPPER, (0x5f, 0x5f), LOWER],
        "xdigit" => &[DIGIT, (0x41, 0x46), (0x61, 0x66)],
        _ => return None,
    };
    Some(CharSet::of(ranges))
}

fn is_alone(name: &str) -> bool {
    is_name(name) && ALONE.contains(&format!(" {name} "))
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Returns whether a text is a word of a script's name.
fn is_word(word: &str) -> bool {
    is_name(word)
        && word.starts_with(|first: char| first.is_ascii_uppercase())
        && word.bytes().skip(1).any(|byte| byte.is_ascii_lowercase())
}

/// Returns the characters of a property by a name that the table of Unicode knows.
fn lookup(name: &str) -> Option<CharSet> {
    if name == "Surrogate" || name == "Cs" {
        return Some(CharSet::of(&[(0xd800, 0xdfff)]));
    }
    let hir = regex_syntax::parse(&format!("\\p{{{name}}}")).ok()?;
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => Some(CharSet::of(&ranges_of(class))),
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            Some(CharSet::of(&text.chars().map(|c| (u32::from(c), u32::from(c))).collect::<Vec<_>>()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_ecma() {
        for name in ALONE.split_whitespace() {
            let engine = regress::Regex::with_flags(&format!("\\p{{{name}}}"), "u");
            assert!(engine.is_ok(), "{name}");
            assert!(of_ecma(name).is_some(), "{name}");
        }
        for name in ["Script=Greek", "sc=Grek", "scx=Latin", "gc=Lu", "General_Category=Letter", "Script=Old_Italic"] {
            assert!(of_ecma(name).is_some(), "{name}");
        }
        for name in ["Foo", "", "Greek", "IsL", "l", "letter", "Script=greek", "gc=Alphabetic", "Script=", "=L", "Script=L", "L} "] {
            assert!(of_ecma(name).is_none(), "{name}");
        }
        assert!(of_others("Greek").is_some() && of_others("IsLatin").is_some() && of_others("IsL").is_some() && of_others("Foo").is_none());
    }
}
