//! The words in which everything reports: what is wrong, where, and what to do.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::text::visible;

/// The severity of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Not reported at all.
    Off,
    /// Worth knowing; never fails a run.
    Note,
    /// Should be mended; does not fail a run.
    Warning,
    /// Fails the run with exit status 1.
    Error,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Off => "off",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// The answer to whether every document of a writer is accepted by a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Proved: the reader accepts every document of the writer.
    Compatible,
    /// Refuted: each break has a witness.
    Incompatible,
    /// Neither.
    Undecided,
}

/// The least step of the version that a change needs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    /// Nothing changed.
    #[default]
    None,
    /// Annotations changed.
    Patch,
    /// The set of documents changed, and the promise holds.
    Minor,
    /// The promise is broken, or not known to hold.
    Major,
}

/// A kind of finding: everything that is known of it before one occurs.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable short code, such as `EV101`.
    pub code: &'static str,
    /// Stable name in kebab case, such as `topic-convention`.
    pub name: &'static str,
    /// The level where `eventc.toml` does not set one.
    pub level: Level,
    /// One line: what the rule finds.
    pub summary: &'static str,
    /// The rule's page in Markdown: what it does, why that is bad, an example, what to do.
    pub docs: &'static str,
}

impl Rule {
    /// Returns whether people may call the rule so: by its name, or by its code in any case.
    pub fn is_called(&self, code_or_name: &str) -> bool {
        self.name == code_or_name || self.code.eq_ignore_ascii_case(code_or_name)
    }
}

/// A place in a file. Lines and columns count from 1, columns in characters; 0 stands for the whole file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file, as a person would name it from where they stand.
    pub file: Arc<str>,
    /// Line, from 1; 0 for the whole file.
    pub line: u32,
    /// Column in characters, from 1; 0 for the whole file.
    pub column: u32,
}

impl Place {
    /// Returns a file as a whole.
    pub fn whole(file: impl Into<Arc<str>>) -> Self {
        Self { file: file.into(), line: 0, column: 0 }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = visible(&self.file);
        if self.line == 0 { f.write_str(&file) } else { write!(f, "{file}:{}:{}", self.line, self.column) }
    }
}

/// A second place that a finding speaks of, such as the older side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// The place.
    pub place: Place,
    /// JSON Pointer of the place in its file.
    pub pointer: String,
    /// The text that stands there, in a few words: `1.0.0 as it was released`.
    pub label: String,
}

/// The proof of a finding about two versions of a contract, and whom it touches.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evidence {
    /// A document that one version accepts and the other refuses.
    pub witness: Option<Value>,
    /// JSON Pointer into the witness: what is refused.
    pub instance: String,
    /// Services that read the place, in order of their names.
    pub consumers: Vec<String>,
    /// The other version.
    pub related: Option<Related>,
    /// The identity among findings of its rule in the same file, in place of its pointer.
    pub identity: String,
}

/// One finding: a rule, a place, a sentence and a way out.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// The kind of finding.
    pub rule: &'static Rule,
    /// Its level here.
    pub level: Level,
    /// The fault, in one sentence without a full stop.
    pub message: String,
    /// The place.
    pub place: Place,
    /// JSON Pointer of the place in its file; empty for the whole file.
    pub pointer: String,
    /// The advice.
    pub help: Option<String>,
    /// The topic concerned.
    pub topic: Option<String>,
    /// For a finding about two versions: what proves it.
    pub evidence: Option<Box<Evidence>>,
    /// The change that does away with it, where one does and harms nobody.
    pub fix: Option<Box<Fix>>,
}

/// A change of what stands at the JSON Pointer of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fix {
    /// The key that the pointer ends in gets this name.
    Key(String),
    /// The text becomes this.
    Text(String),
    /// The item of a list goes.
    Removal,
    /// The property that the pointer ends in gets this name, wherever the tree speaks of it.
    Property(String),
}

impl Diagnostic {
    /// Returns a finding at the rule's own level.
    pub fn new(rule: &'static Rule, place: Place, message: impl Into<String>) -> Self {
        let pointer = String::new();
        Self { rule, level: rule.level, message: message.into(), place, pointer, help: None, topic: None, evidence: None, fix: None }
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says which topic is concerned.
    #[must_use]
    pub fn topic(mut self, topic: impl Into<String>) -> Self {
        self.topic = Some(topic.into());
        self
    }

    /// Says which change does away with it.
    pub fn fix(&mut self, fix: Fix) {
        self.fix = Some(Box::new(fix));
    }

    /// Says which JSON Pointer in the file is meant.
    #[must_use]
    pub fn pointer(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = pointer.into();
        self
    }

    /// Says what proves it.
    #[must_use]
    pub fn evidence(mut self, evidence: Evidence) -> Self {
        self.evidence = Some(Box::new(evidence));
        self
    }

    /// Returns a short stable identity: rule, file and JSON Pointer (or the message where no pointer is known), so that a finding
    /// keeps its fingerprint when lines move, and when the command runs in another folder of the project.
    pub fn fingerprint(&self) -> String {
        let identity = self.evidence.as_ref().map(|evidence| evidence.identity.as_str()).filter(|identity| !identity.is_empty());
        let anchor = identity.unwrap_or(if self.pointer.is_empty() { &self.message } else { &self.pointer });
        let mut hash = 0xcbf2_9ce4_8422_2325_u64; // FNV-1a, 64 bits
        let file = self.place.file.trim_start_matches("../");
        for byte in [self.rule.code, file, anchor].join("\u{1f}").bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        format!("{hash:016x}")
    }
}

/// Sorts findings for a reader: by file, place, then code.
pub fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|a, b| (&a.place, a.rule.code, &a.message).cmp(&(&b.place, b.rule.code, &b.message)));
}

macro_rules! rules {
    ($($(#[$doc:meta])* $id:ident = $code:literal $name:literal $level:ident $summary:literal $docs:literal;)*) => {
        $($(#[$doc])* pub static $id: Rule =
            Rule { code: $code, name: $name, level: Level::$level, summary: $summary, docs: $docs };)*
        /// Every rule of reading: files, syntax, references and configuration.
        pub static READING: &[&Rule] = &[$(&$id),*];
    };
}

rules! {
    /// See [`Rule::docs`].
    UNREADABLE = "EV001" "unreadable-file" Error "a file or folder cannot be read"
        "The file or folder exists but reading it failed: permissions, a broken link, or a device error.\n\nMend the file or remove it from the tree.";
    /// See [`Rule::docs`].
    OUTSIDE_ROOT = "EV002" "outside-root" Error "a link or reference leaves the schema root"
        "Everything that a schema tree needs lies below its root, or at least in its repository: links that lead out of the tree are refused, and `$ref`s that climb out of the repository (the folder that holds `.git`), or out of a tree that is in none, so that a tree means the same on every machine.\n\nCopy the file into the tree.";
    /// See [`Rule::docs`].
    TOO_LARGE = "EV003" "too-large" Error "a file or a tree is over a limit of size"
        "What is read is bounded, so that a small file that stands for a huge one ends in this finding: bytes of a file, values and schemas \
         in it (YAML aliases count as what they stand for), the length of the JSON Pointers to them, and paths through links. Each bound \
         is a key of `[limits]` in eventc.toml; docs/limits.md has them all.\n\nSplit the schema, or raise the limit.";
    /// See [`Rule::docs`].
    TOO_DEEP = "EV004" "too-deep" Error "a document nests deeper than the limit"
        "Documents that nest arrays and objects deeper than `limits.depth` (default 1024) are refused.\n\nFlatten the schema with `$defs`, or raise the limit in eventc.toml.";
    /// See [`Rule::docs`].
    NOT_UTF8 = "EV005" "not-utf8" Error "a file is not UTF-8"
        "JSON exchanged between systems is UTF-8 (RFC 8259, section 8.1).\n\nSave the file as UTF-8.";
    /// See [`Rule::docs`].
    SYNTAX = "EV006" "syntax" Error "a file is not valid JSON, YAML or TOML"
        "The text cannot be parsed. The place is where the parser stopped; the mistake is there or just before.";
    /// See [`Rule::docs`].
    DUPLICATE_KEY = "EV007" "duplicate-key" Error "an object names a key twice"
        "Parsers disagree about which of two equal keys counts (RFC 8259, section 4), so a schema that has them means different things to different tools. The last one counts here. In a folder without configuration this is a warning. The level can be set, for files that are not yours to mend.\n\nRemove one.";
    /// See [`Rule::docs`].
    NOT_A_SCHEMA = "EV008" "not-a-schema" Note "files are no JSON Schemas and are passed over"
        "A tree of schemas holds other JSON and YAML too: examples, `package.json`, lists. Such files are no contracts, and nothing in them \
         is judged. How a schema is told from other JSON stands in docs/trees.md. Told once for a tree: \
         how many, and the first.\n\nMove them out of the schema tree; or give a schema that is not recognised a `$schema`.";
    /// See [`Rule::docs`].
    UNRESOLVED_REF = "EV009" "unresolved-ref" Error "a $ref leads nowhere"
        "The target of `$ref` does not exist: no such file below the schema root, no such pointer or anchor, or a URL that no file declares as its `$id`. Nothing is ever fetched from the network.\n\nCorrect the reference, or add the file to the tree.";
    /// See [`Rule::docs`].
    CIRCULAR_REF = "EV010" "circular-ref" Error "a $ref leads only to itself"
        "A chain of `$ref`s that comes back to its start without passing a property, an item or any other step into the document says nothing and cannot be evaluated.\n\nLet one of the definitions state a type.";
    /// See [`Rule::docs`].
    UNKNOWN_DIALECT = "EV011" "unknown-dialect" Warning "$schema names an unknown dialect"
        "The dialects from draft 4 to 2020-12 are known. A schema with another `$schema` is read as 2020-12, or as the dialect that the file of that `$id` in the tree declares.\n\nUse one of the published dialect URIs.";
    /// See [`Rule::docs`].
    MALFORMED_KEYWORD = "EV012" "malformed-keyword" Error "a keyword has a value of the wrong type"
        "The specification fixes the type of each keyword's value (`required` is a list of strings, `minLength` a count). A malformed keyword is an error and does not count. For annotations, which no validity depends on, see `malformed-annotation` (EV019).\n\nCorrect the value.";
    /// See [`Rule::docs`].
    BAD_CONFIG = "EV013" "bad-config" Error "eventc.toml has an unknown key or a bad value"
        "Every key of eventc.toml is known; a typo would otherwise be a setting that silently does nothing. A duration is a number with `ms`, `s`, `m`, `h`, `d` or `w`, such as `7d`; a retention may be `forever`.\n\nSee the JSON Schema that `eventc list --schema config` prints.";
    /// See [`Rule::docs`].
    BAD_METADATA = "EV014" "bad-x-event" Error "x-event has an unknown key or a bad value"
        "Every key of `x-event` is known; a typo would otherwise be metadata that silently does nothing. A version is `MAJOR.MINOR.PATCH` (semver 2.0), a day `YYYY-MM-DD`, a duration a number with `ms`, `s`, `m`, `h`, `d` or `w`, such as `7d`; a retention may be `forever`.\n\nSee the JSON Schema that `eventc list --schema x-event` prints.";
    /// See [`Rule::docs`].
    AVRO = "EV015" "avro" Error "an Avro schema cannot be read"
        "The `.avsc` file is JSON but not a valid Avro schema (Avro 1.12, Schema Declaration), or this build reads no Avro.";
    /// See [`Rule::docs`].
    DUPLICATE_ID = "EV016" "duplicate-id" Warning "two schemas declare the same $id"
        "An `$id` is meant to name one schema (2020-12, section 8.2.1). Where several declare the same, everything works that does not \
         depend on which of them is meant:\n\n\
         - `#/...` and `#anchor` stay in the schema that they stand in;\n\
         - the URI means the schema itself where that is one of them, and otherwise the one in the same file;\n\
         - where all of them are equal, it makes no difference which one is meant;\n\
         - a relative path means the file.\n\n\
         Any other reference is an error of its own, `ambiguous-ref` (EV017). Files that embed equal copies of a schema (bundles) are no \
         concern.\n\nKeep one of them, or give each its own `$id`. The level can be set, for files that are not yours to mend.";
    /// See [`Rule::docs`].
    AMBIGUOUS_REF = "EV017" "ambiguous-ref" Error "a $ref could mean any of several schemas"
        "The reference names a URI that several schemas of other files declare as their `$id`, and they differ: what it means would depend on \
         chance.\n\nRefer to one of them by its path, or give each its own `$id`.";
    /// See [`Rule::docs`].
    DUPLICATE_ANCHOR = "EV018" "duplicate-anchor" Error "two schemas of a resource declare the same anchor"
        "A reference to the anchor could mean either schema (2020-12, section 8.2.2).\n\nRename one of them.";
    /// See [`Rule::docs`].
    MALFORMED_ANNOTATION = "EV019" "malformed-annotation" Warning "an annotation has a value of the wrong type"
        "Keywords such as `title`, `examples` and `deprecated` say nothing of which documents are valid. One that has a value of the wrong \
         type (`examples` that are no list) is as if it were absent.\n\nCorrect the value. The level can be set, for files that are not \
         yours to mend.";
    /// See [`Rule::docs`].
    JSON_COMMENT = "EV020" "json-comment" Error "a JSON file has comments or trailing commas"
        "JSON has neither comments nor trailing commas (RFC 8259), and most tools refuse a file that has them. They are read here as if they \
         were not there, in `.json`, `.jsonc` and `.avsc` files; of other dialects of JSON nothing is. In a folder without configuration this is a \
         warning. The level can be set.\n\nMove comments into `$comment` or `description`, and remove the commas.";
    /// See [`Rule::docs`].
    LOOSE_REF = "EV021" "loose-ref" Error "a $ref is not written as other tools read it"
        "A reference is a path from the file that it stands in, or a URI that a file declares as its `$id`. Trees have others: written from \
         the schema root or from the root of the repository, by a URL or path of which only the end is a file of the tree, `./#/...` for \
         the same document, `#definitions/x` without the slash that a JSON Pointer begins with, or to a file outside the folder. What they mean is looked up in this order: what `--map URL=DIR` or `[map]` in \
         eventc.toml says, the schema root, the root of the repository (the folder that holds `.git`), the one file with the longest \
         common end. Where two files fit equally well the reference is an error, `ambiguous-ref` (EV017). Each way of writing is told \
         once, with the file that it found. In a folder without configuration this is a warning. The level can be set.\n\n\
         Write the path from the file that refers, or state with `[map]` where the files of a URL are.";
    /// See [`Rule::docs`].
    ABSENT_URL = "EV022" "absent-url" Error "a $ref names a URL that no file here answers"
        "Nothing is ever fetched from the network, and no file of the tree declares the URL as its `$id` or lies where its path ends. In a \
         folder without configuration the place of such a reference takes any JSON value and the rest of the contract is typed; the exit \
         status is 1 all the same. Told once for each URL.\n\n\
         Say where the files are: `--map URL=DIR`, or `[map]` in eventc.toml.";
    /// See [`Rule::docs`].
    AVRO_NAME = "EV023" "avro-name" Error "an Avro name is outside the grammar"
        "A name, a symbol or a part of a namespace begins with a letter or `_` and goes on with letters, digits and `_` (Avro 1.12, \
         \"Names\"). Parsers that do not check it read `org.acme.order-placed`, and others refuse the schema. In a folder without \
         configuration this is a warning. The level can be set.\n\nRename it, with the old name as an alias.";
    /// See [`Rule::docs`].
    FLOW_INDENT = "EV024" "flow-indent" Error "a YAML flow collection goes on at the column of its key"
        "A line of a flow collection, its closing bracket too, stands further to the right than the block around it (YAML 1.2, section 7.4). \
         libyaml and PyYAML read it wherever it stands; other parsers refuse the file. In a folder without configuration this is a warning. \
         The level can be set.\n\nIndent the line.";
    /// See [`Rule::docs`].
    TOLD_DIALECT = "EV025" "told-dialect" Note "$schema is missing, and keywords tell the dialect"
        "A schema without a `$schema`, or with one of a company's own, is read in the dialect that its keywords belong to: draft 4 where \
         `exclusiveMinimum` is a flag, `required` one of a property, or `id` names the schema; draft 7 where `items` is a list or \
         `dependencies` are stated; 2019-09 where such a file has words of that dialect; otherwise 2020-12. One dialect for a file, \
         told once for a tree.\n\n\
         Write `$schema`, or state the dialect with `--dialect` or the namespace's `dialect`.";
    /// See [`Rule::docs`].
    TOO_INTRICATE = "EV026" "too-intricate" Error "one value is judged by too many schemas"
        "Of definitions that each apply the next twice, by `allOf`, `anyOf`, `oneOf`, conditions or references, forty have more ways through \
         them than anybody can walk. Where more than `limits.visits` (default 100000) of them lead to schemas for one value, the schema is \
         read as `true`, and no contract that reaches it is generated.\n\nApply each definition once, or raise the limit in eventc.toml.";
    /// See [`Rule::docs`].
    UNBOUNDED_PATTERN = "EV027" "unbounded-pattern" Error "engines may take very long for a pattern, and it has no automaton"
        "Engines that try one way after the other need a time that is exponential in the text's length, or its third power and more, where a \
         text can pass the loops of a pattern in many ways (docs/patterns.md). Generated code judges such a pattern by an automaton instead. \
         There is none for references to groups and for lookarounds that stand anywhere but at the start, and none that is larger than \
         `limits.automaton_states` (default 1000) allows. No contract that reaches such a pattern is generated.\n\n\
         Write the pattern so that no text can pass a loop in two ways. `patterns = \"native\"` in the namespace leaves it to the engine of each \
         language all the same: whoever sends such a text stops the service that validates it.";
    /// See [`Rule::docs`].
    LITERAL_PASSWORD = "EV028" "literal-password" Error "a password stands in eventc.toml"
        "Everybody who has the repository, or once had it, knows a password that is written in it. Credentials of `[environments]` are \
         `${VARIABLE}`, without a default that is one, or `${file:PATH}`. The user `guest` on loopback is left out: every RabbitMQ has it, \
         and lets it in from its own machine alone.\n\nWrite a reference in its place, and change the password.";
}

/// Rules of reading whose findings leave the meaning of a file clear: warnings in a folder without configuration, and of any level that a
/// configuration sets.
pub static TOLERATED: &[&Rule] = &[&DUPLICATE_KEY, &JSON_COMMENT, &LOOSE_REF, &AVRO_NAME, &FLOW_INDENT];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_stay_where_lines_and_folders_change() {
        let print = |file: &str, line, pointer: &str| {
            Diagnostic::new(&SYNTAX, Place { file: file.into(), line, column: 1 }, "m").pointer(pointer).fingerprint()
        };
        assert_eq!(print("schemas/a.json", 1, "/x"), print("../../schemas/a.json", 9, "/x"));
        assert_ne!(print("schemas/a.json", 1, "/x"), print("schemas/a.json", 1, "/y"));
        assert_ne!(print("schemas/a.json", 1, "/x"), print("schemas/b.json", 1, "/x"));
    }
}
