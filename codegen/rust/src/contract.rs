//! Contracts: topics, events and envelopes.

use eventc_model::{
    catalog::{Catalog, Contract, ContractKind},
    config::{Broker, EnvelopeRoles},
    duration::{Duration, Retention},
    facts::DeadLetterFacts,
    metadata::Stability,
    syntax::split_pointer,
    types::{Field, Shape, Type, TypeId, TypeRef},
};
use proc_macro2::TokenStream;
use quote::quote;

use crate::{Emitter, module::ModuleWriter, names, text};

impl ModuleWriter<'_> {
    /// Returns the implementations for the root type of a contract.
    pub(crate) fn contract(&self, id: TypeId, ty: &Type, contract: &Contract) -> TokenStream {
        match contract.kind {
            ContractKind::Event => self.event(id, contract),
            ContractKind::Envelope => self.envelope(id, ty, contract),
            ContractKind::DeadLetter => TokenStream::new(),
        }
    }

    fn event(&self, id: TypeId, contract: &Contract) -> TokenStream {
        let name = self.path(id);
        let topic = topic(self.emitter.catalog, contract);
        let envelope = self.emitter.envelope_of(contract.namespace);
        let strict = self.strict_readers(id, envelope);
        let envelope = envelope.map(|envelope| self.path(envelope));
        let envelope = envelope.map_or_else(|| quote!(::eventc::Bare<Self>), |path| quote!(#path<Self>));
        quote! {
            impl ::eventc::Event for #name {
                const TOPIC: &'static ::eventc::Topic = &#topic;
                type Envelope = #envelope;
                #strict
            }
        }
    }

    /// Returns the methods that read and validate at once, where types that are read strictly are valid. Inline, so that the
    /// code for it is made where it is used, and not in every build of the package.
    fn strict_readers(&self, id: TypeId, envelope: Option<TypeId>) -> TokenStream {
        if !self.emitter.is_strict(id) {
            return TokenStream::new();
        }
        let is_object = matches!(self.types().get(id).shape, Shape::Object(_));
        let enveloped = envelope.is_none_or(|envelope| is_object && self.emitter.is_strict(envelope)).then(|| {
            quote! {
                #[inline]
                fn decode_valid_event(json: &[u8]) -> Result<Self::Envelope, ::eventc::DecodeError> {
                    ::eventc::codec::decode_valid_event::<Self>(json)
                }
            }
        });
        quote! {
            #[inline]
            fn decode_valid(json: &[u8]) -> Result<Self, ::eventc::DecodeError> {
                ::eventc::codec::decode_valid(json)
            }
            #enveloped
        }
    }

    fn envelope(&self, id: TypeId, ty: &Type, contract: &Contract) -> TokenStream {
        if self.emitter.envelope_of(contract.namespace) != Some(id) {
            return TokenStream::new();
        }
        let Some(roles) = &self.emitter.catalog.namespace(contract).envelope else { return TokenStream::new() };
        let name = names::type_name(&ty.name);
        let steps: Vec<_> = self.emitter.steps(id, &roles.payload).unwrap_or_default();
        let path: Vec<_> = steps.iter().map(|step| names::field(&step.field.ident)).collect();
        let constant = self::roles(roles);
        let others = places(roles);
        let accessors = others.iter().filter_map(|(role, pointer)| {
            let (role, body) = (names::plain(role), self.role(id, pointer.as_deref()?)?);
            Some(quote! {
                fn #role(&self) -> Option<&str> {
                    #body
                }
            })
        });
        // Box needs a star to be moved out of.
        let boxes = steps.iter().filter(|step| step.boxed).count();
        let stars = std::iter::repeat_n(quote!(*), boxes);
        quote! {
            impl<P> ::eventc::Envelope for #name<P> {
                type Payload = P;
                const ROLES: &'static ::eventc::Roles = &#constant;

                fn payload(&self) -> &P {
                    &self #(.#path)*
                }

                fn into_payload(self) -> P {
                    #(#stars)* self #(.#path)*
                }

                #(#accessors)*
            }
        }
    }

    /// Returns the body of an accessor; `None` where the role is no text.
    fn role(&self, envelope: TypeId, pointer: &str) -> Option<TokenStream> {
        let steps = self.emitter.steps(envelope, pointer)?;
        let last = steps.last()?;
        let mut place = quote!(self);
        for (index, PathStep { field, .. }) in steps.iter().enumerate() {
            if let Some(text) = self.emitter.constant(field) {
                return Some(quote!(Some(#text)));
            }
            let ident = names::field(&field.ident);
            place = quote!(#place.#ident);
            let empty = usize::from(!field.required) + usize::from(matches!(field.ty, TypeRef::Nullable(_)));
            for _ in 0..empty {
                place = quote!(#place.as_ref()?);
            }
            if index + 1 == steps.len() {
                let borrowed = if empty == 0 { quote!(&#place) } else { place.clone() };
                return self.as_text(&last.field.ty, &place, &borrowed);
            }
        }
        None
    }

    fn as_text(&self, ty: &TypeRef, place: &TokenStream, borrowed: &TokenStream) -> Option<TokenStream> {
        let mut ty = ty.split_null().0;
        for _ in 0..64 {
            match ty {
                TypeRef::String(_) => return Some(quote!(Some(#borrowed))),
                TypeRef::Named(id) => match &self.types().get(*id).shape {
                    Shape::Enum(_) => return Some(quote!(Some(#place.as_str()))),
                    Shape::Alias(inner) => ty = inner,
                    _ => return None,
                },
                _ => return None,
            }
        }
        None
    }
}

/// A field on the way to a place.
pub(crate) struct PathStep<'a> {
    field: &'a Field,
    boxed: bool,
}

impl Emitter<'_> {
    /// Returns the envelope type of a namespace, if it can hold any payload.
    pub(crate) fn envelope_of(&self, namespace: usize) -> Option<TypeId> {
        let contract = self.catalog.envelope(namespace)?;
        let module = self.types.module_of(contract.file).filter(|module| self.selects(*module))?;
        let root = self.types.module(module).root?;
        let roles = self.catalog.config.namespace[namespace].envelope.as_ref()?;
        let steps = self.steps(root, &roles.payload)?;
        let present = steps.iter().all(|PathStep { field, .. }| field.required && !matches!(field.ty, TypeRef::Nullable(_)));
        (self.types.get(root).generic && present && steps.last()?.field.ty == TypeRef::Payload).then_some(root)
    }

    /// Returns the fields on the way to a place in an object.
    pub(crate) fn steps(&self, root: TypeId, pointer: &str) -> Option<Vec<PathStep<'_>>> {
        let mut at = TypeRef::Named(root);
        let mut steps = Vec::new();
        for part in split_pointer(pointer) {
            let (id, object) = loop {
                let TypeRef::Named(id) = at.split_null().0 else { return None };
                match &self.types.get(*id).shape {
                    Shape::Object(object) => break (*id, object),
                    // A newtype would need another step.
                    Shape::Alias(inner) if !self.is_newtype(*id) && !matches!(inner, TypeRef::Nullable(_)) => at = inner.clone(),
                    _ => return None,
                }
            };
            let index = object.fields.iter().position(|field| field.name == part)?;
            let field = &object.fields[index];
            at = field.ty.clone();
            steps.push(PathStep { field, boxed: self.boxes.is_boxed(id, index) });
        }
        Some(steps)
    }
}

/// Returns the places of an envelope's roles: a constant expression of the type `eventc::Roles`.
pub fn roles(roles: &EnvelopeRoles) -> TokenStream {
    let payload = &roles.payload;
    let others = places(roles);
    let known = others.iter().filter_map(|(role, pointer)| {
        let (role, pointer) = (names::plain(role), pointer.as_deref()?);
        Some(quote!(#role: Some(#pointer)))
    });
    quote!(::eventc::Roles { #(#known,)* ..::eventc::Roles::new(#payload) })
}

fn places(roles: &EnvelopeRoles) -> [(&'static str, &Option<String>); 8] {
    [
        ("id", &roles.id),
        ("topic", &roles.kind),
        ("version", &roles.version),
        ("time", &roles.time),
        ("source", &roles.source),
        ("correlation", &roles.correlation),
        ("causation", &roles.causation),
        ("trace", &roles.trace),
    ]
}

/// Returns the topic of a contract: a constant expression of the type `eventc::Topic`.
pub fn topic(catalog: &Catalog, contract: &Contract) -> TokenStream {
    let facts = catalog.facts(contract);
    let (name, version, namespace) = (facts.name, facts.version.to_string(), facts.namespace);
    let mut fields = Vec::new();
    if facts.broker == Broker::Rabbitmq {
        fields.push(quote!(broker: ::eventc::Broker::Rabbitmq));
    }
    if facts.stability == Stability::Unstable {
        fields.push(quote!(stability: ::eventc::Stability::Unstable));
    }
    for (field, value) in [("owner", facts.owner), ("key", facts.key), ("reply", facts.reply), ("exchange", facts.exchange.as_deref())] {
        let field = names::plain(field);
        fields.extend(value.map(|value| quote!(#field: Some(#value))));
    }
    for (field, value) in [
        ("partitions", facts.partitions.map(u64::from)),
        ("replication", facts.replication.map(u64::from)),
        ("ttl_ms", facts.ttl.map(Duration::millis)),
        ("priority", facts.priority.map(u64::from)),
    ] {
        let field = names::plain(field);
        fields.extend(value.map(text::grouped).map(|value| quote!(#field: Some(#value))));
    }
    fields.extend(facts.retention.map(retention).map(|value| quote!(retention: Some(#value))));
    fields.extend(facts.dead_letter.as_ref().map(dead_letter).map(|policy| quote!(dead_letter: Some(#policy))));
    if let Some(deprecation) = facts.deprecated {
        let (since, sunset) = (deprecation.since.to_string(), deprecation.sunset.map(|day| day.to_string()));
        let (sunset, successor) = (option(sunset.as_deref()), option(deprecation.successor.as_deref()));
        fields.push(quote!(deprecated: Some(::eventc::Deprecation { since: #since, sunset: #sunset, successor: #successor })));
    }
    let consumers: Vec<TokenStream> = facts.consumers.iter().map(consumer).collect();
    let [producers, tags] = [facts.producers, facts.tags].map(|texts| texts.iter().map(|text| quote!(#text)).collect());
    for (field, items) in [("producers", producers), ("consumers", consumers), ("tags", tags)] {
        let (field, items): (_, Vec<TokenStream>) = (names::plain(field), items);
        if !items.is_empty() {
            fields.push(quote!(#field: &[#(#items),*]));
        }
    }
    let topic = quote!(::eventc::Topic::new(#name, #version, #namespace));
    if fields.is_empty() { topic } else { quote!(::eventc::Topic { #(#fields,)* ..#topic }) }
}

fn consumer(consumer: &eventc_model::traffic::Consumer) -> TokenStream {
    let service = &*consumer.service;
    let (function, group, queue) =
        (option(consumer.function.as_deref()), option(consumer.group.as_deref()), option(consumer.queue.as_deref()));
    quote!(::eventc::Consumer { service: #service, function: #function, group: #group, queue: #queue })
}

fn dead_letter(policy: &DeadLetterFacts<'_>) -> TokenStream {
    let topic = policy.topic;
    let retries = proc_macro2::Literal::u32_unsuffixed(policy.retries);
    let backoff = policy.backoff.iter().map(|wait| text::grouped(wait.millis()));
    let retention = policy.retention.map(retention).map_or(quote!(None), |value| quote!(Some(#value)));
    quote!(::eventc::DeadLetter { topic: #topic, retries: #retries, backoff_ms: &[#(#backoff),*], retention: #retention })
}

fn retention(retention: Retention) -> TokenStream {
    const UNITS: [(u64, &str); 4] = [(86_400_000, "days"), (3_600_000, "hours"), (60_000, "minutes"), (1000, "seconds")];
    let Retention::For(duration) = retention else { return quote!(::eventc::Retention::Forever) };
    let millis = duration.millis();
    let whole = UNITS.into_iter().find(|(unit, _)| millis >= *unit && millis.is_multiple_of(*unit));
    let (constructor, count) = whole.map_or(("Millis", millis), |(unit, name)| (name, millis / unit));
    let (constructor, count) = (names::plain(constructor), text::grouped(count));
    quote!(::eventc::Retention::#constructor(#count))
}

fn option(text: Option<&str>) -> TokenStream {
    text.map_or(quote!(None), |text| quote!(Some(#text)))
}
