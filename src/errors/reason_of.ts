/** What went wrong, in one line, for any thrown value; with the cause that the platform hides. */
export function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const cause = thrown.cause instanceof Error ? thrown.cause.message : "";
  const message = thrown.message || thrown.name;
  return cause && !message.includes(cause) ? `${message}: ${cause}` : message;
}
