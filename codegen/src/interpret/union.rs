//! A union and a value enter; the canonical form of the variant that takes it leaves, or why none does.

use super::{Judge, record};
use crate::fault::{Code, Params, Step};
use crate::json::Value;
use crate::model::{EnumId, Type, UnionForm, UnionId, Variant};

impl<'a> Judge<'a> {
    pub(super) fn union(&mut self, id: UnionId, value: &Value) -> Option<Value> {
        match &self.workspace.unions[id].form {
            UnionForm::Untagged(types) => self.untagged(types, value),
            UnionForm::Tagged { tag, tag_type, default_tag, variants } => {
                let Value::Object(given) = value else { return self.wrong_type("object", value) };
                self.path.push(Step::Key(tag.clone()));
                let selected = self.tag(*tag_type, *default_tag, given.get(tag));
                self.path.pop();
                self.variant(tag, *tag_type, variants, selected?, value)
            }
        }
    }

    /// The first that accepts. What the others have against the value is not told.
    fn untagged(&mut self, types: &'a [Type], value: &Value) -> Option<Value> {
        let start = self.faults.len();
        for ty in types {
            let canonical = self.value(ty, value);
            if self.faults.len() == start {
                return canonical;
            }
            self.faults.truncate(start);
        }
        self.fault(Code::UnionNone, Params::new())
    }

    /// Index of the tag's value.
    fn tag(&mut self, tag_type: EnumId, default_tag: Option<usize>, given: Option<&Value>) -> Option<usize> {
        match given {
            None => default_tag.or_else(|| self.fault(Code::Required, Params::new())),
            Some(Value::String(text)) => {
                let accepted = self.workspace.enums[tag_type].accepts(text);
                accepted.or_else(|| self.fault(Code::UnionTag, Params::new()))
            }
            Some(other) => self.wrong_type("string", other),
        }
    }

    fn variant(
        &mut self,
        tag: &str,
        tag_type: EnumId,
        variants: &[Variant],
        selected: usize,
        value: &Value,
    ) -> Option<Value> {
        let variant = variants.iter().find(|variant| variant.value == selected).expect("a variant for each tag value");
        let text = self.workspace.enums[tag_type].values[selected].text.as_str();
        record::judge(self, variant.record, Some((tag, text.into())), value)
    }
}
