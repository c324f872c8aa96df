//! A type enters; a value of it leaves, which keeps every bound but asks no rule between fields.

use codegen::json::{Value, number};
use codegen::model::{Bound, Format, Items, Presence, Primitive, RecordId, Text, Type, UnionForm, UnionId, Workspace};
use codegen::pattern::{Pattern, Table};

use super::random::Random;

/// Deeper values take the shortest way out.
const DEEP: usize = 6;

/// Makes values of the types of one workspace.
#[derive(Debug)]
pub struct Instances<'a> {
    /// Where types lead.
    pub workspace: &'a Workspace,
    /// What decides.
    pub random: Random,
}

impl Instances<'_> {
    /// A value of the type; `depth` containers stand around it.
    pub fn value(&mut self, ty: &Type, depth: usize) -> Value {
        match ty {
            Type::Primitive(primitive) => self.primitive(primitive),
            Type::Scalar(id) => self.primitive(&self.workspace.scalars[*id].primitive),
            Type::Enum(ty) => {
                let definition = &self.workspace.enums[ty.id];
                let all: Vec<usize> = (0..definition.values.len()).collect();
                let index = *self.random.pick(ty.only.as_ref().unwrap_or(&all));
                let alias = definition.aliases.iter().find(|(_, value)| *value == index);
                match alias.filter(|_| self.random.once_in(3)) {
                    Some((alias, _)) => alias.as_str().into(),
                    None => definition.values[index].text.as_str().into(),
                }
            }
            Type::Record(id) => self.record(*id, depth),
            Type::Union(id) => self.union(*id, depth),
            Type::Named(id) => self.value(&self.workspace.types[*id].ty, depth),
            Type::External(id) => self.value(&self.workspace.externals[*id].shape, depth),
            Type::Opt(_) if depth > DEEP || self.random.once_in(3) => Value::Null,
            Type::Opt(inner) => self.value(inner, depth),
            Type::List(item, items) => Value::Array(self.items(item, *items, depth)),
            Type::Set(item, items) => {
                let mut members = self.items(item, *items, depth);
                members.dedup();
                Value::Array(members)
            }
            Type::Map(key, item, items) => {
                let keys = self.items(key, *items, depth);
                let keys = keys.into_iter().filter_map(|key| key.as_str().map(str::to_owned));
                Value::Object(keys.map(|key| (key, self.value(item, depth + 1))).collect())
            }
            Type::Tuple(types) => Value::Array(types.iter().map(|ty| self.value(ty, depth + 1)).collect()),
        }
    }

    fn items(&mut self, item: &Type, limits: Items, depth: usize) -> Vec<Value> {
        let least = limits.min.unwrap_or(0) as usize;
        let most = limits.max.map_or(least + 3, |max| (max as usize).min(least + 3));
        let count = if depth > DEEP { least } else { least + self.random.below(most - least + 1) };
        (0..count).map(|_| self.value(item, depth + 1)).collect()
    }

    /// Of a record with versions a value of any of them.
    fn record(&mut self, id: RecordId, depth: usize) -> Value {
        let Some(versions) = &self.workspace.records[id].versions else { return self.members(id, depth) };
        let version = 1 + self.random.below(versions.current as usize);
        let version = u32::try_from(version).expect("few versions");
        let shape = versions.upcast(version).map_or(id, |upcast| upcast.shape);
        let Value::Object(mut members) = self.members(shape, depth) else { unreachable!("a record") };
        if versions.absent == Some(version) && self.random.once_in(2) {
            members.remove(&versions.member);
        } else {
            members.insert(versions.member.clone(), version.into());
        }
        Value::Object(members)
    }

    fn members(&mut self, id: RecordId, depth: usize) -> Value {
        let mut members = Vec::new();
        for field in &self.workspace.records[id].fields {
            let may_be_absent = matches!(field.presence, Presence::Optional | Presence::Default(_));
            if !may_be_absent || (depth <= DEEP && !self.random.once_in(3)) {
                members.push((field.meta.name.as_str(), self.value(&field.ty, depth + 1)));
            }
        }
        Value::object(members)
    }

    fn union(&mut self, id: UnionId, depth: usize) -> Value {
        match &self.workspace.unions[id].form {
            UnionForm::Untagged(types) => {
                let chosen = self.random.pick(types);
                self.value(chosen, depth)
            }
            UnionForm::Tagged { tag, tag_type, default_tag, variants } => {
                let variant = self.random.pick(variants);
                let Value::Object(mut members) = self.record(variant.record, depth) else { unreachable!("a record") };
                if *default_tag != Some(variant.value) || self.random.once_in(2) {
                    let text = self.workspace.enums[*tag_type].values[variant.value].text.as_str();
                    members.insert(tag.clone(), text.into());
                }
                Value::Object(members)
            }
        }
    }

    fn primitive(&mut self, primitive: &Primitive) -> Value {
        match primitive {
            Primitive::String(text) => self.text(text).into(),
            Primitive::Int(bounds) => {
                let inside = |it: Bound<i64>, step| as_number(it.limit) + if it.exclusive { step } else { 0.0 };
                let known = [0.0, 1.0, -7.0, 42.0, SAFE, -SAFE];
                let numbers =
                    numbers(bounds.min.map(|it| inside(it, 1.0)), bounds.max.map(|it| inside(it, -1.0)), &known);
                Value::from(*self.random.pick(&numbers))
            }
            Primitive::Float(bounds) => {
                let inside = |number: &f64| {
                    bounds.min.is_none_or(|it| it.limit < *number || (!it.exclusive && it.limit <= *number))
                        && bounds.max.is_none_or(|it| it.limit > *number || (!it.exclusive && it.limit >= *number))
                };
                let limits = [bounds.min.map(|it| it.limit), bounds.max.map(|it| it.limit)];
                let known = [0.0, 0.5, 1.0, 0.2, -2.5, 1e21, 1e-7, 99.9];
                let numbers: Vec<f64> = known.into_iter().chain(limits.into_iter().flatten()).filter(inside).collect();
                Value::from(*self.random.pick(&numbers))
            }
            Primitive::Int64(bounds) => {
                let numbers =
                    numbers(bounds.min.map(|it| it.limit), bounds.max.map(|it| it.limit), &[0, -1, i64::MIN, i64::MAX]);
                self.random.pick(&numbers).to_string().into()
            }
            Primitive::Uint64(bounds) => {
                let numbers = numbers(bounds.min.map(|it| it.limit), bounds.max.map(|it| it.limit), &[0, 7, u64::MAX]);
                self.random.pick(&numbers).to_string().into()
            }
            Primitive::Bool => self.random.once_in(2).into(),
            Primitive::Json => {
                let nested = Value::object([("b", Value::Array(vec![Value::Null, 1.5.into()])), ("a", "é".into())]);
                self.random.pick(&[Value::Null, true.into(), 1e21.into(), "\u{0}".into(), nested]).clone()
            }
            Primitive::Object => Value::object([("z", Value::Null), ("__proto__", number(1e-7).into())]),
        }
    }

    fn text(&mut self, text: &Text) -> String {
        if let Some(format) = text.format {
            return (*self.random.pick(of_format(format))).to_owned();
        }
        let fits = |candidate: &String| {
            let length = candidate.chars().count();
            text.min_length.is_none_or(|min| length >= min as usize)
                && text.max_length.is_none_or(|max| length <= max as usize)
        };
        let shortest = text.min_length.unwrap_or(0);
        let mut candidate = || match &text.pattern {
            Some(pattern) => matching(pattern, &mut self.random, shortest),
            _ => (*self.random.pick(&["a", "Zz9", "é", "😀", "x y"])).repeat(1 + shortest as usize),
        };
        let mut candidates = std::iter::repeat_with(&mut candidate).take(30);
        candidates.find(fits).unwrap_or_else(|| "a".repeat(shortest as usize))
    }
}

const SAFE: f64 = 9_007_199_254_740_991.0;

fn as_number(limit: i64) -> f64 {
    limit.to_string().parse().expect("an integer is a number")
}

/// The bounds and the candidates between them.
fn numbers<T: Copy + PartialOrd>(min: Option<T>, max: Option<T>, known: &[T]) -> Vec<T> {
    let inside = |number: &T| min.is_none_or(|min| min <= *number) && max.is_none_or(|max| *number <= max);
    [min, max].into_iter().flatten().chain(known.iter().copied().filter(inside)).collect()
}

fn of_format(format: Format) -> &'static [&'static str] {
    match format {
        Format::Uuid => &["123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000"],
        Format::Ulid => &["01ARZ3NDEKTSV4RRFFQ69G5FAV", "01arz3ndektsv4rrffq69g5fav"],
        Format::HttpUrl => &["https://example.org/a?b#c", "http://127.0.0.1:8080", "https://EXAMPLE.org"],
        Format::DateTime => &[
            "2026-01-02T03:04:05Z",
            "2026-01-02T03:04:05.100+05:30",
            "2024-02-29T23:59:59-00:00",
            "1969-12-31T23:59:59.5Z",
        ],
        Format::SemVer => &["1.0.0", "0.1.0-rc.1+001"],
    }
}

/// A text that the pattern accepts, of at least about `length` code points where it goes on.
fn matching(pattern: &Pattern, random: &mut Random, length: u32) -> String {
    let table = pattern.table();
    let mut text = String::new();
    let mut state = 0;
    for _ in 0..2_000 {
        let enough = text.chars().count() >= length as usize && random.once_in(4);
        let steps = steps(&table, state);
        if table.accepting[state] && (enough || steps.is_empty()) {
            break;
        }
        let &(character, next) = random.pick(&steps);
        text.push(character);
        state = next;
    }
    text
}

/// What may come next: a character and the state behind it.
fn steps(table: &Table, state: usize) -> Vec<(char, usize)> {
    let ascii = ('\t'..='~').map(|character| (character, table.ascii[character as usize]));
    let beyond = [('\u{2028}', table.separators), ('é', table.others), ('😀', table.others)];
    let all = ascii.chain(beyond);
    all.filter_map(|(character, symbol)| Some((character, table.next[state][usize::from(symbol)]?.into()))).collect()
}
