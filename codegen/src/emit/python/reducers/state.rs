//! A reducer enters; the classes of its state and of its anomalies leave, as programs see them.

use super::super::layout::Code;
use super::super::module::Module;
use super::super::names::{attribute, member};
use super::super::prose::doc_or;
use super::super::records;
use super::super::view::{Class, Statement};
use super::fold::delegate_attribute;
use super::form::form;
use super::method;
use crate::emit::encode::python;
use crate::model::{
    Bound, Field, IntBounds, Items, Meta, Presence, Primitive, Reducer, ReducerId, ReducerSlot, SlotKind, SlotOutput,
    Type, Workspace,
};

/// The enum of the kinds of anomalies.
pub fn kinds(module: &mut Module<'_>, id: ReducerId) -> Class {
    let reducer = &module.workspace.reducers[id];
    let kinds = reducer.anomalies.iter().map(|anomaly| anomaly.kind.as_str()).chain(["divergent_duplicate"]);
    let members = kinds.map(|kind| Statement::bare(format!("    {} = {}", member(kind), python::string(kind))));
    let members = members.collect();
    let doc = format!("What the reducer `{}` can find to be wrong.", reducer.meta.name);
    Class {
        decorator: None,
        name: module.names.reducers[usize::from(id)].kinds.clone(),
        bases: vec![module.str_enum().to_owned()],
        doc: Some(format!("    {}", python::docstring(&doc, 4))),
        body: vec![members],
    }
}

/// The class of its anomalies.
pub fn anomaly(module: &mut Module<'_>, id: ReducerId) -> Class {
    let names = &module.names.reducers[usize::from(id)];
    let annotations = [
        format!("    kind: {}", names.kinds),
        "    event_id: str".to_owned(),
        "    params: _s.JsonObject".to_owned(),
        "    message: str".to_owned(),
    ];
    let rows = [
        format!("_s.Field(\"kind\", _s.enum({}))", names.kinds),
        "_s.Field(\"event_id\", _s.string())".to_owned(),
        "_s.Field(\"params\", _s.json_object())".to_owned(),
        "_s.Field(\"message\", _s.string())".to_owned(),
    ];
    let doc = "What happened to an event. Kind, event and parameters identify it; the message is for people.";
    Class {
        decorator: None,
        name: names.anomaly.clone(),
        bases: vec!["_s.Record".to_owned()],
        doc: Some(format!("    {}", python::docstring(doc, 4))),
        body: vec![annotations.map(Statement::bare).into(), vec![records::table("shape", &rows.map(Code::text))]],
    }
}

/// The class of its state.
pub fn state(module: &mut Module<'_>, id: ReducerId) -> Class {
    let workspace = module.workspace;
    let reducer = &workspace.reducers[id];
    let names = &module.names.reducers[usize::from(id)];
    let fields: Vec<Field> = reducer.slots.iter().filter_map(|slot| printed_field(workspace, reducer, slot)).collect();
    let own: Vec<&Field> = fields.iter().collect();
    let mut annotated = records::fields(module, &fields, &own, None);
    let mut rows: Vec<Code> = own.iter().map(|field| records::row(module, field)).collect();
    module.hide(fields.iter().map(|field| attribute(&field.meta.name)));
    let tuple = module.builtin("tuple");
    module.hide([]);
    annotated.push(Statement::bare(format!("    anomalies: {tuple}[{}, ...] = ()", names.anomaly)));
    let kind = format!("_s.list_of(_s.record({}))", names.anomaly);
    rows.push(Code::text(format!("_s.Field(\"anomalies\", {kind}, default=[])")));
    let otherwise = format!("What the reducer `{}` makes of a log.", reducer.meta.name);
    Class {
        decorator: None,
        name: names.state.clone(),
        bases: vec!["_s.Record".to_owned()],
        doc: Some(doc_or(&reducer.meta, &otherwise, 4)),
        body: vec![annotated, vec![records::table("shape", &rows)]],
    }
}

/// A slot as a field of the printed state; none where it is not printed.
fn printed_field(workspace: &Workspace, reducer: &Reducer, slot: &ReducerSlot) -> Option<Field> {
    if slot.output == SlotOutput::Hidden {
        return None;
    }
    let ty = printed_type(workspace, reducer, slot);
    let presence = if workspace.is_optional(&ty) { Presence::Optional } else { Presence::Required };
    Some(Field { meta: Meta::bare(&slot.name, slot.span), ty, presence, mixin: None })
}

fn printed_type(workspace: &Workspace, reducer: &Reducer, slot: &ReducerSlot) -> Type {
    let optional = |ty: &Type| if workspace.is_optional(ty) { ty.clone() } else { Type::Opt(Box::new(ty.clone())) };
    match &slot.kind {
        SlotKind::Machine(_) | SlotKind::Last { .. } => optional(&slot.ty),
        SlotKind::Count { .. } => {
            let min = Some(Bound { limit: 0, exclusive: false });
            Type::Primitive(Primitive::Int(IntBounds { min, max: None }))
        }
        SlotKind::From { delegate, slot } => {
            let inner = &workspace.reducers[reducer.delegates[*delegate].reducer];
            printed_type(workspace, inner, &inner.slots[*slot])
        }
        SlotKind::Value(_) => match (slot.output, workspace.plain(&slot.ty)) {
            (SlotOutput::Values | SlotOutput::ValuesByKey, Type::Map(_, of, _)) => {
                Type::List(of.clone(), Items::default())
            }
            // A slot that is null is left out.
            (_, Type::Primitive(Primitive::Json)) => optional(&slot.ty),
            _ => slot.ty.clone(),
        },
    }
}

/// The method that gives the state as programs see it.
pub fn frozen(module: &mut Module<'_>, id: ReducerId) -> Statement {
    let reducer = &module.workspace.reducers[id];
    let names = &module.names.reducers[usize::from(id)];
    let mut arguments = vec![Code::text(names.state.as_str())];
    for slot in reducer.slots.iter().filter(|slot| slot.output != SlotOutput::Hidden) {
        let value = slot_value(module, reducer, slot, "self");
        arguments.push(Code::text(format!("{}={value}", attribute(&slot.name))));
    }
    arguments.push(Code::text(format!("anomalies=self.anomalies({}, {})", names.anomaly, names.kinds)));
    let line = Code::call("_s.made", arguments).after("return ").lines(8, "");
    method("state", &["self".to_owned()], &names.state, &[line])
}

fn slot_value(module: &mut Module<'_>, reducer: &Reducer, slot: &ReducerSlot, fold: &str) -> String {
    let place = format!("{fold}.s.{}", attribute(&slot.name));
    match &slot.kind {
        SlotKind::Count { deduped: true } => format!("{fold}.deduped"),
        SlotKind::Count { deduped: false } => format!("{fold}.consumed"),
        SlotKind::Last { deduped: true } => format!("{fold}.last_deduped"),
        SlotKind::Last { deduped: false } => format!("{fold}.last_consumed"),
        SlotKind::From { delegate, slot } => {
            let delegate = &reducer.delegates[*delegate];
            let inner = &module.workspace.reducers[delegate.reducer];
            let fold = format!("{fold}.{}", delegate_attribute(delegate));
            slot_value(module, inner, &inner.slots[*slot], &fold)
        }
        SlotKind::Value(_) | SlotKind::Machine(_) => {
            let is_map = matches!(module.workspace.plain(&slot.ty), Type::Map(..));
            match slot.output {
                SlotOutput::Values if is_map => format!("{place}.by_arrival()"),
                SlotOutput::ValuesByKey if is_map => format!("{place}.by_key()"),
                _ => form(module, reducer.family, &slot.ty).freeze(&place),
            }
        }
    }
}
