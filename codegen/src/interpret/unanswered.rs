//! A call of a hook enters; its answer leaves, or a note that nobody here can give one.
//!
//! The reference has no implementation of a hook: it knows the vectors, and guesses nothing beyond them.

use std::io;
use std::sync::OnceLock;

use crate::fault::{Code, Fault};
use crate::json::{Value, canonical};
use crate::model::{Expr, HookId, Workspace};

/// The first call that no vector answers. What was computed after it is worth nothing.
#[derive(Debug, Clone, Default)]
pub struct Unanswered(OnceLock<Fault>);

impl Unanswered {
    /// Whether every hook that an expression calls has a vector. While contracts are resolved, one may have none yet.
    pub(super) fn can_ask(&self, workspace: &Workspace, condition: &Expr) -> bool {
        if workspace.hooks.is_empty() {
            return true;
        }
        let empty = condition.hooks().into_iter().find(|&id| workspace.hooks[id].vectors.is_empty());
        if let Some(id) = empty {
            self.note(call(workspace, id, Vec::new()));
        }
        empty.is_none()
    }

    /// The answer to a call; where there is none, that is noted and any answer given, for the run to end well-typed.
    pub(super) fn answer(&self, workspace: &Workspace, id: HookId, args: Vec<Value>) -> Value {
        let hook = &workspace.hooks[id];
        if let Some(answer) = hook.vectors.answer(&args) {
            return answer.clone();
        }
        self.note(call(workspace, id, args));
        hook.vectors.iter().next().expect("a hook has a vector").returns.clone()
    }

    /// What an upcast makes of an older value; none where no vector tells.
    pub(super) fn upcast(&self, workspace: &Workspace, id: HookId, older: &Value) -> Option<Value> {
        let args = vec![older.clone()];
        let answer = workspace.hooks[id].vectors.answer(&args).cloned();
        if answer.is_none() {
            self.note(call(workspace, id, args));
        }
        answer
    }

    /// Notes a call that could not be answered, if it is the first.
    pub(super) fn note(&self, call: Fault) {
        // Only the first is asked for.
        let _ = self.0.set(call);
    }

    /// The call, as a fault of the whole value that was judged.
    pub fn call(&self) -> Option<&Fault> {
        self.0.get()
    }
}

fn call(workspace: &Workspace, id: HookId, args: Vec<Value>) -> Fault {
    let hook = &workspace.hooks[id];
    let params = super::params([
        ("args", hook.named_args(args)),
        ("hook", hook.meta.name.as_str().into()),
        ("vectors", hook.vectors_path.as_str().into()),
    ]);
    Fault { params, ..Fault::whole(Code::Unanswered) }
}

/// The call that kept a value from being judged, if that is why it was not accepted.
pub fn unanswered(faults: &[Fault]) -> Option<&Fault> {
    faults.iter().find(|fault| fault.code == Code::Unanswered)
}

/// Why a run over cases or a log ended early.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// They could not be read, or the answers not be written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// This call could not be answered.
    #[error("{}", question(.0))]
    Unanswered(Fault),
}

fn question(call: &Fault) -> String {
    let told = |name: &str| call.params.get(name).unwrap_or(&Value::Null);
    let [hook, vectors] = ["hook", "vectors"].map(|name| told(name).as_str().unwrap_or_default());
    let args = canonical(told("args"));
    format!("no vector of the hook `{hook}` has the args {args}; add one to `{vectors}`, or ask a generated package")
}
