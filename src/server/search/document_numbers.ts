/**
 * Numbers of the documents that are searched, from 0, by the row of their record in the database.
 * A record may have several documents, with consecutive numbers.
 *
 * @example
 * ```ts
 * import { DocumentNumbers } from "./document_numbers.ts";
 * const numbers = new DocumentNumbers();
 * numbers.add(70, 2);
 * numbers.add(9, 1);
 * if (numbers.of(70).join() !== "0,1" || numbers.rowOf(2) !== 9) throw new Error();
 * if (numbers.partOf(1) !== 1) throw new Error();
 * ```
 */
export class DocumentNumbers {
  /** By row: the number of its first document + 1; 0 for none. */
  #firstOf: Uint32Array = new Uint32Array(1024);
  /** By number. */
  #rowOf: Uint32Array = new Uint32Array(1024);
  #size = 0;

  /** The numbers of a row's documents; none when it's unknown. */
  of(row: number): number[] {
    const numbers: number[] = [];
    const first = (this.#firstOf[row] ?? 0) - 1;
    if (first < 0) return numbers;
    for (let number = first; number < this.#size && this.#rowOf[number] === row; number++) {
      numbers.push(number);
    }
    return numbers;
  }

  /** New numbers for the documents of a row, in place of others. */
  add(row: number, count: number): number[] {
    const first = this.#size;
    this.#size += count;
    this.#firstOf = grown(this.#firstOf, row + 1);
    this.#rowOf = grown(this.#rowOf, this.#size);
    this.#firstOf[row] = first + 1;
    this.#rowOf.fill(row, first, this.#size);
    return this.of(row);
  }

  /** The row of a document. */
  rowOf(number: number): number {
    return this.#rowOf[number]!;
  }

  /** Which one of its row's documents it is, from 0. */
  partOf(number: number): number {
    return number - (this.#firstOf[this.rowOf(number)]! - 1);
  }
}

function grown(array: Uint32Array, size: number): Uint32Array {
  if (size <= array.length) return array;
  const longer = new Uint32Array(Math.max(size, array.length * 2));
  longer.set(array);
  return longer;
}
