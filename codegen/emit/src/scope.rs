//! The names of one module of generated code: its own, and what it calls things that it imports.

use std::{
    collections::{BTreeMap, HashSet},
    hash::BuildHasher,
};

/// The names that imported things have in one place, by where they come from and what they are called there.
pub type Imports<From> = BTreeMap<From, BTreeMap<String, String>>;

/// The names of one module. `From` says where imported things come from.
#[derive(Debug, Clone)]
pub struct Scope<From> {
    taken: HashSet<String>,
    imports: Imports<From>,
}

impl<From: Ord> Scope<From> {
    /// Creates the scope of a module that has some names already.
    pub fn new(taken: HashSet<String>) -> Self {
        Self { taken, imports: BTreeMap::new() }
    }

    /// Takes a name of the module's own, or the nearest that is free.
    pub fn claim(&mut self, name: &str) -> String {
        unique(name, &mut self.taken)
    }

    /// Returns what something that is imported is called here.
    ///
    /// ```
    /// use eventc_emit::scope::Scope;
    ///
    /// let mut scope = Scope::new(["Order".to_owned()].into());
    /// assert_eq!(scope.import("orders", "Order"), "Order_2");
    /// assert_eq!(scope.import("orders", "Order"), "Order_2");
    /// assert_eq!(scope.import("archive", "Order"), "Order_3");
    /// ```
    pub fn import(&mut self, from: From, name: &str) -> String {
        let known = self.imports.entry(from).or_default();
        if let Some(local) = known.get(name) {
            return local.clone();
        }
        let local = unique(name, &mut self.taken);
        known.insert(name.to_owned(), local.clone());
        local
    }

    /// Returns what is imported so far.
    pub fn imports(&self) -> &Imports<From> {
        &self.imports
    }

    /// Imports only what was imported then.
    pub fn restore(&mut self, imports: Imports<From>) {
        for (from, names) in std::mem::replace(&mut self.imports, imports) {
            let kept = self.imports.get(&from);
            for (_, local) in names.iter().filter(|(name, _)| kept.is_none_or(|kept| !kept.contains_key(*name))) {
                self.taken.remove(local);
            }
        }
    }
}

/// Returns the name, or with the smallest number that is free, and takes it.
pub fn unique<S: BuildHasher>(name: &str, taken: &mut HashSet<String, S>) -> String {
    let mut candidate = name.to_owned();
    let mut number = 2_u32;
    while !taken.insert(candidate.clone()) {
        candidate = format!("{name}_{number}");
        number += 1;
    }
    candidate
}
