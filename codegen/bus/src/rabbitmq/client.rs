//! A virtual host of a RabbitMQ over its management API.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use eventc_infra::rabbitmq::{Argument, Binding, Permission, TopicPermission};
use serde_json::{Map, Value, json};
use ureq::tls::TlsConfig;

use super::{
    api::{Api, escaped},
    live::{LiveExchange, LiveHost, LivePolicy, LiveQueue, LiveRights},
};
use crate::error::BusError;

/// A virtual host, as far as eventc needs one.
pub trait Management {
    /// Returns what it has; rights only where they are managed.
    fn read(&self, with_rights: bool) -> Result<LiveHost, BusError>;

    /// Makes the virtual host.
    fn create_host(&self) -> Result<(), BusError>;

    /// Makes an exchange.
    fn put_exchange(&self, name: &str, kind: &str) -> Result<(), BusError>;

    /// Makes a queue.
    fn put_queue(&self, name: &str, arguments: &BTreeMap<String, Argument>) -> Result<(), BusError>;

    /// Deletes a queue unless somebody consumes from it, or, where it should be empty, it holds messages.
    fn delete_queue(&self, name: &str, empty: bool) -> Result<(), BusError>;

    /// Deletes an exchange unless something is bound to it.
    fn delete_exchange(&self, name: &str) -> Result<(), BusError>;

    /// Binds an exchange to a queue.
    fn bind(&self, binding: &Binding) -> Result<(), BusError>;

    /// Takes a binding away.
    fn unbind(&self, binding: &Binding) -> Result<(), BusError>;

    /// Makes or replaces a policy.
    fn put_policy(&self, name: &str, policy: &LivePolicy) -> Result<(), BusError>;

    /// Gives a user what it may do; `None` takes all of it away.
    fn put_permission(&self, user: &str, permission: Option<&Permission>) -> Result<(), BusError>;

    /// Gives a user the routing keys that it may use.
    fn put_topic_permission(&self, user: &str, exchange: &str, permission: &TopicPermission) -> Result<(), BusError>;
}

/// A connection to the management API of a virtual host.
#[derive(Debug)]
pub struct RabbitMqClient {
    api: Api,
    /// The virtual host as a part of paths.
    host: String,
}

impl RabbitMqClient {
    /// Takes the address of the management API and the virtual host. Nobody is asked yet.
    ///
    /// # Errors
    /// Where the address is none.
    pub fn new(
        broker: &str,
        url: &str,
        user: Option<(String, String)>,
        virtual_host: &str,
        tls: TlsConfig,
        timeout: Duration,
    ) -> Result<Self, BusError> {
        Ok(Self { api: Api::new(broker, url, user, tls, timeout)?, host: escaped(virtual_host) })
    }

    fn path(&self, kind: &str, name: &str) -> String {
        format!("{kind}/{}/{}", self.host, escaped(name))
    }

    fn list(&self, what: &str, path: &str) -> Result<Vec<Value>, BusError> {
        match self.api.get(what, path)? {
            Some(Value::Array(items)) => Ok(items),
            _ => Ok(Vec::new()),
        }
    }

    /// Returns the list of a kind of things, by name; `None` where there is no such virtual host.
    fn named<T>(&self, kind: &str, columns: &str, read: impl Fn(&Value) -> T) -> Result<Option<BTreeMap<String, T>>, BusError> {
        let found = self.api.get(&format!("listing {kind}"), &format!("{kind}/{}?columns=name,{columns}", self.host))?;
        let named = |item: &Value| Some((item["name"].as_str()?.to_owned(), read(item)));
        Ok(found.map(|found| found.as_array().into_iter().flatten().filter_map(named).collect()))
    }

    fn rights(&self) -> Result<LiveRights, BusError> {
        let users = self.list("listing users", "users?columns=name")?;
        let permissions = self.list("listing permissions", &format!("vhosts/{}/permissions", self.host))?;
        let topic_permissions = self.list("listing topic permissions", &format!("vhosts/{}/topic-permissions", self.host))?;
        let of = |item: &Value, key: &str| item[key].as_str().unwrap_or_default().to_owned();
        let permission = |item: &Value| Permission { configure: of(item, "configure"), write: of(item, "write"), read: of(item, "read") };
        let topic_permission = |item: &Value| TopicPermission { write: of(item, "write"), read: of(item, "read") };
        Ok(LiveRights {
            users: users.iter().map(|user| of(user, "name")).collect(),
            permissions: permissions.iter().map(|item| (of(item, "user"), permission(item))).collect(),
            topic_permissions: topic_permissions
                .iter()
                .map(|item| ((of(item, "user"), of(item, "exchange")), topic_permission(item)))
                .collect(),
        })
    }

    fn bindings(&self) -> Result<(BTreeSet<Binding>, usize), BusError> {
        let columns = "source,destination,destination_type,routing_key,arguments";
        let items = self.list("listing bindings", &format!("bindings/{}?columns={columns}", self.host))?;
        let mut found = (BTreeSet::new(), 0);
        for item in &items {
            let of = |key: &str| item[key].as_str().unwrap_or_default().to_owned();
            // Every queue is bound to the default exchange by its name, and nobody can change that.
            if of("source").is_empty() {
                continue;
            }
            if of("destination_type") == "queue" {
                found.0.insert(Binding {
                    exchange: of("source"),
                    queue: of("destination"),
                    routing_key: of("routing_key"),
                    arguments: arguments(&item["arguments"]),
                });
            } else {
                found.1 += 1;
            }
        }
        Ok(found)
    }
}

impl Management for RabbitMqClient {
    fn read(&self, with_rights: bool) -> Result<LiveHost, BusError> {
        let is = |item: &Value, key: &str| item[key].as_bool().unwrap_or_default();
        let text = |item: &Value, key: &str| item[key].as_str().map(str::to_owned);
        let exchanges = self.named("exchanges", "type,durable,auto_delete", |item| LiveExchange {
            kind: text(item, "type").unwrap_or_default(),
            durable: is(item, "durable"),
            auto_delete: is(item, "auto_delete"),
        })?;
        let Some(exchanges) = exchanges else {
            let rights = with_rights.then(|| self.list("listing users", "users?columns=name")).transpose()?;
            let users = |users: Vec<Value>| users.iter().filter_map(|user| Some(user["name"].as_str()?.to_owned())).collect();
            return Ok(LiveHost {
                rights: rights.map(|found| LiveRights { users: users(found), ..LiveRights::default() }),
                ..LiveHost::default()
            });
        };
        let queues = self.named("queues", "durable,auto_delete,arguments,policy,messages,consumers", |item| LiveQueue {
            durable: is(item, "durable"),
            auto_delete: is(item, "auto_delete"),
            arguments: arguments(&item["arguments"]),
            policy: text(item, "policy").filter(|policy| !policy.is_empty()),
            messages: item["messages"].as_u64().unwrap_or_default(),
            consumers: item["consumers"].as_u64().unwrap_or_default(),
        })?;
        let policies = self.named("policies", "pattern,apply-to,priority,definition", |item| LivePolicy {
            pattern: text(item, "pattern").unwrap_or_default(),
            apply_to: text(item, "apply-to").unwrap_or_default(),
            priority: item["priority"].as_i64().unwrap_or_default(),
            definition: arguments(&item["definition"]),
        })?;
        let (bindings, other_bindings) = self.bindings()?;
        let own = |name: &String| !name.is_empty() && !name.starts_with("amq.");
        Ok(LiveHost {
            exists: true,
            exchanges: exchanges.into_iter().filter(|(name, _)| own(name)).collect(),
            queues: queues.unwrap_or_default(),
            bindings,
            other_bindings,
            policies: policies.unwrap_or_default(),
            rights: with_rights.then(|| self.rights()).transpose()?,
        })
    }

    fn create_host(&self) -> Result<(), BusError> {
        self.api.put("creating the virtual host", &format!("vhosts/{}", self.host), &json!({}))
    }

    fn put_exchange(&self, name: &str, kind: &str) -> Result<(), BusError> {
        let body = json!({"type": kind, "durable": true, "auto_delete": false, "internal": false, "arguments": {}});
        self.api.put("creating an exchange", &self.path("exchanges", name), &body)
    }

    fn put_queue(&self, name: &str, arguments: &BTreeMap<String, Argument>) -> Result<(), BusError> {
        let body = json!({"durable": true, "auto_delete": false, "arguments": arguments});
        self.api.put("creating a queue", &self.path("queues", name), &body)
    }

    fn delete_queue(&self, name: &str, empty: bool) -> Result<(), BusError> {
        let more = if empty { "&if-empty=true" } else { "" };
        self.api.delete("deleting a queue", &format!("{}?if-unused=true{more}", self.path("queues", name)))
    }

    fn delete_exchange(&self, name: &str) -> Result<(), BusError> {
        self.api.delete("deleting an exchange", &format!("{}?if-unused=true", self.path("exchanges", name)))
    }

    fn bind(&self, binding: &Binding) -> Result<(), BusError> {
        let body = json!({"routing_key": binding.routing_key, "arguments": binding.arguments});
        self.api.post("binding a queue", &self.between(binding), &body)
    }

    fn unbind(&self, binding: &Binding) -> Result<(), BusError> {
        let path = self.between(binding);
        for found in self.list("listing bindings", &path)? {
            let is_meant = found["routing_key"] == binding.routing_key && arguments(&found["arguments"]) == binding.arguments;
            if let Some(key) = found["properties_key"].as_str().filter(|_| is_meant) {
                self.api.delete("unbinding a queue", &format!("{path}/{}", escaped(key)))?;
            }
        }
        Ok(())
    }

    fn put_policy(&self, name: &str, policy: &LivePolicy) -> Result<(), BusError> {
        let body = json!({
            "pattern": policy.pattern, "apply-to": policy.apply_to, "priority": policy.priority, "definition": policy.definition,
        });
        self.api.put("setting a policy", &self.path("policies", name), &body)
    }

    fn put_permission(&self, user: &str, permission: Option<&Permission>) -> Result<(), BusError> {
        let path = self.path("permissions", user);
        match permission {
            Some(permission) => self.api.put("setting permissions", &path, &json!(permission)),
            None => self.api.delete("removing permissions", &path),
        }
    }

    fn put_topic_permission(&self, user: &str, exchange: &str, permission: &TopicPermission) -> Result<(), BusError> {
        let body = json!({"exchange": exchange, "write": permission.write, "read": permission.read});
        self.api.put("setting topic permissions", &self.path("topic-permissions", user), &body)
    }
}

impl RabbitMqClient {
    /// The path of the bindings between an exchange and a queue.
    fn between(&self, binding: &Binding) -> String {
        format!("bindings/{}/e/{}/q/{}", self.host, escaped(&binding.exchange), escaped(&binding.queue))
    }
}

/// Reads arguments; what contracts have no word for is kept as its text.
fn arguments(value: &Value) -> BTreeMap<String, Argument> {
    let none = Map::new();
    let members = value.as_object().unwrap_or(&none).iter();
    members.map(|(key, value)| (key.clone(), argument(value))).collect()
}

fn argument(value: &Value) -> Argument {
    match (value.as_bool(), value.as_i64(), value.as_str()) {
        (Some(flag), ..) => Argument::Flag(flag),
        (_, Some(number), _) => Argument::Number(number),
        (.., Some(text)) => Argument::Text(text.to_owned()),
        _ => Argument::Text(value.to_string()),
    }
}
