import { concat } from "@std/bytes/concat";
import { reasonOf } from "../errors/reason_of.ts";
import { isObject } from "../net/json.ts";
import { isKintoId, KINTO_ID_FORM } from "../settings/kinto_id.ts";
import type { KintoRecord } from "./kinto_request.ts";
import type { Outcome } from "./outcome.ts";

/** No record is nearly as long: what is, has lost its line ends. */
const LONGEST_LINE_BYTES = 16 * 2 ** 20;

/**
 * Bytes to records: one `{"data": {…}}` a line. Empty lines are nothing; a line that isn't a record
 * is refused under its number, and the others pass. The last line may lack its end.
 */
export function recordLines(outcome: Outcome): TransformStream<Uint8Array, KintoRecord> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  let number = 0;
  /** The pieces of a line that isn't complete yet. */
  let pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  const keep = (piece: Uint8Array) => {
    sizeBytes += piece.length;
    if (sizeBytes <= LONGEST_LINE_BYTES) pieces.push(piece);
    else pieces = [];
  };
  const take = (controller: TransformStreamDefaultController<KintoRecord>) => {
    number++;
    const bytes = pieces.length === 1 ? pieces[0]! : concat(pieces);
    const isTooLong = sizeBytes > LONGEST_LINE_BYTES;
    pieces = [];
    sizeBytes = 0;
    outcome.read++;
    try {
      if (isTooLong) throw new Error(`longer than ${LONGEST_LINE_BYTES} bytes`);
      const text = decoder.decode(bytes);
      if (text.trim() === "") outcome.read--;
      else controller.enqueue(recordOf(text));
    } catch (error) {
      outcome.refuse(`line ${number}`, reasonOf(error));
    }
  };
  return new TransformStream({
    transform(chunk, controller) {
      let start = 0;
      for (let end; (end = chunk.indexOf(10, start)) !== -1; start = end + 1) {
        keep(chunk.subarray(start, end));
        take(controller);
      }
      if (start < chunk.length) keep(chunk.subarray(start));
    },
    flush(controller) {
      if (sizeBytes > 0) take(controller);
    },
  });
}

/** @throws {Error} saying what isn't right */
function recordOf(text: string): KintoRecord {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch (error) {
    throw new Error(`no JSON: ${reasonOf(error)}`);
  }
  if (!isObject(line) || !("data" in line)) throw new Error('no {"data": …}');
  const { data } = line;
  if (!isObject(data)) throw new Error("data is no object");
  const { id } = data;
  if (id !== undefined && !isKintoId(id)) {
    throw new Error(`${JSON.stringify(id)} is no record id of ${KINTO_ID_FORM}`);
  }
  return data as KintoRecord;
}
