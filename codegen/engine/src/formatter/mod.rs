//! One layout for all schemas: the order of keys, and the shape of lines.
//!
//! ```
//! use eventc_codegen::{formatter::formatted, project::Project};
//!
//! let project = Project::from_texts(&[
//!     ("eventc.toml", "[[namespace]]\nname = \"shop\"\nroot = \".\"\n"),
//!     ("schemas/events/sold.v1.json", r#"{ "type": "object", "title": "Sold" }"#),
//! ])?;
//! let file = project.catalog.schemas.file_ids().next().unwrap();
//! assert_eq!(formatted(&project.catalog.schemas, file)?, "{\n  \"title\": \"Sold\",\n  \"type\": \"object\"\n}\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod json;
mod order;
#[cfg(test)]
mod tests;
mod yaml;

use std::collections::HashMap;

use eventc_model::{
    guarded, pool,
    schema::{FileId, Schemas},
    source::{Limits, SourceFile, SourceFormat},
    syntax::Document,
};
use serde_json::Value;

use self::order::{Order, orders};

/// A line is no longer than this, where it may be broken.
const WIDTH: usize = 120;

/// A reason that a file stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unformatted {
    /// The text cannot be read.
    #[error("it cannot be read ({0})")]
    Unreadable(String),
    /// A comment stands where no entry begins or ends: between a key and its value, say.
    #[error("a comment stands between a key and its value; move it above the key")]
    Comments,
    /// The result would say something else, since the text is written in a way that the formatter does not know.
    #[error("it is written in a way that cannot be laid out anew without changing what it says")]
    Changed,
}

/// Returns the text of a schema file in the one layout: JSON and Avro two spaces a level, YAML as `pretty_yaml` has it, keys of schemas,
/// of `x-event`, of Avro types and fields in one order, all else in the author's. Line ends stay what they are.
///
/// What comes back says exactly what the file says, comments included; it was read again to make sure.
///
/// # Errors
/// Where that cannot be.
pub fn formatted(schemas: &Schemas, file: FileId) -> Result<String, Unformatted> {
    let document = schemas.file(file);
    if document.broken {
        return Err(Unformatted::Unreadable("`eventc lint` says why".to_owned()));
    }
    let orders = orders(schemas, file);
    let text = document.text.replace("\r\n", "\n");
    let has_returns = text.len() != document.text.len();
    let made = pool::run(|| match document.format {
        SourceFormat::Yaml => guarded::call(|| of_yaml(&text, &orders)).unwrap_or(Err(Unformatted::Changed)),
        _ => of_json(&text, &orders),
    })?;
    Ok(if has_returns { made.replace('\n', "\r\n") } else { made })
}

fn of_json(text: &str, orders: &HashMap<String, Order>) -> Result<String, Unformatted> {
    let made = json::formatted(text, orders)?;
    // A schema in Avro is JSON here: what it amounts to is not what it says.
    if says_the_same(&made, text, SourceFormat::Json) { Ok(made) } else { Err(Unformatted::Changed) }
}

fn of_yaml(text: &str, orders: &HashMap<String, Order>) -> Result<String, Unformatted> {
    let is_right = |made: &String| says_the_same(made, text, SourceFormat::Yaml) && yaml::comments(made) == yaml::comments(text);
    // An anchor has to stand before its aliases, whatever the order.
    let ordered = yaml::ordered(text, orders)?;
    let made = yaml::formatted(&ordered).ok().filter(is_right);
    made.or_else(|| yaml::formatted(text).ok().filter(is_right)).ok_or(Unformatted::Changed)
}

fn says_the_same(made: &str, text: &str, format: SourceFormat) -> bool {
    says(text, format).is_some_and(|value| says(made, format) == Some(value))
}

/// Returns the value of a text.
fn says(text: &str, format: SourceFormat) -> Option<Value> {
    let file = SourceFile::of_text("", format, text);
    let unbounded = Limits { file_bytes: u64::MAX, depth: usize::MAX, values: usize::MAX, ..Limits::default() };
    Document::parse(file, &unbounded).0.map(|document| document.value)
}
