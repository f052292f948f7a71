/** A request that failed. */
export class SourceError extends Error {
  override name = "SourceError";
  /**
   * @param status the HTTP status; undefined if the server didn't answer
   * @param hasNoSearch whether the server is a Kinto without a search endpoint
   */
  constructor(message: string, readonly status?: number, readonly hasNoSearch = false) {
    super(message);
  }
}

/** Kinto's answer to a request that it refuses. */
interface Refusal {
  message?: string;
  /** Of kinto-elasticsearch: the first cause, as Elasticsearch reports it. */
  details?: { reason?: string } | null;
}

/** Fetches JSON. @throws {SourceError} unless the status is 2xx and the body is JSON */
export async function getJson<T>(url: string, signal?: AbortSignal): Promise<T> {
  return await request(url, { signal });
}

/** Sends JSON. @throws {SourceError} unless the status is 2xx and the body is JSON */
export async function postJson<T>(url: string, body: object, signal?: AbortSignal): Promise<T> {
  return await request(url, {
    signal,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function request<T>(url: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    // With credentials, the browser would show its login dialog after a 401.
    response = await fetch(url, { ...init, credentials: "omit" });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new SourceError("The server doesn’t answer.");
  }
  const body: unknown = await response.json().catch(() => undefined);
  init.signal?.throwIfAborted();
  if (response.ok && body !== undefined) return body as T;
  if (response.ok) throw new SourceError(`${url} didn’t answer with JSON.`, response.status);
  const { message = "", details } = (body ?? {}) as Refusal;
  throw new SourceError(details?.reason ?? message, response.status);
}
