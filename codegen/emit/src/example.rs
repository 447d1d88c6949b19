//! Whole events as examples: the payload of a contract in an example of its namespace's envelope.

use eventc_model::catalog::{Catalog, Contract, ContractKind};
use serde_json::Value;

/// Returns an example of the payload as it travels: in the first example of the envelope, with topic, version and sender in
/// their places.
///
/// `None` where the namespace has no envelope, the envelope no example, or the example no place for the payload.
pub fn whole(catalog: &Catalog, envelope: Option<&Contract>, contract: &Contract, payload: &Value) -> Option<Value> {
    let roles = catalog.namespace(contract).envelope.as_ref().filter(|_| contract.kind == ContractKind::Event)?;
    let mut event = catalog.schemas.keywords(envelope?.root)?.examples.first()?.clone();
    let topic = Some(contract.topic.as_str());
    let (version, source) = (contract.version.to_string(), contract.metadata.producers.first().map(String::as_str));
    for (role, text) in [(&roles.kind, topic), (&roles.version, Some(version.as_str())), (&roles.source, source)] {
        if let (Some(pointer), Some(text)) = (role, text)
            && let Some(Value::String(place)) = event.pointer_mut(pointer)
        {
            // Some envelopes carry `1.0` where the contract says `1.0.0`.
            let parts = if role == &roles.version { place.split('.').count() } else { usize::MAX };
            *place = text.split('.').take(parts).collect::<Vec<_>>().join(".");
        }
    }
    *event.pointer_mut(&roles.payload)? = payload.clone();
    Some(event)
}
