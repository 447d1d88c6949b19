//! Two schemas from anywhere: values, or files with what they refer to.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use eventc_model::{
    config::FormatReading,
    diagnostic::{self, Diagnostic, Level},
    locate::lexical,
    schema::{Customs, Dialect, FileId, NodeId, Schemas},
    source::{Limits, SourceFile, SourceFormat, Tree},
    syntax::Document,
    text::path_text,
};
use serde_json::{Map, Value, json};

use super::finding::{self, Against};
use crate::{
    compat::{CompareOptions, Comparison, SchemaLocation, Side, StandaloneSchema},
    report::SourceTexts,
};

/// The maximum number of files that are read for one schema.
const MAX_FILES: usize = 10_000;

/// A schema that can be compared.
#[derive(Debug)]
pub struct ComparedSchema {
    schemas: Schemas,
    root: NodeId,
    name: String,
}

/// A reason that there is nothing to compare.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// A file cannot be read.
    #[error("cannot read {}: {source}", eventc_model::text::display_path(path))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A value is no schema.
    #[error("{name} is {what}, and a schema is an object or a boolean")]
    NoSchema {
        /// Its name.
        name: String,
        /// Its kind.
        what: &'static str,
    },
    /// A tree has no such contract.
    #[error("{0} is no contract of the tree")]
    NoContract(String),
    /// The schema breaks the rules of its dialect.
    #[error("{}", .0.iter().map(crate::report::short).collect::<Vec<_>>().join("; "))]
    Broken(Vec<Diagnostic>),
}

impl ComparedSchema {
    /// Returns a schema from a value. `name` stands for its file in places; `dialect` holds where the schema does not say its own.
    ///
    /// # Errors
    /// Where the value is no schema.
    ///
    /// ```
    /// use eventc_codegen::gate::ComparedSchema;
    /// use serde_json::json;
    ///
    /// assert!(ComparedSchema::from_value("old", &json!({"type": "string"}), None).is_ok());
    /// assert!(ComparedSchema::from_value("old", &json!({"type": 7}), None).is_err());
    /// assert_eq!(ComparedSchema::from_value("old", &json!(7), None).unwrap_err().to_string(), "old is a number, and a schema is an object or a boolean");
    /// ```
    pub fn from_value(name: &str, value: &Value, dialect: Option<&str>) -> Result<Self, SourceError> {
        let text = match value {
            Value::Object(_) if names_dialect(value) => value.to_string(),
            Value::Object(members) => {
                let mut whole = Map::with_capacity(members.len() + 1);
                let told = || Dialect::from_keywords(value).unwrap_or(Dialect::Draft2020).uri();
                whole.insert("$schema".into(), dialect.unwrap_or_else(told).into());
                whole.extend(
                    members.iter().filter(|(keyword, _)| *keyword != "$schema").map(|(keyword, value)| (keyword.clone(), value.clone())),
                );
                Value::Object(whole).to_string()
            }
            Value::Bool(_) => value.to_string(),
            other => return Err(SourceError::NoSchema { name: name.to_owned(), what: kind(other) }),
        };
        let no_schema = || SourceError::NoSchema { name: name.to_owned(), what: "no JSON Schema" };
        let StandaloneSchema { mut schemas, root, mut diagnostics } = StandaloneSchema::parse(&text).ok_or_else(no_schema)?;
        // Both sides of a comparison are files of their own name in a report.
        let file = schemas.node(root).file;
        if let Some(document) = schemas.files.get_mut(file.0 as usize) {
            document.shown = name.into();
        }
        for problem in &mut diagnostics {
            problem.place.file = name.into();
        }
        let fatal = fatal(diagnostics);
        if fatal.is_empty() { Ok(Self { schemas, root, name: name.to_owned() }) } else { Err(SourceError::Broken(fatal)) }
    }

    /// Returns a schema from a file, with the files that it refers to by relative references. The paths of all are told as seen from the
    /// folder `here`, which has an absolute path.
    ///
    /// # Errors
    /// Where it cannot be read, or is no schema. A reference that leads nowhere is a question for the comparison.
    pub fn read(path: &Path, here: &Path) -> Result<Self, SourceError> {
        let start = lexical(&here.join(path));
        let files = gather(&start, path, here)?;
        let shared = files.keys().skip(1).fold(start.parent().unwrap_or(&start).to_path_buf(), |shared, path| common(&shared, path));
        let mut files: Vec<(PathBuf, SourceFile)> = files.into_iter().collect();
        for (path, file) in &mut files {
            let below = path.strip_prefix(&shared).unwrap_or(path);
            file.path = below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        }
        // A tree finds its files by the order of their paths.
        files.sort_by(|(_, a), (_, b)| a.path.cmp(&b.path));
        let index = files.iter().position(|(path, _)| *path == start).unwrap_or(0);
        Self::load(files.into_iter().map(|(_, file)| file).collect(), index, &path.to_string_lossy())
    }

    /// Returns a schema of a tree that was read already: the contract of a key, which is a topic or a path below the schema root.
    ///
    /// # Errors
    /// Where the tree has no such contract, or is broken.
    pub fn of_contract(project: crate::project::Project, key: &str) -> Result<Self, SourceError> {
        let Some(contract) = project.catalog.find(key) else {
            return Err(SourceError::NoContract(key.to_owned()));
        };
        let root = contract.root;
        Ok(Self { root, name: key.to_owned(), schemas: project.catalog.schemas })
    }

    fn load(files: Vec<SourceFile>, index: usize, name: &str) -> Result<Self, SourceError> {
        let path = files[index].path.clone();
        let root = Document::parse(files[index].clone(), &Limits::default()).0;
        // Keywords tell the dialect where no published one is named.
        let is_told = root.is_some_and(|root| !names_dialect(&root.value) && Dialect::from_keywords(&root.value).is_some());
        let tree = Tree { files, ..Tree::default() };
        let customs = Customs { unconfigured: false, dialect: &|_| None, native_patterns: &|_| true };
        let (schemas, problems) = if is_told { Schemas::load_as(tree, Some(&customs)) } else { Schemas::load(tree) };
        let fatal = fatal(problems);
        let root = schemas.file_id(&path).and_then(|file| schemas.root(file));
        match root {
            Some(root) if fatal.is_empty() => Ok(Self { schemas, root, name: name.to_owned() }),
            None if fatal.is_empty() => Err(SourceError::NoSchema { name: name.to_owned(), what: "no JSON Schema" }),
            _ => Err(SourceError::Broken(fatal)),
        }
    }

    /// Returns the schema as one side of a comparison.
    pub fn side(&self) -> Side<'_> {
        Side { schemas: &self.schemas, root: self.root }
    }

    fn document(&self) -> &Document {
        self.schemas.file(self.schemas.node(self.root).file)
    }

    /// Returns the texts of its files, for excerpts.
    pub fn sources(&self) -> SourceTexts {
        let mut sources = SourceTexts::default();
        for file in self.schemas.file_ids().map(|id: FileId| self.schemas.file(id)) {
            sources.insert(file.shown.clone(), file.text.clone());
        }
        sources
    }
}

/// Returns whether a schema names a published dialect.
fn names_dialect(schema: &Value) -> bool {
    schema.get("$schema").and_then(Value::as_str).is_some_and(|uri| Dialect::of(uri).is_some())
}

/// Returns the problems that leave nothing to compare. Where a reference leads is for the comparison to ask, and whether what hangs on it
/// matters.
fn fatal(problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let open = [&diagnostic::UNRESOLVED_REF, &diagnostic::CIRCULAR_REF, &diagnostic::LOOSE_REF];
    problems.into_iter().filter(|problem| problem.level == Level::Error && !open.contains(&problem.rule)).collect()
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Returns a file and everything that it refers to by a relative path, by absolute path.
fn gather(start: &Path, named: &Path, here: &Path) -> Result<BTreeMap<PathBuf, SourceFile>, SourceError> {
    let mut files = BTreeMap::new();
    let mut open = vec![start.to_path_buf()];
    while let Some(path) = open.pop() {
        if files.contains_key(&path) || files.len() >= MAX_FILES {
            continue;
        }
        let format = SourceFormat::of(&path.to_string_lossy()).unwrap_or(SourceFormat::Json);
        let file = match SourceFile::read(&path, format) {
            Ok(file) => file,
            Err(source) if path == start => return Err(SourceError::Unreadable { path: named.to_path_buf(), source }),
            // The reference leads nowhere, which reading reports.
            Err(_) => continue,
        };
        let shown = if path == start { named.to_string_lossy().into_owned() } else { path_text(path.strip_prefix(here).unwrap_or(&path)) };
        let file = SourceFile { shown: shown.into(), ..file };
        if let (Some(document), _) = Document::parse(file.clone(), &Limits::default()) {
            let folder = path.parent().unwrap_or(&path);
            let mut texts = Vec::new();
            references(&document.value, &mut texts);
            open.extend(texts.into_iter().filter_map(|text| target(folder, text)));
        }
        files.insert(path, file);
    }
    Ok(files)
}

fn references<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match member {
                    Value::String(text) if matches!(key.as_str(), "$ref" | "$dynamicRef" | "$recursiveRef") => found.push(text),
                    member => references(member, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

/// Returns the file that a reference may mean. Of a URL, one of the same name may declare it as its `$id`.
fn target(folder: &Path, reference: &str) -> Option<PathBuf> {
    let text = reference.split('#').next().filter(|text| !text.is_empty())?;
    let text = if text.contains("://") || text.starts_with("urn:") { text.rsplit('/').next()? } else { text };
    let path = lexical(&folder.join(text));
    path.is_file().then_some(path)
}

fn common(folder: &Path, path: &Path) -> PathBuf {
    folder.components().zip(path.components()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
}

/// Returns the answer about a pair as `eventc compat` prints it.
pub fn answer(id: &Value, options: &CompareOptions, comparison: &Comparison) -> Value {
    let pointer = |spot: &Option<SchemaLocation>| spot.as_ref().map(|spot| spot.pointer.clone());
    let findings = comparison.found().map(|found| {
        json!({
            "rule": found.rule.name,
            "direction": found.direction,
            "old_pointer": pointer(&found.old),
            "new_pointer": pointer(&found.new),
            "message": found.message,
            "witness": found.witness,
            "instance_pointer": found.instance,
            "fingerprint": found.fingerprint(),
        })
    });
    let undecided = comparison
        .undecided
        .iter()
        .map(|open| json!({ "direction": open.direction, "keyword": open.keyword, "pointer": open.pointer, "reason": open.reason }));
    json!({
        "id": id,
        "mode": options.mode,
        "content_model": options.content_model,
        "formats": if options.asserts_formats() { FormatReading::Assertion } else { FormatReading::Annotation },
        "verdict": comparison.verdict,
        "required_bump": comparison.required_bump,
        "findings": findings.collect::<Vec<_>>(),
        "undecided": undecided.collect::<Vec<_>>(),
    })
}

/// Returns the findings of a comparison, for a report: in the newer schema, with places in the older one.
pub fn explain(comparison: &Comparison, old: &ComparedSchema, new: &ComparedSchema) -> Vec<Diagnostic> {
    let against = Against { versions: &old.name, detail: "before" };
    let breaks = comparison.found().map(|found| finding::of_break(found, new.document(), &against, Vec::new()));
    let open = comparison.undecided.iter().map(|found| finding::of_undecided(found, new.document(), &old.name, Vec::new()));
    breaks.chain(open).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::{Verdict, compare};

    #[test]
    fn keywords_tell_the_dialect_of_a_schema_of_a_companys_own() {
        let schema = |a: Value| {
            let value = json!({ "$schema": "https://schemas.example.com/self-desc/1-0-0#", "properties": { "a": a } });
            ComparedSchema::from_value("schema", &value, None).expect("a schema")
        };
        let text = schema(json!({ "type": "string" }));
        let least = schema(json!({ "type": "integer", "minimum": 1 }));
        let above = schema(json!({ "type": "integer", "minimum": 1, "exclusiveMinimum": true }));
        let verdict = |old: &ComparedSchema, new: &ComparedSchema| compare(old.side(), new.side(), &CompareOptions::default()).verdict;
        assert_eq!(verdict(&text, &least), Verdict::Incompatible);
        assert_eq!(verdict(&least, &above), Verdict::Incompatible);
        assert_eq!(verdict(&above, &least), Verdict::Compatible);
    }
}
