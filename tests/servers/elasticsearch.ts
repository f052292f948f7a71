import { startProcess } from "./process.ts";
import { run } from "./python.ts";

/** A real Elasticsearch of its own, empty. */
export interface Elasticsearch extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  url: string;
  logs: string[];
  pid: number;
}

/** The last release of the series that kinto-elasticsearch works with. */
const VERSION = "6.8.23";

/** The distribution without plugins, which the project publishes on Maven Central. */
const ARTIFACT = `org.elasticsearch.distribution.integ-test-zip:elasticsearch:${VERSION}:zip`;

/** Where distributions are kept between runs, at the project's root. */
const CACHE = new URL("../../.cache/", import.meta.url).pathname;

/** Replaces the distribution's options, which name garbage collectors that newer Javas lack. */
const JVM_OPTIONS = `
-Xms512m
-Xmx512m
-Xss1m
-XX:+UseSerialGC
-Dfile.encoding=UTF-8
-Djava.awt.headless=true
-Djava.locale.providers=COMPAT
-Djava.io.tmpdir=\${ES_TMPDIR}
-Djna.nosys=true
-Dio.netty.noUnsafe=true
-Dio.netty.noKeySetOptimization=true
-Dio.netty.recycler.maxCapacityPerThread=0
-Dlog4j.shutdownHookEnabled=false
-Dlog4j2.disable.jmx=true
-Dlog4j2.formatMsgNoLookups=true
`;

const SETTINGS = `
network.host: 127.0.0.1
http.port: 0
transport.tcp.port: 0
discovery.type: single-node
cluster.routing.allocation.disk.threshold_enabled: false
`;

/**
 * Starts Elasticsearch from Maven Central on a free port, with its data in a temporary folder.
 *
 * @throws {Error} with its output, when it ends before it's ready
 */
export async function startElasticsearch(): Promise<Elasticsearch> {
  const distribution = await distributionFolder();
  await using stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "elasticsearch-" });
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  await Deno.mkdir(`${folder}/config`);
  await Deno.copyFile(
    `${distribution}/config/log4j2.properties`,
    `${folder}/config/log4j2.properties`,
  );
  await Deno.writeTextFile(`${folder}/config/jvm.options`, JVM_OPTIONS);
  await Deno.writeTextFile(
    `${folder}/config/elasticsearch.yml`,
    `${SETTINGS}path.data: ${folder}/data\npath.logs: ${folder}/logs\n`,
  );
  const [server, match] = await startProcess(`${distribution}/bin/elasticsearch`, {
    ...await ownerFor(folder),
    cwd: folder,
    env: { ES_PATH_CONF: `${folder}/config`, ES_TMPDIR: folder, ES_JAVA_OPTS: "", HOME: folder },
    ready: /HttpServerTransport.*publish_address \{127\.0\.0\.1:(\d+)\}/,
    stop: "SIGKILL", // its data is removed anyway
  });
  stack.use(server);
  const url = `http://127.0.0.1:${match[1]}`;
  const health = await fetch(`${url}/_cluster/health?wait_for_status=yellow&timeout=60s`);
  if (!health.ok) throw new Error(`Elasticsearch isn't ready: ${await health.text()}`);
  await health.body?.cancel();
  const parts = stack.move();
  return {
    url,
    logs: server.logs,
    pid: server.pid,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

/** The folder of the unpacked distribution, downloaded once and kept. */
async function distributionFolder(): Promise<string> {
  await Deno.mkdir(CACHE, { recursive: true });
  // Test files run at the same time: one of them downloads it, the others wait at the lock.
  using lock = await Deno.open(`${CACHE}elasticsearch.lock`, { create: true, write: true });
  await lock.lock(true);
  await installJava();
  const folder = `${CACHE}elasticsearch-${VERSION}`;
  if (exists(folder)) return folder;
  const repository = await Deno.makeTempDir({ prefix: "maven-" });
  try {
    const goal = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy";
    await run("mvn", [
      ...["--batch-mode", "--quiet", goal, `-Dartifact=${ARTIFACT}`],
      `-DoutputDirectory=${repository}`,
    ], { cwd: repository });
    await run("unzip", ["-q", `${repository}/elasticsearch-${VERSION}.zip`, "-d", repository]);
    await run("cp", ["-r", `${repository}/elasticsearch-${VERSION}`, `${folder}.part`]);
    await run("chmod", ["-R", "a+rX", `${folder}.part`]);
    await Deno.rename(`${folder}.part`, folder);
  } finally {
    await Deno.remove(repository, { recursive: true });
  }
  return folder;
}

/** Installs Java, Maven and unzip on a Debian without them. */
async function installJava(): Promise<void> {
  const missing = Object.entries({ java: "default-jre-headless", mvn: "maven", unzip: "unzip" })
    .filter(([program]) => !exists(`/usr/bin/${program}`))
    .map(([, name]) => name);
  if (missing.length === 0 || Deno.uid() !== 0) return;
  await run("apt-get", ["update", "-qq"]);
  await run("apt-get", ["install", "-yqq", ...missing], {
    env: { DEBIAN_FRONTEND: "noninteractive" },
  });
}

/** Elasticsearch refuses to run as root: then it runs as the system's `nobody` user. */
async function ownerFor(folder: string): Promise<{ uid?: number; gid?: number }> {
  if (Deno.uid() !== 0) return {};
  const uid = Number(await run("id", ["-u", "nobody"]));
  const gid = Number(await run("id", ["-g", "nobody"]));
  await run("chown", ["-R", `${uid}:${gid}`, folder]);
  return { uid, gid };
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
