/** Whether an error of SQLite says that the file is damaged, or is no database at all. */
export function isDamage(error: unknown): boolean {
  return /malformed|not a database|disk image/.test(String(error));
}

/** Removes a database with what SQLite keeps beside it; what isn't there needn't be removed. */
export function removeDatabase(path: string): void {
  for (const suffix of ["", "-wal", "-shm"]) {
    try {
      Deno.removeSync(path + suffix);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}
