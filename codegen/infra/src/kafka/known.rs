//! The settings of topics that brokers know.

use eventc_model::names::nearest;

/// The settings of topics of Apache Kafka 3.9 to 4.3, and of Redpanda those that are named alike
/// (kafka.apache.org/documentation/#topicconfigs).
const SETTINGS: &[&str] = &[
    "cleanup.policy",
    "compression.gzip.level",
    "compression.lz4.level",
    "compression.type",
    "compression.zstd.level",
    "delete.retention.ms",
    "file.delete.delay.ms",
    "flush.messages",
    "flush.ms",
    "follower.replication.throttled.replicas",
    "index.interval.bytes",
    "leader.replication.throttled.replicas",
    "local.retention.bytes",
    "local.retention.ms",
    "max.compaction.lag.ms",
    "max.message.bytes",
    "message.downconversion.enable",
    "message.format.version",
    "message.timestamp.after.max.ms",
    "message.timestamp.before.max.ms",
    "message.timestamp.difference.max.ms",
    "message.timestamp.type",
    "min.cleanable.dirty.ratio",
    "min.compaction.lag.ms",
    "min.insync.replicas",
    "preallocate",
    "remote.log.copy.disable",
    "remote.log.delete.on.disable",
    "remote.storage.enable",
    "retention.bytes",
    "retention.ms",
    "segment.bytes",
    "segment.index.bytes",
    "segment.jitter.ms",
    "segment.ms",
    "unclean.leader.election.enable",
    "write.caching",
];

/// The beginnings of settings that one vendor's brokers alone have.
const VENDORS: &[&str] = &["confluent.", "redpanda."];

/// Returns whether a broker may know a setting.
pub(super) fn is_known(setting: &str) -> bool {
    SETTINGS.contains(&setting) || VENDORS.iter().any(|vendor| setting.starts_with(vendor))
}

/// Returns the setting that is nearest to a misspelled one.
pub(super) fn near(setting: &str) -> Option<&'static str> {
    nearest(setting, SETTINGS.iter().copied())
}
