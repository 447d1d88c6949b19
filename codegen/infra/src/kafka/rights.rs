//! What services may do on a cluster: what their contracts and `consumes` say, and nothing else.

use std::collections::BTreeSet;

use eventc_model::config::Environment;

use super::{Acl, AclOperation, AclPattern, AclResource, ClusterBuilder, Quota};

/// Adds the rights and quotas of the services whose users the environment states.
pub(super) fn add(builder: &mut ClusterBuilder<'_>, environment: &Environment) {
    let catalog = builder.stated.catalog;
    for (service, principal) in &environment.principals {
        let mut rights = Rights { principal: principal.on_kafka(), acls: BTreeSet::new() };
        let traffic = catalog.traffic.services().get(service);
        let (sends, reads) = traffic.map_or((&[][..], &[][..]), |traffic| (&traffic.sends, &traffic.reads));
        for event in sends.iter().filter_map(|index| builder.events.get(index)) {
            rights.may_send(&event.contract.topic);
        }
        for event in reads.iter().filter_map(|index| builder.events.get(index)) {
            rights.allow(AclResource::Topic, &event.contract.topic, AclPattern::Literal, AclOperation::Read);
            let consumers = catalog.consumers(event.contract).iter().filter(|consumer| *consumer.service == **service);
            consumers.filter_map(|consumer| consumer.group.as_deref()).for_each(|group| rights.may_join(group));
            if let Some(policy) = &event.settings.dead_letter {
                rights.may_send(&policy.topic_of(&event.contract.topic));
            }
        }
        if rights.sends_anything() {
            rights.may_transact(service);
        }
        let is_here = !rights.acls.is_empty();
        if let Some(quota) = catalog.config.services.get(service).and_then(|service| service.quota).filter(|_| is_here) {
            let quota = Quota {
                producer_byte_rate: quota.producer_byte_rate,
                consumer_byte_rate: quota.consumer_byte_rate,
                request_percentage: quota.request_percentage,
            };
            builder.cluster.quotas.insert(rights.principal.clone(), quota);
        }
        builder.cluster.acls.append(&mut rights.acls);
    }
}

/// The rights of one service.
struct Rights {
    principal: String,
    acls: BTreeSet<Acl>,
}

impl Rights {
    /// Allows an operation, and to see what it is about.
    fn allow(&mut self, resource: AclResource, name: &str, pattern: AclPattern, operation: AclOperation) {
        for operation in [operation, AclOperation::Describe] {
            self.acls.insert(Acl { principal: self.principal.clone(), resource, name: name.to_owned(), pattern, operation });
        }
    }

    fn may_send(&mut self, topic: &str) {
        self.allow(AclResource::Topic, topic, AclPattern::Literal, AclOperation::Write);
    }

    /// A group, and those that begin with its name and a point: for another reading of the same events.
    fn may_join(&mut self, group: &str) {
        self.allow(AclResource::Group, group, AclPattern::Literal, AclOperation::Read);
        self.allow(AclResource::Group, &format!("{group}."), AclPattern::Prefixed, AclOperation::Read);
    }

    /// Transactional identities: the service's name, and those that begin with it and a point, for each of its instances.
    fn may_transact(&mut self, service: &str) {
        self.allow(AclResource::TransactionalId, service, AclPattern::Literal, AclOperation::Write);
        self.allow(AclResource::TransactionalId, &format!("{service}."), AclPattern::Prefixed, AclOperation::Write);
    }

    fn sends_anything(&self) -> bool {
        self.acls.iter().any(|acl| acl.operation == AclOperation::Write)
    }
}
