//! The right version for a contract: written into its file, or the next major in a file of its own where the change breaks.
//!
//! Nothing is written here: a plan says which texts files should have.

use eventc_model::{
    catalog::{Catalog, Contract},
    diagnostic::Diagnostic,
    metadata::Deprecation,
    source::{Limits, SourceFormat, Tree},
    syntax::Document,
};
use semver::Version;
use serde_json::Value;

pub use crate::edit::EditError;
use crate::{
    bundle::bundle,
    compat::Bump,
    date::Date,
    edit::Editor,
    gate::{Gate, next_version},
    history::Release,
    project::Project,
    release::same_promise,
};

/// A text that a file should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The file, below the schema root.
    pub path: String,
    /// Its text now; none where it does not exist yet.
    pub old: Option<String>,
    /// Its text then.
    pub new: String,
}

/// The edits of a bump.
#[derive(Debug)]
pub struct Plan {
    /// The topic of the contract whose version is written: of the next major, where one is made.
    pub topic: String,
    /// Its version now.
    pub from: Version,
    /// Its version then; the same where it is right already.
    pub to: Version,
    /// The step that the change needs.
    pub needed: Bump,
    /// The breaks, where the next major is made.
    pub findings: Vec<Diagnostic>,
    /// The files to write, in this order. Empty where the version is right.
    pub edits: Vec<Edit>,
    /// Remarks on what a person should know or still has to do.
    pub notes: Vec<String>,
}

/// A reason that there is no right version.
#[derive(Debug, thiserror::Error)]
pub enum BumpError {
    /// There is nothing that a version could follow.
    #[error("{topic} was never released, so any version of its major is right; `eventc release` makes {version} its first")]
    NeverReleased {
        /// The contract.
        topic: String,
        /// Its version now.
        version: Version,
    },
    /// The next major is there.
    #[error("{path} exists already; make the change there, and undo it in {topic}")]
    MajorExists {
        /// The file of the next major.
        path: String,
        /// The contract that the change breaks.
        topic: String,
    },
    /// The file cannot be edited.
    #[error(transparent)]
    Edit(#[from] EditError),
}

/// A bump of one contract.
pub struct Bumper<'a> {
    /// The project.
    pub project: &'a Project,
    /// The contract.
    pub contract: &'a Contract,
    /// The day from which an old major is deprecated.
    pub today: Date,
    /// Returns the earlier texts of a file below the schema root that somebody knows: those of commits, newest first.
    pub earlier: &'a dyn Fn(&str) -> Box<dyn Iterator<Item = String>>,
}

impl Bumper<'_> {
    /// Plans the bump.
    ///
    /// # Errors
    /// Where there is no release to follow, the next major exists, or a file cannot be edited.
    pub fn plan(&self) -> Result<Plan, BumpError> {
        let contract = self.contract;
        let assessment = Gate::new(self.project, None, Some(self.today)).assess(contract);
        let never = || BumpError::NeverReleased { topic: contract.topic.clone(), version: contract.version.clone() };
        let base = assessment.base.ok_or_else(never)?;
        let mut plan = Plan {
            topic: contract.topic.clone(),
            from: contract.version.clone(),
            to: base.clone(),
            needed: assessment.needed,
            findings: assessment.findings,
            edits: Vec::new(),
            notes: Vec::new(),
        };
        if plan.needed == Bump::Major {
            self.next_major(&mut plan)?;
        } else {
            self.same_major(&base, &mut plan)?;
        }
        Ok(plan)
    }

    fn document(&self) -> &Document {
        self.project.catalog.schemas.file(self.contract.file)
    }

    /// Writes the version, unless it says enough already.
    fn same_major(&self, base: &Version, plan: &mut Plan) -> Result<(), BumpError> {
        plan.to = next_version(base, plan.needed);
        let current = &plan.from;
        if *current >= plan.to && current.major == plan.to.major && plan.needed != Bump::None {
            plan.to = current.clone();
            return Ok(());
        }
        if plan.from != plan.to {
            let document = self.document();
            let mut editor = Editor::new(document, &document.text);
            editor.set("version", &plan.to.to_string().into())?;
            plan.edits.push(edit(document, editor.text()));
        }
        Ok(())
    }

    /// Moves the change into a file of the next major, and restores and deprecates the old one.
    fn next_major(&self, plan: &mut Plan) -> Result<(), BumpError> {
        let (contract, document, catalog) = (self.contract, self.document(), &self.project.catalog);
        let major = contract.major + 1;
        let path = next_path(&document.path, contract);
        let parts: Vec<&str> = contract.path.iter().map(String::as_str).collect();
        plan.topic = catalog.topic(contract.namespace, &parts, major);
        plan.to = Version::new(u64::from(major), 0, 0);
        let mut editor = Editor::new(document, &document.text);
        editor.set("version", &plan.to.to_string().into())?;
        renew_id(&mut editor, contract.major, plan)?;
        match catalog.schemas.file_id(&path).map(|file| &catalog.schemas.file(file).text) {
            None => plan.edits.push(Edit { path, old: None, new: editor.text().to_owned() }),
            // A run before this one was interrupted when it had made the file.
            Some(text) if **text == *editor.text() => {}
            Some(_) => return Err(BumpError::MajorExists { path, topic: contract.topic.clone() }),
        }
        if let Some(newest) = self.project.history.of_major(catalog, contract).last() {
            self.restore(newest, plan)?;
        }
        Ok(())
    }

    /// Returns the old major as it was released, deprecated in favour of the next one.
    fn restore(&self, newest: &Release, plan: &mut Plan) -> Result<(), BumpError> {
        let document = self.document();
        let text = (self.earlier)(&document.path).find(|text| self.says(text, newest)).unwrap_or_else(|| {
            plan.notes.push(format!(
                "{} is what {} holds, in one file and in its formatting: no commit has the text that was released",
                document.shown, newest.file
            ));
            format!("{:#}\n", as_released(newest, document))
        });
        let mut editor = Editor::new(document, &text);
        // A release of its own tells readers, and lets the gate see later that the sunset is over.
        editor.set("version", &next_version(&newest.version, Bump::Patch).to_string().into())?;
        let stated = editor.get("/x-event/deprecated")?.and_then(|stated| serde_json::from_value::<Deprecation>(stated).ok());
        let window = i64::from(self.project.catalog.config.deprecation.window_days);
        let sunset = self.today.plus(window);
        let deprecated = match stated {
            Some(stated) => Deprecation { successor: Some(plan.topic.clone()), ..stated },
            None => Deprecation { since: self.today, sunset: Some(sunset), successor: Some(plan.topic.clone()) },
        };
        editor.set("deprecated", &serde_json::to_value(deprecated).unwrap_or_default())?;
        plan.edits.push(edit(document, editor.text()));
        Ok(())
    }

    /// Returns whether a text in place of the contract's file amounts to what was released.
    fn says(&self, text: &str, released: &Release) -> bool {
        let stated = Editor::new(self.document(), text).get("/x-event/version");
        if stated.is_ok_and(|version| version.is_some_and(|version| version != released.version.to_string().as_str())) {
            return false;
        }
        let schemas = &self.project.catalog.schemas;
        let texts = schemas.file_ids().map(|id| {
            let file = schemas.file(id);
            (file.path.as_str(), if id == self.contract.file { text } else { &*file.text })
        });
        let catalog = Catalog::build(Tree::from_texts(texts, &Limits::default()), self.project.catalog.config.clone());
        let root = catalog.schemas.file_id(&self.document().path).and_then(|file| catalog.schemas.root(file));
        root.is_some_and(|root| same_promise(&bundle(&catalog.schemas, root), &released.schema))
    }
}

fn edit(document: &Document, new: &str) -> Edit {
    Edit { path: document.path.clone(), old: Some(document.text.to_string()), new: new.to_owned() }
}

/// Returns the released schema with what the contract says of itself now; an Avro schema as Avro.
fn as_released(newest: &Release, document: &Document) -> Value {
    let released = match document.format {
        SourceFormat::Avro => newest.schema.pointer("/x-avro/schema").unwrap_or(&newest.schema),
        _ => &newest.schema,
    };
    let mut schema = released.as_object().cloned().unwrap_or_default();
    match (document.get("/x-event"), schema.get_mut("x-event")) {
        (Some(stated), Some(released)) => released.clone_from(stated),
        (Some(stated), None) => drop(schema.shift_insert(usize::from(schema.contains_key("$schema")), "x-event".into(), stated.clone())),
        (None, _) => {}
    }
    Value::Object(schema)
}

/// Returns the path of the next major: `a/b.v1.json` becomes `a/b.v2.json`, `a/b.json` becomes `a/b.v2.json`.
fn next_path(path: &str, contract: &Contract) -> String {
    let next = contract.major + 1;
    if contract.major_in_name
        && let Some(at) = path.rfind(&format!(".v{}.", contract.major))
    {
        let rest = &path[at + format!(".v{}.", contract.major).len()..];
        return format!("{}.v{next}.{rest}", &path[..at]);
    }
    let (stem, ending) = path.rsplit_once('.').unwrap_or((path, "json"));
    match stem.strip_suffix(".schema") {
        Some(stem) => format!("{stem}.v{next}.schema.{ending}"),
        None => format!("{stem}.v{next}.{ending}"),
    }
}

/// Renames the identifier, which is of one schema; where it names the major, it names the next one now.
fn renew_id(editor: &mut Editor, major: u32, plan: &mut Plan) -> Result<(), BumpError> {
    let Some(Value::String(id)) = editor.get("/$id")? else { return Ok(()) };
    let word = format!("v{major}");
    let at = id.match_indices(&word).map(|(at, _)| at).filter(|at| {
        let before = id[..*at].chars().next_back();
        let after = id[at + word.len()..].chars().next();
        before.is_none_or(|c| !c.is_alphanumeric()) && after.is_none_or(|c| !c.is_alphanumeric())
    });
    match at.last() {
        Some(at) => editor.replace("/$id", &format!("{}v{}{}", &id[..at], major + 1, &id[at + word.len()..]))?,
        None => plan.notes.push(format!("both majors have the $id {id:?}: give the new one its own")),
    }
    Ok(())
}
