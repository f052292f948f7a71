import type { Json } from "./dsl/json.ts";
import { mappingOf } from "./dsl/mapping.ts";
import { RecordIndex } from "./dsl/record_index.ts";
import type { Work } from "./dsl/work.ts";
import type { Store } from "../store/store.ts";
import { CollectionIndex } from "./collection_index.ts";
import type { SearchView } from "./search_view.ts";

/** How many indexes are kept; the least recently used one goes first. */
const MAX_INDEXES = 4;

/** With so many writes that weren't read, an index is brought up to date in the background. */
const MAX_BEHIND = 1000;

/** A collection, by its bucket and its own id. */
export interface CollectionPlace {
  bucket: string;
  collection: string;
}

interface Kept {
  /** The collection's list of records. */
  uri: string;
  index: CollectionIndex;
  /** The collection's `index:schema`, as JSON. */
  schema: string | undefined;
  /** Whether it's brought up to date in the background. */
  isCatchingUp: boolean;
}

/**
 * The search indexes of collections. Each is made when it's first asked for, and again after the
 * collection was deleted or its `index:schema` changed. A write costs a note of the record's id.
 */
export class CollectionIndexes {
  readonly #store: Store;
  /** By view and path, the least recently used one first. */
  readonly #kept = new Map<string, Kept>();

  /** @param onBehind gets the work that brings an index up to date, after many writes */
  constructor(store: Store, onBehind?: (work: Work<void>) => void) {
    this.#store = store;
    store.watch((written) => {
      for (const [key, kept] of this.#kept) {
        if (written === undefined) {
          if (store.list(kept.uri)?.key !== kept.index.list) this.#kept.delete(key);
        } else if (kept.index.list === written.list) {
          const behind = kept.index.note(written.id);
          if (behind > MAX_BEHIND && !kept.isCatchingUp) onBehind?.(catchUp(kept));
        }
      }
    });
  }

  /** An up-to-date index of a collection; an empty one when the collection doesn't exist. */
  *current(place: CollectionPlace, view: SearchView): Work<RecordIndex> {
    for (;;) {
      const kept = this.#of(place, view);
      if (kept === undefined) return new RecordIndex(mappingOf(undefined), () => undefined);
      yield* kept.index.catchUp();
      if (this.#of(place, view) === kept) return kept.index.index;
    }
  }

  #of({ bucket, collection }: CollectionPlace, view: SearchView): Kept | undefined {
    const uri = `/buckets/${bucket}/collections/${collection}/records`;
    const list = this.#store.list(uri);
    if (list === undefined) return undefined;
    const attributes = this.#store.parent(`/buckets/${bucket}/collections`, collection)?.data;
    const indexSchema = attributes?.["index:schema"] as Json | undefined;
    const schema = JSON.stringify(indexSchema);
    const key = `${view.name} ${uri}`;
    let kept = this.#kept.get(key);
    this.#kept.delete(key);
    if (kept === undefined || kept.schema !== schema || kept.index.list !== list.key) {
      const index = new CollectionIndex(this.#store, list, view, mappingOf(indexSchema));
      kept = { uri, index, schema, isCatchingUp: false };
    }
    this.#kept.set(key, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_INDEXES) this.#kept.delete(oldest!);
    return kept;
  }
}

function catchUp(kept: Kept): Work<void> {
  kept.isCatchingUp = true;
  return function* () {
    yield* kept.index.catchUp();
    kept.isCatchingUp = false;
  }();
}
