//! Avro schemas by Avro's own rules (Avro 1.12, "Schema Resolution"): can a reader's schema resolve every datum of a writer's?
//!
//! The writer's types get the names that the reader has for them ([`rename`]); [`resolve`] applies the specification to the two schemas and builds a datum for each place where they do not resolve. The datum is
//! written and read by apache-avro: what it does not reject is no proof, and stays undecided. A change of a logical type lets data
//! through that means something else: a [`Comparison::meaning`].

mod rename;
mod resolve;
mod sample;
mod source;

use apache_avro::{
    Schema, reader::datum::GenericDatumReader, schema_compatibility::SchemaCompatibility, types::Value as Datum,
    writer::datum::GenericDatumWriter,
};
use serde_json::Value;

use self::{
    resolve::{FoundMismatch, Mismatch},
    source::AvroSource,
};
use super::{Break, Bump, CompareOptions, Comparison, Direction, SchemaLocation, Side, Undecided, Verdict, rules};

/// Compares two Avro schemas; `None` where one of the sides is none.
pub(super) fn compare(old: Side<'_>, new: Side<'_>, options: &CompareOptions) -> Option<Comparison> {
    let (old, new) = (AvroSource::of(old)?, AvroSource::of(new)?);
    let mut comparison = Comparison {
        verdict: Verdict::Compatible,
        required_bump: Bump::None,
        breaks: Vec::new(),
        meaning: Vec::new(),
        undecided: Vec::new(),
    };
    for direction in options.mode.directions() {
        let (writer, reader) = match direction {
            Direction::Backward => (&old, &new),
            Direction::Forward => (&new, &old),
        };
        let renamed = rename::renamed(writer, reader);
        let renamed = renamed.as_ref().and_then(|raw| AvroSource::parse(writer.side(), raw));
        let writer = renamed.as_ref().unwrap_or(writer);
        ResolutionQuery { direction: *direction, writer, reader, comparison: &mut comparison }.ask();
    }
    comparison.conclude();
    if comparison.verdict == Verdict::Compatible {
        comparison.required_bump = if old.raw == new.raw {
            Bump::None
        } else if old.schema.canonical_form() == new.schema.canonical_form() && old.defaults() == new.defaults() {
            Bump::Patch
        } else {
            Bump::Minor
        };
    }
    Some(comparison)
}

struct ResolutionQuery<'q> {
    direction: Direction,
    writer: &'q AvroSource<'q>,
    reader: &'q AvroSource<'q>,
    comparison: &'q mut Comparison,
}

impl ResolutionQuery<'_> {
    fn ask(&mut self) {
        let found = resolve::resolve(self.writer, self.reader);
        if found.is_empty() {
            // The library's own opinion counts where it is stricter.
            if let Err(error) = SchemaCompatibility::can_read(&self.writer.schema, &self.reader.schema) {
                self.undecided(&resolve::ResolutionPath::default(), &format!("apache-avro cannot read one by the other: {error}"));
            }
        }
        for FoundMismatch { mismatch, place, datum } in found {
            let found = self.explained(&mismatch, &place, &datum);
            match mismatch {
                Mismatch::Logical { .. } => self.comparison.meaning.push(found),
                _ if rejects(&self.writer.schema, &self.reader.schema, datum) => self.comparison.breaks.push(found),
                _ => self.undecided(&place, &format!("{}: the specification refuses this, apache-avro reads it", mismatch.message())),
            }
        }
    }

    fn undecided(&mut self, place: &resolve::ResolutionPath, reason: &str) {
        self.comparison.undecided.push(Undecided {
            direction: self.direction,
            keyword: "type".into(),
            pointer: if self.direction == Direction::Backward { place.reader.clone() } else { place.writer.clone() },
            place: None,
            reason: reason.to_owned(),
        });
    }

    fn explained(&self, mismatch: &Mismatch, place: &resolve::ResolutionPath, datum: &Datum) -> Break {
        let (writer, reader) = (self.writer.spot(&place.writer), self.reader.spot(&place.reader));
        let (old, new): (SchemaLocation, SchemaLocation) = match self.direction {
            Direction::Backward => (writer, reader),
            Direction::Forward => (reader, writer),
        };
        let (sent, readers) = match self.direction {
            Direction::Backward => ("old events", "new readers"),
            Direction::Forward => ("new events", "old readers"),
        };
        let verb = if matches!(mismatch, Mismatch::Logical { .. }) { "take for something else" } else { "cannot read" };
        let at = if place.instance.is_empty() { "at the root".to_owned() } else { format!("at {}", place.instance) };
        Break {
            rule: match mismatch {
                Mismatch::Type { .. } | Mismatch::Size { .. } => &rules::TYPE_CHANGED,
                Mismatch::Field { .. } => &rules::PROPERTY_REQUIRED,
                Mismatch::Symbol { .. } => &rules::VALUE_REMOVED,
                Mismatch::Branch { .. } => &rules::BRANCH_REMOVED,
                Mismatch::Name { .. } => &rules::NAME_CHANGED,
                Mismatch::Logical { .. } => &rules::MEANING_CHANGED,
            },
            direction: self.direction,
            old: Some(old),
            new: Some(new),
            message: format!("{}: {sent} hold what {readers} {verb} {at}", mismatch.message()),
            help: mismatch.help(),
            witness: sample::to_json(datum),
            instance: place.instance.clone(),
            missing: match mismatch {
                Mismatch::Field { name } => Some(name.clone()),
                _ => None,
            },
        }
    }
}

/// Returns whether a real read rejects a datum: it is written by one schema and read by the other.
fn rejects(writer: &Schema, reader: &Schema, datum: Datum) -> bool {
    let Ok(bytes) = GenericDatumWriter::builder(writer).build().and_then(|to| to.write_value_to_vec(datum)) else { return false };
    let read = GenericDatumReader::builder(writer).reader_schema(reader).build().and_then(|from| from.read_value(&mut &bytes[..]));
    read.is_err()
}

/// Returns the schema text of an Avro contract, as its lowered form carries it.
fn raw(side: Side<'_>) -> Option<&Value> {
    side.schemas.raw(side.root).get("x-avro")?.get("schema")
}
