//! What nobody names leaves as warnings: scalars, types, mixins and imports.

use super::{Resolver, rules};
use crate::diagnostic::Diagnostic;
use crate::model::{Change, FamilyId, HookKind, Meta};

impl Resolver<'_> {
    pub(super) fn find_unused(&mut self) {
        for (family, contract) in self.families() {
            let scalars = contract.scalars.iter().map(|item| (&item.meta.name, "scalar"));
            let types = contract.types.iter().map(|item| (&item.meta.name, "type"));
            let mixins = contract.mixins.iter().map(|item| (&item.meta.name, "mixin"));
            for (name, what) in scalars.chain(types).chain(mixins) {
                if !self.symbols.is_used(family, &name.value) {
                    let message = format!("nothing uses the {what} `{}`", name.value);
                    self.out.push(
                        Diagnostic::new(&rules::UNUSED_DECLARATION, name.span, message).help("remove it, or use it"),
                    );
                }
            }
            for hook in self.unused_upcasts(family) {
                let message = format!("nothing uses the upcast `{}`", hook.name);
                let finding = Diagnostic::new(&rules::UNUSED_DECLARATION, hook.span, message);
                self.out.push(finding.help("name it as the `hook` of a step, or remove it"));
            }
            for (owner, span) in self.symbols.unused_imports(family) {
                let name = &self.contracts[usize::from(owner)].name.value;
                let message = format!("no name of `{name}` is used here");
                let finding = Diagnostic::new(&rules::UNUSED_IMPORT, span, message);
                self.out.push(finding.help("remove the import").fix(span, ""));
            }
        }
    }

    /// Hooks that make the next version of nothing; other hooks may be for programs alone.
    fn unused_upcasts(&self, family: FamilyId) -> Vec<Meta> {
        let versions = self.workspace.records.iter().filter_map(|record| record.versions.as_ref());
        let used: Vec<_> = versions
            .flat_map(|versions| &versions.upcasts)
            .filter_map(|upcast| match upcast.change {
                Change::Hook(id) => Some(id),
                Change::Fields(_) => None,
            })
            .collect();
        let hooks = self.workspace.hooks.entries().filter(|(_, hook)| hook.family == family);
        let unused = hooks.filter(|(id, hook)| hook.kind == HookKind::Upcast && !used.contains(id));
        unused.map(|(_, hook)| hook.meta.clone()).collect()
    }
}
