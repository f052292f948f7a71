const HEAD_END = new TextEncoder().encode("\r\n\r\n");

/**
 * One connection that is kept open. It reads no more of an answer than how long it is: a client so
 * cheap that it's the server that is measured.
 */
export class HttpConnection {
  readonly #connection: Deno.TcpConn;
  readonly #host: string;
  #buffer = new Uint8Array(64 * 1024);

  private constructor(connection: Deno.TcpConn, host: string) {
    this.#connection = connection;
    this.#host = host;
  }

  /** Opens one to the server of a URL. */
  static async open(url: string): Promise<HttpConnection> {
    const { hostname, port, host } = new URL(url);
    const connection = await Deno.connect({ hostname, port: Number(port) });
    connection.setNoDelay();
    return new HttpConnection(connection, host);
  }

  /** @returns the body's length in bytes @throws {Error} unless the answer is 200 */
  async get(path: string): Promise<number> {
    const target = encodeURI(path).replaceAll('"', "%22");
    await this.#write(`GET ${target} HTTP/1.1\r\nHost: ${this.#host}\r\n\r\n`);
    let length = 0;
    let end = Infinity;
    let body = 0;
    while (length < end) {
      if (length === this.#buffer.length) this.#grow();
      const read = await this.#connection.read(this.#buffer.subarray(length));
      if (read === null) throw new Error("the server closed the connection");
      length += read;
      if (end !== Infinity) continue;
      const headEnd = indexOf(this.#buffer.subarray(0, length), HEAD_END);
      if (headEnd < 0) continue;
      const head = new TextDecoder().decode(this.#buffer.subarray(0, headEnd));
      const bodyLength = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
      if (!head.startsWith("HTTP/1.1 200") || bodyLength === undefined) throw new Error(head);
      body = Number(bodyLength);
      end = headEnd + HEAD_END.length + body;
    }
    return body;
  }

  async #write(text: string): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    for (let sent = 0; sent < bytes.length;) {
      sent += await this.#connection.write(bytes.subarray(sent));
    }
  }

  #grow(): void {
    const larger = new Uint8Array(this.#buffer.length * 2);
    larger.set(this.#buffer);
    this.#buffer = larger;
  }

  [Symbol.dispose](): void {
    this.#connection.close();
  }
}

function indexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  for (let at = bytes.indexOf(13); at >= 0; at = bytes.indexOf(13, at + 1)) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}
