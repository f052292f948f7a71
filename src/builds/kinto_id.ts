/** The form of the ids of Kinto's buckets, collections and records. */
export const KINTO_ID = /^[a-zA-Z0-9][a-zA-Z0-9_-]*$/;
