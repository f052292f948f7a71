import type { ReleaseRecord } from "../../builds/record.ts";
import { isObject } from "../../net/json.ts";
import { buildhub2Documents, LOCALES } from "./dsl/buildhub2_view.ts";
import { type SearchedRecord, valueAt } from "./dsl/record_index.ts";

/** A stored record, of which indexed fields can be read without parsing it. */
export interface StoredRow {
  /** The value of a field, such as `target.version`; undefined when there is none. */
  value(field: string): unknown;
  /** All of it. */
  record(): SearchedRecord;
}

/** What is searched: documents that are made of the records of a collection. */
export interface SearchView {
  name: string;
  /** For each of a record's documents, what reads its fields. */
  fieldsOf(row: StoredRow): ((field: string) => unknown)[];
  /** A record's documents, as they are shown. */
  documentsOf(record: SearchedRecord): SearchedRecord[];
}

/** The records as they are. */
export const RECORDS: SearchView = {
  name: "records",
  fieldsOf: (row) => [(field) => row.value(field)],
  documentsOf: (record) => [record],
};

/** Builds as Buildhub2 shows them. Other records aren't found. */
export const BUILDHUB2: SearchView = {
  name: "buildhub2",
  fieldsOf(row) {
    const locale = row.value("target.locale");
    if (typeof locale !== "string" || !LOCALES.has(locale)) return [];
    return this.documentsOf(row.record()).map((document) => (field) => valueAt(document, field));
  },
  documentsOf: (record) =>
    isRelease(record) ? buildhub2Documents(record) as (ReleaseRecord & SearchedRecord)[] : [],
};

/** Whether a record has the fields that the view reads: collections without schema take others. */
function isRelease(record: object): record is ReleaseRecord {
  const { source, target, download } = record as Partial<Record<string, unknown>>;
  return isObject(source) && isObject(target) && isObject(download) &&
    (source.tree === undefined || typeof source.tree === "string") &&
    [target.locale, target.version, download.url].every((value) => typeof value === "string");
}
