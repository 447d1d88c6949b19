//! Topics of contracts whose files are gone, and which releases still name.

use std::collections::{BTreeMap, BTreeSet};

use eventc_model::{
    catalog::Catalog,
    config::{Environment, Namespace},
    history::{self, History},
    metadata::Metadata,
};

use super::Topic;
use crate::origin::{Origin, ResourceRole};

/// Returns the topics on a broker of an environment whose contracts are released and have no file any more, with those of their dead
/// letters; each with the last sunset that was released, where there is one.
///
/// ```
/// use eventc_infra::kafka::retired;
/// use eventc_model::{catalog::Catalog, config::Config, history::History, source::{Limits, Tree}};
///
/// let config = "[[namespace]]\nname = \"shop\"\n[environments.local.brokers.kafka]\nkind = \"kafka\"\nservers = [\"localhost:9092\"]\n";
/// let (config, _) = Config::parse("eventc.toml", config);
/// let catalog = Catalog::build(Tree::from_texts([], &Limits::default()), config);
/// let release = r#"{"x-release": {"topic": "order.paid", "version": "1.0.0", "date": "2026-01-01"},
///     "x-event": {"version": "1.0.0", "deprecated": {"since": "2026-01-01", "sunset": "2026-06-30"}}}"#;
/// let settings = r#"{"date": "2026-01-01", "major": 1, "dead_letter": {"topic": "order.paid.dlq"}}"#;
/// let files = [("shop/order/paid/1.0.0.json", release), ("shop/order/paid/settings.jsonl", settings)];
/// let (history, _) = History::from_texts(files, &Limits::default());
///
/// let gone = retired(&catalog, &history, &catalog.config.environments["local"], "kafka");
/// assert_eq!(gone.keys().collect::<Vec<_>>(), ["order.paid", "order.paid.dlq"]);
/// assert_eq!(gone["order.paid"].origin.sunset.map(|day| day.to_string()).as_deref(), Some("2026-06-30"));
/// ```
pub fn retired(catalog: &Catalog, history: &History, environment: &Environment, broker: &str) -> BTreeMap<String, Topic> {
    let kept = history::majors(catalog);
    let mut topics: BTreeMap<String, Topic> = BTreeMap::new();
    for (key, major, release) in history.newest() {
        let is_event = key.rsplit('/').next().is_some_and(|name| !name.starts_with('_'));
        let namespace = catalog.config.namespace.iter().find(|namespace| is_of(key, namespace));
        let here = namespace.filter(|namespace| environment.broker_of(namespace).is_some_and(|(name, _)| name == broker));
        let Some(namespace) = here.filter(|_| is_event && !kept.contains(&(key.to_owned(), major))) else { continue };
        let dead_letters = history.settings_of(key, major).and_then(|record| record.settings.dead_letter.as_ref());
        let sunset = Metadata::of_bundle(&release.schema).deprecated.and_then(|deprecated| deprecated.sunset);
        let names = [(ResourceRole::Events, Some(&release.topic)), (ResourceRole::DeadLetters, dead_letters.map(|policy| &policy.topic))];
        for (role, name) in names.into_iter().filter_map(|(role, name)| Some((role, name?))) {
            let contracts = BTreeSet::from([release.topic.clone()]);
            let origin = Origin { role, namespace: namespace.name.clone(), contracts, keyed: false, sunset };
            match topics.get_mut(name) {
                Some(topic) => topic.origin.join(origin),
                None => drop(topics.insert(name.clone(), topic(origin))),
            }
        }
    }
    topics
}

/// Returns whether a release is of a namespace, by its name among the releases.
fn is_of(key: &str, namespace: &Namespace) -> bool {
    namespace.name.is_empty() || key.strip_prefix(&namespace.name).is_some_and(|rest| rest.starts_with('/'))
}

/// Returns a topic of which nobody asks anything any more.
fn topic(origin: Origin) -> Topic {
    Topic { partitions: None, replication: None, settings: BTreeMap::new(), dead_letters: None, origin }
}
