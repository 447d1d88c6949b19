//! Single schemas as trees of their own.

use eventc_model::{
    diagnostic::Diagnostic,
    schema::{NodeId, Schemas},
    source::{Limits, Tree},
};
use referencing::meta;
use serde_json::Value;

/// A schema that is its own tree, beside the meta-schemas that it may refer to.
#[derive(Debug)]
pub struct Document {
    /// The tree.
    pub schemas: Schemas,
    /// The schema's root.
    pub root: NodeId,
    /// What reading it found.
    pub diagnostics: Vec<Diagnostic>,
}

/// A file of a meta-schema: its path, and its schema.
type MetaFile = (&'static str, fn() -> &'static Value);

/// The meta-schemas by the text that their URIs have in common.
const META: &[(&str, &[MetaFile])] = &[
    ("json-schema.org/draft-04/schema", &[("draft-04.json", || &meta::DRAFT4)]),
    ("json-schema.org/draft-06/schema", &[("draft-06.json", || &meta::DRAFT6)]),
    ("json-schema.org/draft-07/schema", &[("draft-07.json", || &meta::DRAFT7)]),
    (
        "json-schema.org/draft/2019-09/",
        &[
            ("2019-09/schema.json", || &meta::DRAFT201909),
            ("2019-09/applicator.json", || &meta::DRAFT201909_APPLICATOR),
            ("2019-09/content.json", || &meta::DRAFT201909_CONTENT),
            ("2019-09/core.json", || &meta::DRAFT201909_CORE),
            ("2019-09/format.json", || &meta::DRAFT201909_FORMAT),
            ("2019-09/meta-data.json", || &meta::DRAFT201909_META_DATA),
            ("2019-09/validation.json", || &meta::DRAFT201909_VALIDATION),
        ],
    ),
    (
        "json-schema.org/draft/2020-12/",
        &[
            ("2020-12/schema.json", || &meta::DRAFT202012),
            ("2020-12/applicator.json", || &meta::DRAFT202012_APPLICATOR),
            ("2020-12/content.json", || &meta::DRAFT202012_CONTENT),
            ("2020-12/core.json", || &meta::DRAFT202012_CORE),
            ("2020-12/format-annotation.json", || &meta::DRAFT202012_FORMAT_ANNOTATION),
            ("2020-12/meta-data.json", || &meta::DRAFT202012_META_DATA),
            ("2020-12/unevaluated.json", || &meta::DRAFT202012_UNEVALUATED),
            ("2020-12/validation.json", || &meta::DRAFT202012_VALIDATION),
        ],
    ),
];

/// What a schema is written in that does not say it.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The path that a schema has in its own tree.
const PATH: &str = "schema.json";

impl Document {
    /// Reads a schema's JSON text. `None` where it holds no schema at all.
    ///
    /// ```
    /// use eventc_codegen::compat::Document;
    /// let document = Document::parse(r#"{"type": "string"}"#).expect("a schema");
    /// assert!(document.diagnostics.is_empty());
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        // Only what stands under a reference counts; a `$schema` alone needs no meta-schema to be read.
        let referred = |uri: &str| text.match_indices(uri).any(|(at, _)| refers(&text[..at]));
        let metas: Vec<(String, String)> = META
            .iter()
            .filter(|(uri, _)| referred(uri))
            .flat_map(|(_, files)| *files)
            .map(|(path, schema)| (format!("json-schema.org/{path}"), schema().to_string()))
            .collect();
        let files = metas.iter().map(|(path, text)| (path.as_str(), text.as_str())).chain([(PATH, text)]);
        let (schemas, diagnostics) = Schemas::load(Tree::from_texts(files, &Limits::default()));
        match schemas.root(schemas.file_id(PATH)?) {
            Some(root) => Some(Self { schemas, root, diagnostics }),
            // An object without a word of JSON Schema is one all the same: nobody else could be meant here.
            None if !text.contains(DIALECT) => {
                let rest = text.trim_start().strip_prefix('{')?.trim_start();
                let comma = if rest.starts_with('}') { "" } else { "," };
                Self::parse(&format!("{{\"$schema\":\"{DIALECT}\"{comma}{rest}"))
            }
            None => None,
        }
    }

    /// Reads the text of an Avro schema. `None` where it holds none; `diagnostics` then have no one to say why, so read such files
    /// through [`Schemas::load`].
    ///
    /// ```
    /// use eventc_codegen::compat::Document;
    /// assert!(Document::parse_avro(r#"{"type": "record", "name": "A", "fields": []}"#).is_some());
    /// ```
    pub fn parse_avro(text: &str) -> Option<Self> {
        let (schemas, diagnostics) = Schemas::load(Tree::from_texts([("schema.avsc", text)], &Limits::default()));
        let root = schemas.root(schemas.file_id("schema.avsc")?)?;
        Some(Self { schemas, root, diagnostics })
    }

    /// The schema as one side of a comparison.
    pub fn side(&self) -> super::Side<'_> {
        super::Side { schemas: &self.schemas, root: self.root }
    }
}

/// Whether the text before a URI is that of a reference's value.
fn refers(before: &str) -> bool {
    let before = before.trim_end_matches("https://").trim_end_matches("http://").trim_end_matches('"').trim_end();
    before.strip_suffix(':').is_some_and(|key| key.trim_end().ends_with("Ref\"") || key.trim_end().ends_with("$ref\""))
}
