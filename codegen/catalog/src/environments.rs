//! The pages of environments, and what other pages say of them: brokers, what is on each, who may do what there, and dead letters.

use eventc_infra::{
    ResourceRole,
    kafka::{Acl, AclOperation, AclPattern, AclResource},
};
use eventc_model::{
    GeneratedFile,
    catalog::{Contract, ContractKind},
    config::{Broker, EnvironmentBroker, Principal},
    violations::counted,
};
use minijinja::{Value, context};

use super::{
    brokers::{PlacedBroker, PlacedEnvironment, Resource},
    describe,
    fields::md,
    site::{Site, namespace_label, relative},
};

/// The maximum number of rows of a table, and of names in one of its cells.
const MAX_ROWS: usize = 500;
const MAX_NAMES: usize = 50;

/// The maximum length of a pattern of names that is shown.
const MAX_PATTERN_LENGTH: usize = 240;

/// Returns the Markdown pages.
pub(super) fn pages(site: &Site<'_>) -> Vec<GeneratedFile> {
    site.environments
        .iter()
        .map(|environment| crate::templates::render("environment", &environment.page, page_context(site, environment)))
        .collect()
}

/// Returns the environments as rows of a list.
pub(super) fn rows(site: &Site<'_>, page: &str) -> Vec<Value> {
    let row = |environment: &PlacedEnvironment<'_>| {
        let brokers: Vec<Value> = environment
            .brokers
            .iter()
            .map(|broker| context! { name => broker.name, kind => describe::broker(broker.stated.kind) })
            .collect();
        context! {
            link => md(link(site, page, environment)),
            description => environment.stated.description.as_str(),
            brokers => brokers,
            services => environment.stated.principals.len(),
        }
    };
    site.environments.iter().map(row).collect()
}

fn link(site: &Site<'_>, page: &str, environment: &PlacedEnvironment<'_>) -> String {
    site.markup.link(environment.name, &relative(page, &environment.page))
}

/// Returns the content of an environment's page.
pub(super) fn page_context(site: &Site<'_>, environment: &PlacedEnvironment<'_>) -> Value {
    context! {
        name => environment.name,
        description => environment.stated.description.as_str(),
        brokers => environment.brokers.iter().map(|broker| broker_value(site, environment, broker)).collect::<Vec<_>>(),
        users => users(site, environment),
    }
}

fn broker_value(site: &Site<'_>, environment: &PlacedEnvironment<'_>, broker: &PlacedBroker<'_>) -> Value {
    let page = environment.page.as_str();
    let is_dead = |resource: &&Resource<'_>| resource.origin.role == ResourceRole::DeadLetters;
    let (dead, living): (Vec<&Resource<'_>>, Vec<&Resource<'_>>) = broker.resources.iter().partition(is_dead);
    let table = |all: &[&Resource<'_>]| {
        let shown: Vec<Value> = all.iter().take(MAX_ROWS).map(|resource| resource_value(site, environment, page, resource)).collect();
        context! { more => all.len() - shown.len(), rows => shown, count => all.len() }
    };
    let namespaces = site.input.catalog.config.namespace.iter().enumerate().filter_map(|(index, namespace)| {
        let pages = site.namespaces[index].as_ref()?;
        let (name, _) = environment.stated.broker_of(namespace)?;
        (name == broker.name).then(|| md(site.markup.link(namespace_label(&namespace.name), &relative(page, &pages.page))))
    });
    context! {
        name => broker.name,
        anchor => md(anchor(broker.name)),
        kind => describe::broker(broker.stated.kind),
        description => broker.stated.description.as_str(),
        servers => servers(site, broker.stated),
        access => access(broker.stated),
        namespaces => namespaces.collect::<Vec<_>>(),
        noun => noun(broker.stated.kind),
        resources => table(&living),
        dead_letters => table(&dead),
        retries => broker.retries,
    }
}

/// Returns what is on a broker of a kind, one and many.
fn noun(kind: Broker) -> Value {
    match kind {
        Broker::Kafka => context! { one => "topic", many => "topics" },
        Broker::Rabbitmq => context! { one => "exchange or queue", many => "exchanges and queues" },
    }
}

fn anchor(broker: &str) -> String {
    format!("broker-{}", super::markdown::slug(broker))
}

/// Returns the addresses of a broker, without whatever is a secret.
fn servers(site: &Site<'_>, broker: &EnvironmentBroker) -> Vec<Value> {
    broker.hosts().into_iter().map(|host| md(site.markup.code(&host))).collect()
}

/// Returns how a broker is spoken to in confidence, in words.
fn access(broker: &EnvironmentBroker) -> String {
    let security = &broker.security;
    let encrypted = if broker.is_encrypted() { "TLS" } else { "no encryption" };
    let certificate = security.tls.as_ref().filter(|tls| tls.certificate.is_some()).map(|_| "a certificate of the client".to_owned());
    let sasl = security.sasl.as_ref().map(|sasl| format!("SASL {}", sasl.mechanism.as_str()));
    let user = security.username.as_ref().map(|_| "user and password".to_owned());
    [Some(encrypted.to_owned()), certificate, sasl, user].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn resource_value(site: &Site<'_>, environment: &PlacedEnvironment<'_>, page: &str, resource: &Resource<'_>) -> Value {
    let contracts: Vec<Value> = resource.origin.contracts.iter().take(MAX_NAMES).map(|topic| md(site.topic_link(page, topic))).collect();
    context! {
        what => resource.what,
        name => md(site.markup.code(resource.name)),
        role => role(resource.origin.role),
        more => resource.origin.contracts.len() - contracts.len(),
        contracts => contracts,
        settings => settings(site, &resource.settings),
        differs => differs(site, environment, resource),
    }
}

fn role(role: ResourceRole) -> &'static str {
    match role {
        ResourceRole::Events => "events",
        ResourceRole::DeadLetters => "dead letters",
        ResourceRole::Retry => "events until they are tried again",
        ResourceRole::Archive => "every event, to be read again",
    }
}

fn settings(site: &Site<'_>, settings: &[String]) -> Vec<Value> {
    settings.iter().map(|setting| md(site.markup.code(setting))).collect()
}

/// Returns the settings that an environment alone states, of what carries events, where they are the same for all of these.
fn differs(site: &Site<'_>, environment: &PlacedEnvironment<'_>, resource: &Resource<'_>) -> Vec<Value> {
    if resource.origin.role != ResourceRole::Events {
        return Vec::new();
    }
    let entries = resource.origin.contracts.iter().filter_map(|topic| site.topic(topic));
    let mut all = entries.map(|entry| differences(site, environment, entry.contract));
    let first = all.next().unwrap_or_default();
    if all.all(|other| other == first) { first } else { Vec::new() }
}

fn differences(site: &Site<'_>, environment: &PlacedEnvironment<'_>, contract: &Contract) -> Vec<Value> {
    let namespace = site.input.catalog.namespace(contract);
    let stated = environment.stated.differences(namespace, contract.domain(), &contract.topic);
    let stated = serde_json::to_value(stated).unwrap_or_default();
    let word = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let members = stated.as_object().into_iter().flatten();
    members.map(|(key, value)| md(site.markup.code(&format!("{key} {}", word(value))))).collect()
}

/// Returns the services whose rights an environment manages, with what each may do, counted.
fn users(site: &Site<'_>, environment: &PlacedEnvironment<'_>) -> Vec<Value> {
    let page = environment.page.as_str();
    let row = |(service, principal): (&String, &Principal)| {
        let rights = environment.brokers.iter().flat_map(|broker| rights_on(site, page, broker, principal));
        let words = rights.map(|right| context! { may => right.may, broker => right.broker, told => right.counted() });
        context! { service => md(site.service_link(page, service)), user => md(site.markup.code(principal.user())), rights => words.collect::<Vec<_>>() }
    };
    environment.stated.principals.iter().filter(|(service, _)| site.services.contains_key(service.as_str())).map(row).collect()
}

/// What a user may do with things of one kind.
struct Right<'b> {
    broker: &'b str,
    /// The operation: `send to`.
    may: &'static str,
    /// The names of the things in one and in several words; none for patterns.
    nouns: Option<(&'static str, &'static str)>,
    /// The things, finished for the page.
    names: Vec<Value>,
    more: usize,
}

impl Right<'_> {
    fn counted(&self) -> Vec<Value> {
        match self.nouns {
            Some((one, many)) => vec![counted((self.names.len() + self.more) as u64, one, many).into()],
            None => self.names.clone(),
        }
    }
}

fn rights_on<'b>(site: &Site<'_>, page: &str, broker: &'b PlacedBroker<'_>, principal: &Principal) -> Vec<Right<'b>> {
    let mut found = Vec::new();
    let acls = broker.acls(&principal.on_kafka());
    for (may, nouns, resource, operation) in [
        ("send to", ("topic", "topics"), AclResource::Topic, AclOperation::Write),
        ("read", ("topic", "topics"), AclResource::Topic, AclOperation::Read),
        ("join", ("group", "groups"), AclResource::Group, AclOperation::Read),
        ("use", ("transactional identity", "transactional identities"), AclResource::TransactionalId, AclOperation::Write),
    ] {
        let of = acls.iter().filter(|acl| acl.resource == resource && acl.operation == operation);
        let mut names: Vec<Value> = of.map(|acl| md(acl_name(site, page, acl))).collect();
        let more = names.len().saturating_sub(MAX_NAMES);
        names.truncate(MAX_NAMES);
        if !names.is_empty() {
            found.push(Right { broker: broker.name, may, nouns: Some(nouns), names, more });
        }
    }
    if let Some(permission) = broker.permission(principal.user()) {
        for (may, pattern) in [("write to", &permission.write), ("read from", &permission.read), ("configure", &permission.configure)] {
            // The pattern of nothing.
            if pattern != "^$" {
                found.push(Right { broker: broker.name, may, nouns: None, names: vec![md(site.markup.code(&cut(pattern)))], more: 0 });
            }
        }
    }
    found
}

fn acl_name(site: &Site<'_>, page: &str, acl: &Acl) -> String {
    match (acl.resource, acl.pattern) {
        (AclResource::Topic, AclPattern::Literal) => site.topic_link(page, &acl.name),
        (_, AclPattern::Literal) => site.markup.code(&acl.name),
        (_, AclPattern::Prefixed) => site.markup.code(&format!("{}*", acl.name)),
    }
}

fn cut(pattern: &str) -> String {
    match pattern.char_indices().nth(MAX_PATTERN_LENGTH) {
        Some((end, _)) => format!("{}…", &pattern[..end]),
        None => pattern.to_owned(),
    }
}

/// Returns what a service may do in each environment that manages its rights.
pub(super) fn of_service(site: &Site<'_>, page: &str, service: &str) -> Vec<Value> {
    let value = |environment: &PlacedEnvironment<'_>| {
        let principal = environment.stated.principals.get(service)?;
        let rights = environment.brokers.iter().flat_map(|broker| rights_on(site, page, broker, principal));
        let rights = rights.map(|right| context! { broker => right.broker, may => right.may, names => right.names, more => right.more });
        Some(context! {
            environment => md(link(site, page, environment)),
            user => md(site.markup.code(principal.user())),
            rights => rights.collect::<Vec<_>>(),
        })
    };
    site.environments.iter().filter_map(value).collect()
}

/// Returns what is on the brokers of each environment for an event, and for what its consumers could not process.
pub(super) fn of_event(site: &Site<'_>, page: &str, contract: &Contract) -> Vec<Value> {
    if contract.kind != ContractKind::Event {
        return Vec::new();
    }
    let value = |environment: &PlacedEnvironment<'_>| {
        let rows = environment.brokers.iter().flat_map(|broker| {
            broker.of_contract(&contract.topic).map(|resource| {
                context! {
                    broker => broker.name,
                    what => resource.what,
                    name => md(site.markup.code(resource.name)),
                    role => role(resource.origin.role),
                    settings => settings(site, &resource.settings),
                }
            })
        });
        let rows: Vec<Value> = rows.collect();
        (!rows.is_empty()).then(|| {
            let differs = differences(site, environment, contract);
            context! { environment => md(link(site, page, environment)), rows => rows, differs => differs }
        })
    };
    site.environments.iter().filter_map(value).collect()
}

/// Returns where the events of a namespace travel, by environment: a name, and what there is to say of it.
pub(super) fn of_namespace(site: &Site<'_>, page: &str, index: usize) -> Vec<(String, String)> {
    let namespace = &site.input.catalog.config.namespace[index];
    let value = |environment: &PlacedEnvironment<'_>| {
        let (name, broker) = environment.stated.broker_of(namespace)?;
        let label = format!("{name} ({})", describe::broker(broker.kind));
        let target = format!("{}#{}", relative(page, &environment.page), anchor(name));
        let hosts: Vec<String> = broker.hosts().iter().map(|host| site.markup.code(host)).collect();
        let at = if hosts.is_empty() { String::new() } else { format!(" at {}", hosts.join(", ")) };
        Some((format!("In {}", environment.name), format!("{}{at}", site.markup.link(&label, &target))))
    };
    site.environments.iter().filter_map(value).collect()
}

/// Returns the brokers that carry a namespace, a line for each environment.
pub(super) fn places(site: &Site<'_>, index: usize) -> Vec<String> {
    let namespace = &site.input.catalog.config.namespace[index];
    let place = |environment: &PlacedEnvironment<'_>| Some(format!("{}: {}", environment.name, environment.stated.broker_of(namespace)?.0));
    site.environments.iter().filter_map(place).collect()
}
