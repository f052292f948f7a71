import { startProcess } from "./process.ts";
import { python, PYTHON_PACKAGES } from "./python.ts";

/** A metric as it arrived: its values by their attributes. */
export interface ReceivedMetric {
  name: string;
  unit: string;
  kind: "counter" | "histogram" | "gauge";
  points: { attributes: Record<string, string>; value: number }[];
}

/** A span as it arrived. */
export interface ReceivedSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: Record<string, string>;
  isError: boolean;
}

/** What takes OTLP. */
export interface Otlp extends AsyncDisposable {
  /** For the environment of what sends. */
  env: Record<string, string>;
  /** Everything that arrived, decoded, as text. */
  text(): string;
  /** The metrics of this program, each with its last values. */
  metrics(): ReceivedMetric[];
  /** The spans of this program. */
  spans(): ReceivedSpan[];
}

interface Attribute {
  key: string;
  value: Record<string, string | number>;
}

interface Point {
  attributes?: Attribute[];
  asInt?: string;
  asDouble?: number;
  sum?: number;
}

interface Sent {
  resourceMetrics?: {
    scopeMetrics: {
      scope: { name: string };
      metrics: {
        name: string;
        unit?: string;
        sum?: { dataPoints: Point[]; isMonotonic?: boolean };
        histogram?: { dataPoints: Point[] };
        gauge?: { dataPoints: Point[] };
      }[];
    }[];
  }[];
  resourceSpans?: {
    scopeSpans: {
      scope: { name: string };
      spans: {
        name: string;
        traceId: string;
        spanId: string;
        parentSpanId?: string;
        attributes?: Attribute[];
        status?: { code?: string };
      }[];
    }[];
  }[];
}

/** The instrumentation scope of what this program measures by itself. */
const SCOPE = "buildhub";

/** Starts a receiver that decodes OTLP with OpenTelemetry's own protocol definitions, from PyPI. */
export async function startOtlp(): Promise<Otlp> {
  const bin = await python("otlp", PYTHON_PACKAGES.otlp);
  const script = new URL("otlp_receiver.py", import.meta.url).pathname;
  const [server, match] = await startProcess(`${bin}python`, {
    args: [script],
    ready: /listening on (http:\S+)/,
  });
  const sent = () =>
    server.logs.filter((line) => line.startsWith("{")).map((line) =>
      JSON.parse(line).message as Sent
    );
  return {
    env: {
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_ENDPOINT: match[1]!,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
      OTEL_DENO_CONSOLE: "ignore",
    },
    text: () => server.logs.join("\n"),
    metrics: () => metricsOf(sent()),
    spans: () => spansOf(sent()),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

function metricsOf(sent: readonly Sent[]): ReceivedMetric[] {
  const metrics = new Map<string, ReceivedMetric>();
  const scopes = sent.flatMap(({ resourceMetrics = [] }) =>
    resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics)
  ).filter(({ scope }) => scope.name === SCOPE);
  for (const { name, unit = "", sum, histogram, gauge } of scopes.flatMap((it) => it.metrics)) {
    const kind = sum ? "counter" : histogram ? "histogram" : "gauge";
    const { dataPoints } = (sum ?? histogram ?? gauge)!;
    const metric = metrics.get(name) ?? { name, unit, kind, points: [] };
    for (const { attributes = [], asInt, asDouble, sum } of dataPoints) {
      const point = { attributes: named(attributes), value: Number(asInt ?? asDouble ?? sum) };
      const key = JSON.stringify(point.attributes);
      metric.points = [
        ...metric.points.filter(({ attributes }) => JSON.stringify(attributes) !== key),
        point,
      ];
    }
    metrics.set(name, metric);
  }
  return [...metrics.values()];
}

function spansOf(sent: readonly Sent[]): ReceivedSpan[] {
  return sent.flatMap(({ resourceSpans = [] }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans)
  ).filter(({ scope }) => scope.name === SCOPE).flatMap(({ spans }) =>
    spans.map(({ attributes = [], status, ...span }) => ({
      ...span,
      attributes: named(attributes),
      isError: status?.code === "STATUS_CODE_ERROR",
    }))
  );
}

function named(attributes: readonly Attribute[]): Record<string, string> {
  const pairs = attributes.map(({ key, value }) => [key, String(Object.values(value)[0])] as const);
  return Object.fromEntries(pairs.sort(([a], [b]) => a < b ? -1 : 1));
}
