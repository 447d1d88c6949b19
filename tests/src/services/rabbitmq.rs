//! RabbitMQ with its management API, beside any other one on the machine: a node, data and ports of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    certificates, fresh, has,
    process::{Running, free_ports, listens},
};

const SERVER: &str = "/usr/lib/rabbitmq/bin/rabbitmq-server";

/// A RabbitMQ.
#[derive(Debug)]
pub struct Rabbitmq {
    /// Its address for clients, with the user who may do everything.
    pub url: String,
    /// The address of its management API, with the same user.
    pub management: String,
    /// The same over TLS; only of a node that was started here.
    pub tls: Option<Tls>,
    _node: Option<Running>,
    /// What tells Erlang's nodes of each other. It ends after its node.
    _mapper: Option<Running>,
}

/// A RabbitMQ over TLS.
#[derive(Debug)]
pub struct Tls {
    /// Its address for clients.
    pub url: String,
    /// The address of its management API.
    pub management: String,
    /// The folder with `ca.pem`, which signed the server's certificate.
    pub folder: PathBuf,
}

impl Rabbitmq {
    pub(super) fn named_or_started() -> Option<Self> {
        match (std::env::var("EVENTC_RABBITMQ"), std::env::var("EVENTC_RABBITMQ_MANAGEMENT")) {
            (Ok(url), Ok(management)) => Some(Self { url, management, tls: None, _node: None, _mapper: None }),
            _ => Self::start("rabbitmq"),
        }
    }

    /// Starts a node, in a folder of this name.
    pub fn start(name: &str) -> Option<Self> {
        if !has("RabbitMQ", || Path::new(SERVER).is_file(), &["rabbitmq-server"]) {
            return None;
        }
        let folder = fresh(name);
        for part in ["mnesia", "log"] {
            fs::create_dir_all(folder.join(part)).expect("the folder can be made");
        }
        let [port, management, secure, secure_management, distribution, mapper] = free_ports();
        let tls = certificates::make(&folder);
        fs::write(folder.join("enabled"), "[rabbitmq_management].\n").expect("the folder can be written");
        let settings = settings(&tls, management, secure, secure_management);
        fs::write(folder.join("rabbitmq.conf"), settings).expect("the folder can be written");
        let running_mapper = start_mapper(mapper, &folder);
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
        // The script that was started leaves the node behind when it is stopped.
        let pid = folder.join("pid");
        let stop =
            format!(r#"node=$(cat '{}'); kill $node "$service"; while kill -0 $node; do sleep 0.1; done 2>/dev/null"#, pid.display());
        let mut node = Running::start(&server, &stop, &log);
        let at = |scheme: &str, port: u16| format!("{scheme}://guest:guest@127.0.0.1:{port}");
        let overview = at("http", management) + "/api/overview";
        let answers = || Command::new("curl").args(["--silent", "--fail", &overview]).output();
        node.wait_until(&log, || answers().is_ok_and(|answer| answer.status.success()) && listens(secure) && listens(secure_management));
        Some(Self {
            url: at("amqp", port),
            management: at("http", management),
            tls: Some(Tls { url: at("amqps", secure), management: at("https", secure_management), folder: tls }),
            _node: Some(node),
            _mapper: Some(running_mapper),
        })
    }
}

/// Returns the settings of a node that also speaks over TLS.
fn settings(tls: &Path, management: u16, secure: u16, secure_management: u16) -> String {
    let tls = tls.display();
    let certificates = |prefix: &str| {
        let file = |key: &str, name: &str| format!("{prefix}.{key} = {tls}/{name}\n");
        file("cacertfile", "ca.pem") + &file("certfile", "server.pem") + &file("keyfile", "server.key")
    };
    format!(
        "listeners.ssl.default = 127.0.0.1:{secure}\nmanagement.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {management}\n\
         management.ssl.ip = 127.0.0.1\nmanagement.ssl.port = {secure_management}\n{}{}",
        certificates("ssl_options"),
        certificates("management.ssl"),
    )
}

/// Starts Erlang's port mapper: a node would start one that outlives it.
fn start_mapper(port: u16, folder: &Path) -> Running {
    let mut mapper = Command::new("epmd");
    mapper.args(["-address", "127.0.0.1", "-port", &port.to_string()]);
    let log = folder.join("mapper");
    let mut running = Running::start(&mapper, r#"kill "$service""#, &log);
    running.wait_until(&log, || listens(port));
    running
}
