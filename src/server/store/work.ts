/** Why work pauses: a slice of a scan ended, or one of several parts is done. */
export type Pause = "scan" | "part";

/** Work that pauses: it yields where others may have their turn, after some milliseconds. */
export type Work<T> = Generator<Pause, T>;
