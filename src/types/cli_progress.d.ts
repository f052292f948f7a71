/** The part of `cli-progress` that this project uses; the package comes without types. */
declare module "cli-progress" {
  /** What a bar draws on. */
  export interface Terminal {
    isTTY(): boolean;
    getWidth(): number;
    write(text: string): void;
    newline(): void;
    cursorTo(x: number | null, y: number | null): void;
    clearLine(): void;
    clearRight(): void;
    cursorSave(): void;
    cursorRestore(): void;
    cursor(shown: boolean): void;
    lineWrapping(enabled: boolean): void;
  }

  export interface Options {
    format: string;
    terminal: Terminal;
    fps?: number;
    barsize?: number;
    linewrap?: boolean;
    forceRedraw?: boolean;
    emptyOnZero?: boolean;
    clearOnComplete?: boolean;
  }

  export class SingleBar {
    constructor(options: Options);
    start(total: number, value: number, payload: Record<string, string>): void;
    update(value: number, payload: Record<string, string>): void;
    stop(): void;
  }

  const cliProgress: { SingleBar: typeof SingleBar };
  export default cliProgress;
}
