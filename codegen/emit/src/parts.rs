//! What outputs make of one module after the other, and of which of them an earlier run has made the same.

use eventc_model::{GeneratedFile, diagnostic::Diagnostic, schema::FileId, types::ModuleId};
use rayon::prelude::*;

use crate::{
    Input,
    footprint::{Digest, Facts, Footprints},
};

/// A part of an output: what it makes of one module. Nothing but what its key holds decides about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModulePart {
    /// The digest of everything that it was made of.
    pub key: Digest,
    /// The paths of its files, below the target's own folder.
    pub paths: Vec<String>,
    /// What the rest of the output has to know of it.
    pub said: String,
}

/// The parts of earlier runs.
pub trait EarlierParts: Sync {
    /// Returns the part of a target that a key stands for, if all of its files stand as they were made.
    fn standing(&self, target: &str, key: &Digest) -> Option<ModulePart>;
}

/// What a run may take over from earlier ones.
#[derive(Clone, Copy)]
pub struct Reuse<'a> {
    /// The target that is made.
    pub target: &'static str,
    /// The footprints of all files.
    pub footprints: &'a Footprints,
    /// What there is.
    pub earlier: &'a dyn EarlierParts,
}

/// An output that makes files of its own of each module.
pub trait Modular: Sync {
    /// Adds what the output reads of a module's types beside the model, for files of this module or of another that refers to it: names
    /// that are allocated among all modules, and whatever else was decided of its types with a look at other modules.
    fn reads(&self, module: ModuleId, facts: &mut Facts);

    /// Adds what the output reads for the module's own files alone.
    fn reads_for_own(&self, module: ModuleId, facts: &mut Facts) {
        let _ = (module, facts);
    }

    /// Returns whether all that its files are made of is known by this; what is not is made each time.
    fn is_reusable(&self, module: ModuleId) -> bool {
        let _ = module;
        true
    }

    /// Makes the module's files.
    fn make(&self, module: ModuleId) -> MadeModule;
}

/// What an output made of a module.
#[derive(Debug, Default)]
pub struct MadeModule {
    /// Its files.
    pub files: Vec<GeneratedFile>,
    /// What the rest of the output has to know of it.
    pub said: String,
    /// What a reader should know of it. Whatever has some is made each time.
    pub notes: Vec<Diagnostic>,
}

/// What an output made of all modules.
#[derive(Debug, Default)]
pub struct MadeModules {
    /// The files that were made.
    pub files: Vec<GeneratedFile>,
    /// What a reader should know of them.
    pub notes: Vec<Diagnostic>,
    /// What the rest of the output has to know of each module, in the order of the modules.
    pub said: Vec<String>,
    /// The paths of files that were not made, since an earlier run made the same.
    pub standing: Vec<String>,
    /// All parts that a later run may take over.
    pub parts: Vec<ModulePart>,
}

impl Input<'_> {
    /// Makes the files of some modules, in parallel, but for those of which an earlier run made the same.
    pub fn each_module(&self, modules: &[ModuleId], output: &impl Modular) -> MadeModules {
        let keys = self.reuse.map(|reuse| keys(self, reuse, output));
        let one = |module: &ModuleId| {
            let key = keys.as_ref().filter(|_| output.is_reusable(*module)).map(|keys| keys(*module));
            let earlier = key.as_ref().and_then(|key| self.reuse.and_then(|reuse| reuse.earlier.standing(reuse.target, key)));
            earlier.ok_or_else(|| (key, output.make(*module)))
        };
        let results: Vec<Result<ModulePart, (Option<Digest>, MadeModule)>> = modules.par_iter().map(one).collect();
        let mut all = MadeModules::default();
        for result in results {
            match result {
                Ok(part) => all.take_over(part),
                Err((key, made)) => all.add(key, made),
            }
        }
        all
    }
}

/// Returns a function from modules to the keys of their parts.
fn keys<'k>(input: &'k Input<'_>, reuse: Reuse<'k>, output: &'k impl Modular) -> impl Fn(ModuleId) -> Digest + Sync + 'k {
    let of_file = |file: FileId| {
        let mut facts = Facts::default();
        if let Some(module) = input.types.module_of(file) {
            facts.flag(input.modules.binary_search(&module).is_ok());
            output.reads(module, &mut facts);
        }
        facts.digest()
    };
    let reach = reuse.footprints.reach(&of_file);
    move |module| {
        let mut facts = Facts::default();
        facts.text(reuse.target);
        facts.bytes(&reach[input.types.module(module).file.0 as usize]);
        output.reads_for_own(module, &mut facts);
        facts.digest()
    }
}

impl MadeModules {
    fn take_over(&mut self, part: ModulePart) {
        self.said.push(part.said.clone());
        self.standing.extend(part.paths.iter().cloned());
        self.parts.push(part);
    }

    fn add(&mut self, key: Option<Digest>, made: MadeModule) {
        let MadeModule { files, said, notes } = made;
        if let Some(key) = key.filter(|_| notes.is_empty()) {
            let paths = files.iter().map(|file| file.path.clone()).collect();
            self.parts.push(ModulePart { key, paths, said: said.clone() });
        }
        self.said.push(said);
        self.files.extend(files);
        self.notes.extend(notes);
    }
}
