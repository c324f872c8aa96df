//! A page enters; it leaves as HTML that needs no server and no network.

use std::fmt::Write;
use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};
use serde::Serialize;

use super::page::{Block, Inline, Page};
use crate::emit::encode::html::{attribute, text};

/// What the template of a page sees; every text in it is finished HTML.
#[derive(Serialize)]
struct View {
    header: String,
    title: String,
    body: String,
    pages: Vec<Entry>,
    headings: Vec<Entry>,
}

/// A link of the navigation.
#[derive(Serialize)]
struct Entry {
    href: String,
    name: String,
    is_here: bool,
}

pub(super) fn page(page: &Page, pages: &[Page], header: &str) -> String {
    let mut body = String::new();
    page.blocks.iter().for_each(|block| write(block, &mut body));
    let entries = pages.iter().map(|other| Entry {
        href: attribute(&format!("{}.html", other.file)),
        name: text(&other.title),
        is_here: other.file == page.file,
    });
    let headings = page.blocks.iter().filter_map(|block| match block {
        Block::Heading { level: 2, anchor, title, .. } => {
            Some(Entry { href: attribute(&format!("#{anchor}")), name: text(title), is_here: false })
        }
        _ => None,
    });
    let view = View {
        // In a comment only tags have to be kept from ending it.
        header: text(header).replace("&#96;", "`"),
        title: text(&page.title),
        body,
        pages: entries.collect(),
        headings: headings.collect(),
    };
    let template = ENVIRONMENT.get_template("page").expect("the template was added");
    template.render(Value::from(Serde(view))).expect("a template reads only what the view has")
}

fn write(block: &Block, out: &mut String) {
    let written = match block {
        Block::Heading { level, anchor, title, kind } => {
            let kind = if kind.is_empty() { String::new() } else { format!("<small>{kind}</small> ") };
            let (id, href) = (attribute(anchor), attribute(&format!("#{anchor}")));
            writeln!(out, "<h{level} id={id}>{kind}<a href={href}>{}</a></h{level}>", text(title))
        }
        Block::Prose(prose) => {
            let mut paragraphs = prose.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty());
            paragraphs.try_for_each(|paragraph| writeln!(out, "<p>{}</p>", text(paragraph)))
        }
        Block::Words(words) => writeln!(out, "<p>{}</p>", line(words)),
        Block::List(points) => {
            out.push_str("<ul>\n");
            for point in points {
                out.extend(["<li>", &line(point), "</li>\n"]);
            }
            writeln!(out, "</ul>")
        }
        Block::Table { head, rows } => {
            out.push_str("<div class=\"table\" tabindex=\"0\"><table>\n<thead>\n");
            row(head, "th", out);
            out.push_str("</thead>\n<tbody>\n");
            for cells in rows {
                row(cells, "td", out);
            }
            writeln!(out, "</tbody>\n</table></div>")
        }
        Block::Code(json) => writeln!(out, "<pre tabindex=\"0\"><code>{}</code></pre>", text(json)),
        Block::Drawing { svg, .. } => writeln!(out, "<figure tabindex=\"0\">\n{svg}</figure>"),
    };
    written.expect("a string takes any text");
}

fn row(cells: &[Vec<Inline>], tag: &str, out: &mut String) {
    out.push_str("<tr>");
    for cell in cells {
        out.extend(["<", tag, ">", &line(cell), "</", tag, ">"]);
    }
    out.push_str("</tr>\n");
}

fn line(words: &[Inline]) -> String {
    words.iter().map(word).collect()
}

fn word(word: &Inline) -> String {
    match word {
        Inline::Text(words) => {
            // Blanks at the ends hold pieces apart; the encoder speaks of words.
            let inner = words.trim_matches(' ');
            let (before, after) = words.split_once(inner).unwrap_or((words, ""));
            if inner.is_empty() { words.clone() } else { format!("{before}{}{after}", text(inner)) }
        }
        Inline::Code(words) => format!("<code>{}</code>", text(words)),
        Inline::Link { file, anchor, name } => {
            let place = if anchor.is_empty() { String::new() } else { format!("#{anchor}") };
            format!("<a href={}>{}</a>", attribute(&format!("{file}.html{place}")), text(name))
        }
        Inline::Badge(word) => format!("<strong class=\"badge\">{word}</strong>"),
    }
}

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
    environment.set_syntax(syntax.expect("blocks keep their usual marks"));
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    let template = include_str!("../../../../templates/docs/page.html.j2");
    environment.add_template("page", template).expect("the template is well-formed");
    environment
});
