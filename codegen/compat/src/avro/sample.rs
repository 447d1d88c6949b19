//! Data of a schema, as small as can be.

use std::collections::HashMap;

use apache_avro::{Decimal, Duration, Schema, schema::InnerDecimalSchema, types::Value as Datum};
use serde_json::{Map, Value, json};

use super::source::AvroSource;

/// The maximum depth of types within types that is filled in.
const MAX_DEPTH: usize = 64;

/// Returns a datum of a schema; `None` where every one is endless.
pub(super) fn of(source: &AvroSource<'_>, schema: &Schema) -> Option<Datum> {
    within(source, schema, 0)
}

/// Returns a datum of a plain type that narrower types have no room for.
pub(super) fn extreme(source: &AvroSource<'_>, schema: &Schema) -> Option<Datum> {
    match schema {
        Schema::Long => Some(Datum::Long(i64::MAX)),
        Schema::Double => Some(Datum::Double(f64::MAX)),
        schema => of(source, schema),
    }
}

fn within(source: &AvroSource<'_>, schema: &Schema, depth: usize) -> Option<Datum> {
    if depth > MAX_DEPTH {
        return None;
    }
    Some(match schema {
        Schema::Null => Datum::Null,
        Schema::Boolean => Datum::Boolean(false),
        Schema::Int => Datum::Int(0),
        Schema::Long => Datum::Long(0),
        Schema::Float => Datum::Float(0.0),
        Schema::Double => Datum::Double(0.0),
        Schema::Bytes => Datum::Bytes(Vec::new()),
        Schema::String => Datum::String(String::new()),
        Schema::Array(_) => Datum::Array(Vec::new()),
        Schema::Map(_) => Datum::Map(HashMap::new()),
        Schema::Union(union) => {
            let branches = union.variants().iter().enumerate();
            let mut data = branches
                .filter_map(|(index, branch)| Some(Datum::Union(u32::try_from(index).ok()?, Box::new(within(source, branch, depth + 1)?))));
            data.next()?
        }
        Schema::Record(record) => {
            let fields = record.fields.iter().map(|field| Some((field.name.clone(), within(source, &field.schema, depth + 1)?)));
            Datum::Record(fields.collect::<Option<_>>()?)
        }
        Schema::Enum(symbols) => Datum::Enum(0, symbols.symbols.first()?.clone()),
        Schema::Fixed(fixed) => Datum::Fixed(fixed.size, vec![0; fixed.size]),
        Schema::Decimal(decimal) => match &decimal.inner {
            InnerDecimalSchema::Bytes => Datum::Decimal(Decimal::from([0])),
            InnerDecimalSchema::Fixed(fixed) => Datum::Decimal(Decimal::from(vec![0; fixed.size])),
        },
        Schema::BigDecimal => Datum::BigDecimal(apache_avro::BigDecimal::default()),
        Schema::Uuid(_) => Datum::Uuid(apache_avro::Uuid::nil()),
        Schema::Date => Datum::Date(0),
        Schema::TimeMillis => Datum::TimeMillis(0),
        Schema::TimeMicros => Datum::TimeMicros(0),
        Schema::TimestampMillis => Datum::TimestampMillis(0),
        Schema::TimestampMicros => Datum::TimestampMicros(0),
        Schema::TimestampNanos => Datum::TimestampNanos(0),
        Schema::LocalTimestampMillis => Datum::LocalTimestampMillis(0),
        Schema::LocalTimestampMicros => Datum::LocalTimestampMicros(0),
        Schema::LocalTimestampNanos => Datum::LocalTimestampNanos(0),
        Schema::Duration(_) => Datum::Duration(Duration::from([0; 12])),
        Schema::Ref { .. } => within(source, source.target(schema, String::new()).0, depth + 1)?,
    })
}

/// Returns a datum as people read it: a union's value without the name of its branch, bytes as characters.
pub(super) fn to_json(datum: &Datum) -> Value {
    match datum {
        Datum::Boolean(value) => json!(value),
        Datum::Int(value) | Datum::Date(value) | Datum::TimeMillis(value) => json!(value),
        Datum::Long(value)
        | Datum::TimeMicros(value)
        | Datum::TimestampMillis(value)
        | Datum::TimestampMicros(value)
        | Datum::TimestampNanos(value)
        | Datum::LocalTimestampMillis(value)
        | Datum::LocalTimestampMicros(value)
        | Datum::LocalTimestampNanos(value) => json!(value),
        Datum::Float(value) => json!(value),
        Datum::Double(value) => json!(value),
        Datum::Bytes(bytes) | Datum::Fixed(_, bytes) => json!(bytes.iter().map(|byte| char::from(*byte)).collect::<String>()),
        Datum::String(text) | Datum::Enum(_, text) => json!(text),
        Datum::Union(_, value) => to_json(value),
        Datum::Array(items) => Value::Array(items.iter().map(to_json).collect()),
        Datum::Map(members) => Value::Object(members.iter().map(|(key, value)| (key.clone(), to_json(value))).collect()),
        Datum::Record(fields) => Value::Object(fields.iter().map(|(key, value)| (key.clone(), to_json(value))).collect::<Map<_, _>>()),
        Datum::Uuid(uuid) => json!(uuid.to_string()),
        Datum::Null => Value::Null,
        Datum::Decimal(_) | Datum::BigDecimal(_) => json!("\u{0}"),
        Datum::Duration(_) => json!("\u{0}".repeat(12)),
    }
}
