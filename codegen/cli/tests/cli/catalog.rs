//! `eventc catalog`: the site in a folder, and served while schemas are written.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

use crate::common::{self, Folder, Lasting, ORDER};

#[test]
fn a_site_is_built_where_it_is_not_configured() {
    let folder = Folder::shop();
    folder.run(&["catalog", "build", "--out", "site"]).ends(0).says("1 event in site");
    assert!(folder.read("site/index.html").contains("events/order") || folder.read("site/index.html").contains("domains/"));
    assert!(folder.read("site/events/order/created.html").contains("An order."));
    folder.run(&["catalog", "build", "--out", "site"]).ends(0).says("0 written");
    folder.run(&["catalog", "build", "--schemas", "schemas/events", "--out", "other"]).ends(0);
    assert!(folder.read("other/events/order/created.html").contains("An order."));
}

#[test]
fn a_broken_tree_makes_no_site() {
    let folder = Folder::shop();
    folder.write("schemas/events/order/created.json", "{");
    folder.run(&["catalog", "build", "--out", "site"]).ends(1);
    assert!(!folder.path("site").exists());
}

/// A server that ends with the test, and its address.
struct Served(Lasting, String);

impl Served {
    fn start(folder: &Folder) -> Self {
        let mut server = Lasting::start(folder, &["catalog", "serve", "--port", "0"]);
        let mut line = String::new();
        BufReader::new(server.child.stdout.take().expect("its output")).read_line(&mut line).expect("its address");
        let address = line.trim().strip_prefix("http://").and_then(|rest| rest.strip_suffix('/')).expect("an address");
        Self(server, address.to_owned())
    }

    /// The answer to a request for a page, as another host would be asked for it.
    fn get_as(&self, host: &str, method: &str, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.1).expect("a connection");
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }

    fn get(&self, path: &str) -> String {
        self.get_as(&self.1, "GET", path)
    }
}

#[test]
fn changes_are_shown_while_it_serves() {
    let folder = Folder::shop();
    let mut served = Served::start(&folder);
    assert!(served.1.starts_with("127.0.0.1:"), "{}", served.1);
    let page = served.get("/events/order/created.html");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("An order.") && page.contains("__catalog/reload.js"), "{page}");
    assert!(served.get("/__catalog/reload.js").contains("__catalog/version"));
    assert!(served.get("/").contains("text/html"), "the start");
    assert!(served.get("/nothing.html").starts_with("HTTP/1.1 404"));
    assert!(served.get_as("catalog.example:80", "GET", "/").starts_with("HTTP/1.1 403"), "another name for this machine");
    assert!(served.get_as(&served.1, "POST", "/").starts_with("HTTP/1.1 405"));

    let version = served.get("/__catalog/version");
    // A broken file changes nothing that a reader could lose.
    folder.write("eventc.toml", "nonsense = [");
    served.0.says("the pages stay as they were");
    assert!(served.get("/events/order/created.html").contains("An order."));
    folder.write("eventc.toml", common::CONFIG);
    served.0.says("built again");
    folder.write("schemas/events/order/created.json", ORDER.replace("An order.", "An order, as it was placed."));
    served.0.says("built again");
    assert!(served.get("/events/order/created.html").contains("An order, as it was placed."));
    assert_ne!(served.get("/__catalog/version").lines().last(), version.lines().last(), "the page learns that there is another build");
}

#[test]
fn the_pages_run_under_their_policy() {
    let folder = Folder::shop();
    let served = Served::start(&folder);
    let answer = served.get("/");
    let policy = answer.lines().find(|line| line.to_lowercase().starts_with("content-security-policy:")).expect("a policy");
    assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{policy}");
    // Scripts in pages are those that the policy names by their hash; it names no style and no handler.
    folder.run(&["catalog", "build", "--out", "site"]).ends(0);
    for (path, text) in folder.files("site") {
        let text = String::from_utf8(text).unwrap();
        if !text.starts_with("<!doctype html>") {
            continue;
        }
        let scripts = text.split("<script>").skip(1).map(|rest| rest.split("</script>").next().unwrap());
        for script in scripts {
            let hash = BASE64_STANDARD.encode(Sha256::digest(script));
            assert!(policy.contains(&format!("'sha256-{hash}'")), "{path}: {hash} of {script}");
        }
        for inline in ["<style", " style=", " onclick=", "javascript:"] {
            assert!(!text.contains(inline), "{path}: {inline}");
        }
    }
}

#[test]
fn another_site_is_answered_nothing() {
    let folder = Folder::shop();
    let served = Served::start(&folder);
    for header in ["Sec-Fetch-Site: cross-site", "Origin: http://catalog.example"] {
        let answer = served.get_as(&format!("{}\r\n{header}", served.1), "GET", "/");
        assert!(answer.starts_with("HTTP/1.1 403") && !answer.contains("Event catalog"), "{answer}");
    }
}

#[test]
fn a_port_in_use_is_told() {
    let folder = Folder::shop();
    let served = Served::start(&folder);
    let port = served.1.rsplit(':').next().expect("a port");
    folder.run(&["catalog", "serve", "--port", port]).ends(2).says("--port 0");
}
