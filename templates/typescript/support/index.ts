/** What the modules of the families are made of. */

export * from "./canonical.js";
export * from "./containers.js";
export * from "./enums.js";
export * from "./errors.js";
export * from "./expressions.js";
export * from "./formats.js";
export * from "./instants.js";
export * from "./json.js";
export * from "./machines.js";
export * from "./order.js";
export * from "./records.js";
export * from "./scalars.js";
export * from "./schema.js";
export * from "./standard.js";
export * from "./text.js";
export * from "./unions.js";
export * from "./values.js";
