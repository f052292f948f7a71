import { INDEXED_FIELDS } from "./sql.ts";

/** The version of the tables below; increase it with each change. */
export const SCHEMA_VERSION = 3;

/**
 * Queries by date often filter by these fields, too: with them in the index, it alone shows which
 * objects to read.
 */
const OFTEN_FILTERED = '"target.platform", "target.locale", "target.version"';

/** The index for the most frequent query: a channel of a product, by date. */
export const NEWEST_OF = "by product, channel and date";

/** The index for changes, in their order. */
export const BY_CHANGE = "by last_modified";

/** Creates the tables. */
export const SCHEMA = `
CREATE TABLE lists (
  key INTEGER PRIMARY KEY,
  uri TEXT NOT NULL UNIQUE,
  timestamp INTEGER NOT NULL,
  count INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE objects (
  seq INTEGER PRIMARY KEY,
  list INTEGER NOT NULL,
  id TEXT NOT NULL,
  last_modified INTEGER NOT NULL,
  deleted INTEGER NOT NULL,
  acl TEXT,
  ${INDEXED_FIELDS.map((field) => `"${field}" TEXT NOT NULL,`).join("\n  ")}
  data TEXT NOT NULL
) STRICT;
CREATE INDEX "${NEWEST_OF}" ON objects
  (list, "source.product", "target.channel", "download.date", last_modified, seq, ${OFTEN_FILTERED});
CREATE UNIQUE INDEX "by id" ON objects (list, id);
CREATE INDEX "${BY_CHANGE}" ON objects (list, last_modified, seq, deleted);
${
  INDEXED_FIELDS.map((field) => {
    const more = field === "download.date"
      ? `, seq, ${OFTEN_FILTERED}, "source.product", "target.channel"`
      : "";
    return `CREATE INDEX "by ${field}" ON objects (list, "${field}", last_modified${more});`;
  }).join("\n")
}
PRAGMA user_version = ${SCHEMA_VERSION};
`;

const COLUMNS = ["list", "id", "last_modified", "deleted", "acl", "data", ...INDEXED_FIELDS];

/** The columns of an object's number and its sort keys. */
export const KEYS = ["seq", ...INDEXED_FIELDS].map((name) => `"${name}"`).join(", ");

/** Creates or replaces an object; its values in the order of the columns, sort keys last. */
export const WRITE = `
INSERT INTO objects (${COLUMNS.map((name) => `"${name}"`).join(", ")})
VALUES (${COLUMNS.map(() => "?").join(", ")})
ON CONFLICT (list, id) DO UPDATE SET
  ${COLUMNS.slice(2).map((name) => `"${name}" = excluded."${name}"`).join(", ")}`;
