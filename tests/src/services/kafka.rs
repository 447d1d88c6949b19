//! Apache Kafka: one node, or three that keep copies of each other's partitions.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    has, is_program,
    process::{Running, free_ports, listens},
};
use crate::tools::{once, run, scratch, target};

const VERSION: &str = "4.3.1";

/// The users of [`Kafka::sasl`]: the first may do everything, the others what they are given a right to.
const USERS: [&str; 5] = ["admin", "deployer", "powerless", "rights-shop", "rights-billing"];

/// Returns the password of a user.
pub fn password(user: &str) -> String {
    format!("{user}-secret")
}

/// A Kafka cluster.
#[derive(Debug)]
pub struct Kafka {
    /// Its servers, as clients take them; whoever connects there may do everything.
    pub servers: String,
    /// The server that asks for user and password (PLAIN) and does what that user has a right to; only of a single node that was started
    /// here.
    pub sasl: Option<String>,
    /// The server with TLS, and what it is made of; as `sasl`.
    pub tls: Option<Tls>,
    _nodes: Vec<Running>,
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
            Ok(servers) => Some(Self { servers, sasl: None, tls: None, _nodes: Vec::new() }),
            Err(_) => Self::start(),
        }
    }

    /// Starts a node with an authorizer.
    pub fn start() -> Option<Self> {
        let jars = jars()?;
        let folder = fresh("kafka");
        let tls = certificates(&folder);
        let node = Node::new(1, &folder);
        let [sasl, secure] = free_ports();
        let listeners = format!(
            "listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller},SASL://127.0.0.1:{sasl},SSL://127.0.0.1:{secure}\n\
             advertised.listeners=PLAINTEXT://127.0.0.1:{port},SASL://127.0.0.1:{sasl},SSL://127.0.0.1:{secure}\n\
             listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT,SSL:SSL\n\
             sasl.enabled.mechanisms=PLAIN\n\
             listener.name.sasl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required {users};\n\
             ssl.keystore.type=PEM\nssl.keystore.location={tls}/server.pem\n\
             ssl.truststore.type=PEM\nssl.truststore.location={tls}/ca.pem\nssl.client.auth=required\n\
             authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer\n\
             super.users=User:ANONYMOUS;User:admin;User:CN=client\n",
            port = node.port,
            controller = node.controller,
            tls = tls.display(),
            users = USERS.map(|user| format!("user_{user}=\"{}\"", password(user))).join(" "),
        );
        let started = node.start(&jars, &[&node], &listeners, &[node.port, sasl, secure]);
        Some(Self {
            servers: format!("127.0.0.1:{}", node.port),
            sasl: Some(format!("127.0.0.1:{sasl}")),
            tls: Some(Tls { server: format!("127.0.0.1:{secure}"), folder: tls }),
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
        Some(Self { servers: servers.join(","), sasl: None, tls: None, _nodes: started })
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
        run(format.args(["format", "-t", "4L6g3nShT-eMCtK--X86sw", "-c"]).arg(&properties));
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

/// Returns an empty folder below `target`.
fn fresh(name: &str) -> PathBuf {
    let folder = scratch("services").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the folder can be made");
    folder
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

/// Makes an authority, and certificates that it signed for a server on loopback and for a client; their folder.
fn certificates(folder: &Path) -> PathBuf {
    let folder = folder.join("tls");
    fs::create_dir_all(&folder).expect("the folder can be made");
    let openssl = |arguments: &str| {
        run(Command::new("openssl").args(arguments.split(' ')).current_dir(&folder));
    };
    openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=tests -keyout ca.key -out ca.pem");
    for (name, extension) in [("server", "subjectAltName=IP:127.0.0.1,DNS:localhost"), ("client", "extendedKeyUsage=clientAuth")] {
        fs::write(folder.join("extension"), format!("{extension}\n")).expect("the folder can be written");
        openssl(&format!("req -newkey rsa:2048 -nodes -subj /CN={name} -keyout {name}.key -out {name}.csr"));
        openssl(&format!("x509 -req -days 2 -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile extension -out {name}.pem"));
    }
    // The server reads its key and its certificate from one file.
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("openssl wrote it");
    fs::write(folder.join("server.pem"), read("server.key") + &read("server.pem")).expect("the folder can be written");
    folder
}
