//! What services may do in a virtual host: what their contracts and `consumes` say, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use eventc_model::{config::Environment, settings::ExchangeType};

use super::{
    HostBuilder, Permission, TopicPermission,
    build::{exactly, retry_exchange},
};

/// Adds the permissions of the services whose users the environment states.
pub(super) fn add(builder: &mut HostBuilder<'_>, environment: &Environment) {
    let catalog = builder.stated.catalog;
    for (service, principal) in &environment.principals {
        let mut keys: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let sends = catalog.traffic.services().get(service).map_or(&[][..], |traffic| &traffic.sends);
        for (event, exchange) in sends.iter().filter_map(|index| builder.events.get(index)) {
            keys.entry(exchange).or_default().insert(&event.contract.topic);
        }
        let drafts = builder.drafts.iter().filter(|(_, draft)| draft.services.contains(service.as_str()));
        let queues: BTreeMap<&str, bool> = drafts.map(|(name, draft)| (name.as_str(), !draft.waits.is_empty())).collect();
        if keys.is_empty() && queues.is_empty() {
            continue;
        }
        let again = queues.iter().filter(|(_, tries_again)| **tries_again).map(|(name, _)| retry_exchange(name));
        let writes: BTreeSet<String> = keys.keys().map(ToString::to_string).chain(again).collect();
        let permission =
            Permission { configure: exactly([]), write: exactly(writes.iter().map(String::as_str)), read: exactly(queues.keys().copied()) };
        let user = principal.user().to_owned();
        for (exchange, keys) in keys {
            if builder.host.exchanges.get(exchange).is_some_and(|exchange| exchange.kind == ExchangeType::Topic) {
                let permission = TopicPermission { write: exactly(keys), read: exactly([]) };
                builder.host.topic_permissions.insert((user.clone(), exchange.to_owned()), permission);
            }
        }
        builder.host.permissions.insert(user, permission);
    }
}
