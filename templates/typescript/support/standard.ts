/** Types only: the Standard Schema interface, version 1 (standardschema.dev), which form and RPC libraries accept. */

/** A validator that other libraries can call without knowing this package. */
export interface StandardSchema<T> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<T>;
    readonly types?: { readonly input: T; readonly output: T } | undefined;
  };
}

/** What such a validator gives. */
export type StandardResult<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** One thing that is wrong, for people. */
export interface StandardIssue {
  readonly message: string;
  readonly path: readonly string[];
}
