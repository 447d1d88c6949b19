//! A witness in words: which change it proves, where, and what to do.

use eventc_model::{
    layout::Number,
    schema::{NodeId, Schemas},
    syntax::split_pointer,
};
use serde_json::Value;

use super::{
    Break, Direction, SchemaLocation,
    contain::ContainmentQuery,
    formula::Lit,
    rules,
    walk::{InstanceWalker, Refusal},
};

/// The maximum length of a value in a sentence.
const MAX_SHOWN_LENGTH: usize = 60;

/// Explains why the reader refuses a witness: one break for each keyword that does.
pub(super) fn explain(query: &mut ContainmentQuery<'_>, direction: Direction, witness: &Value, refusals: &[Refusal]) -> Vec<Break> {
    refusals.iter().map(|refusal| Explanation::new(query, direction, witness, refusal).finish()).collect()
}

struct Explanation<'e, 'a> {
    direction: Direction,
    witness: &'e Value,
    refusal: &'e Refusal,
    writer: &'a Schemas,
    reader: &'a Schemas,
    /// The writer's schemas that speak of the place.
    speakers: Vec<NodeId>,
    /// Whether the writer's schemas name the property that is refused.
    declared: bool,
    /// Whether some branch of the reader's `oneOf` accepts.
    fits: bool,
    /// Whether the reader survives unknown strings of enums already, but for those that tell alternatives apart.
    tolerant: bool,
    /// A property that only the other side knows, and that has the same schema as the one that is missing or refused.
    renamed: Option<String>,
}

impl<'e, 'a> Explanation<'e, 'a> {
    fn new(query: &mut ContainmentQuery<'a>, direction: Direction, witness: &'e Value, refusal: &'e Refusal) -> Self {
        let (writer_root, reader) = (query.writer_side(), query.reader_side().schemas);
        let mut walk = InstanceWalker { lowering: &mut query.writer, store: &mut query.store, other: None };
        let speakers = walk.speakers(writer_root.root, witness, &refusal.instance);
        let parent = refusal.instance.rsplit_once('/').map_or("", |(parent, _)| parent);
        let last = split_pointer(&refusal.instance).pop().unwrap_or_default();
        let around = walk.speakers(writer_root.root, witness, parent);
        let writer = writer_root.schemas;
        let names = |id: &NodeId, name: &str| {
            writer.keywords(*id).is_some_and(|keywords| keywords.properties.iter().any(|(known, _)| known == name))
        };
        let declared = refusal.name.is_some() && around.iter().any(|id| names(id, &last));
        let fits = refusal.keyword == "oneOf" && query.some_branch_fits(refusal, witness);
        let renamed = query.renamed(refusal, if refusal.keyword == "required" { &speakers } else { &around });
        let tolerant = query.reader.reading.closed.is_some();
        Self { direction, witness, refusal, writer, reader, speakers, declared, fits, tolerant, renamed }
    }

    fn finish(self) -> Break {
        let rule = rules::of_keyword(self.refusal.via, self.declared, self.fits);
        let (writer, reader) = (self.writer_spot(), self.reader_spot());
        let (old, new) = match self.direction {
            Direction::Backward => (writer, Some(reader)),
            Direction::Forward => (Some(reader), writer),
        };
        Break {
            rule,
            direction: self.direction,
            old,
            new,
            message: self.message(),
            help: self.help(),
            witness: self.witness.clone(),
            instance: self.refusal.instance.clone(),
            missing: self.refusal.name.clone().filter(|_| self.refusal.keyword == "required"),
        }
    }

    fn reader_spot(&self) -> SchemaLocation {
        let pointer = self.reader.pointer(self.refusal.node);
        let keyword = Some(self.refusal.keyword).filter(|keyword| *keyword != "false");
        spot(self.reader, self.refusal.node, &keyword.map_or_else(|| pointer.clone(), |keyword| format!("{pointer}/{keyword}")))
    }

    /// Returns the place where the writer's schema speaks of the same keyword, or at least of the place.
    fn writer_spot(&self) -> Option<SchemaLocation> {
        let with_keyword = self.speakers.iter().find(|id| self.writer.raw(**id).get(self.refusal.keyword).is_some());
        if let Some(id) = with_keyword {
            let pointer = format!("{}/{}", self.writer.pointer(*id), self.refusal.keyword);
            return Some(spot(self.writer, *id, &pointer));
        }
        let id = self.speakers.last()?;
        Some(spot(self.writer, *id, &self.writer.pointer(*id)))
    }

    fn message(&self) -> String {
        let place = if self.refusal.instance.is_empty() { "the event".to_owned() } else { self.refusal.instance.clone() };
        let (sent, readers) = match self.direction {
            Direction::Backward => ("old events", "new readers"),
            Direction::Forward => ("new events", "old readers"),
        };
        let change = self.change();
        match &self.refusal.name {
            Some(name) if self.refusal.keyword == "required" => {
                format!("{sent} may lack {name:?} at {}, which {readers} require{}", shown_place(&self.refusal.instance), self.rename())
            }
            Some(name) => {
                format!(
                    "{sent} may have {name:?}, which {readers} refuse at {}{}",
                    shown_place(parent(&self.refusal.instance)),
                    self.rename()
                )
            }
            None => {
                let found = self.witness.pointer(&self.refusal.instance).map(short).unwrap_or_default();
                let reading = if self.refusal.keyword == "format" { ", since formats are read as assertions" } else { "" };
                format!("{change}: {sent} may hold {found} at {place}, which {readers} refuse{reading}")
            }
        }
    }

    fn rename(&self) -> String {
        // The property that is missing is the newer one backward; the one that is refused is the older one.
        let newer = (self.refusal.keyword == "required") == (self.direction == Direction::Backward);
        let word = if newer { "former" } else { "new" };
        self.renamed.as_ref().map_or_else(String::new, |name| format!("; {name:?} looks like its {word} name"))
    }

    /// Returns what changed at the keyword, from old to new.
    fn change(&self) -> String {
        let keyword = self.refusal.keyword;
        let reads = self.reader.raw(self.refusal.node).get(keyword).map(short);
        let writes = self.speakers.iter().find_map(|id| self.writer.raw(*id).get(keyword)).map(short);
        let (before, after) = match self.direction {
            Direction::Backward => (writes, reads),
            Direction::Forward => (reads, writes),
        };
        match (before, after) {
            _ if keyword == "false" => {
                format!("{} allows nothing here", if self.direction == Direction::Backward { "the new schema" } else { "the old schema" })
            }
            (Some(before), Some(after)) if before != after => format!("`{keyword}` changed from {before} to {after}"),
            (None, Some(after)) => format!("`{keyword}`: {after} is new"),
            (Some(before), None) => format!("`{keyword}`: {before} is gone"),
            _ => format!("`{keyword}` means less than it did"),
        }
    }

    fn help(&self) -> String {
        let advice = self.advice();
        let at = &self.refusal.instance;
        if at.is_empty() || !matches!(self.refusal.keyword, "const" | "enum" | "pattern") {
            return advice;
        }
        let without = format!("`--ignore {at}`, or `ignore_stamps = [{at:?}]` in the namespace");
        match self.stamp() {
            Some(RefusedVersion::Whole) => format!("this looks like a stamp of the schema's own version; compare without it: {without}"),
            Some(RefusedVersion::Part) => {
                format!("{advice}; where this is the version of the contract itself, compare without it: {without}")
            }
            None => advice,
        }
    }

    fn advice(&self) -> String {
        match (self.refusal.keyword, &self.refusal.name, &self.renamed) {
            ("required", Some(name), Some(latter)) if self.direction == Direction::Forward => {
                format!("keep {name:?} required beside {latter:?} until every service has moved, or make a new major")
            }
            ("required", Some(name), None) if self.direction == Direction::Forward => {
                format!("keep {name:?} required, or make a new major")
            }
            ("required", Some(name), Some(former)) => {
                format!("keep {former:?} beside an optional {name:?} until every service has moved, or make a new major")
            }
            ("required", Some(name), None) => format!("make {name:?} optional, or make a new major"),
            (_, Some(name), _) if self.declared => format!("keep {name:?} and mark it deprecated, or make a new major"),
            (_, Some(_), _) => "leave the object open, or make a new major".to_owned(),
            ("enum", ..) if self.tolerant => {
                "keep the values (open are only strings that tell no alternatives of a union apart), or make a new major".to_owned()
            }
            ("enum", ..) => {
                "keep the value, let readers survive unknown ones (`tolerance = \"open-enums\"`), or make a new major".to_owned()
            }
            _ => "let the reader accept what the writer may send, or make a new major".to_owned(),
        }
    }

    /// Returns whether the refused value is a version, or holds one, as schemas stamp into their own documents.
    fn stamp(&self) -> Option<RefusedVersion> {
        let text = self.witness.pointer(&self.refusal.instance)?.as_str()?;
        if Number::is_stamp(text) {
            return Some(RefusedVersion::Whole);
        }
        holds_version(text).then_some(RefusedVersion::Part)
    }
}

/// What of a value looks like the version of its schema.
enum RefusedVersion {
    Whole,
    Part,
}

/// Returns whether three numbers with dots between them stand in a text.
fn holds_version(text: &str) -> bool {
    let mut words = text.split(|c: char| !(c.is_ascii_digit() || c == '.'));
    words.any(|word| word.trim_matches('.').split('.').filter(|part| !part.is_empty()).count() >= 3)
}

fn spot(schemas: &Schemas, id: NodeId, pointer: &str) -> SchemaLocation {
    SchemaLocation { place: schemas.file(schemas.node(id).file).key_place(pointer), pointer: pointer.to_owned() }
}

fn parent(instance: &str) -> &str {
    instance.rsplit_once('/').map_or("", |(parent, _)| parent)
}

fn shown_place(instance: &str) -> String {
    if instance.is_empty() { "the root".to_owned() } else { instance.to_owned() }
}

/// Returns a value in a sentence.
fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= MAX_SHOWN_LENGTH {
        return text;
    }
    text.chars().take(MAX_SHOWN_LENGTH).chain(['…']).collect()
}

impl ContainmentQuery<'_> {
    /// Returns whether a branch of the reader's `oneOf` accepts what is refused.
    fn some_branch_fits(&mut self, refusal: &Refusal, witness: &Value) -> bool {
        let Some(value) = witness.pointer(&refusal.instance) else { return false };
        let schemas = self.reader.schemas;
        let branches = schemas.keywords(refusal.node).map(|keywords| keywords.one_of.clone()).unwrap_or_default();
        let (scope, _) = self.reader.start(self.reader_side().root);
        branches.into_iter().any(|branch| {
            let lit = self.reader.formula(&mut self.store, branch, scope, 0);
            self.store.holds(lit, value) == Some(true)
        })
    }

    /// Returns the likely new or old name of a property: a property that only the other side knows, with the very schema of
    /// the one that is missing or refused.
    fn renamed(&mut self, refusal: &Refusal, around: &[NodeId]) -> Option<String> {
        let name = refusal.name.as_ref()?;
        let (writer, reader) = (self.writer.schemas, self.reader.schemas);
        let properties =
            |schemas: &Schemas, id: NodeId| schemas.keywords(id).map(|keywords| keywords.properties.clone()).unwrap_or_default();
        let asked = properties(reader, refusal.node);
        let sent: Vec<(String, NodeId)> = around.iter().flat_map(|id| properties(writer, *id)).collect();
        let scope = self.reader.start(self.reader_side().root).0;
        let asked: Vec<_> = asked.into_iter().map(|(name, id)| (name, self.reader.formula(&mut self.store, id, scope, 0))).collect();
        let scope = self.writer.start(self.writer_side().root).0;
        let sent: Vec<_> = sent.into_iter().map(|(name, id)| (name, self.writer.formula(&mut self.store, id, scope, 0))).collect();
        let (own, others) = if refusal.keyword == "required" { (&asked, &sent) } else { (&sent, &asked) };
        let (_, wanted) = own.iter().find(|(known, _)| known == name)?;
        let mut alike = others.iter().filter(|(other, lit)| {
            let new = !own.iter().any(|(known, _)| known == other);
            // Properties that may be anything are all alike.
            new && *lit != Lit::TRUE && self.store.formulas.alike(*lit, *wanted)
        });
        alike.next().map(|(other, _)| other.clone())
    }
}
