//! What a reducer records enters; the arguments that record it leave, and the texts of its anomalies.

use super::super::expression;
use super::super::layout::Code;
use super::super::module::Module;
use super::super::names::member;
use super::super::types::kind;
use crate::emit::encode::python;
use crate::expr::{self, Kind};
use crate::model::{
    Anomaly, AnomalyField, Expr, ExprKind, ExprType, Reducer, ReducerId, Report, TemplatePart, Type, Variable,
};

/// `call(e, kind, params)`.
pub fn recorded(module: &mut Module<'_>, id: ReducerId, call: &str, report: &Report) -> Code {
    let anomaly = &module.workspace.reducers[id].anomalies[report.anomaly];
    let members = anomaly.params.iter().zip(&report.params);
    let members = members.map(|(name, value)| wire(module, value).after(&format!("{}: ", python::string(name))));
    let members = members.collect();
    let kind = kind_of(module, id, report.anomaly);
    Code::call(call, vec![Code::text("e"), Code::text(kind), Code::braces(members)])
}

/// The kind of an anomaly.
pub fn kind_of(module: &Module<'_>, id: ReducerId, anomaly: usize) -> String {
    let kind = &module.workspace.reducers[id].anomalies[anomaly].kind;
    format!("{}.{}", module.names.reducers[usize::from(id)].kinds, member(kind))
}

/// The text of each kind of anomaly, with its holes in braces.
pub fn text(reducer: &Reducer, anomaly: &Anomaly) -> String {
    let parts = anomaly.template.iter().map(|part| match part {
        TemplatePart::Text(text) => text.replace('{', "{{").replace('}', "}}"),
        TemplatePart::Param(at) => format!("{{{}}}", anomaly.params[*at]),
        TemplatePart::Field(at) => format!("{{{}}}", reducer.anomaly_fields[*at].0),
        TemplatePart::Inner(name) => format!("{{{name}}}"),
    });
    python::string(&parts.collect::<String>())
}

/// A parameter that every anomaly carries.
pub fn field(module: &mut Module<'_>, field: &AnomalyField) -> Code {
    let path = |path: &[String]| Code::tuple(path.iter().map(|key| Code::text(python::string(key))).collect());
    let payload = Code::text("e.payload");
    match field {
        AnomalyField::Text { path: keys, default } => {
            Code::call("_s.text_at", vec![payload, path(keys), Code::text(python::string(default))])
        }
        AnomalyField::Enum { id, path: keys } => {
            let kind = Code::text(module.enum_kind(*id));
            Code::call("_s.member_at", vec![payload, path(keys), kind])
        }
        AnomalyField::Expression(expression) => wire(module, expression),
    }
}

/// The value of a parameter as JSON.
fn wire(module: &mut Module<'_>, value: &Expr) -> Code {
    let value = match &value.kind {
        ExprKind::Known(inner) => inner,
        _ => value,
    };
    let text = expression::flat(module, value);
    let ExprType::Of(ty) = &value.ty else { return Code::text(text) };
    if is_json(module, ty) || matches!(value.kind, ExprKind::Variable(Variable::Violations)) {
        return Code::text(text);
    }
    let kind = kind(module, ty).flat();
    Code::call(&format!("{kind}.to_wire"), vec![Code::text(text)])
}

/// Whether values of the type are JSON as they are.
fn is_json(module: &Module<'_>, ty: &Type) -> bool {
    matches!(
        expr::kind(module.workspace, ty),
        Kind::Bool | Kind::Int | Kind::Float | Kind::Text | Kind::Instant | Kind::Enum(_)
    )
}
