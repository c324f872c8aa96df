//! The versions of a record enter; the table that brings older values up to it leaves.

use super::layout::{Doc, array, arrow, call, given_object, member, object, table, text};
use super::module::Module;
use super::names;
use crate::emit::encode::typescript::string;
use crate::model::{Assignment, Change, Type, Upcast, Variable, Versions};

impl Module<'_> {
    /// `{ member, current, absent, upcasts }`
    pub(super) fn versions(&mut self, versions: &Versions) -> Doc {
        let mut members = vec![
            member("member", text(string(&versions.member))),
            member("current", text(versions.current.to_string())),
        ];
        members.extend(versions.absent.map(|absent| member("absent", text(absent.to_string()))));
        let upcasts = versions.upcasts.iter().map(|upcast| self.upcast(upcast)).collect();
        members.push(member("upcasts", arrow("", table(upcasts))));
        object(members)
    }

    fn upcast(&mut self, upcast: &Upcast) -> Doc {
        let shape = self.schema(&Type::Record(upcast.shape));
        match &upcast.change {
            Change::Hook(hook) => {
                self.calls_hooks = true;
                let name = names::hook(&self.workspace.hooks[*hook].meta.name);
                call("$.upcastBy", vec![shape, text(format!("$hooks.{name}"))])
            }
            Change::Fields(values) => {
                let reads = |(_, value): &(String, Assignment)| {
                    value.expressions().iter().any(|value| value.reads(&Variable::Payload))
                };
                let parameter = if values.iter().any(reads) { "p" } else { "" };
                let members = self.members(values);
                let made = if members.is_empty() { text("({})") } else { given_object(members) };
                call("$.upcast", vec![shape, arrow(parameter, made)])
            }
        }
    }

    fn members(&mut self, values: &[(String, Assignment)]) -> Vec<Doc> {
        values.iter().map(|(name, value)| member(&names::key(name), self.upcast_value(value))).collect()
    }

    fn upcast_value(&mut self, value: &Assignment) -> Doc {
        match value {
            Assignment::Value(expr) => self.expression_or_null(expr),
            Assignment::List(items, _) => array(items.iter().map(|item| self.upcast_value(item)).collect()),
            Assignment::Record(values, _) => object(self.members(values)),
        }
    }
}
