//! The rules about contract files and their YAML.

use crate::diagnostic::rules;

rules! {
    CONTRACT_NAME = "contract-name", Error;
    CONTRACT_FILE = "contract-file", Error;
    CONTRACTS_LIMIT = "contracts-limit", Error;
    YAML_FILE_SIZE = "yaml-file-size", Error;
    YAML_ENCODING = "yaml-encoding", Error;
    YAML_CHARACTER = "yaml-character", Error;
    YAML_SYNTAX = "yaml-syntax", Error;
    YAML_DIRECTIVE = "yaml-directive", Error;
    YAML_DOCUMENTS = "yaml-documents", Error;
    YAML_EMPTY = "yaml-empty", Error;
    YAML_ROOT = "yaml-root", Error;
    YAML_DEPTH = "yaml-depth", Error;
    YAML_NODES = "yaml-nodes", Error;
    YAML_SCALAR_SIZE = "yaml-scalar-size", Error;
    YAML_ANCHOR = "yaml-anchor", Error;
    YAML_MERGE = "yaml-merge", Error;
    YAML_TAG = "yaml-tag", Error;
    YAML_DUPLICATE_KEY = "yaml-duplicate-key", Error;
    YAML_KEY_NOT_STRING = "yaml-key-not-string", Error;
    YAML_AMBIGUOUS = "yaml-ambiguous", Error;
    YAML_PROBLEMS = "yaml-problems", Error;
    TEXT_CONTROL = "text-control", Error;
    TEXT_TOO_LONG = "text-too-long", Error;
    EXTERNAL_SCHEMA = "external-schema", Error;
    HOOK_FILE = "hook-file", Error;
    HOOK_IMPLEMENTATION = "hook-implementation", Error;
}
