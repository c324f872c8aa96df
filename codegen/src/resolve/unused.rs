//! What nobody names leaves as warnings: scalars, types, mixins and imports.

use super::{Resolver, rules};
use crate::diagnostic::Diagnostic;

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
            for (owner, span) in self.symbols.unused_imports(family) {
                let name = &self.contracts[usize::from(owner)].name.value;
                let message = format!("no name of `{name}` is used here");
                let finding = Diagnostic::new(&rules::UNUSED_IMPORT, span, message);
                self.out.push(finding.help("remove the import").fix(span, ""));
            }
        }
    }
}
