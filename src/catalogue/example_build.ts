/** The build in the examples of the API: Firefox 135.0, released on 2025-02-04. */
export const EXAMPLE = { version: "135.0", buildId: "20250130195129" } as const;
