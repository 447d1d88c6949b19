//! Dialects that a tree describes itself: a file that others name as their `$schema` (2020-12, section 8.1).

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::Dialect;
use crate::syntax::Document;

/// The meaning of a schema's keywords: a dialect, and the vocabularies of it that do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct EffectiveDialect {
    pub(super) dialect: Dialect,
    pub(super) without: Without,
}

impl EffectiveDialect {
    pub(super) fn all_of(dialect: Dialect) -> Self {
        Self { dialect, without: Without::default() }
    }
}

/// Vocabularies that a dialect does not use: their keywords are annotations there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Without {
    applicator: bool,
    validation: bool,
    unevaluated: bool,
}

impl Without {
    /// Returns whether a keyword demands nothing, since its vocabulary does not count.
    pub(super) fn covers(self, keyword: &str) -> bool {
        match keyword {
            _ if self == Self::default() => false,
            "unevaluatedProperties" | "unevaluatedItems" => self.unevaluated,
            "properties"
            | "patternProperties"
            | "additionalProperties"
            | "propertyNames"
            | "dependentSchemas"
            | "prefixItems"
            | "items"
            | "additionalItems"
            | "contains"
            | "allOf"
            | "anyOf"
            | "oneOf"
            | "not"
            | "if"
            | "then"
            | "else" => self.applicator,
            "type" | "const" | "enum" | "multipleOf" | "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "minLength"
            | "maxLength" | "pattern" | "minItems" | "maxItems" | "uniqueItems" | "minContains" | "maxContains" | "minProperties"
            | "maxProperties" | "required" | "dependentRequired" => self.validation,
            _ => false,
        }
    }

    /// Returns what the `$vocabulary` of a meta-schema leaves out.
    fn of(vocabularies: &Value, dialect: Dialect) -> Self {
        let Some(used) = vocabularies.as_object().filter(|_| dialect >= Dialect::Draft2019) else { return Self::default() };
        let lacks = |name: &str| !used.keys().any(|uri| uri.trim_end_matches('#').ends_with(&format!("/vocab/{name}")));
        // In 2019-09 the applicators include the two keywords.
        let unevaluated = if dialect == Dialect::Draft2019 { "applicator" } else { "unevaluated" };
        Self { applicator: lacks("applicator"), validation: lacks("validation"), unevaluated: lacks(unevaluated) }
    }
}

/// The dialects that files of a tree describe, by their URI.
#[derive(Debug, Default)]
pub(super) struct Described<'a>(FxHashMap<&'a str, EffectiveDialect>);

impl<'a> Described<'a> {
    /// Reads those of files that say an `$id`, and a published dialect of their own.
    pub(super) fn read(files: &'a [Document]) -> Self {
        let described = files.iter().filter_map(|file| {
            let dialect = Dialect::of(file.value.get("$schema")?.as_str()?)?;
            let uri = file.value.get(dialect.id_keyword())?.as_str()?.trim_end_matches('#');
            let without = file.value.get("$vocabulary").map(|used| Without::of(used, dialect)).unwrap_or_default();
            Some((uri, EffectiveDialect { dialect, without }))
        });
        Self(described.collect())
    }

    /// Returns the words of a published dialect, or of one that the tree describes.
    pub(super) fn of(&self, uri: &str) -> Option<EffectiveDialect> {
        Dialect::of(uri).map(EffectiveDialect::all_of).or_else(|| self.0.get(uri.trim_end_matches('#')).copied())
    }
}
