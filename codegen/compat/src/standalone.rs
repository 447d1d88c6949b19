//! Single schemas as trees of their own.

use eventc_model::{
    diagnostic::Diagnostic,
    schema::{NodeId, Schemas},
    source::{Limits, Tree},
};

/// A schema that is its own tree; it may refer to the published meta-schemas.
#[derive(Debug)]
pub struct StandaloneSchema {
    /// The tree.
    pub schemas: Schemas,
    /// The schema's root.
    pub root: NodeId,
    /// Diagnostics from reading the schema.
    pub diagnostics: Vec<Diagnostic>,
}

/// The dialect of a schema that declares none.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The path that a schema has in its own tree.
const PATH: &str = "schema.json";

impl StandaloneSchema {
    /// Reads a schema's JSON text. `None` where it holds no schema at all.
    ///
    /// ```
    /// use eventc_compat::StandaloneSchema;
    /// let document = StandaloneSchema::parse(r#"{"type": "string"}"#).expect("a schema");
    /// assert!(document.diagnostics.is_empty());
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let (schemas, diagnostics) = Schemas::load(Tree::from_texts([(PATH, text)], &Limits::default()));
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
    /// use eventc_compat::StandaloneSchema;
    /// assert!(StandaloneSchema::parse_avro(r#"{"type": "record", "name": "A", "fields": []}"#).is_some());
    /// ```
    pub fn parse_avro(text: &str) -> Option<Self> {
        let (schemas, diagnostics) = Schemas::load(Tree::from_texts([("schema.avsc", text)], &Limits::default()));
        let root = schemas.root(schemas.file_id("schema.avsc")?)?;
        Some(Self { schemas, root, diagnostics })
    }

    /// Returns the schema as one side of a comparison.
    pub fn side(&self) -> super::Side<'_> {
        super::Side { schemas: &self.schemas, root: self.root }
    }
}
