//! Records, payloads and mixins enter; plain structs leave, each with its table and the two moves between fields and
//! slots: one loop over the fields writes all three, so that they cannot disagree.

use super::layout::Doc;
use super::module::Module;
use super::text::put;
use super::types::{self, Spelled, is_narrowed, spell};
use super::{conditions, docs, names, versions};
use crate::emit::encode::rust;
use crate::json::canonical;
use crate::model::{Field, Meta, MixinId, Presence, Record, RecordId, RecordKind, RuleKind, Type, Workspace};

/// What a struct is made of.
struct Struct {
    name: String,
    parts: Vec<Part>,
    members: Vec<Member>,
}

/// A mixin as an inner struct.
struct Part {
    field: String,
    ty: String,
    doc: String,
}

/// A field.
struct Member {
    field: String,
    doc: String,
    spelled: Spelled,
    row: Doc,
}

/// Methods that every record has.
const METHODS: &[&str] = &["from_json", "from_value", "new", "to_json"];

/// Writes a mixin: a struct of its fields and the rows of the table that it brings.
pub(super) fn mixin(module: &mut Module<'_>, id: MixinId) {
    let declared = &module.workspace().mixins[id];
    let name = declared.meta.name.clone();
    let members = declared.fields.iter().map(|field| member(module, field, &name, &[])).collect();
    let shape = Struct { name, parts: Vec::new(), members };
    let doc = docs::of(&declared.meta, None, "Fields that several records share.", 0);
    structure(module, &shape, &doc, "pub ");
    let rows = shape.members.iter().map(|member| member.row.clone()).collect();
    let out = &mut module.out;
    put!(out, "impl {} {{\n    /// The rows of the table that it brings.\n", shape.name);
    out.push_str(&Doc::Array("&", rows).line(4, "pub const FIELDS: &'static [support::Field] = ", ";"));
    out.push_str("}\n\n");
    moves(module, &shape);
    module.write_made();
}

/// Writes a record or the payload of an event.
pub(super) fn record(module: &mut Module<'_>, id: RecordId) {
    let workspace = module.workspace();
    let declared = &workspace.records[id];
    let is_checked = is_checked(workspace, declared);
    let shape = lower(module, declared, taken(workspace, declared));
    let doc = record_doc(declared);
    // Steps of reducers read the fields of a record with rules, and make records without asking the rules.
    structure(module, &shape, &doc, if is_checked { "pub(crate) " } else { "pub " });
    if is_checked {
        checked(module, &shape);
    }
    moves(module, &shape);
    table(module, id, &shape);
    put!(module.out, "support::record!({});\n\n", shape.name);
    module.write_made();
}

fn record_doc(declared: &Record) -> String {
    let Meta { name, .. } = &declared.meta;
    match declared.kind {
        RecordKind::Record => docs::of(&declared.meta, None, &format!("The record `{name}`."), 0),
        RecordKind::Payload(_) => {
            let lead = format!("Payload of a `{name}` event.");
            docs::of(&declared.meta, Some(&lead), "", 0)
        }
    }
}

fn lower(module: &mut Module<'_>, declared: &Record, taken: &[&str]) -> Struct {
    let workspace = module.workspace();
    let name = names::record(declared);
    let own: Vec<&Field> = declared.fields.iter().filter(|field| field.mixin.is_none()).collect();
    let members: Vec<Member> = own
        .iter()
        .map(|field| match versions::spelled(declared, field) {
            Some(spelled) => spelled_member(field, spelled, taken),
            None => member(module, field, &name, taken),
        })
        .collect();
    let mut parts: Vec<Part> = Vec::new();
    for (&mixin, field) in declared.mixins.iter().zip(part_names(workspace, declared, taken)) {
        let meta = &workspace.mixins[mixin].meta;
        let ty = module.refer(workspace.mixins[mixin].family, &meta.name);
        let doc = docs::of(&Meta { since: None, ..meta.clone() }, None, &format!("Fields of `{}`.", meta.name), 4);
        parts.push(Part { field, ty, doc });
    }
    Struct { name, parts, members }
}

/// The way to a field of a record, through the part that a mixin brings.
pub(super) fn field_path(workspace: &Workspace, id: RecordId, name: &str) -> String {
    let declared = &workspace.records[id];
    let field = &declared.fields[declared.field(name).expect("a field that was checked")];
    let taken = taken(workspace, declared);
    match field.mixin {
        None => names::apart(names::value(name), taken),
        Some(mixin) => {
            let at = declared.mixins.iter().position(|&it| it == mixin).expect("a mixin of the record");
            format!("{}.{}", part_names(workspace, declared, taken)[at], names::value(name))
        }
    }
}

/// The name of a record's type, as it is written here.
pub(super) fn record_path(module: &mut Module<'_>, id: RecordId) -> String {
    let record = &module.workspace().records[id];
    module.refer(record.family, &names::record(record))
}

/// A struct literal of a record of these values, one a field.
pub(super) fn literal_of(module: &mut Module<'_>, id: RecordId, path: &str, values: &[String]) -> String {
    let workspace = module.workspace();
    let declared = &workspace.records[id];
    let taken = taken(workspace, declared);
    let member = |name: String, value: &String| if name == *value { name } else { format!("{name}: {value}") };
    let mut parts = Vec::new();
    for (&mixin, part) in declared.mixins.iter().zip(part_names(workspace, declared, taken)) {
        let meta = &workspace.mixins[mixin].meta;
        let ty = module.refer(workspace.mixins[mixin].family, &meta.name);
        let of_mixin = declared.fields.iter().zip(values).filter(|(field, _)| field.mixin == Some(mixin));
        let members: Vec<String> =
            of_mixin.map(|(field, value)| member(names::value(&field.meta.name), value)).collect();
        parts.push(format!("{part}: {ty} {{ {} }}", members.join(", ")));
    }
    let own = declared.fields.iter().zip(values).filter(|(field, _)| field.mixin.is_none());
    parts.extend(own.map(|(field, value)| member(names::apart(names::value(&field.meta.name), taken), value)));
    format!("{path} {{ {} }}", parts.join(", "))
}

/// Whether a plain struct of the fields could hold what the contract refuses.
fn is_checked(workspace: &Workspace, declared: &Record) -> bool {
    !declared.rules.is_empty() || declared.fields.iter().any(|field| is_narrowed(workspace, &field.ty))
}

fn taken(workspace: &Workspace, declared: &Record) -> &'static [&'static str] {
    if is_checked(workspace, declared) { METHODS } else { &[] }
}

/// The fields that hold the parts of the mixins, in their order.
fn part_names(workspace: &Workspace, declared: &Record, taken: &[&str]) -> Vec<String> {
    let own = declared.fields.iter().filter(|field| field.mixin.is_none());
    let members: Vec<String> = own.map(|field| names::apart(names::value(&field.meta.name), taken)).collect();
    let mut parts: Vec<String> = Vec::new();
    for &mixin in &declared.mixins {
        let others: Vec<&str> =
            taken.iter().copied().chain(members.iter().map(|it| &**it)).chain(parts.iter().map(|it| &**it)).collect();
        parts.push(names::apart(names::value(&workspace.mixins[mixin].meta.name), &others));
    }
    parts
}

/// Writes a record that no contract declares, such as the state of a reducer.
///
/// Its last field, `more`, is of a type that no contract declares either.
pub(super) fn made(module: &mut Module<'_>, name: &str, doc: &str, fields: &[Field], more: (&Meta, Spelled)) {
    let mut members: Vec<Member> = fields.iter().map(|field| member(module, field, name, &[])).collect();
    for (member, field) in members.iter_mut().zip(fields).filter(|(_, field)| field.meta.doc.is_none()) {
        member.doc = format!("    /// `{}`\n", field.meta.name);
    }
    let (meta, spelled) = more;
    let row = Doc::call("support::Field::required", vec![Doc::text(rust::string(&meta.name)), spelled.kind.clone()]);
    members.push(Member { field: meta.name.clone(), doc: docs::of(meta, None, "", 4), spelled, row });
    let shape = Struct { name: name.to_owned(), parts: Vec::new(), members };
    structure(module, &shape, doc, "pub ");
    moves(module, &shape);
    write_table(module, &shape, false, (String::new(), Vec::new()), None);
    put!(module.out, "support::record!({name});\n\n");
    module.write_made();
}

fn member(module: &mut Module<'_>, field: &Field, owner: &str, taken: &[&str]) -> Member {
    let made =
        format!("{}{}", owner.strip_suffix("Payload").unwrap_or(owner), crate::emit::casing::pascal(&field.meta.name));
    let spelled = spell(module, &field.ty, &made);
    spelled_member(field, spelled, taken)
}

fn spelled_member(field: &Field, spelled: Spelled, taken: &[&str]) -> Member {
    let is_unwrapped = matches!(field.presence, Presence::Optional | Presence::Nullable);
    let kind = match (&spelled.kind, is_unwrapped) {
        (Doc::Call(path, arguments), true) if path == "&support::Kind::Opt" => arguments[0].clone(),
        (kind, _) => kind.clone(),
    };
    let mut arguments = vec![Doc::text(rust::string(&field.meta.name)), kind];
    let form = match &field.presence {
        Presence::Required => "required",
        Presence::Optional => "optional",
        Presence::Nullable => "nullable",
        Presence::Default(value) => {
            arguments.push(Doc::text(rust::string(&canonical(value))));
            "with_default"
        }
    };
    let row = Doc::call(format!("support::Field::{form}"), arguments);
    let doc = docs::of(&field.meta, None, &format!("The field `{}`.", field.meta.name), 4);
    Member { field: names::apart(names::value(&field.meta.name), taken), doc, spelled, row }
}

fn structure(module: &mut Module<'_>, shape: &Struct, doc: &str, visible: &str) {
    let out = &mut module.out;
    out.push_str(doc);
    put!(out, "#[derive(Debug, Clone, PartialEq)]\npub struct {} {{", shape.name);
    let fields = shape
        .parts
        .iter()
        .map(|part| (&part.doc, &part.field, &part.ty))
        .chain(shape.members.iter().map(|member| (&member.doc, &member.field, &member.spelled.ty)));
    let mut is_empty = true;
    for (doc, field, ty) in fields {
        let doc = if visible == "pub " { doc.as_str() } else { "" };
        put!(out, "{}{doc}    {visible}{field}: {ty},\n", if is_empty { "\n" } else { "" });
        is_empty = false;
    }
    out.push_str("}\n\n");
}

/// Writes what a record with rules has instead of open fields: a checked constructor, and a getter for each field.
fn checked(module: &mut Module<'_>, shape: &Struct) {
    let result = module.prelude("Result");
    let fields: Vec<(&str, &str)> = shape
        .parts
        .iter()
        .map(|part| (&*part.field, &*part.ty))
        .chain(shape.members.iter().map(|member| (&*member.field, &*member.spelled.ty)))
        .collect();
    let parameters: Vec<Doc> = fields.iter().map(|(field, ty)| Doc::text(format!("{field}: {ty}"))).collect();
    let names: Vec<String> = fields.iter().map(|(field, _)| (*field).to_owned()).collect();
    let out = &mut module.out;
    put!(out, "impl {} {{\n", shape.name);
    out.push_str("    /// Checks the fields together.\n    ///\n    /// # Errors\n    /// Every fault of the whole.\n");
    if fields.len() > 7 {
        out.push_str("    #[allow(clippy::too_many_arguments)]\n");
    }
    let tail = format!(" -> {result}<Self, support::Faults> {{");
    out.push_str(&Doc::call("pub fn new", parameters).line(4, "", &tail));
    out.push_str(&literal("let whole = ", &names, ";"));
    out.push_str("        support::checked(&whole)\n    }\n");
    for (part, ty) in shape.parts.iter().map(|part| (part, &part.ty)) {
        put!(out, "\n{}    pub fn {}(&self) -> &{ty} {{\n", part.doc, part.field);
        put!(out, "        &self.{}\n    }}\n", part.field);
    }
    for member in &shape.members {
        let (ty, get) = getter(member);
        put!(out, "\n{}    pub fn {}(&self) -> {ty} {{\n", member.doc, member.field);
        put!(out, "        {get}\n    }}\n");
    }
    out.push_str("}\n\n");
}

/// Lines of `Self { .. }`: on one where the printer would leave it there.
fn literal(head: &str, items: &[String], tail: &str) -> String {
    let line = format!("Self {{ {} }}", items.join(", "));
    if line.len() <= 35 {
        return format!("        {head}{line}{tail}\n");
    }
    let items = items.join(",\n            ");
    format!("        {head}Self {{\n            {items},\n        }}{tail}\n")
}

/// What a getter gives, and how: texts and lists are lent as slices.
fn getter(member: &Member) -> (String, String) {
    let (ty, field) = (&member.spelled.ty, &member.field);
    if member.spelled.is_copy {
        return (ty.clone(), format!("self.{field}"));
    }
    let inside = |ty: &str, name: &str| {
        let (path, rest) = ty.split_once(&format!("{name}<"))?;
        let is_whole = path.chars().all(|char| char.is_ascii_lowercase() || char == ':');
        Some((path.to_owned(), rest.strip_suffix('>').filter(|_| is_whole)?.to_owned()))
    };
    let slice = |ty: &str| match (inside(ty, "Box"), inside(ty, "Vec")) {
        (Some((_, held)), _) => Some(held),
        (_, Some((_, item))) => Some(format!("[{item}]")),
        _ => None,
    };
    match inside(ty, "Option") {
        Some((path, held)) => match slice(&held) {
            Some(slice) => (format!("{path}Option<&{slice}>"), format!("self.{field}.as_deref()")),
            None => (format!("{path}Option<&{held}>"), format!("self.{field}.as_ref()")),
        },
        None => (format!("&{}", slice(ty).as_ref().unwrap_or(ty)), format!("&self.{field}")),
    }
}

/// Writes how the fields leave their slots and go back.
fn moves(module: &mut Module<'_>, shape: &Struct) {
    let parts = shape.parts.iter().map(|part| (&part.field, "part"));
    let members = shape.members.iter().map(|member| (&member.field, "take"));
    let fields: Vec<(&String, &str)> = parts.chain(members).collect();
    let name = &shape.name;
    let out = &mut module.out;
    let (slots, sink) = if fields.is_empty() { ("_slots", "_sink") } else { ("slots", "sink") };
    put!(out, "impl support::Fields for {name} {{\n");
    put!(out, "    fn from_slots({slots}: &mut support::Slots<'_, '_>) -> Self {{\n");
    if fields.is_empty() {
        out.push_str("        Self {}\n");
    } else {
        let takes: Vec<String> = fields.iter().map(|(field, take)| format!("{field}: slots.{take}()")).collect();
        out.push_str(&literal("", &takes, ""));
    }
    put!(out, "    }}\n\n    fn to_slots<'a>(&'a self, {sink}: &mut support::Sink<'a>) {{");
    for (at, (field, take)) in fields.iter().enumerate() {
        let put = if *take == "part" { "part" } else { "put" };
        put!(out, "{}        sink.{put}(&self.{field});\n", if at == 0 { "\n" } else { "" });
    }
    out.push_str(if fields.is_empty() { "}\n}\n\n" } else { "    }\n}\n\n" });
}

/// Writes the table of a record.
fn table(module: &mut Module<'_>, id: RecordId, shape: &Struct) {
    let declared = &module.workspace().records[id];
    let (mut functions, rules) = rules(module, id, declared);
    let versions = declared.versions.as_ref().map(|versions| {
        let (upcasts, versions) = versions::table(module, versions);
        functions.push_str(&upcasts);
        versions
    });
    write_table(module, shape, declared.closed, (functions, rules), versions);
}

fn write_table(
    module: &mut Module<'_>,
    shape: &Struct,
    closed: bool,
    (functions, rules): (String, Vec<Doc>),
    versions: Option<Doc>,
) {
    let mut parts: Vec<Doc> = shape.parts.iter().map(|part| Doc::text(format!("{}::FIELDS", part.ty))).collect();
    if !shape.members.is_empty() {
        parts.push(Doc::Array("&", shape.members.iter().map(|member| member.row.clone()).collect()));
    }
    let fields = vec![
        ("name", Doc::text(rust::string(&shape.name))),
        ("closed", Doc::text(closed.to_string())),
        ("parts", Doc::Array("&", parts)),
        ("rules", Doc::Array("&", rules)),
        ("versions", versions.map_or(Doc::text("None"), |versions| Doc::call("Some", vec![versions]))),
        ("order", Doc::text("support::Order::new()")),
    ];
    let table = Doc::Struct("support::Shape".into(), fields, None);
    let out = &mut module.out;
    put!(out, "impl support::Record for {} {{\n", shape.name);
    out.push_str("    fn shape() -> &'static support::Shape {\n");
    out.push_str(&functions);
    out.push_str(&table.line(8, "static SHAPE: support::Shape = ", ";"));
    out.push_str("        &SHAPE\n    }\n}\n\n");
}

/// The conditions of a record's rules, and the rows of its table that ask them.
fn rules(module: &mut Module<'_>, id: RecordId, declared: &Record) -> (String, Vec<Doc>) {
    let mut functions = String::new();
    let mut taken: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    for rule in &declared.rules {
        let others: Vec<&str> = taken.iter().map(String::as_str).collect();
        let name = names::apart(names::value(&rule.code), &others);
        let mut condition = |module: &mut Module<'_>, expr| {
            functions.push_str(&conditions::of_record(module, id, &name, expr, 8));
            Doc::text(&name)
        };
        let test = match &rule.kind {
            RuleKind::Conditional { when, require, forbid, require_nonblank } => {
                let when = when.as_ref().map_or_else(|| Doc::text("|_| true"), |when| condition(module, when));
                let fields = vec![
                    ("when", when),
                    ("require", Doc::numbers(require)),
                    ("forbid", Doc::numbers(forbid)),
                    ("require_nonblank", Doc::numbers(require_nonblank)),
                ];
                Doc::Struct("support::Test::Demand".into(), fields, None)
            }
            RuleKind::Check { check, at } => {
                let at = at.map_or_else(|| "None".to_owned(), |at| format!("Some({at})"));
                Doc::call("support::Test::Check", vec![condition(module, check), Doc::text(at)])
            }
        };
        let fields =
            vec![("code", Doc::text(rust::string(&rule.code))), ("reads", Doc::numbers(&rule.reads)), ("test", test)];
        rows.push(Doc::Struct("support::Rule".into(), fields, None));
        taken.push(name);
    }
    (functions, rows)
}

/// Writes a composed type with a name.
pub(super) fn named_type(module: &mut Module<'_>, meta: &Meta, ty: &Type) {
    let doc = docs::of(meta, None, &format!("The type `{}`.", meta.name), 0);
    match ty {
        Type::Primitive(primitive) if types::is_newtype(ty) => {
            super::scalars::newtype(module, primitive, &meta.name, &doc);
        }
        _ if types::is_newtype(ty) => types::declare_container(module, ty, &meta.name, &doc),
        _ => {
            let target = spell(module, ty, &meta.name);
            put!(module.out, "{doc}pub type {} = {};\n\n", meta.name, target.ty);
        }
    }
    module.write_made();
}
