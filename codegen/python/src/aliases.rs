//! The types of all events as the registry names them: each by its module, under a short name.

use eventc_emit::Input;
use eventc_model::{
    catalog::Contract,
    types::{ModuleId, Shape, TypeId, TypeRef},
};
use minijinja::{Value, context};

use super::{layout::Layout, options::Models};

/// Short names of modules, in the order in which they are needed.
pub(super) struct Aliases<'a> {
    input: &'a Input<'a>,
    layout: &'a Layout,
    models: Models,
    modules: Vec<ModuleId>,
}

impl<'a> Aliases<'a> {
    pub(super) fn new(input: &'a Input<'a>, layout: &'a Layout, models: Models) -> Self {
        Self { input, layout, models, modules: Vec::new() }
    }

    /// Returns the types of an event's payload and of the whole event.
    pub(super) fn types(&mut self, contract: &Contract) -> Option<(String, String)> {
        let root = self.root(contract)?;
        let payload = self.applied(root, "Any");
        let event = match self.input.envelope(contract).and_then(|envelope| self.root(envelope)) {
            Some(envelope) => self.applied(envelope, &payload),
            None => payload.clone(),
        };
        Some((payload, event))
    }

    fn root(&self, contract: &Contract) -> Option<TypeId> {
        self.input.types.module(self.input.types.module_of(contract.file)?).root
    }

    /// Returns a type with its payload's, where it has one.
    fn applied(&mut self, id: TypeId, payload: &str) -> String {
        let ty = self.input.types.get(id);
        if ty.shape == Shape::Alias(TypeRef::Never) {
            return "Any".into();
        }
        let at = self.modules.iter().position(|known| *known == ty.module).unwrap_or_else(|| {
            self.modules.push(ty.module);
            self.modules.len() - 1
        });
        let name = format!("m{}.{}", at + 1, self.layout.type_name(id));
        // With msgspec only objects take a parameter.
        let takes = ty.generic && (self.models == Models::Pydantic || matches!(ty.shape, Shape::Object(_)));
        if takes { format!("{name}[{payload}]") } else { name }
    }

    /// Returns the imports that the names need.
    pub(super) fn imported(&self) -> Vec<Value> {
        let import = |(index, module): (usize, &ModuleId)| {
            let path = self.layout.path(*module);
            let (name, folder) = path.split_last()?;
            Some(context! { from => format!(".{}", folder.join(".")), name, alias => format!("m{}", index + 1) })
        };
        self.modules.iter().enumerate().filter_map(import).collect()
    }
}
