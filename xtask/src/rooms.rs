//! Nothing enters; which room of `codegen` and `eventsync` may name which other leaves: the arrows of ARCHITECTURE.md.

/// A folder or file directly below `codegen/src`, and the rooms that it may name.
#[derive(Debug)]
pub struct Room {
    /// Its module.
    pub name: &'static str,
    /// Modules it may name; `a::b` admits that part alone.
    pub knows: &'static [&'static str],
}

/// Every room, each after those that it builds on.
pub const ROOMS: &[Room] = &[
    Room { name: "source", knows: &[] },
    Room { name: "diagnostic", knows: &["source"] },
    // The text door names its findings by the codes; findings carry values and print as JSON.
    Room { name: "json", knows: &["fault::Code"] },
    Room { name: "fault", knows: &["json"] },
    Room { name: "pattern", knows: &[] },
    Room { name: "config", knows: &["source", "diagnostic"] },
    Room { name: "model", knows: &["source", "diagnostic", "fault", "json", "pattern"] },
    Room { name: "expr", knows: &["source", "diagnostic", "fault", "json", "pattern", "model"] },
    Room { name: "load", knows: &["source", "diagnostic", "fault", "json", "config"] },
    Room { name: "interpret", knows: &["fault", "json", "pattern", "model", "expr"] },
    // JSON Schemas become declarations as a contract would write them.
    Room { name: "foreign", knows: &["source", "json", "pattern", "model", "load::raw", "load::yaml"] },
    Room {
        name: "resolve",
        // Defaults and examples are values: the reference judges them as it judges a payload.
        knows: &[
            "source",
            "diagnostic",
            "fault",
            "json",
            "pattern",
            "model",
            "expr",
            "interpret",
            "foreign",
            "load::raw",
            "load::yaml",
            "load::ambiguous",
            "load::rules",
        ],
    },
    // Values that a type accepts and refuses: for fixtures, and for the logs that the analysis tries.
    Room { name: "sample", knows: &["fault", "json", "pattern", "model", "interpret"] },
    Room { name: "analyze", knows: &["source", "diagnostic", "fault", "json", "model", "expr", "interpret", "sample"] },
    // It weighs changes by the configuration, and searches for traces with the reference.
    Room {
        name: "breaking",
        knows: &[
            "source",
            "diagnostic",
            "fault",
            "json",
            "pattern",
            "config",
            "model",
            "expr",
            "interpret",
            "analyze::search",
        ],
    },
    Room { name: "emit", knows: &["source", "diagnostic", "fault", "json", "pattern", "config", "model", "expr"] },
    Room {
        name: "lint",
        knows: &[
            "source",
            "diagnostic",
            "json",
            "config",
            "model",
            "emit::json_schema",
            "load::yaml",
            "load::comments",
        ],
    },
    // The trees of files, not what they mean.
    Room {
        name: "fmt",
        knows: &[
            "source",
            "diagnostic",
            "emit::encode",
            "load::yaml",
            "load::Comment",
            "load::comments",
            "load::ambiguous",
        ],
    },
    // What a schema contradicts itself in is found by asking what the contract means.
    Room {
        name: "import",
        knows: &[
            "source",
            "diagnostic",
            "fault",
            "json",
            "foreign",
            "emit::encode",
            "fmt",
            "load::raw",
            "load::yaml",
            "load::ambiguous",
            "resolve",
        ],
    },
    // Logs too large for memory are sorted on disk, behind an interface of the interpreter.
    Room { name: "output", knows: &["source", "diagnostic", "emit::FileSet", "interpret::Runs"] },
    Room { name: "cli", knows: &["*"] },
];

/// The rooms of `eventsync`, each after those that it builds on: the journal knows nothing of delivery, and delivery
/// nothing of policy and migration.
pub const EVENTSYNC_ROOMS: &[Room] = &[
    Room { name: "generated", knows: &[] },
    Room { name: "store", knows: &[] },
    Room { name: "target", knows: &["generated", "store"] },
    Room { name: "journal", knows: &["generated", "store"] },
    Room { name: "delivery", knows: &["generated", "store", "target", "journal"] },
    Room { name: "policy", knows: &["generated", "store", "target", "journal", "delivery"] },
    Room { name: "migrate", knows: &["generated", "store", "target", "journal", "delivery", "policy"] },
    Room { name: "cli", knows: &["*"] },
];

/// Targets of `emit`: none of them names another.
pub const TARGETS: &[&str] = &["rust", "python", "typescript", "json_schema", "docs", "fixtures", "custom"];

/// Parts of `emit` that may name more than the room itself.
pub const EXCEPTIONS: &[Room] =
    &[Room { name: "emit::fixtures", knows: &["interpret", "analyze", "sample", "load::fixtures"] }];

/// Rooms that may touch the disk.
pub const DISK: &[&str] = &["load", "output"];
