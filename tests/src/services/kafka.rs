//! Apache Kafka: one node, or three that keep copies of each other's partitions.

use std::{
    fmt::Write as _,
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    certificates, fresh, has, is_program,
    process::{Running, free_ports, listens},
};
use crate::tools::{once, run, target};

const VERSION: &str = "4.3.1";

/// The users of [`Kafka::sasl`]: the first may do everything, the others what they are given a right to.
const USERS: [&str; 6] = ["admin", "deployer", "halfway", "powerless", "rights-shop", "rights-billing"];

/// The user by each mechanism of SCRAM, who may do everything.
pub const SCRAM_USER: &str = "scram";

/// The user who may do everything and whose name stands in tokens that nobody signed (OAUTHBEARER).
pub const TOKEN_USER: &str = "token";

/// Returns the password of a user.
pub fn password(user: &str) -> String {
    format!("{user}-secret")
}

/// A Kafka cluster.
#[derive(Debug)]
pub struct Kafka {
    /// Its servers, as clients take them; whoever connects there may do everything.
    pub servers: String,
    /// The server that asks for user and password (PLAIN, SCRAM) or a token, and does what that user has a right to; only of a single node
    /// that was started here.
    pub sasl: Option<String>,
    /// The server with TLS, and what it is made of; as `sasl`.
    pub tls: Option<Tls>,
    /// The server that says to be where somebody else is; as `sasl`.
    pub relayed: Option<Relayed>,
    _nodes: Vec<Running>,
}

/// A server that clients reach through somebody else alone.
#[derive(Debug)]
pub struct Relayed {
    /// Where clients are told to go.
    pub clients: TcpListener,
    /// The server's own port.
    pub port: u16,
}

/// What a client needs to speak to a server over TLS that asks for certificates.
#[derive(Debug)]
pub struct Tls {
    /// The server.
    pub server: String,
    /// The folder with `ca.pem`, `client.pem` and `client.key`; the client's name is `CN=client`.
    pub folder: PathBuf,
}

impl Kafka {
    pub(super) fn named_or_started() -> Option<Self> {
        match std::env::var("EVENTC_KAFKA") {
            Ok(servers) => Some(Self { servers, sasl: None, tls: None, relayed: None, _nodes: Vec::new() }),
            Err(_) => Self::start("kafka"),
        }
    }

    /// Starts a node with an authorizer, in a folder of this name.
    pub fn start(name: &str) -> Option<Self> {
        let jars = jars()?;
        let folder = fresh(name);
        let tls = certificates::make(&folder);
        let node = Node::new(1, &folder);
        let [sasl, secure, relayed] = free_ports();
        let clients = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        let listeners = format!(
            "listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller},SASL://127.0.0.1:{sasl},SSL://127.0.0.1:{secure},\
             RELAYED://127.0.0.1:{relayed}\n\
             advertised.listeners=PLAINTEXT://127.0.0.1:{port},SASL://127.0.0.1:{sasl},SSL://127.0.0.1:{secure},RELAYED://{relay}\n\
             listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT,SSL:SSL,RELAYED:PLAINTEXT\n\
             {mechanisms}\
             ssl.keystore.type=PEM\nssl.keystore.location={tls}/both.pem\n\
             ssl.truststore.type=PEM\nssl.truststore.location={tls}/ca.pem\nssl.client.auth=required\n\
             authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer\n\
             super.users=User:ANONYMOUS;User:admin;User:{SCRAM_USER};User:{TOKEN_USER};User:CN=client\n",
            port = node.port,
            controller = node.controller,
            relay = clients.local_addr().expect("a bound port"),
            mechanisms = mechanisms(),
            tls = tls.display(),
        );
        let started = node.start(&jars, &[&node], &listeners, &[node.port, sasl, secure, relayed]);
        Some(Self {
            servers: format!("127.0.0.1:{}", node.port),
            sasl: Some(format!("127.0.0.1:{sasl}")),
            tls: Some(Tls { server: format!("127.0.0.1:{secure}"), folder: tls }),
            relayed: Some(Relayed { clients, port: relayed }),
            _nodes: vec![started],
        })
    }

    /// Starts three nodes, which end when what this returns is dropped.
    pub fn start_three() -> Option<Self> {
        let jars = jars()?;
        let folder = fresh("kafka3");
        let nodes = [1, 2, 3].map(|id| Node::new(id, &folder));
        let all: Vec<&Node> = nodes.iter().collect();
        let listeners = |node: &Node| {
            format!(
                "listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}\n\
                 advertised.listeners=PLAINTEXT://127.0.0.1:{port}\n\
                 listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT\n\
                 broker.rack=rack{id}\n",
                port = node.port,
                controller = node.controller,
                id = node.id,
            )
        };
        // None of them answers before two are there.
        let mut started: Vec<Running> = nodes.iter().map(|node| node.start(&jars, &all, &listeners(node), &[])).collect();
        for (node, running) in nodes.iter().zip(&mut started) {
            running.wait_until(&node.log(), || listens(node.port));
        }
        let servers: Vec<String> = nodes.iter().map(|node| format!("127.0.0.1:{}", node.port)).collect();
        Some(Self { servers: servers.join(","), sasl: None, tls: None, relayed: None, _nodes: started })
    }
}

/// A process that is a broker and a controller.
struct Node {
    id: u8,
    folder: PathBuf,
    port: u16,
    controller: u16,
}

impl Node {
    fn new(id: u8, folder: &Path) -> Self {
        let [port, controller] = free_ports();
        let folder = folder.join(id.to_string());
        fs::create_dir_all(&folder).expect("the folder can be made");
        Self { id, folder, port, controller }
    }

    fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// Starts it among all nodes of its cluster, and waits until it listens on some ports.
    fn start(&self, jars: &Path, cluster: &[&Self], listeners: &str, ports: &[u16]) -> Running {
        let properties = self.folder.join("server.properties");
        fs::write(&properties, self.properties(cluster, listeners)).expect("the settings can be written");
        let class_path = format!("{}/*", jars.display());
        let java = |memory: &str, class: &str| {
            let mut java = Command::new("java");
            java.args([memory, "-XX:+UseG1GC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", &class_path, class]);
            java
        };
        let mut format = java("-Xmx128m", "kafka.tools.StorageTool");
        format.arg("format");
        for mechanism in SCRAM {
            format.args(["--add-scram", &format!("{mechanism}=[name={SCRAM_USER},password={}]", password(SCRAM_USER))]);
        }
        run(format.args(["-t", "4L6g3nShT-eMCtK--X86sw", "-c"]).arg(&properties));
        let mut server = java(if cluster.len() > 1 { "-Xmx320m" } else { "-Xmx512m" }, "kafka.Kafka");
        server.arg(&properties);
        // The last of several would wait for the others to take over what it leads.
        let stop = if cluster.len() > 1 { r#"kill -KILL "$service""# } else { r#"kill "$service""# };
        let mut running = Running::start(&server, stop, &self.log());
        if !ports.is_empty() {
            running.wait_until(&self.log(), || ports.iter().all(|port| listens(*port)));
        }
        running
    }

    fn properties(&self, cluster: &[&Self], listeners: &str) -> String {
        let voters: Vec<String> = cluster.iter().map(|node| format!("{}@127.0.0.1:{}", node.id, node.controller)).collect();
        let mut properties = format!(
            "process.roles=broker,controller\nnode.id={}\ncontroller.quorum.voters={}\ncontroller.listener.names=CONTROLLER\n\
             inter.broker.listener.name=PLAINTEXT\nlog.dirs={}\ngroup.initial.rebalance.delay.ms=0\nauto.create.topics.enable=false\n{listeners}",
            self.id,
            voters.join(","),
            self.folder.join("data").display(),
        );
        for (topic, kept) in [("offsets.topic", true), ("transaction.state.log", true), ("share.coordinator.state.topic", false)] {
            let copies = cluster.len();
            let _ = writeln!(properties, "{topic}.replication.factor={copies}");
            if kept {
                let _ = writeln!(properties, "{topic}.num.partitions=4");
            }
            if topic != "offsets.topic" {
                let _ = writeln!(properties, "{topic}.min.isr={}", copies.div_ceil(2));
            }
        }
        properties
    }
}

/// The mechanisms of SCRAM, as Kafka names them.
const SCRAM: [&str; 2] = ["SCRAM-SHA-256", "SCRAM-SHA-512"];

/// Returns the settings of the server that asks who somebody is.
fn mechanisms() -> String {
    let module = |mechanism: &str, class: &str, more: &str| {
        let mechanism = mechanism.to_lowercase();
        format!("listener.name.sasl.{mechanism}.sasl.jaas.config=org.apache.kafka.common.security.{class} required{more};\n")
    };
    let users = USERS.map(|user| format!(" user_{user}=\"{}\"", password(user))).concat();
    let scram = SCRAM.map(|mechanism| module(mechanism, "scram.ScramLoginModule", ""));
    let token = module("OAUTHBEARER", "oauthbearer.OAuthBearerLoginModule", &format!(" unsecuredLoginStringClaim_sub=\"{TOKEN_USER}\""));
    format!("sasl.enabled.mechanisms=PLAIN,{},OAUTHBEARER\n", SCRAM.join(","))
        + &module("PLAIN", "plain.PlainLoginModule", &users)
        + &scram.concat()
        + &token
}

/// Returns the folder with the jars of Kafka.
fn jars() -> Option<PathBuf> {
    let there = has("Kafka", || ["java", "mvn"].into_iter().all(is_program), &["default-jre-headless", "maven"]);
    there.then(|| {
        let folder = target().join("tools/kafka");
        once(&folder, VERSION, || {
            fs::write(folder.join("pom.xml"), pom()).expect("the tools folder can be written");
            let mut maven = Command::new("mvn");
            run(maven.args(["-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=lib"]).current_dir(&folder));
        });
        folder.join("lib")
    })
}

fn pom() -> String {
    // Kafka asks for this version of slf4j: a binding for a later one stays silent.
    let dependency = |group: &str, artifact: &str, version: &str| {
        format!("<dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version></dependency>")
    };
    format!(
        "<project><modelVersion>4.0.0</modelVersion><groupId>tests</groupId><artifactId>kafka</artifactId><version>1</version>\
         <packaging>pom</packaging><dependencies>{}{}</dependencies></project>\n",
        dependency("org.apache.kafka", "kafka_2.13", VERSION),
        dependency("org.slf4j", "slf4j-simple", "1.7.36"),
    )
}
