/** An answer, as it came. */
export interface Answer {
  /** The status line and the headers. */
  head: string;
  /** Valid until the next request on the same connection. */
  body: Uint8Array;
}

const HEAD_END = "\r\n\r\n";

/**
 * One connection that is kept open: a client so cheap that it's the server that is measured. It
 * takes answers that tell their length, and no others.
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

  /** Asks for a path. @throws {Error} unless the answer is 200 */
  async get(path: string): Promise<Answer> {
    const request = `GET ${path} HTTP/1.1\r\nHost: ${this.#host}\r\n\r\n`;
    // It's small: the system takes it at once.
    await this.#connection.write(new TextEncoder().encode(request));
    let head = "";
    let end = Infinity;
    for (let length = 0; length < end;) {
      if (length === this.#buffer.length) this.#grow();
      const read = await this.#connection.read(this.#buffer.subarray(length));
      if (read === null) throw new Error("the server closed the connection");
      length += read;
      if (head !== "") continue;
      // Decoded byte by byte: places in the text are places in the bytes.
      const text = new TextDecoder("latin1").decode(
        this.#buffer.subarray(0, Math.min(length, 4096)),
      );
      const headLength = text.indexOf(HEAD_END) + HEAD_END.length;
      if (headLength < HEAD_END.length) continue;
      head = text.slice(0, headLength);
      const bodyLength = headerOf(head, "content-length");
      if (!/^HTTP\/1\.\d 200/.test(head) || bodyLength === undefined) throw new Error(text);
      end = headLength + Number(bodyLength);
    }
    return { head, body: this.#buffer.subarray(head.length, end) };
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

/** A header's value. */
export function headerOf(head: string, name: string): string | undefined {
  return new RegExp(`^${name}: (.*)\r$`, "im").exec(head)?.[1];
}
