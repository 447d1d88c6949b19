//! Identifiers that Rust accepts, and that hide nothing the generated code itself needs.
//!
//! Names come unique from the model and never end in an underscore, so an underscore at the end is always free as an escape.

use proc_macro2::{Ident, Span};

/// Every word that Rust reserves in some edition.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum", "extern", "false",
    "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while",
    "yield",
];

/// Words that cannot be raw identifiers either.
const NEVER_RAW: &[&str] = &["self", "super", "crate", "Self", "_"];

/// Type names that would hide what the prelude or a generated item means by them.
const HIDING: &[&str] = &[
    "AnyEvent",
    "AsMut",
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "P",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
];

/// File stems that mean something to Cargo, rustc or Windows.
const TAKEN_FILES: &[&str] = &["lib", "main", "mod", "aux", "con", "nul", "prn"];

/// The field for properties without one. It has this name in every object, and no property takes it.
pub(crate) const EXTRA: &str = "extra";

/// Modules at the root of a package that no schema makes.
pub(crate) const TOPICS: &str = "topics";
pub(crate) const RUNTIME: &str = "eventc";

/// Returns the identifier of a field: raw where it is a keyword.
pub(crate) fn field(name: &str) -> Ident {
    let name = spell(name);
    if name == EXTRA {
        return plain(&format!("{EXTRA}_"));
    }
    if KEYWORDS.contains(&name.as_str()) { Ident::new_raw(&name, Span::call_site()) } else { plain(&name) }
}

/// Returns the identifier of a variant.
pub(crate) fn variant(name: &str) -> Ident {
    plain(&spell(name))
}

/// Returns the identifier of a type, which stands beside the prelude and the builders of other types.
pub(crate) fn type_name(name: &str) -> Ident {
    let name = spell(name);
    if HIDING.contains(&name.as_str()) || name.ends_with("Builder") { plain(&format!("{name}_")) } else { plain(&name) }
}

/// Returns the name of a module and of its file: in ASCII, since Rust finds files for no other names.
pub(crate) fn module(name: &str) -> String {
    let ascii = |c: char| if c.is_ascii() { c.to_string() } else { format!("_u{:x}", u32::from(c)) };
    let name: String = spell(name).chars().map(ascii).collect();
    let device = name.len() == 4 && (name.starts_with("com") || name.starts_with("lpt")) && name.ends_with(|c: char| c.is_ascii_digit());
    if device || [KEYWORDS, NEVER_RAW, TAKEN_FILES].concat().contains(&name.as_str()) { format!("{name}_") } else { name }
}

/// Returns the path of a module below the root of the package.
pub(crate) fn path(parts: &[String]) -> Vec<String> {
    let mut path: Vec<String> = parts.iter().map(|part| module(part)).collect();
    if let Some(first) = path.first_mut().filter(|first| [TOPICS, RUNTIME].contains(&first.as_str())) {
        first.push('_');
    }
    path
}

/// Returns the name of a constant or static.
pub(crate) fn constant(name: &str) -> Ident {
    plain(&spell(&eventc_model::names::snake(name)).to_uppercase())
}

/// Returns an identifier that is known to be valid.
pub(crate) fn plain(name: &str) -> Ident {
    let reserved = NEVER_RAW.contains(&name) || KEYWORDS.contains(&name);
    Ident::new(&if reserved { format!("{name}_") } else { name.to_owned() }, Span::call_site())
}

/// Returns the first of a name, its form with an underscore and so on that is not taken.
pub(crate) fn free(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut name = name.to_owned();
    while taken(&name) {
        name.push('_');
    }
    name
}

/// Returns the name in characters that Rust takes. Others, and those that another character stands for once the compiler has
/// normalized the name, are spelled by their number.
fn spell(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        let folds = matches!(u32::from(c), 0x212a..=0x212b | 0x2126 | 0xf900..=0xfaff | 0x2f800..=0x2fa1f);
        let start = unicode_ident::is_xid_start(c) || c == '_';
        if !folds && (start || (!out.is_empty() && unicode_ident::is_xid_continue(c))) {
            out.push(c);
        } else {
            out.push_str(&format!("_u{:x}", u32::from(c)));
        }
    }
    if out.is_empty() { "_empty".to_owned() } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_raw_fields_where_they_can_be() {
        for (name, expected) in [
            ("type", "r#type"),
            ("gen", "r#gen"),
            ("self", "self_"),
            ("super", "super_"),
            ("crate", "crate_"),
            ("name", "name"),
            ("_3d", "_3d"),
            ("größe", "größe"),
            ("a\u{24d0}", "a_u24d0"),
        ] {
            assert_eq!(field(name).to_string(), expected);
        }
    }

    #[test]
    fn types_do_not_hide_the_prelude() {
        for (name, expected) in [("Option", "Option_"), ("Self", "Self_"), ("Order", "Order"), ("P", "P_"), ("Debug", "Debug")] {
            assert_eq!(type_name(name).to_string(), expected);
        }
    }

    #[test]
    fn modules_have_file_names_that_mean_nothing_else() {
        for (name, expected) in
            [("mod", "mod_"), ("type", "type_"), ("com1", "com1_"), ("order", "order"), ("lib", "lib_"), ("größe", "gr_uf6_udfe")]
        {
            assert_eq!(module(name), expected);
        }
    }
}
