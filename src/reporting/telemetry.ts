import { isHttpError } from "../errors/http_error.ts";
import { isNetworkError } from "../errors/network_error.ts";
import { isUnreadableBody } from "../errors/unreadable_body.ts";
import {
  type AttributesOf,
  type Metric,
  type MetricName,
  METRICS,
  type NameOf,
  type SPANS,
} from "./metrics.ts";

/** The attributes of a value. */
type Attributes = Readonly<Record<string, string | number>>;

/** The parts of OpenTelemetry's API that are used: Deno has them built in. */
interface Meter {
  createCounter(name: string, options: object): { add(value: number, with_: Attributes): void };
  createHistogram(name: string, options: object): {
    record(value: number, with_: Attributes): void;
  };
  createGauge(name: string, options: object): { record(value: number, with_: Attributes): void };
}

interface Span {
  setAttribute(name: string, value: string | number): void;
  setStatus(status: { code: number; message?: string }): void;
  end(): void;
}

interface Tracer {
  startActiveSpan<T>(name: string, options: object, work: (span: Span) => T): T;
}

/** OpenTelemetry's code for what failed. */
const STATUS_ERROR = 2;

/** How often followed totals are read. */
const FOLLOW_MS = 1_000;

/** The current total of something that is counted elsewhere. */
export type Total = {
  [Name in NameOf<"counter">]: [name: Name, total: number, attributes: AttributesOf<Name>];
}[NameOf<"counter">];

/** How a {@linkcode Telemetry} works; without options it does nothing. */
export interface TelemetryOptions {
  meter?: Meter;
  tracer?: Tracer;
  /** Keep the values, for {@linkcode Telemetry.lines}. */
  keep?: boolean;
}

/**
 * The metrics and spans of a job, in OpenTelemetry; their names are in metrics.ts.
 *
 * @example
 * ```ts
 * import { Telemetry } from "./telemetry.ts";
 * const telemetry = new Telemetry({ keep: true });
 * telemetry.count("buildhub.events", 2, { result: "done" });
 * if (telemetry.lines()[0] !== 'buildhub.events{result="done"} 2') throw new Error();
 * ```
 */
export class Telemetry {
  readonly #options: TelemetryOptions;
  readonly #instruments = new Map<string, (value: number, attributes: Attributes) => void>();
  readonly #kept = new Map<string, Kept>();

  constructor(options: TelemetryOptions = {}) {
    this.#options = options;
  }

  /**
   * Deno's own exporter, when OTEL_DENO says so, and what LOG_METRICS asks for.
   *
   * See https://docs.deno.com/runtime/fundamentals/open_telemetry/
   */
  static from(env: (name: string) => string | undefined, { keep = false } = {}): Telemetry {
    if (!/^(1|true)$/.test(env("OTEL_DENO") ?? "")) return new Telemetry({ keep });
    const { meterProvider, tracerProvider } = Deno.telemetry;
    const meter: Meter = meterProvider.getMeter("buildhub");
    const tracer: Tracer = tracerProvider.getTracer("buildhub");
    return new Telemetry({ meter, tracer, keep });
  }

  /** Whether metrics are exported or kept. */
  get isOn(): boolean {
    return this.#options.meter !== undefined || this.#options.keep === true;
  }

  /** Adds to a counter. */
  count<Name extends NameOf<"counter">>(
    name: Name,
    value: number,
    attributes: AttributesOf<Name>,
  ): void {
    if (value > 0) this.#measure(name, value, attributes);
  }

  /** Adds a value to a histogram, or sets a gauge. */
  record<Name extends NameOf<"histogram" | "gauge">>(
    name: Name,
    value: number,
    attributes: AttributesOf<Name>,
  ): void {
    this.#measure(name, value, attributes);
  }

  /** Counts a retry. @param error undefined when an answer asked for it, such as a conflict */
  retried(peer: "archive" | "kinto" | "s3" | "product-details", error: unknown): void {
    this.count("buildhub.retries", 1, { peer, cause: causeOf(error) });
  }

  /**
   * Reads totals every second, and once more when disposed: counters that exist anyway aren't
   * duplicated, and counting costs no more.
   */
  follow(totals: () => Iterable<Total>): Disposable {
    if (!this.isOn) return { [Symbol.dispose]() {} };
    const seen = new Map<string, number>();
    const look = () => {
      for (const [name, total, attributes] of totals()) {
        const key = keyOf(name, attributes);
        const value = total - (seen.get(key) ?? 0);
        seen.set(key, total);
        if (value > 0) this.#measure(name, value, attributes);
      }
    };
    const timer = setInterval(look, FOLLOW_MS);
    return {
      [Symbol.dispose]() {
        clearInterval(timer);
        look();
      },
    };
  }

  /** Runs work as a span; its failure is the span's status. */
  async span<T>(
    name: keyof typeof SPANS,
    attributes: Attributes,
    work: (set: (name: string, value: string | number) => void) => Promise<T>,
  ): Promise<T> {
    const { tracer } = this.#options;
    if (!tracer) return await work(() => {});
    return await tracer.startActiveSpan(name, { attributes }, async (span) => {
      try {
        return await work((name, value) => span.setAttribute(name, value));
      } catch (error) {
        // Only the name of the error: its message may contain private data.
        span.setStatus({ code: STATUS_ERROR, message: error instanceof Error ? error.name : "" });
        throw error;
      } finally {
        span.end();
      }
    });
  }

  /** The kept values: `buildhub.rows{result="build"} 2884`, in the table's order. */
  lines(): string[] {
    const names = Object.keys(METRICS);
    return [...this.#kept].sort(([, a], [, b]) => names.indexOf(a.name) - names.indexOf(b.name))
      .map(([key, { name, count, sum, least, most }]) => {
        const { kind } = METRICS[name];
        if (kind !== "histogram") return `${key} ${sum}`;
        return `${key} count=${count} sum=${round(sum)} min=${round(least)} max=${round(most)}`;
      });
  }

  #measure(name: MetricName, value: number, attributes: Attributes): void {
    const { meter, keep } = this.#options;
    if (meter) {
      let instrument = this.#instruments.get(name);
      if (!instrument) this.#instruments.set(name, instrument = instrumentOf(meter, name));
      instrument(value, attributes);
    }
    if (!keep) return;
    const key = keyOf(name, attributes);
    const kept = this.#kept.get(key) ?? { name, count: 0, sum: 0, least: value, most: value };
    kept.count++;
    kept.sum = METRICS[name].kind === "gauge" ? value : kept.sum + value;
    kept.least = Math.min(kept.least, value);
    kept.most = Math.max(kept.most, value);
    this.#kept.set(key, kept);
  }
}

/** The kept aggregate of a metric's values with the same attributes. */
interface Kept {
  name: MetricName;
  count: number;
  sum: number;
  least: number;
  most: number;
}

function instrumentOf(meter: Meter, name: MetricName) {
  const { kind, ...options }: Metric = METRICS[name];
  const { unit, description } = options;
  if (kind === "counter") {
    const counter = meter.createCounter(name, { unit, description });
    return (value: number, attributes: Attributes) => counter.add(value, attributes);
  }
  const recorder = kind === "gauge"
    ? meter.createGauge(name, { unit, description })
    : meter.createHistogram(name, { unit, description });
  return (value: number, attributes: Attributes) => recorder.record(value, attributes);
}

function keyOf(name: string, attributes: Attributes): string {
  const parts = Object.entries(attributes).map(([name, value]) => `${name}="${value}"`);
  return parts.length === 0 ? name : `${name}{${parts.join(",")}}`;
}

/** Why an attempt is repeated, as one of few values: metrics contain no free text. */
function causeOf(error: unknown): string {
  if (error === undefined) return "conflict";
  if (isHttpError(error)) return String(error.status);
  if (isUnreadableBody(error)) return "unreadable";
  if (isNetworkError(error)) return isTimeout(error.cause) ? "timeout" : "connection";
  const { status } = Object(error) as { status?: unknown };
  return typeof status === "number" ? String(status) : "connection";
}

function isTimeout(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === "TimeoutError";
}

function round(seconds: number): string {
  return seconds.toFixed(3);
}
