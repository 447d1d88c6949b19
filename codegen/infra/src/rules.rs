//! The rules of what contracts ask of brokers.

use eventc_model::diagnostic::{Level, Rule};

macro_rules! rules {
    ($($id:ident = $code:literal $name:literal $level:ident $summary:literal $docs:literal;)*) => {
        $(
            /// See [`Rule::docs`].
            pub static $id: Rule = Rule { code: $code, name: $name, level: Level::$level, summary: $summary, docs: $docs };
        )*
        /// Every rule of what contracts ask of brokers, by code.
        pub static RULES: &[&Rule] = &[$(&$id),*];
    };
}

rules! {
    UNUSABLE_NAME = "EV171" "unusable-name" Error "a broker takes no such name" "\
### What it finds
A topic of Kafka, its dead letters included, whose name is longer than 249 characters or has others than letters of ASCII, digits, `.`, `_`
and `-`; an exchange or queue of RabbitMQ whose name is longer than 255 bytes or begins with `amq.`.

### Why it is bad
The broker refuses to create it.

### Example
A topic pattern that begins with `größe.`.

### What to do
Rename the file, or change the pattern that the name comes from.
";
    COLLIDING_NAMES = "EV172" "colliding-names" Error "two topics have one name where `.` and `_` are one" "\
### What it finds
Two topics of a Kafka cluster, dead letters included, whose names are the same once each `.` is a `_`.

### Why it is bad
Kafka's metrics cannot tell them apart, and the broker refuses to create the second.

### Example
`order.line_added` and `order.line.added`.

### What to do
Rename one of them.
";
    NAME_TAKEN = "EV173" "name-taken" Error "one name stands for two things on a broker" "\
### What it finds
A topic that two namespaces on one Kafka cluster have; dead letters that go where events are; a queue of RabbitMQ that is also that of
dead letters, of another exchange, or a stream.

### Why it is bad
Who reads the one gets the other as well, and the settings of both cannot hold.

### Example
```toml
dead_letter = { topic = \"order.failed\" }
```
beside a contract `order/failed.v1.json`.

### What to do
Choose another name.
";
    UNUSED_RETENTION = "EV174" "unused-retention" Warning "a retention does nothing" "\
### What it finds
A topic of Kafka with `cleanup_policy = \"compact\"` and a `retention`.

### Why it is bad
A topic that is only compacted keeps the newest event of each key for ever, whatever its retention says.

### Example
```toml
topic = { cleanup_policy = \"compact\", retention = \"7d\" }
```

### What to do
Write `compact,delete` where old events should go, and `retention = \"forever\"` where they should stay.
";
    UNKEYED_COMPACTION = "EV175" "unkeyed-compaction" Error "a compacted topic carries events without a key" "\
### What it finds
A topic of Kafka that is compacted, of a contract without `key` in `x-event`.

### Why it is bad
Compaction keeps the newest event of each key. The broker refuses events that have none.

### Example
```json
{ \"x-event\": { \"topic\": { \"cleanup_policy\": \"compact\" } } }
```

### What to do
State the `key`, or delete old events instead.
";
    UNKNOWN_SETTING = "EV176" "unknown-setting" Error "no topic has such a setting" "\
### What it finds
A name under `settings` that is no setting of Kafka's topics, nor begins with `redpanda.` or `confluent.`.

### Why it is bad
The broker refuses the topic, or takes the setting and does nothing.

### Example
```toml
settings = { \"segment.millis\" = 3600000 }
```

### What to do
Write the name as the documentation of Kafka has it: `segment.ms`.
";
    CONFLICTING_SETTINGS = "EV177" "conflicting-settings" Error "settings exclude each other" "\
### What it finds
Settings of one event that cannot hold together, as they are after contract, domain, namespace and environment are taken together:

- `min_insync_replicas` above `replication`: no event would ever be acknowledged;
- `priority` and `queue_type = \"quorum\"` (and `ha` from RabbitMQ 4 on, which asks for a quorum) before RabbitMQ 4.3: such queues have no
  priorities;
- `priority` and `order = \"key\"`: what goes first by its priority is out of order;
- `order = \"key\"` and `single_active_consumer = false`: several consumers at once keep no order;
- `overflow = \"reject-publish-dlx\"` and a quorum: such queues do not know it.

### Why it is bad
The broker refuses one of them, or keeps only one.

### Example
```toml
topic = { priority = 9, order = \"key\" }
```

### What to do
Decide for one of them.
";
    DISPUTED_SETTINGS = "EV178" "disputed-settings" Error "contracts that share a queue or exchange want different settings" "\
### What it finds
Events that travel through one exchange or wait in one queue of RabbitMQ, and state different settings for it.

### Why it is bad
The broker has one setting for all of them, and nobody says which.

### Example
Contracts of the queue `agent.events`, one with `ttl = \"24h\"` and one with `ttl = \"1h\"`.

### What to do
State the setting for the domain or the namespace, or give the events queues of their own.
";
    NO_ROUTE = "EV179" "no-route" Error "an event on RabbitMQ has no exchange, or its consumer no queue" "\
### What it finds
Events of a namespace that is on RabbitMQ and names no `exchange`; consumers of such events where the namespace names no `queue`; a
namespace with a `binding` that is a pattern, on exchanges that know none.

### Why it is bad
The event cannot be sent, or nobody gets it.

### Example
```toml
[[namespace]]
name = \"shop\"
broker = \"rabbitmq\"
```

### What to do
Add `exchange = \"events\"` and `queue = \"{service}.{function}.{event}\"`, or names by another convention.
";
    UNKNOWN_OVERRIDE = "EV180" "unknown-override" Warning "an environment states settings of what is not there" "\
### What it finds
A topic or domain under `[environments.E.namespaces.N]` that no contract of the namespace has.

### Why it is bad
The settings are those of nothing: mostly the name is misspelled.

### Example
```toml
[environments.local.namespaces.shop.topics.\"order.creatd\"]
partitions = 1
```

### What to do
Correct the name, or remove the table.
";
}
