/** The fields of records that builds are filtered and counted by, by short names. */
export const FACETS = {
  product: "source.product",
  channel: "target.channel",
  platform: "target.platform",
  locale: "target.locale",
  version: "target.version",
} as const;

/** The name of a facet. */
export type FacetName = keyof typeof FACETS;

/** The names of the facets, in the order in which they are shown. */
export const FACET_NAMES = Object.keys(FACETS) as readonly FacetName[];
