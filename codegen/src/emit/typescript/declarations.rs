//! Scalars, enums, named types and unions enter; their types and companions leave.

use super::layout::{
    Doc, WIDTH, alternatives, array, arrow, call, generic, given_object, member, members, object, row, text,
};
use super::module::{Module, doc_block};
use super::names::{self, Derived};
use super::types::{primitive_schema, primitive_type};
use crate::emit::encode::typescript::string;
use crate::model::{EnumDef, EnumId, Meta, NamedType, Primitive, Scalar, Union, UnionForm, Variant};

impl Module<'_> {
    /// `export type Id = ...` with its companion. Booleans have no brand: `true & {...}` helps nobody.
    pub(super) fn scalar(&mut self, scalar: &Scalar) {
        let name = &scalar.meta.name;
        let plain = text(primitive_type(&scalar.primitive));
        let ty = match scalar.primitive {
            Primitive::Bool | Primitive::Json | Primitive::Object => plain,
            _ => generic("$.Branded", vec![plain, text(string(name))]),
        };
        self.begin(&scalar.meta);
        self.alias(name, ty);
        self.companion(name, primitive_schema(&scalar.primitive));
    }

    /// A composed type with a name.
    pub(super) fn named_type(&mut self, named: &NamedType) {
        self.begin(&named.meta);
        let ty = self.ty(&named.ty);
        self.alias(&named.meta.name, ty);
        let schema = self.schema(&named.ty);
        self.companion(&named.meta.name, call("$.lazy", vec![arrow("", schema)]));
    }

    /// The members as an `as const` object, the type of the same name, and a constant for each thing declared beside.
    pub(super) fn enumeration(&mut self, def: &EnumDef) {
        let name = &def.meta.name;
        match def.made_for {
            Some(union) => self.begin_noted(&format!(
                "What tells the variants of `{}` apart.",
                self.workspace.unions[union].meta.name
            )),
            None => self.begin(&def.meta),
        }
        self.export(name, true);
        self.line(&format!("export const {name} = {{"));
        for value in &def.values {
            let meta = Meta {
                doc: value.doc.clone(),
                deprecated: value.deprecated.clone(),
                ..Meta::bare(value.name.clone(), value.span)
            };
            self.body.push_str(&doc_block(&meta, 2));
            self.line(&format!("  {}: {},", names::key(&value.name), string(&value.text)));
        }
        self.body.push_str("} as const;\n");
        self.line(&format!("export type {name} = (typeof {name})[keyof typeof {name}];"));
        self.beside_enum(def);
    }

    fn beside_enum(&mut self, def: &EnumDef) {
        let name = &def.meta.name;
        let mut arguments = vec![text(name)];
        if !def.aliases.is_empty() {
            let aliases = Derived::Aliases.of(name);
            let members = def.aliases.iter().map(|(alias, of)| member(&names::key(alias), member_text(def, *of)));
            self.note(&format!("What older writers said for members of `{name}`."));
            self.export(&aliases, true);
            let object = object(members.collect());
            self.statement(row(vec![text(format!("export const {aliases} = ")), object, text(" as const")]));
            arguments.push(text(aliases));
        }
        let ty = generic("$.EnumSchema", vec![text(name)]);
        let schema = Derived::Schema.of(name);
        if arguments.len() == 1 && name.len() <= WIDTH / 4 {
            self.export(&schema, true);
            self.whole_constant(&schema, ty, &format!("$.oneOf({name})"));
        } else {
            self.constant(&schema, ty, call("$.oneOf", arguments));
        }
        if !def.sets.is_empty() {
            let sets = def.sets.iter().map(|set| member(&set.name, member_list(def, &set.members)));
            let sets = object(sets.collect());
            let names = def.sets.iter().map(|set| format!("readonly {}: readonly {name}[]", set.name));
            self.note(&format!("Named subsets of `{name}`."));
            self.data(&Derived::Sets.of(name), members(names.map(text).collect()), sets);
        }
        if !def.maps.is_empty() {
            self.enum_maps(def);
        }
        if let Some(rank) = &def.rank {
            let order = member_list(def, rank);
            self.note(&format!("The members of `{name}`, lowest first."));
            self.data(&Derived::Rank.of(name), text(format!("readonly {name}[]")), order);
        }
    }

    fn enum_maps(&mut self, def: &EnumDef) {
        let (mut types, mut maps) = (Vec::new(), Vec::new());
        for map in &def.maps {
            let to = self.enum_type(map.to);
            types.push(text(format!("readonly {}: {{ readonly [member in {}]: {to} }}", map.name, def.meta.name)));
            let target = &self.workspace.enums[map.to];
            let members = def.values.iter().zip(&map.targets);
            let members = members.map(|(value, &to)| member(&names::key(&value.text), member_text(target, to)));
            maps.push(member(&map.name, object(members.collect())));
        }
        self.note(&format!("What each member of `{}` means elsewhere.", def.meta.name));
        self.data(&Derived::Maps.of(&def.meta.name), members(types), object(maps));
    }

    /// A union with its companion.
    pub(super) fn union(&mut self, union: &Union) {
        let name = &union.meta.name;
        self.begin(&union.meta);
        match &union.form {
            UnionForm::Untagged(types) => {
                let variants = types.iter().map(|ty| self.ty(ty)).collect();
                self.union_alias(name, variants);
                let schemas = types.iter().map(|ty| self.schema(ty)).collect();
                self.companion(name, call("$.untagged", vec![arrow("", array(schemas))]));
            }
            UnionForm::Tagged { tag, tag_type, default_tag, variants } => {
                self.tagged(name, tag, *tag_type, *default_tag, variants);
            }
        }
    }

    fn tagged(&mut self, name: &str, tag: &str, tag_type: EnumId, default_tag: Option<usize>, variants: &[Variant]) {
        let workspace = self.workspace;
        let def = &workspace.enums[tag_type];
        let types = variants.iter().map(|variant| {
            let literal = string(&def.values[variant.value].text);
            let record = self.record_type(variant.record);
            text(format!("({record} & {{ readonly {tag}: {literal} }})"))
        });
        let types = types.collect();
        self.union_alias(name, types);
        let schemas = variants.iter().map(|variant| {
            let key = names::key(&def.values[variant.value].text);
            member(&key, text(self.record_value(variant.record)))
        });
        let schemas = given_object(schemas.collect());
        let tags = self.enum_value(tag_type, Some(Derived::Schema));
        let mut arguments = vec![text(string(tag)), text(tags), arrow("", schemas)];
        arguments.extend(default_tag.map(|value| member_text(def, value)));
        self.companion(name, call("$.tagged", arguments));
    }

    /// `export type NAME = A | B;`
    fn union_alias(&mut self, name: &str, types: Vec<Doc>) {
        self.export(name, false);
        self.statement(row(vec![text(format!("export type {name} =")), alternatives(types)]));
    }

    /// `export type NAME = TYPE;`
    pub(super) fn alias(&mut self, name: &str, ty: Doc) {
        self.export(name, false);
        self.statement(row(vec![text(format!("export type {name} = ")), ty]));
    }

    /// `export const NAME: $.Schema<NAME> = ...;`
    pub(super) fn companion(&mut self, name: &str, schema: Doc) {
        self.constant(name, generic("$.Schema", vec![text(name)]), schema);
    }

    /// `export const NAME: TYPE = VALUE;`, where the value is plain data.
    pub(super) fn data(&mut self, name: &str, ty: Doc, value: Doc) {
        self.export(name, true);
        self.statement(row(vec![text(format!("export const {name}: ")), ty, text(" = "), value]));
    }

    /// A blank line and a doc block in words of ours.
    pub(super) fn begin_noted(&mut self, words: &str) {
        self.body.push('\n');
        self.note(words);
    }

    /// A doc block in words of ours.
    pub(super) fn note(&mut self, words: &str) {
        self.line(&format!("/** {words} */"));
    }
}

/// The text of a member. Not `Lane.done`: bundlers take the read of a member for an effect.
fn member_text(def: &EnumDef, at: usize) -> Doc {
    text(string(&def.values[at].text))
}

/// Members of an enum, as literals.
pub(super) fn member_list(def: &EnumDef, indices: &[usize]) -> Doc {
    array(indices.iter().map(|&at| member_text(def, at)).collect())
}
