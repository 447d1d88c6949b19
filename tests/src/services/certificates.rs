//! Certificates for servers and clients of one test run.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::tools::run;

/// Makes an authority (`ca.pem`), and certificates that it signed, with their keys: `server.pem` for a server on loopback, `client.pem` for
/// the client `CN=client`. `both.pem` has the server's key and certificate in one file.
pub(super) fn make(folder: &Path) -> PathBuf {
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
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("openssl wrote it");
    fs::write(folder.join("both.pem"), read("server.key") + &read("server.pem")).expect("the folder can be written");
    folder
}
