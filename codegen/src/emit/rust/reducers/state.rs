//! The slots of a reducer enter; the types of what is printed leave: the state, and its anomalies.

use super::super::layout::{Doc, laid_out};
use super::super::module::Module;
use super::super::names;
use super::super::records::made;
use super::super::text::put;
use super::super::types::Spelled;
use super::Names;
use crate::emit::encode::rust;
use crate::model::{
    Field, Items, Meta, Presence, Primitive, Reducer, ReducerSlot, SlotKind, SlotOutput, Text, Type, Workspace,
};

/// Writes the types of the printed state.
pub(super) fn declare(module: &mut Module<'_>, reducer: &Reducer, names: &Names) {
    let fields: Vec<Field> = reducer.slots.iter().filter_map(|slot| field(module.workspace(), reducer, slot)).collect();
    let doc = format!("/// The state that the reducer `{}` makes of events.\n", reducer.meta.name);
    let list = format!("{}<{}>", module.prelude("Vec"), names.anomaly);
    let kind = Doc::text(format!("{}::KIND", names.anomaly));
    let kind = Doc::call("&support::Kind::List", vec![kind, Doc::text("support::Items::ANY")]);
    let anomalies = Spelled { ty: list, kind, is_copy: false };
    let said = meta(reducer, "anomalies", "What could not be taken as it stood.");
    made(module, &names.state, &doc, &fields, (&said, anomalies));
    anomaly(module, reducer, names);
}

/// A slot as it is printed; none where it is not.
fn field(workspace: &Workspace, reducer: &Reducer, slot: &ReducerSlot) -> Option<Field> {
    if slot.output == SlotOutput::Hidden {
        return None;
    }
    let ty = printed(workspace, slot, output(workspace, reducer, slot));
    let ty = match workspace.plain(&ty) {
        // A slot that holds none is left out, and `null` is none.
        Type::Primitive(Primitive::Json) => Type::Opt(Box::new(ty)),
        _ => ty,
    };
    let presence = if workspace.is_optional(&ty) { Presence::Optional } else { Presence::Required };
    Some(Field { meta: Meta::bare(&slot.name, slot.span), ty, presence, mixin: None })
}

/// How a slot is printed: one of a delegate as the delegate does.
pub(super) fn output(workspace: &Workspace, reducer: &Reducer, slot: &ReducerSlot) -> SlotOutput {
    match slot.kind {
        SlotKind::From { delegate, slot } => {
            let inner = &workspace.reducers[reducer.delegates[delegate].reducer];
            output(workspace, inner, &inner.slots[slot])
        }
        _ => slot.output,
    }
}

fn printed(workspace: &Workspace, slot: &ReducerSlot, output: SlotOutput) -> Type {
    match (output, workspace.plain(&slot.ty)) {
        (SlotOutput::Values | SlotOutput::ValuesByKey, Type::Map(_, value, _)) => {
            Type::List(value.clone(), Items::default())
        }
        _ => slot.ty.clone(),
    }
}

fn meta(reducer: &Reducer, name: &str, doc: &str) -> Meta {
    Meta { doc: Some(doc.to_owned()), ..Meta::bare(name, reducer.meta.span) }
}

fn anomaly(module: &mut Module<'_>, reducer: &Reducer, names: &Names) {
    let field = |name: &str, doc: &str, ty| Field {
        meta: meta(reducer, name, doc),
        ty,
        presence: Presence::Required,
        mixin: None,
    };
    let text = || Type::Primitive(Primitive::String(Text::default()));
    let fields = [
        field("event_id", "The event it is about.", text()),
        field("params", "Typed facts.", Type::Primitive(Primitive::Object)),
        field("message", "For people.", text()),
    ];
    let doc = format!("/// What the reducer `{}` could not take as it stood.\n", reducer.meta.name);
    let kind = Spelled { ty: names.kind.clone(), kind: Doc::text(format!("{}::KIND", names.kind)), is_copy: true };
    let said = meta(reducer, "kind", "What happened.");
    made(module, &names.anomaly, &doc, &fields, (&said, kind));
    let from = format!(
        "impl From<support::fold::Recorded> for {} {{
            fn from(recorded: support::fold::Recorded) -> Self {{
                Self {{
                    params: recorded.params(),
                    event_id: recorded.event_id,
                    message: recorded.message.into(),
                    kind: support::fold::member(recorded.kind),
                }}
            }}
        }}",
        names.anomaly
    );
    put!(module.out, "{}\n", laid_out(&[from], 0).trim_start());
    kinds(module, reducer, names);
}

fn kinds(module: &mut Module<'_>, reducer: &Reducer, names: &Names) {
    let declared = reducer.anomalies.iter().map(|anomaly| anomaly.kind.as_str());
    let kinds: Vec<&str> = std::iter::once("divergent_duplicate").chain(declared).collect();
    let variants: Vec<String> = kinds.iter().map(|kind| names::variant(kind)).collect();
    let out = &mut module.out;
    put!(out, "/// The kinds of anomalies of the reducer `{}`.\n", reducer.meta.name);
    put!(out, "#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]\npub enum {} {{\n", names.kind);
    for (kind, variant) in kinds.iter().zip(&variants) {
        put!(out, "    /// `{kind}`\n    {variant},\n");
    }
    put!(out, "}}\n\nimpl {} {{\n    /// Every kind, in declared order.\n", names.kind);
    let all = Doc::array_of(variants.iter().map(|variant| format!("Self::{variant}")));
    out.push_str(&all.line(4, "pub const ALL: &'static [Self] = ", ";"));
    out.push_str("\n    /// The text of each kind.\n");
    let values = Doc::array_of(kinds.iter().map(|kind| rust::string(kind)));
    let choice = vec![("values", values), ("aliases", Doc::array_of([""; 0]))];
    let choice = Doc::Struct("&support::Choice".into(), choice, None);
    out.push_str(&choice.line(4, "pub const CHOICE: &'static support::Choice = ", ";"));
    put!(out, "}}\n\nsupport::choice!({});\n\n", names.kind);
}

/// The expression that gives the printed value of a slot.
pub(super) fn value(workspace: &Workspace, reducer: &Reducer, slot: &ReducerSlot) -> String {
    value_in(workspace, reducer, slot, "self", "tally")
}

/// The same, of the fold and the tally that these texts name.
fn value_in(workspace: &Workspace, reducer: &Reducer, slot: &ReducerSlot, fold: &str, tally: &str) -> String {
    match &slot.kind {
        SlotKind::Count { deduped: true } => format!("{tally}.deduped()"),
        SlotKind::Count { deduped: false } => format!("{tally}.consumed()"),
        SlotKind::Last { deduped: true } => format!("{tally}.last_deduped()"),
        SlotKind::Last { deduped: false } => format!("{tally}.last_consumed()"),
        SlotKind::From { delegate, slot: at } => {
            let delegated = &workspace.reducers[reducer.delegates[*delegate].reducer];
            let inner = &delegated.slots[*at];
            let folding = format!("{fold}.{}", delegate_field(reducer, *delegate));
            if !matches!(inner.kind, SlotKind::Value(_) | SlotKind::Machine(_)) {
                return value_in(workspace, delegated, inner, &format!("{folding}.fold"), &format!("{folding}.tally"));
            }
            let path = format!("{folding}.fold.slots.{}", names::value(&inner.name));
            let is_of_same = |slot: &&ReducerSlot| match slot.kind {
                SlotKind::From { delegate: other, slot } => other == *delegate && slot == *at,
                _ => false,
            };
            if fold == "self" && reducer.slots.iter().filter(is_of_same).count() == 1 {
                return of_cell(workspace, &path, inner);
            }
            // It may be printed twice.
            of_cell(workspace, &format!("{path}.clone()"), inner)
        }
        SlotKind::Value(_) | SlotKind::Machine(_) => {
            of_cell(workspace, &format!("{fold}.slots.{}", names::value(&slot.name)), slot)
        }
    }
}

fn of_cell(workspace: &Workspace, path: &str, slot: &ReducerSlot) -> String {
    match slot.output {
        _ if matches!(workspace.plain(&slot.ty), Type::Primitive(Primitive::Json)) => {
            format!("fold::some(&{path})")
        }
        SlotOutput::Values => format!("{path}.by_arrival()"),
        SlotOutput::ValuesByKey => format!("{path}.by_key()"),
        SlotOutput::Plain | SlotOutput::Hidden => format!("fold::finished({path})"),
    }
}

/// The field that holds a delegate.
pub(super) fn delegate_field(reducer: &Reducer, delegate: usize) -> String {
    names::apart(names::value(&reducer.delegates[delegate].name), &["recorded", "slots", "start"])
}

/// The type of a slot as it is saved: keys and values in a list of two where it is printed as they came in.
pub(super) fn saved_type(workspace: &Workspace, slot: &ReducerSlot) -> Type {
    match (slot.output, workspace.plain(&slot.ty)) {
        (SlotOutput::Values, Type::Map(key, value, _)) => {
            let pair = Type::Tuple(vec![(**key).clone(), (**value).clone()]);
            Type::List(Box::new(pair), Items::default())
        }
        _ => slot.ty.clone(),
    }
}
