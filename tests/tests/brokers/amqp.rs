//! Queues and streams over AMQP, as a consumer reads them: by pika.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use eventc_tests::tools::{self, workspace};

/// Reads a number of messages of a queue as texts; of a stream from an offset on.
///
/// # Panics
/// Where they do not come.
pub(crate) fn read(url: &str, authority: Option<&Path>, queue: &str, offset: Option<&str>, count: usize) -> Vec<String> {
    let mut python = Command::new("python3");
    python.arg(workspace().join("tests/amqp/read.py")).args([url, queue, &count.to_string()]).stdin(Stdio::null());
    python.env("PYTHONPATH", tools::pika());
    if let Some(authority) = authority {
        python.arg("--authority").arg(authority);
    }
    if let Some(offset) = offset {
        python.args(["--offset", offset]);
    }
    let lines = tools::run(&mut python);
    lines.lines().map(|line| serde_json::from_str(line).expect("a text a line")).collect()
}
