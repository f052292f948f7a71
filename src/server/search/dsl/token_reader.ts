import type { DslError } from "./dsl_error.ts";
import {
  queryStringError,
  queryStringTokens,
  type Token,
  type TokenKind,
} from "./query_string_tokens.ts";

/** Reads the tokens of a query string one by one. */
export class TokenReader {
  readonly #text: string;
  readonly #tokens: Token[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = queryStringTokens(text);
  }

  /** A text without the backslashes before characters. @throws {DslError} */
  unescaped(text: string): string {
    return text.replace(/\\(?:u([^]{0,4})|([^])|$)/g, (_, code?: string, character?: string) => {
      if (character !== undefined) return character;
      if (!/^[0-9a-fA-F]{4}$/.test(code ?? "")) throw this.error();
      return String.fromCharCode(parseInt(code!, 16));
    });
  }

  /** The kind of the next token, or of one after it. */
  peek(ahead = 0): TokenKind {
    return this.#tokens[this.#at + ahead]?.kind ?? "EOF";
  }

  /** The next token, which is then read. */
  next(): Token {
    return this.#tokens[this.#at++] ?? { kind: "EOF", text: "" };
  }

  /** Reads the next token if it is of a kind. */
  accept(kind: TokenKind): boolean {
    if (this.peek() !== kind) return false;
    this.#at++;
    return true;
  }

  /** What is wrong with a token; by default with the next one. */
  error(token = this.#tokens[this.#at]): DslError {
    const isEnd = token === undefined || token.kind === "EOF";
    return queryStringError(this.#text, isEnd ? "the end" : `[${token.text}]`);
  }
}
