//! RabbitMQ with its management API, beside any other one on the machine: a node, data and ports of its own.

use std::{fs, path::Path, process::Command};

use super::{
    has,
    process::{Running, free_ports},
};
use crate::tools::scratch;

const SERVER: &str = "/usr/lib/rabbitmq/bin/rabbitmq-server";

/// A RabbitMQ.
#[derive(Debug)]
pub struct Rabbitmq {
    /// Its address for clients, with the user who may do everything.
    pub url: String,
    /// The address of its management API, with the same user.
    pub management: String,
    _node: Option<Running>,
}

impl Rabbitmq {
    pub(super) fn named_or_started() -> Option<Self> {
        match (std::env::var("EVENTC_RABBITMQ"), std::env::var("EVENTC_RABBITMQ_MANAGEMENT")) {
            (Ok(url), Ok(management)) => Some(Self { url, management, _node: None }),
            _ => Self::start(),
        }
    }

    /// Starts a node.
    pub fn start() -> Option<Self> {
        if !has("RabbitMQ", || Path::new(SERVER).is_file(), &["rabbitmq-server"]) {
            return None;
        }
        let folder = scratch("services").join("rabbitmq");
        let _ = fs::remove_dir_all(&folder);
        for part in ["mnesia", "log"] {
            fs::create_dir_all(folder.join(part)).expect("the folder can be made");
        }
        let [port, management, distribution, mapper] = free_ports();
        fs::write(folder.join("enabled"), "[rabbitmq_management].\n").expect("the folder can be written");
        let settings = format!("management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {management}\n");
        fs::write(folder.join("rabbitmq.conf"), settings).expect("the folder can be written");
        let mut server = Command::new(SERVER);
        server
            .env("RABBITMQ_NODENAME", format!("eventc{port}@localhost"))
            .env("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1")
            .env("RABBITMQ_NODE_PORT", port.to_string())
            .env("RABBITMQ_DIST_PORT", distribution.to_string())
            .env("ERL_EPMD_ADDRESS", "127.0.0.1")
            .env("ERL_EPMD_PORT", mapper.to_string())
            .env("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}")
            .env("RABBITMQ_MNESIA_BASE", folder.join("mnesia"))
            .env("RABBITMQ_LOG_BASE", folder.join("log"))
            .env("RABBITMQ_ENABLED_PLUGINS_FILE", folder.join("enabled"))
            .env("RABBITMQ_CONFIG_FILE", folder.join("rabbitmq.conf"))
            .env("RABBITMQ_PID_FILE", folder.join("pid"));
        let log = folder.join("output");
        // The script that was started leaves the node and its port mapper behind when it is stopped.
        let stop = format!(r#"kill "$(cat '{}')" "$service"; wait; epmd -port {mapper} -kill"#, folder.join("pid").display());
        let mut node = Running::start(&server, &stop, &log);
        let management = format!("http://guest:guest@127.0.0.1:{management}");
        let answers = || Command::new("curl").args(["--silent", "--fail", &format!("{management}/api/overview")]).output();
        node.wait_until(&log, || answers().is_ok_and(|answer| answer.status.success()));
        Some(Self { url: format!("amqp://guest:guest@127.0.0.1:{port}"), management, _node: Some(node) })
    }
}
