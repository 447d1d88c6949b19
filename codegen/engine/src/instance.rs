//! Documents against schemas, judged by the reference validator: the only file that knows the `jsonschema` crate's validators.
//!
//! Schemas are validated as they stand in their files, not as the model lowers them, so that the two can be held against each
//! other. Nothing is ever fetched: what a schema refers to is in its tree, or the schema is [`Unusable`].

mod library;
mod words;

use std::{
    collections::HashSet,
    fmt,
    sync::{Arc, OnceLock},
};

pub use eventc_model::config::FormatReading;
use eventc_model::{
    catalog::{Catalog, Contract},
    diagnostic::{
        AMBIGUOUS_REF, CIRCULAR_REF, DUPLICATE_ANCHOR, MALFORMED_KEYWORD, OUTSIDE_ROOT, TOO_INTRICATE, TOO_LARGE, UNRESOLVED_REF,
    },
    guarded,
    schema::{Dialect, FileId, NodeId, Reference},
    syntax::escape_pointer,
};
use jsonschema::ValidationError;
use serde_json::{Value, json};

use self::{
    library::Library,
    words::{ErrorDetails, places, problems},
};

/// URIs of the tree's files begin with this, as they do for the model.
const TREE: &str = "tree:///";
/// The URI of the schema that only refers to the one in question.
const ENTRY: &str = "entry:///entry";

/// Something in a document that its schema refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceProblem {
    /// JSON Pointer into the document.
    pub instance: String,
    /// The keyword's place: the file's path below the schema root, `#`, and a JSON Pointer.
    pub schema: String,
    /// The keyword.
    pub keyword: String,
    /// The fault, in a sentence.
    pub message: String,
}

/// A reason that a schema cannot judge documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unusable {
    /// It needs a schema that cannot be found or evaluated, which reading has reported.
    Reference,
    /// The validator refuses it: why.
    Schema(String),
    /// The namespace of the contract has no envelope.
    NoEnvelope,
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reference => f.write_str("the schema refers to one that cannot be found or evaluated"),
            Self::Schema(why) => f.write_str(why),
            Self::NoEnvelope => f.write_str("the namespace has no envelope"),
        }
    }
}

impl std::error::Error for Unusable {}

/// A reason that an event's contract is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unknown {
    /// No namespace's envelope finds the name of a type in the event.
    Untyped,
    /// No contract has the type that the event names; with the nearest topic.
    Topic(String, Option<String>),
    /// Contracts of several namespaces have the type, and the envelope does not tell them apart.
    Ambiguous(String),
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Untyped => f.write_str("no envelope finds the name of a type in this event"),
            Self::Topic(topic, None) => write!(f, "no contract has the topic {topic:?}"),
            Self::Topic(topic, Some(near)) => write!(f, "no contract has the topic {topic:?}; did you mean {near:?}?"),
            Self::Ambiguous(topic) => write!(f, "contracts of several namespaces have the topic {topic:?}"),
        }
    }
}

impl std::error::Error for Unknown {}

/// The compiled validator of one schema.
#[derive(Debug)]
pub struct Validator {
    judge: jsonschema::Validator,
    places: Arc<ErrorDetails>,
    /// So many problems are told.
    most: usize,
}

impl Validator {
    /// Returns whether the schema accepts a document.
    pub fn accepts(&self, document: &Value) -> bool {
        self.judge.is_valid(document)
    }

    /// Returns everything that the schema refuses in a document; of very much the first, of which the last says that there is more.
    pub fn problems(&self, document: &Value) -> Vec<InstanceProblem> {
        bounded(self.judge.iter_errors(document).flat_map(|error| problems(&error, &self.places)), self.most)
    }
}

/// The validator of full events: the envelope's schema, and the contract's for the payload.
#[derive(Debug, Clone)]
pub struct EventValidator {
    envelope: Arc<Validator>,
    payload: Arc<Validator>,
    pointer: String,
}

impl EventValidator {
    /// Returns whether an event is valid: envelope and payload.
    pub fn accepts(&self, event: &Value) -> bool {
        self.envelope.accepts(event) && event.pointer(&self.pointer).is_some_and(|payload| self.payload.accepts(payload))
    }

    /// Returns everything that is wrong with an event, envelope first; places are pointers into the whole event.
    pub fn problems(&self, event: &Value) -> Vec<InstanceProblem> {
        let mut problems = self.envelope.problems(event);
        match event.pointer(&self.pointer) {
            Some(payload) => problems.extend(
                self.payload
                    .problems(payload)
                    .into_iter()
                    .map(|problem| InstanceProblem { instance: format!("{}{}", self.pointer, problem.instance), ..problem }),
            ),
            // An envelope that requires its payload has said so.
            None if problems.is_empty() => problems.push(InstanceProblem {
                instance: String::new(),
                schema: String::new(),
                keyword: "required".into(),
                message: format!("the event has no payload at {}", self.pointer),
            }),
            None => {}
        }
        problems
    }
}

/// A validator that is compiled when first asked for.
type Slot = OnceLock<Result<Arc<Validator>, Unusable>>;

/// The validators of a catalog, compiled when first asked for.
pub struct Validators<'a> {
    catalog: &'a Catalog,
    /// The files that each file refers to.
    refers: Vec<Vec<FileId>>,
    /// Files with references that lead nowhere, in circles, or to one of two.
    broken: Vec<bool>,
    /// The dialect of each file that may be part of one document.
    plain: OnceLock<Vec<Option<Dialect>>>,
    places: OnceLock<Arc<ErrorDetails>>,
    /// By dialect, the document of all such files.
    whole: [OnceLock<Option<Library<'a>>>; 5],
    roots: [Vec<Slot>; 2],
}

impl fmt::Debug for Validators<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Validators").field("files", &self.refers.len()).finish_non_exhaustive()
    }
}

impl<'a> Validators<'a> {
    /// Returns the validators of a catalog. Compiles nothing yet.
    pub fn new(catalog: &'a Catalog) -> Self {
        let schemas = &catalog.schemas;
        let count = schemas.files.len();
        let mut refers = vec![Vec::new(); count];
        for id in schemas.ids() {
            let Some(keywords) = schemas.keywords(id) else { continue };
            for target in [&keywords.reference, &keywords.dynamic_reference].into_iter().flatten().filter_map(target_of) {
                let (from, to) = (schemas.node(id).file, schemas.node(target).file);
                let known: &mut Vec<FileId> = &mut refers[from.0 as usize];
                if from != to && !known.contains(&to) {
                    known.push(to);
                }
            }
        }
        let dead: HashSet<&str> = catalog
            .diagnostics
            .iter()
            .filter(|diagnostic| {
                // The validator divides by it.
                let divides = diagnostic.rule == &MALFORMED_KEYWORD && diagnostic.pointer.ends_with("/multipleOf");
                divides
                    || [&UNRESOLVED_REF, &OUTSIDE_ROOT, &CIRCULAR_REF, &AMBIGUOUS_REF, &DUPLICATE_ANCHOR, &TOO_INTRICATE, &TOO_LARGE]
                        .contains(&diagnostic.rule)
            })
            .map(|diagnostic| &*diagnostic.place.file)
            .collect();
        let unsound: HashSet<FileId> = schemas.unsound.iter().map(|id| schemas.node(*id).file).collect();
        let is_broken = |id: FileId| unsound.contains(&id) || schemas.file(id).broken || dead.contains(&*schemas.file(id).shown);
        let broken = schemas.file_ids().map(is_broken).collect();
        let slots = || (0..count).map(|_| OnceLock::new()).collect();
        Self {
            catalog,
            refers,
            broken,
            plain: OnceLock::new(),
            places: OnceLock::new(),
            whole: [const { OnceLock::new() }; 5],
            roots: [slots(), slots()],
        }
    }

    /// Finds where a file breaks the rules of its dialect's meta-schema. `instance` is a pointer into the file. Formats do not count:
    /// whether a reference leads anywhere and a pattern is one, others find out, and references such as `#/definitions/Pair<number>` are
    /// common.
    pub fn meta_problems(&self, file: FileId) -> Vec<InstanceProblem> {
        let document = self.catalog.schemas.file(file);
        let Some(root) = self.catalog.schemas.root(file) else { return Vec::new() };
        let dialect = self.catalog.schemas.node(root).dialect;
        if is_beyond_doubt(dialect, &document.value) {
            return Vec::new();
        }
        let Some(meta) = meta_validator(dialect) else { return Vec::new() };
        let found = meta.iter_errors(&document.value).flat_map(|error| problems(&error, &ErrorDetails::new()));
        bounded(found, self.catalog.config.limits.findings)
    }

    fn places(&self) -> Arc<ErrorDetails> {
        self.places.get_or_init(|| Arc::new(places(&self.catalog.schemas))).clone()
    }

    /// Returns the reading of formats that the namespace of a file states, if it does.
    pub fn formats(&self, file: FileId, otherwise: FormatReading) -> FormatReading {
        let namespace = self.catalog.config.namespace_of(&self.catalog.schemas.file(file).path);
        namespace.and_then(|(_, namespace)| namespace.formats).unwrap_or(otherwise)
    }

    /// Returns the validator of any schema of the tree. Those of whole files are kept.
    ///
    /// # Errors
    /// Where the schema, or one that it refers to, cannot judge documents.
    pub fn node(&self, id: NodeId, formats: FormatReading) -> Result<Arc<Validator>, Unusable> {
        let node = self.catalog.schemas.node(id);
        let compile = || self.of_file(node.file)?.compile(&self.catalog.schemas.pointer(id), formats).map(Arc::new);
        if self.catalog.schemas.is_whole(id) {
            self.roots[formats as usize][node.file.0 as usize].get_or_init(compile).clone()
        } else {
            compile()
        }
    }

    /// Returns a compiler of the schemas of one file, many of them once, that keeps nothing.
    ///
    /// # Errors
    /// Where something that the file refers to is not there.
    pub fn of_file(&self, file: FileId) -> Result<FileCompiler<'a>, Unusable> {
        Ok(FileCompiler { library: self.library(&[file])?, path: self.catalog.schemas.file(file).path.clone() })
    }

    /// Returns those of some schemas that may refuse an example of their own. Whether they do, only their own validators tell; for the
    /// others there is no need to ask: one validator of all schemas, which compiles what they share once, accepts their examples.
    pub fn doubtful(&self, nodes: &[NodeId], formats: FormatReading) -> Vec<NodeId> {
        let schemas = &self.catalog.schemas;
        let file = |id: &NodeId| schemas.node(*id).file;
        let mut files: Vec<FileId> = nodes.iter().map(file).collect();
        files.dedup();
        // Schemas that name themselves could be mistaken for others of the same name.
        let needed = self.closure(&files);
        let merged = self.merged(&files, &needed).is_some();
        let named: HashSet<FileId> = needed.into_iter().filter(|file| !merged && self.rewritten(*file).is_some()).collect();
        let apart = |id: &&NodeId| self.closure(&[file(id)]).iter().any(|file| named.contains(file) || self.broken[file.0 as usize]);
        let (mut doubtful, together): (Vec<NodeId>, Vec<NodeId>) = nodes.iter().partition(apart);
        let compiled = self.together(&together, formats);
        doubtful.extend(together.iter().enumerate().filter_map(|(index, id)| {
            let examples = schemas.keywords(*id).map_or(&[][..], |keywords| &keywords.examples);
            let accepts = |validator: &Validator| examples.iter().all(|example| validator.accepts(&json!({ index.to_string(): example })));
            (!compiled.as_ref().is_ok_and(accepts)).then_some(*id)
        }));
        doubtful
    }

    /// Returns the files that the validator refuses, and why: most often it takes all of them at once.
    pub fn refused(&self, files: &[FileId]) -> Vec<(FileId, String)> {
        let usable = |file: &FileId| !self.closure(&[*file]).iter().any(|needed| self.broken[needed.0 as usize]);
        let files: Vec<FileId> = files.iter().copied().filter(usable).collect();
        let roots: Vec<NodeId> = files.iter().filter_map(|file| self.catalog.schemas.root(*file)).collect();
        if self.together(&roots, FormatReading::Annotation).is_ok() {
            return Vec::new();
        }
        let refused = |file: FileId| match self.of_file(file).and_then(|compiler| compiler.compile("", FormatReading::Annotation)) {
            Err(Unusable::Schema(why)) => Some((file, why)),
            _ => None,
        };
        files.into_iter().filter_map(refused).collect()
    }

    /// Returns a validator of objects whose members, named by position, follow the schemas.
    fn together(&self, nodes: &[NodeId], formats: FormatReading) -> Result<Validator, Unusable> {
        let schemas = &self.catalog.schemas;
        let mut files: Vec<FileId> = nodes.iter().map(|id| schemas.node(*id).file).collect();
        files.dedup();
        let library = self.library(&files)?;
        let members = nodes.iter().enumerate().map(|(index, id)| {
            let node = schemas.node(*id);
            (index.to_string(), json!({ "$ref": library.uri(&schemas.file(node.file).path, &schemas.pointer(*id)) }))
        });
        compile(&library, &json!({ "properties": members.collect::<serde_json::Map<_, _>>() }), formats)
    }

    /// Returns the validator of a contract's own data.
    ///
    /// # Errors
    /// Where the contract's schema, or one that it refers to, cannot judge documents.
    pub fn payload(&self, contract: &Contract, formats: FormatReading) -> Result<Arc<Validator>, Unusable> {
        self.node(contract.root, formats)
    }

    /// Returns the validator of full events of a contract.
    ///
    /// # Errors
    /// Where the namespace has no envelope, or a schema cannot judge documents.
    pub fn event(&self, contract: &Contract, formats: FormatReading) -> Result<EventValidator, Unusable> {
        let envelope = self.catalog.envelope(contract.namespace).ok_or(Unusable::NoEnvelope)?;
        let roles = self.catalog.namespace(contract).envelope.as_ref().ok_or(Unusable::NoEnvelope)?;
        Ok(EventValidator {
            envelope: self.node(envelope.root, formats)?,
            payload: self.payload(contract, formats)?,
            pointer: roles.payload.clone(),
        })
    }

    /// Returns the contract that a full event says it follows, by the type that its envelope names.
    ///
    /// # Errors
    /// Where no envelope finds a type, no contract has it, or several have.
    pub fn contract_of(&self, event: &Value) -> Result<&'a Contract, Unknown> {
        let catalog = self.catalog;
        let mut named = None;
        let mut found: Vec<&Contract> = Vec::new();
        for (index, namespace) in catalog.config.namespace.iter().enumerate() {
            let pointer = namespace.envelope.as_ref().and_then(|envelope| envelope.kind.as_deref());
            let Some(topic) = pointer.and_then(|pointer| event.pointer(pointer)?.as_str()) else { continue };
            named.get_or_insert(topic);
            found.extend(catalog.events().filter(|contract| contract.namespace == index && contract.topic == topic));
        }
        let topic = named.ok_or(Unknown::Untyped)?;
        match found[..] {
            [] => Err(Unknown::Topic(topic.to_owned(), catalog.nearest_topic(topic).map(str::to_owned))),
            [only] => Ok(only),
            _ => {
                let fits = |contract: &&&Contract| {
                    catalog
                        .envelope(contract.namespace)
                        .and_then(|envelope| self.node(envelope.root, FormatReading::Annotation).ok())
                        .is_some_and(|envelope| envelope.accepts(event))
                };
                let fitting: Vec<_> = found.iter().filter(fits).copied().collect();
                if let [only] = fitting[..] { Ok(only) } else { Err(Unknown::Ambiguous(topic.to_owned())) }
            }
        }
    }
}

/// Compiles the schemas of one file.
#[derive(Debug)]
pub struct FileCompiler<'a> {
    library: Library<'a>,
    path: String,
}

impl FileCompiler<'_> {
    /// Returns the validator of the schema at a JSON Pointer of the file.
    ///
    /// # Errors
    /// Where the validator refuses the schema.
    pub fn compile(&self, pointer: &str, formats: FormatReading) -> Result<Validator, Unusable> {
        compile(&self.library, &json!({ "$ref": self.library.uri(&self.path, pointer) }), formats)
    }
}

fn compile(library: &Library<'_>, entry: &Value, formats: FormatReading) -> Result<Validator, Unusable> {
    let options = jsonschema::options().offline().with_registry(&library.registry).with_base_uri(ENTRY);
    let build = || options.should_validate_formats(formats == FormatReading::Assertion).build(entry).map_err(|error| refused(&error));
    let judge = guarded::call(build).and_then(|judge| judge);
    judge.map(|judge| Validator { judge, places: library.places.clone(), most: library.most }).map_err(Unusable::Schema)
}

/// Returns so many problems, of which the last says that there are more.
fn bounded(mut found: impl Iterator<Item = InstanceProblem>, most: usize) -> Vec<InstanceProblem> {
    let mut told: Vec<InstanceProblem> = found.by_ref().take(most).collect();
    if let (Some(_), Some(last)) = (found.next(), told.last_mut()) {
        last.message.push_str(" (and there is more)");
    }
    told
}

/// Returns whether a schema is valid against the meta-schema of its dialect, formats and all, by the validator that the crate has at hand
/// anyway.
fn is_beyond_doubt(dialect: Dialect, schema: &Value) -> bool {
    match dialect {
        Dialect::Draft4 => jsonschema::draft4::meta::validator().is_valid(schema),
        Dialect::Draft6 => jsonschema::draft6::meta::validator().is_valid(schema),
        Dialect::Draft7 => jsonschema::draft7::meta::validator().is_valid(schema),
        Dialect::Draft2019 => jsonschema::draft201909::meta::validator().is_valid(schema),
        Dialect::Draft2020 => jsonschema::draft202012::meta::validator().is_valid(schema),
    }
}

/// Returns the meta-schema of a dialect as a validator that leaves formats alone.
fn meta_validator(dialect: Dialect) -> Option<&'static jsonschema::Validator> {
    static COMPILED: [OnceLock<Option<jsonschema::Validator>>; 5] = [const { OnceLock::new() }; 5];
    let compile =
        || jsonschema::options().should_validate_formats(false).build(&json!({ "$schema": dialect.uri(), "$ref": dialect.uri() })).ok();
    COMPILED[dialect as usize].get_or_init(compile).as_ref()
}

fn target_of(reference: &Reference) -> Option<NodeId> {
    match reference {
        Reference::To(id) | Reference::Dynamic(id, _) => Some(*id),
        Reference::Unresolved(_) => None,
    }
}

/// Returns whether some string member of a value, at any depth, satisfies a test of key and text.
fn has(value: &Value, test: &impl Fn(&str, &str) -> bool) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(key, value)| match value {
            Value::String(content) => test(key, content),
            value => has(value, test),
        }),
        Value::Array(items) => items.iter().any(|item| has(item, test)),
        _ => false,
    }
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~/$".contains(&byte)
}

/// Returns whether a URI may have a character anywhere.
fn is_uri(byte: u8) -> bool {
    is_plain(byte) || b"!&'()*+,;=:@?%#".contains(&byte)
}

fn encode(text: &str) -> String {
    escape(text, is_plain)
}

fn escape(text: &str, kept: fn(u8) -> bool) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if kept(byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex =
            if *first == b'%' { tail.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok()) } else { None };
        bytes.push(hex.unwrap_or(*first));
        rest = if hex.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn refused(error: &ValidationError<'_>) -> String {
    let place = error.schema_path().as_str();
    let at =
        if place.is_empty() || place == "/$ref" { String::new() } else { format!(" (at {})", escape_pointer(place).replace("~1", "/")) };
    format!("{}{at}", words::message(error))
}
