//! Names for the parts of a document: AsyncAPI allows letters, digits, dots, dashes and underscores ("Components Object").

use std::collections::HashSet;

/// Names that every object of JavaScript has already: as a key it breaks tools that ask an object about itself.
const OF_OBJECTS: [&str; 7] =
    ["constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf"];

/// Returns the text as a key. Underscores do not lead, so that no key means something to the tools that read it (`__proto__`).
pub(super) fn key(text: &str) -> String {
    let safe: String = text.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' }).collect();
    let trimmed = safe.trim_start_matches(['_', '.']);
    match trimmed {
        "" => "unnamed".to_owned(),
        _ if OF_OBJECTS.contains(&trimmed) => format!("{trimmed}_"),
        _ => trimmed.to_owned(),
    }
}

/// The keys of one place, no two of which differ by case alone, since file systems and generated code may not tell them apart.
#[derive(Default)]
pub(super) struct Keys(HashSet<String>);

impl Keys {
    /// Returns a key for the text: with a number where another text has it already.
    pub(super) fn unique(&mut self, text: &str) -> String {
        let stem = key(text);
        let (mut name, mut number) = (stem.clone(), 2_u32);
        while !self.0.insert(name.to_ascii_lowercase()) {
            name = format!("{stem}-{number}");
            number += 1;
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_safe_and_differ() {
        let mut keys = Keys::default();
        for (text, expected) in [("a.b-c_1", "a.b-c_1"), ("a/b~c{d}", "a_b_c_d_"), ("A.B-c_1", "A.B-c_1-2"), ("__proto__", "proto__")] {
            assert_eq!(keys.unique(text), expected);
        }
        assert_eq!(key("ω"), "unnamed");
        assert_eq!(key("toString"), "toString_");
    }
}
