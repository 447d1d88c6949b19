//! The input of a module's template: text that is ready to stand where it lands.

use minijinja::{Value, context};

use super::options::Models;

/// The input of a module's template.
pub(super) struct Page {
    pub(super) doc: String,
    /// Whether the module uses what is deprecated, as only generated code may.
    pub(super) uses_deprecated: bool,
    pub(super) exports: Vec<String>,
    pub(super) standard: Vec<String>,
    pub(super) library: Vec<String>,
    pub(super) own: Vec<String>,
    pub(super) late: Vec<String>,
    pub(super) variable: Option<String>,
    pub(super) items: Vec<PageItem>,
    pub(super) units: Vec<ValidationUnit>,
    pub(super) contract: Option<Functions>,
}

/// A type.
#[derive(Default)]
pub(super) struct PageItem {
    pub(super) kind: &'static str,
    pub(super) name: String,
    pub(super) header: String,
    pub(super) doc: Option<String>,
    /// The decorator that marks a class as deprecated.
    pub(super) deprecated: Option<String>,
    pub(super) sensitive: Option<String>,
    pub(super) extra: Option<String>,
    /// The name that declares the type of further properties: pydantic's `Field`, or `Any`.
    pub(super) declares_extra: String,
    pub(super) fields: Vec<PageMember>,
    pub(super) value: String,
}

/// A field of a model or a member of an enum.
pub(super) struct PageMember {
    pub(super) declaration: String,
    pub(super) doc: Option<String>,
}

pub(super) struct ValidationUnit {
    pub(super) name: String,
    pub(super) plan: String,
}

/// The names that an event's functions use.
pub(super) struct Functions {
    pub(super) ty: String,
    pub(super) unit: String,
    /// The values that a reader puts in place of what a document lacks, as a literal of JSON text; empty where that is nothing.
    pub(super) steps: String,
    /// The function that reads them.
    pub(super) resolution: String,
    /// Whether any value may stand somewhere in the payload.
    pub(super) untyped: bool,
    pub(super) topic: Option<String>,
    pub(super) event: Option<String>,
    pub(super) event_unit: String,
    /// Whether any value may stand somewhere in the event.
    pub(super) untyped_event: bool,
    /// The constant with the roles of the envelope, and the class of what an envelope says.
    pub(super) roles: String,
    pub(super) fields: String,
    pub(super) codec: String,
    pub(super) data: String,
    pub(super) violation: String,
    pub(super) write: String,
    pub(super) any: String,
    pub(super) plain: String,
    /// The decorator of functions that read a deprecated event.
    pub(super) deprecated: Option<String>,
}

impl Page {
    /// Returns whether a reader of the contract puts something in place of what a document lacks.
    pub(super) fn resolves(&self) -> bool {
        self.contract.as_ref().is_some_and(|functions| !functions.steps.is_empty())
    }

    /// Returns the page as the template takes it.
    pub(super) fn into_value(self, models: Models) -> Value {
        context! {
            pydantic => models == Models::Pydantic,
            doc => self.doc,
            uses_deprecated => self.uses_deprecated,
            exports => self.exports,
            standard => self.standard,
            library => self.library,
            own => self.own,
            late => self.late,
            variable => self.variable,
            items => self.items.into_iter().map(PageItem::into_value).collect::<Vec<_>>(),
            units => self.units.into_iter().map(|unit| context! { name => unit.name, plan => unit.plan }).collect::<Vec<_>>(),
            contract => self.contract.map(Functions::into_value),
        }
    }
}

impl PageItem {
    fn into_value(self) -> Value {
        let fields = self.fields.into_iter().map(|field| context! { declaration => field.declaration, doc => field.doc });
        context! {
            kind => self.kind,
            name => self.name,
            header => self.header,
            doc => self.doc,
            deprecated => self.deprecated,
            sensitive => self.sensitive,
            extra => self.extra,
            declares_extra => self.declares_extra,
            fields => fields.collect::<Vec<_>>(),
            value => self.value,
        }
    }
}

impl Functions {
    /// Returns the names that the functions add to the module.
    pub(super) fn names(&self) -> Vec<&'static str> {
        let mut names = vec!["decode", "encode", "encode_valid", "validate"];
        if self.topic.is_some() {
            names.push("TOPIC");
        }
        if self.event.is_some() {
            names.extend(["decode_event", "encode_valid_event", "fields_of", "validate_event", "wrap"]);
        }
        names
    }

    fn into_value(self) -> Value {
        context! {
            ty => self.ty,
            unit => self.unit,
            steps => self.steps,
            resolution => self.resolution,
            untyped => self.untyped,
            topic => self.topic,
            event => self.event,
            event_unit => self.event_unit,
            untyped_event => self.untyped_event,
            roles => self.roles,
            fields => self.fields,
            codec => self.codec,
            data => self.data,
            violation => self.violation,
            write => self.write,
            any => self.any,
            plain => self.plain,
            deprecated => self.deprecated,
        }
    }
}
