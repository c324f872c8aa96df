//! Nothing enters; the types, tables and the machine that the contract `delivery` declares leave.
