//! Constant tables enter; a module each leaves, with a constant function for every column.

use super::layout::laid_out;
use super::module::Module;
use super::text::put;
use super::types::spell;
use super::{docs, names, scalars};
use crate::emit::encode::rust;
use crate::json::{Value, canonical};
use crate::model::{EnumType, Primitive, TableId, Type, Workspace};

/// Writes a table.
pub(super) fn declare(module: &mut Module<'_>, id: TableId) {
    let workspace = module.workspace();
    let table = &workspace.tables[id];
    let key = &workspace.enums[table.key];
    let mut imports = vec![names::path(workspace, key.family, &key.meta.name)];
    let mut body = String::new();
    for (column, (name, ty)) in table.columns.iter().enumerate() {
        let cells: Vec<&Value> = table.rows.iter().map(|row| &row[column]).collect();
        let (result, constancy, cells) = constants(module, ty, &cells, &mut imports);
        let arms: Vec<String> = key
            .values
            .iter()
            .zip(cells)
            .map(|(value, cell)| format!("{}::{} => {cell},", key.meta.name, names::variant(&value.name)))
            .collect();
        let method = names::value(name);
        let function = format!(
            "/// The column `{name}`.
            #[allow(clippy::match_same_arms, clippy::match_single_binding)]
            pub {constancy}fn {method}(key: {}) -> {result} {{ match key {{ {} }} }}",
            key.meta.name,
            arms.join("\n")
        );
        body.push_str(&laid_out(&[function], 4));
    }
    imports.extend(body.contains("support::").then(|| names::in_crate("support")));
    imports.sort();
    imports.dedup();
    let out = &mut module.out;
    out.push_str(&docs::of(&table.meta, None, "A constant table: a function for every column.", 0));
    put!(out, "pub mod {} {{\n", names::apart(names::value(&table.meta.name), &machine_names(workspace, id)));
    for import in imports {
        put!(out, "    use {import};\n");
    }
    out.push_str(&body);
    out.push_str("}\n\n");
}

/// Machines of the same family have modules too.
fn machine_names(workspace: &Workspace, id: TableId) -> Vec<&str> {
    let family = workspace.tables[id].family;
    let machines = workspace.machines.iter().filter(|machine| machine.family == family);
    machines.map(|machine| machine.meta.name.as_str()).collect()
}

/// The type of a column, `const ` where its cells are constants, and the cells.
fn constants(
    module: &mut Module<'_>,
    ty: &Type,
    cells: &[&Value],
    imports: &mut Vec<String>,
) -> (String, &'static str, Vec<String>) {
    let workspace = module.workspace();
    let each = |show: &dyn Fn(&Value) -> String| cells.iter().map(|cell| show(cell)).collect();
    let integer = |cell: &Value| match cell {
        Value::Number(number) => format!("{number}"),
        other => other.as_str().unwrap_or_default().to_owned(),
    };
    match base(workspace, ty) {
        Base::Enum(EnumType { id, .. }) => {
            let declared = &workspace.enums[*id];
            imports.push(names::path(workspace, declared.family, &declared.meta.name));
            let member = |cell: &Value| {
                let index = cell.as_str().and_then(|text| declared.index_of(text)).unwrap_or(0);
                format!("{}::{}", declared.meta.name, names::variant(&declared.values[index].name))
            };
            (declared.meta.name.clone(), "const ", each(&member))
        }
        Base::Primitive(Primitive::String(_)) => {
            let text = |cell: &Value| rust::string(cell.as_str().unwrap_or_default());
            ("&'static str".into(), "const ", each(&text))
        }
        Base::Primitive(Primitive::Int(_) | Primitive::Int64(_)) => ("i64".into(), "const ", each(&integer)),
        Base::Primitive(Primitive::Uint64(_)) => ("u64".into(), "const ", each(&integer)),
        Base::Primitive(Primitive::Float(_)) => {
            let float = |cell: &Value| match cell {
                Value::Number(number) => scalars::float(*number),
                _ => "0.0".into(),
            };
            ("f64".into(), "const ", each(&float))
        }
        Base::Primitive(Primitive::Bool) => ("bool".into(), "const ", each(&canonical)),
        Base::Primitive(Primitive::Json | Primitive::Object) | Base::Other => {
            let spelled = spell(module, ty, "");
            let constant = |cell: &Value| format!("support::constant({})", rust::string(&canonical(cell)));
            // Whatever the module names, it names here too.
            imports.extend(names_declarations(ty).then(|| "super::*".into()));
            (spelled.ty, "", each(&constant))
        }
    }
}

/// Whether a type is spelled with the name of a declaration.
fn names_declarations(ty: &Type) -> bool {
    match ty {
        Type::Primitive(_) => false,
        Type::Opt(item) | Type::List(item, _) | Type::Set(item, _) => names_declarations(item),
        Type::Map(key, item, _) => names_declarations(key) || names_declarations(item),
        Type::Tuple(items) => items.iter().any(names_declarations),
        Type::Scalar(_) | Type::Enum(_) | Type::Record(_) | Type::Union(_) | Type::Named(_) | Type::External(_) => true,
    }
}

/// What a cell is in the end.
enum Base<'w> {
    Primitive(&'w Primitive),
    Enum(&'w EnumType),
    Other,
}

fn base<'w>(workspace: &'w Workspace, ty: &'w Type) -> Base<'w> {
    match workspace.plain(ty) {
        Type::Primitive(primitive) => Base::Primitive(primitive),
        Type::Scalar(id) => Base::Primitive(&workspace.scalars[*id].primitive),
        Type::Enum(of) => Base::Enum(of),
        _ => Base::Other,
    }
}
