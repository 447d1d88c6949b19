//! Generated code of three languages, built and asked for its opinion of documents.

use std::{
    collections::HashMap,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Component, Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use crate::tools::{self, run};

/// A document, and the topic that it belongs to.
#[derive(Debug, Clone)]
pub struct Case {
    /// The topic.
    pub topic: String,
    /// JSON text.
    pub doc: String,
}

/// What generated code says of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Whether validation accepts it.
    pub valid: bool,
    /// What decoding and encoding made of it; `None` where it does not decode.
    pub again: Option<Value>,
    /// Messages and debug output.
    pub said: String,
    /// What is wrong with it: where, the sentence, and what was found.
    pub violations: Vec<[String; 3]>,
}

/// Generated code in one language, ready to run.
#[derive(Debug)]
pub struct Judge {
    /// The language.
    pub language: &'static str,
    command: Vec<PathBuf>,
}

/// The three judges of a folder of generated code.
///
/// # Panics
/// Where the generated code does not build without warnings in strict settings.
pub fn judges(generated: &Path, name: &str, python_package: &str) -> [Judge; 3] {
    [rust(generated, name), typescript(generated, name), python(generated, name, python_package)]
}

/// Generated Rust, with warnings denied.
pub fn rust(generated: &Path, name: &str) -> Judge {
    let folder = tools::scratch(&format!("{name}-rust"));
    let package = generated.join("rust");
    let manifest = format!(
        "[package]\nname = \"judge\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[[bin]]\nname = \"judge\"\npath = '{}'\n\n[dependencies]\nserde_json = \"1\"\nevents = {{ path = '{}', package = '{}' }}\n",
        tools::workspace().join("tests/judges/judge.rs").display(),
        package.display(),
        package_name(&package.join("Cargo.toml")),
    );
    fs::write(folder.join("Cargo.toml"), manifest).expect("the judge's manifest can be written");
    let target = tools::rust_target();
    // The next judge is built over this one.
    let _one = tools::lock(&target);
    run(tools::cargo(&folder).args(["build", "--quiet"]));
    let judge = folder.join("judge");
    fs::copy(target.join("debug/judge"), &judge).expect("the judge was built");
    Judge { language: "Rust", command: vec![judge] }
}

/// The name in a Cargo manifest.
fn package_name(manifest: &Path) -> String {
    let text = fs::read_to_string(manifest).expect("a manifest");
    text.lines().find_map(|line| line.strip_prefix("name = ")).map(|name| name.trim_matches('"').to_owned()).expect("a package name")
}

/// Generated TypeScript, compiled under `strict`.
pub fn typescript(generated: &Path, name: &str) -> Judge {
    let out = tools::scratch(&format!("{name}-typescript"));
    let config = generated.join("typescript/tsconfig.json");
    run(Command::new(tools::node_modules().join(".bin/tsc"))
        .arg("--project")
        .arg(&config)
        .arg("--noEmit")
        .arg("false")
        .arg("--outDir")
        .arg(&out));
    fs::write(out.join("package.json"), "{\"type\": \"module\"}\n").expect("the output folder can be written");
    let index = if out.join("src/index.js").exists() { out.join("src/index.js") } else { out.join("index.js") };
    Judge { language: "TypeScript", command: vec!["node".into(), tools::workspace().join("tests/judges/judge.mjs"), index] }
}

/// Generated JavaScript with declarations that hold under `strict`; nothing compiles it.
pub fn javascript(generated: &Path) -> Judge {
    let folder = generated.join("typescript");
    run(Command::new(tools::node_modules().join(".bin/tsc")).arg("--project").arg(folder.join("tsconfig.json")));
    let index = folder.join("src/index.js");
    Judge { language: "JavaScript", command: vec!["node".into(), tools::workspace().join("tests/judges/judge.mjs"), index] }
}

/// Generated Python, checked by mypy and pyright in their strict modes.
pub fn python(generated: &Path, name: &str, package: &str) -> Judge {
    let folder = generated.join("python");
    let judge = unchecked_python(generated, package);
    let scratch = tools::scratch(&format!("{name}-python"));
    pyright(&scratch, &folder.join(package), &folder);
    run(Command::new(tools::python())
        .args(["-m", "mypy", "--strict", "--python-version", "3.11", "--cache-dir"])
        .arg(scratch.join("mypy"))
        .args(["-p", package])
        .current_dir(&folder));
    judge
}

/// Checks a Python file or package by pyright in strict mode; `imports` is the folder of what it imports, `scratch` one to work in.
///
/// # Panics
/// Where pyright finds anything, or looks at nothing.
pub fn pyright(scratch: &Path, checked: &Path, imports: &Path) {
    // An absolute path here is ignored.
    let config = json!({"include": [relative(scratch, checked)], "extraPaths": [imports], "typeCheckingMode": "strict", "pythonVersion": "3.11",
        "venvPath": tools::python().ancestors().nth(3), "venv": "venv"});
    fs::write(scratch.join("pyrightconfig.json"), config.to_string()).expect("the configuration can be written");
    let said = run(Command::new(tools::node_modules().join(".bin/pyright")).arg("--stats").arg("--project").arg(scratch));
    let count = said.lines().find_map(|line| line.strip_prefix("Total files checked: ")?.parse::<usize>().ok());
    assert!(count.is_some_and(|count| count > 0), "pyright looked at nothing: {said}");
}

/// The way from a folder to another path.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let [from, to] = [from, to].map(|path| path.canonicalize().expect("a path that exists"));
    let shared = from.components().zip(to.components()).take_while(|(from, to)| from == to).count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(to.components().skip(shared)).collect()
}

/// Generated Python as it is, where other tests have type checkers look at its like.
pub fn unchecked_python(generated: &Path, package: &str) -> Judge {
    let program = tools::workspace().join("tests/judges/judge.py");
    Judge { language: "Python", command: vec![tools::python(), program, generated.join("python"), package.into()] }
}

/// How generated Python reads texts, by the library's parser and by its own.
#[derive(Debug)]
pub struct Ways {
    /// How many texts it was asked about.
    pub texts: u64,
    /// How many documents these were made of.
    pub documents: u64,
    /// How many of the documents the library's parser read alone.
    pub alone: u64,
}

/// Asks generated Python for each document, and for many odd variants, whether the library's own parser makes the same of it.
///
/// # Panics
/// Where it does not.
pub fn two_ways(generated: &Path, package: &str, cases: &[Case], variants: usize) -> Ways {
    let program = tools::workspace().join("tests/judges/two_ways.py");
    let command = vec![tools::python(), program, generated.join("python"), package.into(), variants.to_string().into()];
    let judge = Judge { language: "Python", command };
    let questions: Vec<Value> = cases.iter().map(|case| json!({"topic": case.topic, "doc": case.doc})).collect();
    let answer = judge.said(&questions);
    let answer: Value = serde_json::from_str(&answer).expect("an answer");
    let wrong: Vec<&str> = answer["wrong"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    assert!(wrong.is_empty(), "read in two ways:\n{}", wrong.join("\n"));
    let count = |name: &str| answer[name].as_u64().expect("a number");
    Ways { texts: count("texts"), documents: count("documents"), alone: count("alone") }
}

impl Judge {
    /// The same, but what it validates is JSON text: numbers are as exact there as they are spelled.
    #[must_use]
    pub fn exactly(mut self) -> Self {
        // The others read whatever their package reads.
        if self.language == "Python" {
            self.command.push("exact".into());
        }
        self
    }

    /// The judge's opinion of each case, in order.
    ///
    /// # Panics
    /// Where the judge fails, or answers for fewer cases than it was asked.
    pub fn ask(&self, cases: &[Case]) -> Vec<Verdict> {
        let questions: Vec<Value> = cases.iter().map(|case| json!({"topic": case.topic, "doc": case.doc})).collect();
        self.answers(&questions).iter().map(verdict).collect()
    }

    /// What the generated code declares of each topic: name, owner, key, reply, producers, consumers (service, function, group), topic
    /// of dead letters and successor.
    ///
    /// # Panics
    /// Where the judge fails, or does not know a topic.
    pub fn facts(&self, topics: &[String]) -> Vec<Value> {
        let questions: Vec<Value> = topics.iter().map(|topic| json!({"topic": topic})).collect();
        self.answers(&questions).into_iter().map(|mut answer| answer["facts"].take()).collect()
    }

    fn answers(&self, questions: &[Value]) -> Vec<Value> {
        let text = self.said(questions);
        let answers: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("an answer")).collect();
        assert_eq!(answers.len(), questions.len(), "the {} judge answers each case", self.language);
        answers
    }

    /// What the judge prints when it is asked.
    fn said(&self, questions: &[Value]) -> String {
        let mut child = Command::new(&self.command[0])
            .args(&self.command[1..])
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the judge can be started");
        let mut stdin = child.stdin.take().expect("a pipe");
        let input = questions.iter().fold(String::new(), |mut input, question| {
            // Node takes these two for line ends; they only stand in strings here.
            let line = question.to_string().replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
            let _ = writeln!(input, "{line}");
            input
        });
        // Written by another thread, so that neither side waits for the other with full pipes.
        let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
        let output = child.wait_with_output().expect("the judge ends");
        assert!(output.status.success(), "the {} judge failed with {}", self.language, output.status);
        writer.join().expect("the writer ends").expect("the judge read everything");
        String::from_utf8(output.stdout).expect("UTF-8")
    }
}

fn verdict(answer: &Value) -> Verdict {
    let violations = serde_json::from_value(answer["violations"].clone()).expect("violations");
    let again = answer["again"].as_str().map(|text| serde_json::from_str(text).expect("what is encoded is JSON"));
    Verdict { valid: answer["valid"] == true, again, said: answer["said"].as_str().unwrap_or_default().to_owned(), violations }
}

/// Whether two documents are equal as JSON Schema defines it (2020-12, section 4.2.2): numbers by value, objects without order.
pub fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || decimal(&a.to_string()) == decimal(&b.to_string()),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            let b: HashMap<_, _> = b.iter().collect();
            a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| equal(value, other)))
        }
        _ => a == b,
    }
}

/// A number as sign, digits without zeros at either end, and the power of ten that they count.
fn decimal(text: &str) -> (bool, String, i64) {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let kept = digits.trim_end_matches('0');
    let dropped = i64::try_from(digits.len() - kept.len()).unwrap_or(0) - i64::try_from(fraction.len()).unwrap_or(0);
    let kept = kept.trim_start_matches('0').to_owned();
    if kept.is_empty() { (false, kept, 0) } else { (negative, kept, exponent.parse().unwrap_or(0) + dropped) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equality_is_by_value() {
        for (a, b, expected) in [
            ("1", "1.0", true),
            ("100", "1e2", true),
            ("0", "-0.0", true),
            ("0.10", "1e-1", true),
            ("1", "1.1", false),
            ("10", "1", false),
            (r#"{"a": 1, "b": [2]}"#, r#"{"b": [2.0], "a": 1}"#, true),
            (r#"{"a": null}"#, "{}", false),
            ("true", "1", false),
        ] {
            let (a, b) = (serde_json::from_str(a).expect("JSON"), serde_json::from_str(b).expect("JSON"));
            assert_eq!(equal(&a, &b), expected, "{a} and {b}");
        }
    }
}
