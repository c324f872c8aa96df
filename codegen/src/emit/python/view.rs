//! What the templates print, with every name and type settled.

use serde::Serialize;

/// The module of a family.
#[derive(Debug, Serialize)]
pub struct FamilyView {
    /// The first line of the file.
    pub header: String,
    /// Its docstring.
    pub doc: String,
    /// Imports from the standard library, then from the package.
    pub imports: Vec<Vec<String>>,
    /// What it declares, each after what it needs.
    pub parts: Vec<Part>,
}

/// A declaration and the line ends before it.
#[derive(Debug, Serialize)]
pub struct Part {
    /// One or two.
    pub space: &'static str,
    /// What stands there.
    #[serde(flatten)]
    pub declaration: Declaration,
}

/// A declaration of a module.
#[derive(Debug, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Declaration {
    /// A class.
    Class(Class),
    /// A function.
    Function {
        /// Its text.
        lines: Vec<Statement>,
    },
    /// Statements that belong together.
    Statements {
        /// In order.
        lines: Vec<Statement>,
    },
}

/// A class.
#[derive(Debug, Default, Serialize)]
pub struct Class {
    /// With its `@`.
    pub decorator: Option<String>,
    /// Its name.
    pub name: String,
    /// In the order of inheritance.
    pub bases: Vec<String>,
    /// Its docstring.
    pub doc: Option<String>,
    /// Groups of statements, indented; a blank line stands between them.
    pub body: Vec<Vec<Statement>>,
}

impl Class {
    /// The same without empty groups; a class of nothing says so.
    pub fn filled(mut self) -> Self {
        self.body.retain(|group| !group.is_empty());
        if self.body.is_empty() && self.doc.is_none() {
            self.body.push(vec![Statement::bare("    pass")]);
        }
        self
    }
}

/// A statement and the docstring behind it.
#[derive(Debug, Serialize)]
pub struct Statement {
    /// One or more lines, indented.
    pub code: String,
    /// Indented.
    pub doc: Option<String>,
}

impl Statement {
    /// A statement that says nothing about itself.
    pub fn bare(code: impl Into<String>) -> Self {
        Self { code: code.into(), doc: None }
    }
}
