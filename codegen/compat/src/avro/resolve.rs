//! Schema resolution, place by place: what a reader's schema cannot take from a writer's, with a datum for each.

use std::collections::{HashMap, HashSet};

use apache_avro::{
    Schema,
    schema::{DecimalSchema, EnumSchema, InnerDecimalSchema, Name, RecordSchema, UuidSchema},
    types::Value as Datum,
};

use super::{sample, source::AvroSource};

/// The reason why a reader's schema does not resolve a writer's.
#[derive(Debug, Clone)]
pub(super) enum Mismatch {
    /// A type became one to which it is not promoted.
    Type { writer: &'static str, reader: &'static str },
    /// A fixed type has another size.
    Size { writer: usize, reader: usize },
    /// The reader's record has a field without a default that the writer's lacks.
    Field { name: String },
    /// The reader's enum lacks a symbol and has no default.
    Symbol { name: String },
    /// No branch of the reader's union takes the writer's type.
    Branch { writer: &'static str },
    /// A named type has another name, and no alias.
    Name { writer: String, reader: String },
    /// A logical type changed: the data are read, and mean something else.
    Logical { writer: String, reader: String },
}

impl Mismatch {
    pub(super) fn message(&self) -> String {
        match self {
            Self::Type { writer, reader } => format!("{writer} is not promoted to {reader}"),
            Self::Size { writer, reader } => format!("the reader's fixed type has {reader} bytes, the writer's {writer}"),
            Self::Field { name } => format!("the reader's field {name:?} has no default, and the writer has no such field"),
            Self::Symbol { name } => format!("the reader's enum has neither the symbol {name:?} nor a default"),
            Self::Branch { writer } => format!("no branch of the reader's union takes {writer}"),
            Self::Name { writer, reader } => format!("the type {writer} is called {reader} by the reader, without an alias"),
            Self::Logical { writer, reader } => format!("the logical type changed from {writer} to {reader}"),
        }
    }

    pub(super) fn help(&self) -> String {
        match self {
            Self::Field { name } => format!("give {name:?} a default, or make a new major"),
            Self::Symbol { name } => format!("keep {name:?}, give the enum a default, or make a new major"),
            Self::Name { writer, .. } => format!("add {writer:?} to the reader's aliases"),
            Self::Logical { .. } => "add a field for the new meaning, or make a new major".to_owned(),
            _ => "keep the type, widen it to one that Avro promotes to, or make a new major".to_owned(),
        }
    }
}

/// A place in both schemas and in the datum.
#[derive(Debug, Clone, Default)]
pub(super) struct ResolutionPath {
    pub(super) writer: String,
    pub(super) reader: String,
    /// JSON Pointer into the datum.
    pub(super) instance: String,
}

/// A mismatch, where it is, and a datum of the writer's schema that has it.
#[derive(Debug, Clone)]
pub(super) struct FoundMismatch {
    pub(super) mismatch: Mismatch,
    pub(super) place: ResolutionPath,
    pub(super) datum: Datum,
}

/// Returns everything that a reader's schema cannot take from a writer's.
pub(super) fn resolve(writer: &AvroSource<'_>, reader: &AvroSource<'_>) -> Vec<FoundMismatch> {
    SchemaResolver { writer, reader, open: HashSet::new() }.at(&writer.schema, &reader.schema, ResolutionPath::default())
}

struct SchemaResolver<'r> {
    writer: &'r AvroSource<'r>,
    reader: &'r AvroSource<'r>,
    /// Pairs of named types that are being resolved, or were.
    open: HashSet<(Name, Name)>,
}

impl<'r> SchemaResolver<'r> {
    fn at(&mut self, writer: &'r Schema, reader: &'r Schema, place: ResolutionPath) -> Vec<FoundMismatch> {
        let (writer, at_writer) = self.writer.target(writer, place.writer);
        let (reader, at_reader) = self.reader.target(reader, place.reader);
        let place = ResolutionPath { writer: at_writer, reader: at_reader, ..place };
        if let (Some(a), Some(b)) = (writer.name(), reader.name())
            && !self.open.insert((a.clone(), b.clone()))
        {
            return Vec::new();
        }
        match (writer, reader) {
            (Schema::Union(union), _) => {
                let branches = union.variants().iter().enumerate();
                branches.flat_map(|(index, branch)| self.each_branch(index, branch, reader, &place)).collect()
            }
            (_, Schema::Union(union)) => self.some_branch(writer, union.variants(), &place),
            (Schema::Record(from), Schema::Record(to)) => self.record(from, to, &place),
            (Schema::Enum(from), Schema::Enum(to)) => self.symbols(from, to, &place),
            (Schema::Array(from), Schema::Array(to)) => {
                let below = step(&place, "/items", "/items", "0");
                wrapped(self.at(&from.items, &to.items, below), |datum| Datum::Array(vec![datum]))
            }
            (Schema::Map(from), Schema::Map(to)) => {
                let below = step(&place, "/values", "/values", "key");
                wrapped(self.at(&from.types, &to.types, below), |datum| Datum::Map(HashMap::from([("key".to_owned(), datum)])))
            }
            _ => self.plain(writer, reader, &place),
        }
    }

    fn found(&self, mismatch: Mismatch, place: &ResolutionPath, writer: &Schema) -> Vec<FoundMismatch> {
        let datum = sample::extreme(self.writer, writer);
        datum.map(|datum| FoundMismatch { mismatch, place: place.clone(), datum }).into_iter().collect()
    }

    /// Returns the mismatches of a branch that a writer may choose.
    fn each_branch(&mut self, index: usize, branch: &'r Schema, reader: &'r Schema, place: &ResolutionPath) -> Vec<FoundMismatch> {
        let below = ResolutionPath { writer: format!("{}/{index}", place.writer), ..place.clone() };
        let index = u32::try_from(index).unwrap_or(0);
        wrapped(self.at(branch, reader, below), |datum| Datum::Union(index, Box::new(datum)))
    }

    /// Has the branch of the reader's union take the writer's type that has its name; else the first of that type; else the first that it is promoted to.
    fn some_branch(&mut self, writer: &'r Schema, branches: &'r [Schema], place: &ResolutionPath) -> Vec<FoundMismatch> {
        let targets: Vec<(usize, &'r Schema)> =
            branches.iter().enumerate().map(|(index, branch)| (index, self.reader.target(branch, String::new()).0)).collect();
        let same = |branch: &Schema| match (writer.name(), branch.name()) {
            (Some(a), Some(b)) => a.name() == b.name() && word(writer) == word(branch),
            _ => word(writer) == word(branch),
        };
        let equal = |branch: &Schema| writer.name().is_some() && writer.name() == branch.name();
        let alike = targets.iter().find(|(_, branch)| equal(branch)).or_else(|| targets.iter().find(|(_, branch)| same(branch)));
        let alike = alike.or_else(|| targets.iter().find(|(_, branch)| promotes(writer, branch)));
        match alike {
            Some((index, branch)) => {
                let below = ResolutionPath { reader: format!("{}/{index}", place.reader), ..place.clone() };
                self.at(writer, branch, below)
            }
            None => self.found(Mismatch::Branch { writer: word(writer) }, place, writer),
        }
    }

    fn record(&mut self, from: &'r RecordSchema, to: &'r RecordSchema, place: &ResolutionPath) -> Vec<FoundMismatch> {
        let writer = Schema::Record(from.clone());
        let mut found = self.names(&from.name, &to.name, &writer, place);
        for (index, field) in to.fields.iter().enumerate() {
            let mut names = [&field.name].into_iter().chain(&field.aliases);
            let written = names.find_map(|name| from.fields.iter().position(|written| written.name == *name));
            let Some(written) = written else {
                if field.default.is_none() {
                    let at = ResolutionPath { reader: format!("{}/fields/{index}", place.reader), ..place.clone() };
                    found.extend(self.found(Mismatch::Field { name: field.name.clone() }, &at, &writer));
                }
                continue;
            };
            let name = &from.fields[written].name;
            let below = step(place, &format!("/fields/{written}/type"), &format!("/fields/{index}/type"), name);
            let inner = self.at(&from.fields[written].schema, &field.schema, below);
            found.extend(self.in_record(from, written, inner));
        }
        found
    }

    /// Returns data of one field in records of which the other fields are as small as can be.
    fn in_record(&self, record: &RecordSchema, at: usize, inner: Vec<FoundMismatch>) -> Vec<FoundMismatch> {
        let others: Option<Vec<(String, Datum)>> =
            record.fields.iter().map(|field| Some((field.name.clone(), sample::of(self.writer, &field.schema)?))).collect();
        let Some(others) = others else { return Vec::new() };
        wrapped(inner, |datum| {
            let mut fields = others.clone();
            fields[at].1 = datum;
            Datum::Record(fields)
        })
    }

    fn symbols(&self, from: &EnumSchema, to: &EnumSchema, place: &ResolutionPath) -> Vec<FoundMismatch> {
        let writer = Schema::Enum(from.clone());
        let mut found = self.names(&from.name, &to.name, &writer, place);
        if to.default.is_none() {
            let missing = from.symbols.iter().enumerate().filter(|(_, symbol)| !to.symbols.contains(symbol));
            found.extend(missing.map(|(index, symbol)| FoundMismatch {
                mismatch: Mismatch::Symbol { name: symbol.clone() },
                place: ResolutionPath {
                    writer: format!("{}/symbols", place.writer),
                    reader: format!("{}/symbols", place.reader),
                    ..place.clone()
                },
                datum: Datum::Enum(u32::try_from(index).unwrap_or(0), symbol.clone()),
            }));
        }
        found
    }

    /// Compares the names of two named types: they match by their unqualified names.
    fn names(&self, from: &Name, to: &Name, writer: &Schema, place: &ResolutionPath) -> Vec<FoundMismatch> {
        if from.name() == to.name() {
            return Vec::new();
        }
        let mismatch = Mismatch::Name { writer: from.fullname(None), reader: to.fullname(None) };
        self.found(mismatch, place, writer)
    }

    fn plain(&self, writer: &'r Schema, reader: &'r Schema, place: &ResolutionPath) -> Vec<FoundMismatch> {
        if let (Some(from), Some(to)) = (size(writer), size(reader))
            && from != to
        {
            return self.found(Mismatch::Size { writer: from, reader: to }, place, writer);
        }
        if word(writer) != word(reader) && !promotes(writer, reader) {
            return self.found(Mismatch::Type { writer: word(writer), reader: word(reader) }, place, writer);
        }
        let (from, to) = (logical(writer), logical(reader));
        if from != to {
            return self.found(Mismatch::Logical { writer: from, reader: to }, place, writer);
        }
        Vec::new()
    }
}

fn step(place: &ResolutionPath, writer: &str, reader: &str, token: &str) -> ResolutionPath {
    ResolutionPath {
        writer: format!("{}{writer}", place.writer),
        reader: format!("{}{reader}", place.reader),
        instance: format!("{}/{}", place.instance, eventc_model::syntax::escape_pointer(token)),
    }
}

fn wrapped(found: Vec<FoundMismatch>, wrap: impl Fn(Datum) -> Datum) -> Vec<FoundMismatch> {
    found.into_iter().map(|found| FoundMismatch { datum: wrap(found.datum), ..found }).collect()
}

/// Returns the word for a type, without its logical type.
fn word(schema: &Schema) -> &'static str {
    match schema {
        Schema::Null => "null",
        Schema::Boolean => "boolean",
        Schema::Int | Schema::Date | Schema::TimeMillis => "int",
        Schema::Long
        | Schema::TimeMicros
        | Schema::TimestampMillis
        | Schema::TimestampMicros
        | Schema::TimestampNanos
        | Schema::LocalTimestampMillis
        | Schema::LocalTimestampMicros
        | Schema::LocalTimestampNanos => "long",
        Schema::Float => "float",
        Schema::Double => "double",
        Schema::Bytes
        | Schema::BigDecimal
        | Schema::Uuid(UuidSchema::Bytes)
        | Schema::Decimal(DecimalSchema { inner: InnerDecimalSchema::Bytes, .. }) => "bytes",
        Schema::String | Schema::Uuid(UuidSchema::String) => "string",
        Schema::Fixed(_)
        | Schema::Duration(_)
        | Schema::Uuid(UuidSchema::Fixed(_))
        | Schema::Decimal(DecimalSchema { inner: InnerDecimalSchema::Fixed(_), .. }) => "fixed",
        Schema::Array(_) => "array",
        Schema::Map(_) => "map",
        Schema::Union(_) => "union",
        Schema::Record(_) => "record",
        Schema::Enum(_) => "enum",
        Schema::Ref { .. } => "reference",
    }
}

fn size(schema: &Schema) -> Option<usize> {
    match schema {
        Schema::Fixed(fixed)
        | Schema::Duration(fixed)
        | Schema::Uuid(UuidSchema::Fixed(fixed))
        | Schema::Decimal(DecimalSchema { inner: InnerDecimalSchema::Fixed(fixed), .. }) => Some(fixed.size),
        _ => None,
    }
}

/// Returns whether a reader's type takes a writer's ("Schema Resolution": int to long, float or double, and so on).
fn promotes(writer: &Schema, reader: &Schema) -> bool {
    matches!(
        (word(writer), word(reader)),
        ("int", "long" | "float" | "double")
            | ("long", "float" | "double")
            | ("float", "double")
            | ("string", "bytes")
            | ("bytes", "string")
    )
}

/// Returns the logical type with its parameters; the plain type where there is none.
fn logical(schema: &Schema) -> String {
    match schema {
        Schema::Decimal(decimal) => format!("decimal({}, {})", decimal.precision, decimal.scale),
        Schema::BigDecimal => "big-decimal".into(),
        Schema::Uuid(_) => "uuid".into(),
        Schema::Date => "date".into(),
        Schema::TimeMillis => "time-millis".into(),
        Schema::TimeMicros => "time-micros".into(),
        Schema::TimestampMillis => "timestamp-millis".into(),
        Schema::TimestampMicros => "timestamp-micros".into(),
        Schema::TimestampNanos => "timestamp-nanos".into(),
        Schema::LocalTimestampMillis => "local-timestamp-millis".into(),
        Schema::LocalTimestampMicros => "local-timestamp-micros".into(),
        Schema::LocalTimestampNanos => "local-timestamp-nanos".into(),
        Schema::Duration(_) => "duration".into(),
        // Promotions keep the meaning of plain types.
        _ => "none".into(),
    }
}
