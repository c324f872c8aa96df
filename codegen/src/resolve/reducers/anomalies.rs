//! Kinds of anomalies with their templates enter; kinds with typed parameters, and what records them, leave.

use super::super::{Resolver, rules as names};
use super::context::{Context, OpenAnomaly, Scope, Wanted};
use super::rules;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::expr::{self, Ast, RawSource};
use crate::load::raw::{RawReducer, RawText};
use crate::model::{Anomaly, AnomalyField, Expr, ExprKind, ExprType, FamilyId, ProfileId, Report, TemplatePart};
use crate::source::Spanned;

impl<'a> Resolver<'a> {
    /// Kinds as declared. Holes become parts when the anomaly fields are known.
    pub(super) fn anomalies(&mut self, raw: &'a RawReducer) -> Vec<OpenAnomaly> {
        if let Some((kind, _)) = raw.anomalies.iter().find(|(kind, _)| kind.value == "divergent_duplicate") {
            let message = "`divergent_duplicate` is built in and recorded by every reducer";
            self.out.push(Diagnostic::new(&names::NAME_RESERVED, kind.span, message).help("remove it"));
        }
        raw.anomalies.iter().map(|(kind, template)| self.anomaly(raw, kind, template)).collect()
    }

    fn anomaly(&mut self, raw: &'a RawReducer, kind: &RawText, template: &RawText) -> OpenAnomaly {
        let is_field = |name: &str| raw.anomaly_fields.iter().position(|(field, _)| field.value == name);
        let mut parts = Vec::new();
        let mut params: Vec<String> = Vec::new();
        let mut holes: Vec<(RawText, Ast)> = Vec::new();
        for (is_hole, start, text) in pieces(&template.value) {
            if !is_hole {
                parts.push(TemplatePart::Text(text.to_owned()));
                continue;
            }
            let hole = Spanned::new(text.to_owned(), self.inside(template, start, start + text.len()));
            let name = last_segment(text);
            if let Some(field) = is_field(text).or_else(|| is_field(name).filter(|_| text == name)) {
                parts.push(TemplatePart::Field(field));
            } else if let Some(inner) = text.strip_prefix("a.") {
                parts.push(TemplatePart::Inner(inner.to_owned()));
            } else if let Some(known) = params.iter().position(|param| param == name) {
                if holes[known].0.value != hole.value {
                    let message = format!("two different holes would be the parameter `{name}`");
                    self.out.push(
                        Diagnostic::new(&rules::ANOMALY_HOLE, hole.span, message)
                            .related(holes[known].0.span, "the other")
                            .help("parameters are named by the last word of their hole"),
                    );
                }
                parts.push(TemplatePart::Param(known));
            } else if let Some(ast) = self.parsed(&hole) {
                parts.push(TemplatePart::Param(params.len()));
                params.push(name.to_owned());
                holes.push((hole, ast));
            }
        }
        let finished = Anomaly { kind: kind.value.clone(), span: kind.span, template: parts, params };
        OpenAnomaly { finished, holes }
    }

    /// What a step records: the kind, with each hole typed at this place.
    pub(super) fn recorded(
        &mut self,
        context: &mut Context<'a>,
        kind: &RawText,
        scope: &Scope,
        given: &[(Ast, Expr)],
    ) -> Option<Report> {
        let Some(anomaly) = context.anomalies.iter().position(|open| open.finished.kind == kind.value) else {
            self.unknown_anomaly(kind, context.raw);
            return None;
        };
        context.used.push(anomaly);
        let holes: Vec<_> =
            context.anomalies[anomaly].holes.iter().map(|(text, ast)| (text.clone(), ast.clone())).collect();
        let mut params = Vec::new();
        for (hole, ast) in &holes {
            params.push(self.hole(context, hole, ast, scope, given)?);
        }
        Some(Report { anomaly, params })
    }

    /// A hole is rendered whatever it holds: a path through none is none.
    fn hole(
        &mut self,
        context: &Context<'a>,
        hole: &RawText,
        ast: &Ast,
        scope: &Scope,
        given: &[(Ast, Expr)],
    ) -> Option<Expr> {
        let null_safe = expr::null_safe(ast, &mut |part| self.may_be_none(context, part, scope, given));
        let before = self.out.error_count();
        let typed = self.typed(context, &null_safe, scope, given, Wanted::Value);
        if typed.is_none() && self.out.error_count() > before {
            return None;
        }
        let typed = typed?;
        if matches!(&typed.ty, ExprType::ListOf(_) | ExprType::SetOf(_)) || matches!(typed.kind, ExprKind::Null) {
            let message = format!("`{}` cannot be printed", hole.value);
            self.out.push(Diagnostic::new(&rules::ANOMALY_HOLE, hole.span, message));
            return None;
        }
        Some(typed)
    }

    pub(super) fn unknown_anomaly(&mut self, kind: &RawText, raw: &RawReducer) {
        let message = format!("the reducer `{}` declares no anomaly `{}`", raw.meta.name.value, kind.value);
        let mut finding = Diagnostic::new(&rules::ANOMALY_UNDECLARED, kind.span, message);
        let known = raw.anomalies.iter().map(|(kind, _)| kind.value.as_str());
        finding = match did_you_mean(&kind.value, known) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help("declare it under `anomalies`, with its text"),
        };
        self.out.push(finding);
    }

    /// Delegates alone know `a.`; everything else was typed where it is recorded.
    pub(super) fn resolve_holes(&mut self, context: &mut Context<'a>) {
        for (at, open) in context.anomalies.iter().enumerate() {
            let inner = open.finished.template.iter().any(|part| matches!(part, TemplatePart::Inner(_)));
            let is_delegated = context.delegates.iter().any(|delegate| delegate.anomaly == at);
            if inner && (!is_delegated || context.used.contains(&at)) {
                let message = format!(
                    "`a.` in `{}` stands for the anomaly of a delegate, which there is not",
                    open.finished.kind
                );
                self.out.push(Diagnostic::new(&rules::ANOMALY_HOLE, open.finished.span, message));
            }
            let is_own = |part: &TemplatePart| matches!(part, TemplatePart::Param(_) | TemplatePart::Field(_));
            if is_delegated && open.finished.template.iter().any(is_own) {
                let message =
                    format!("`{}` records anomalies of a delegate: its holes begin with `a.`", open.finished.kind);
                self.out.push(
                    Diagnostic::new(&rules::ANOMALY_HOLE, open.finished.span, message)
                        .help("what every anomaly of this reducer carries is not added to those of a delegate"),
                );
            }
        }
    }

    pub(super) fn anomaly_field(
        &mut self,
        family: FamilyId,
        profile: ProfileId,
        text: &RawText,
    ) -> Option<AnomalyField> {
        let ast = self.parsed(text)?;
        match expr::raw_source(&ast) {
            Some(RawSource::Text(path, default)) => Some(AnomalyField::Text {
                path: path.into_iter().map(str::to_owned).collect(),
                default: default.to_owned(),
            }),
            Some(RawSource::Enum(name, span, path)) => {
                let path = path.into_iter().map(str::to_owned).collect();
                let id = self.enum_of(family, &Spanned::new(name.to_owned(), span))?;
                Some(AnomalyField::Enum { id, path })
            }
            None => {
                let path = expr::path(&ast);
                let field =
                    path.as_ref().filter(|path| path.head == "e").and_then(|path| match path.steps.as_slice() {
                        [expr::PathStep::Field(name, _)] => {
                            let envelope = &self.workspace.records[self.envelope(profile)];
                            envelope.field(name).map(|at| (*name, envelope.fields[at].ty.clone()))
                        }
                        _ => None,
                    });
                let Some((name, ty)) = field else {
                    self.out.push(
                        Diagnostic::new(&rules::ANOMALY_HOLE, text.span, "this is no parameter of every anomaly")
                            .help("write `text(raw.x, 'default')`, `enum(E, raw.x)` or `e.field`"),
                    );
                    return None;
                };
                let envelope = crate::model::Type::Record(self.envelope(profile));
                let owner = Expr {
                    kind: ExprKind::Variable(crate::model::Variable::Envelope),
                    ty: ExprType::Of(envelope),
                    span: text.span,
                };
                let kind = ExprKind::Field(Box::new(owner), name.to_owned());
                Some(AnomalyField::Expression(Expr { kind, ty: ExprType::Of(ty), span: text.span }))
            }
        }
    }
}

/// `{holes}` and what stands between them, each with its offset.
fn pieces(template: &str) -> Vec<(bool, usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < template.len() {
        let rest = &template[at..];
        match (rest.find('{'), rest.find('}')) {
            (Some(0), Some(end)) => {
                found.push((true, at + 1, &rest[1..end]));
                at += end + 1;
            }
            (Some(open), _) if open > 0 => {
                found.push((false, at, &rest[..open]));
                at += open;
            }
            _ => {
                found.push((false, at, rest));
                at = template.len();
            }
        }
    }
    found
}

/// The word behind the last dot.
fn last_segment(hole: &str) -> &str {
    hole.rsplit('.').next().unwrap_or(hole)
}
