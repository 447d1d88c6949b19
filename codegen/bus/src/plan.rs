//! What differs between contracts and a broker, and what is done about it.

use std::collections::BTreeMap;

use eventc_model::violations::counted;
use serde::Serialize;

/// What is done about a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Something that contracts name is missing.
    Create,
    /// A setting has another value.
    Alter,
    /// A setting has a value that no contract asks for, and goes back to the broker's.
    Reset,
    /// A right is missing.
    Grant,
    /// A right that no contract asks for.
    Revoke,
    /// A binding that no contract asks for.
    Unbind,
    /// Something that only a new one can change: the old one is empty and unused.
    Recreate,
    /// Something of a contract that is past its sunset.
    Delete,
    /// A difference that nobody but a person can settle; the reason says how.
    Cannot,
}

impl Action {
    /// Returns the word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Alter => "alter",
            Self::Reset => "reset",
            Self::Grant => "grant",
            Self::Revoke => "revoke",
            Self::Unbind => "unbind",
            Self::Recreate => "recreate",
            Self::Delete => "delete",
            Self::Cannot => "cannot",
        }
    }
}

/// The kind of thing that differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResourceKind {
    /// A topic (Kafka).
    Topic,
    /// What the clients of a user may use of the broker in a time (Kafka).
    Quota,
    /// A virtual host (RabbitMQ).
    VirtualHost,
    /// An exchange (RabbitMQ).
    Exchange,
    /// A queue (RabbitMQ).
    Queue,
    /// A binding of a queue or exchange to an exchange (RabbitMQ).
    Binding,
    /// A policy over queues or exchanges (RabbitMQ).
    Policy,
    /// A right of a user.
    Right,
}

impl ResourceKind {
    /// Returns the word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Topic => "topic",
            Self::Quota => "quota",
            Self::VirtualHost => "virtual-host",
            Self::Exchange => "exchange",
            Self::Queue => "queue",
            Self::Binding => "binding",
            Self::Policy => "policy",
            Self::Right => "right",
        }
    }

    /// Returns the word for a number of them.
    pub fn counted(self, count: usize) -> String {
        let word = match self {
            Self::VirtualHost => "virtual host",
            kind => kind.as_str(),
        };
        match (self, count) {
            (_, 1) => format!("1 {word}"),
            (Self::Policy, _) => format!("{count} policies"),
            _ => format!("{count} {word}s"),
        }
    }
}

/// A difference between what contracts ask for and what a broker has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BrokerChange {
    /// What is done about it.
    pub action: Action,
    /// The kind of thing.
    pub kind: ResourceKind,
    /// Its name on the broker.
    pub name: String,
    /// The setting of it that differs, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setting: Option<String>,
    /// What the broker has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// What contracts ask for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
    /// Why, and where it cannot be done or is held back, the way out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What it does besides that somebody may not expect.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// The option without which it is not done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<String>,
}

impl BrokerChange {
    /// Returns a change with nothing but what it is about.
    pub fn new(action: Action, kind: ResourceKind, name: impl Into<String>) -> Self {
        Self { action, kind, name: name.into(), setting: None, old: None, new: None, reason: None, warnings: Vec::new(), needs: None }
    }

    /// Says which setting differs, and how.
    #[must_use]
    pub fn setting(mut self, setting: &str, old: Option<String>, new: Option<String>) -> Self {
        self.setting = Some(setting.to_owned());
        (self.old, self.new) = (old, new);
        self
    }

    /// Says why.
    #[must_use]
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Adds what it does besides.
    #[must_use]
    pub fn warn(mut self, warning: Option<String>) -> Self {
        self.warnings.extend(warning);
        self
    }
}

/// A change, and the step that makes it. A change that nobody can make, or that is held back, has no step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned<Step> {
    /// What differs.
    pub change: BrokerChange,
    /// What is done.
    pub step: Option<Step>,
}

/// Everything that differs on a broker, in the order in which it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangePlan<Step> {
    /// The differences.
    pub planned: Vec<Planned<Step>>,
    /// What is there besides and is never touched: counts by kind.
    pub unmanaged: BTreeMap<ResourceKind, usize>,
    /// What a person should know besides.
    pub notes: Vec<String>,
}

impl<Step> Default for ChangePlan<Step> {
    fn default() -> Self {
        Self { planned: Vec::new(), unmanaged: BTreeMap::new(), notes: Vec::new() }
    }
}

impl<Step> ChangePlan<Step> {
    /// Adds a change that is made.
    pub(crate) fn make(&mut self, change: BrokerChange, step: Step) {
        self.planned.push(Planned { change, step: Some(step) });
    }

    /// Adds a change that is made where an option says so, and is held back otherwise.
    pub(crate) fn hold(&mut self, mut change: BrokerChange, allowed: bool, option: &str, step: Step) {
        if !allowed {
            change.needs = Some(option.to_owned());
        }
        self.planned.push(Planned { change, step: allowed.then_some(step) });
    }

    /// Adds a change that only a person can make.
    pub(crate) fn cannot(&mut self, change: BrokerChange) {
        self.planned.push(Planned { change, step: None });
    }

    /// Counts things that no contract names.
    pub(crate) fn leave(&mut self, kind: ResourceKind, count: usize) {
        if count > 0 {
            *self.unmanaged.entry(kind).or_default() += count;
        }
    }

    /// Says how many services have rights that are somebody else's to manage.
    pub(crate) fn leave_services(&mut self, count: usize) {
        if count > 0 {
            let services = counted(count as u64, "service", "services");
            self.notes.push(format!("the rights of {services} are not managed here: `principals` of the environment does not list them"));
        }
    }

    /// Returns the changes.
    pub fn changes(&self) -> impl Iterator<Item = &BrokerChange> {
        self.planned.iter().map(|planned| &planned.change)
    }

    /// Returns the steps that are to be done.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.planned.iter().filter_map(|planned| planned.step.as_ref())
    }

    /// Returns the number of changes that only a person can make.
    pub fn cannot_count(&self) -> usize {
        self.changes().filter(|change| change.action == Action::Cannot).count()
    }

    /// Returns whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.planned.is_empty()
    }
}

/// What a person lets be done that takes something away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed {
    /// Settings that no contract asks for go back to the broker's.
    pub reset: bool,
    /// Rights that no contract asks for go.
    pub revoke: bool,
    /// Bindings that no contract asks for go.
    pub unbind: bool,
    /// Topics whose keys may move to other partitions.
    pub repartition: Vec<String>,
    /// Queues that may be deleted and made again, where they are empty and unused.
    pub recreate: Vec<String>,
}

impl Allowed {
    /// Adds what one `--allow` says.
    ///
    /// # Errors
    /// Where it is none of the words.
    ///
    /// ```
    /// let mut allowed = eventc_bus::plan::Allowed::default();
    /// allowed.add("reset").expect("a word");
    /// allowed.add("repartition=order.created").expect("a word and a topic");
    /// assert!(allowed.reset && allowed.repartition == ["order.created"]);
    /// assert!(allowed.add("everything").is_err());
    /// ```
    pub fn add(&mut self, text: &str) -> Result<(), String> {
        match text.split_once('=') {
            Some(("repartition", topic)) if !topic.is_empty() => self.repartition.push(topic.to_owned()),
            Some(("recreate", queue)) if !queue.is_empty() => self.recreate.push(queue.to_owned()),
            None if text == "reset" => self.reset = true,
            None if text == "revoke" => self.revoke = true,
            None if text == "unbind" => self.unbind = true,
            _ => return Err("one of reset, revoke, unbind, repartition=TOPIC, recreate=QUEUE".to_owned()),
        }
        Ok(())
    }
}
