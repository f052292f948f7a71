import { assert, assertEquals } from "@std/assert";
import { buildhub, spawnBuildhub } from "../buildhub.ts";
import { conformanceRecords, serveConformanceArchive } from "../conformance.ts";
import { published } from "../published.ts";
import { startInventories } from "../servers/conformance_inventory.ts";
import { everyFault, startFaultProxy } from "../servers/fault_proxy.ts";
import { startKinto } from "../servers/kinto.ts";
import { until } from "../until.ts";

const AUTH = "operator:with:colons";

/** The real peers, and the settings that name them. */
async function start({ faults = 0, storage = "postgresql" as "postgresql" | "memory" } = {}) {
  await using stack = new AsyncDisposableStack();
  const [kinto, moto, archive] = await Promise.all([
    startKinto({ storage }),
    startInventories(),
    serveConformanceArchive(),
  ]);
  for (const peer of [kinto, moto, archive]) stack.use(peer);
  const throughFaults = async (url: string, seed: number) => {
    if (faults === 0) return url;
    const proxy = stack.use(await startFaultProxy(url, { seed, faults: everyFault(faults) }));
    return proxy.url;
  };
  const folder = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const archiveUrl = `${(await throughFaults(archive.url, 1)).replace(/\/*$/, "")}/`;
  const kintoUrl = new URL(kinto.url);
  const env = {
    SERVER_URL: `${(await throughFaults(kintoUrl.origin, 2)).replace(/\/*$/, "")}/v1`,
    AWS_ENDPOINT_URL_S3: await throughFaults(moto.url, 3),
    S3_FORCE_PATH_STYLE: "true",
    ARCHIVE_URL: archiveUrl,
    AUTH,
    CACHE_FOLDER: `${folder}/cache`,
    CSV_DOWNLOAD_DIRECTORY: `${folder}/downloads`,
    NB_RETRY_REQUEST: "8",
  };
  const parts = stack.move();
  return { env, kinto, archiveUrl, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

Deno.test.each(
  [{ faults: 0, storage: "memory" }, { faults: 0.05, storage: "postgresql" }] as const,
)(
  "latest-inventory-to-kinto publishes exactly the worked records, at $faults faults, in $storage",
  async ({ faults, storage }) => {
    await using peers = await start({ faults, storage });
    const { env, kinto, archiveUrl } = peers;
    const first = await buildhub(["latest-inventory-to-kinto"], { env });
    assertEquals(first.code, 0, first.stderr);
    assertEquals(await published(kinto.url), await conformanceRecords(archiveUrl));
    assert(
      first.stderr.includes(
        "2884 builds = 2866 published + 0 unchanged + 0 refused + 18 incomplete + 0 failed",
      ),
      first.stderr,
    );
    assert(!first.stderr.includes("with:colons"), "the password is in the output");

    const second = await buildhub(["latest-inventory-to-kinto"], { env });
    assertEquals(second.code, 0, second.stderr);
    assert(
      second.stderr.includes(
        "= 0 published + 2866 unchanged + 0 refused + 18 incomplete + 0 failed",
      ),
      second.stderr,
    );
  },
);

Deno.test("latest-inventory-to-kinto, killed again and again, gives the same collection", async () => {
  await using peers = await start({ storage: "memory" });
  const { env, kinto, archiveUrl } = peers;
  const expected = await conformanceRecords(archiveUrl);
  for (const share of [0.05, 0.3]) {
    const child = spawnBuildhub(["latest-inventory-to-kinto"], env);
    await child.stdin.close();
    const output = Promise.all([child.stdout.cancel(), child.stderr.cancel()]);
    await until(async () => await count(kinto.url) >= expected.size * share);
    child.kill("SIGKILL");
    await Promise.all([child.status, output]);
  }
  const last = await buildhub(["latest-inventory-to-kinto"], { env });
  assertEquals(last.code, 0, last.stderr);
  assertEquals(await published(kinto.url), expected);
});

Deno.test("the pipe of the manual load gives the same collection", async () => {
  await using peers = await start({ storage: "memory" });
  const { env, kinto, archiveUrl } = peers;
  const run = async (args: string[], stdin?: string) => {
    const { code, stdout, stderr } = await buildhub(args, { env, stdin });
    assertEquals(code, 0, stderr);
    return stdout;
  };
  await run(["load"]);
  const csv = await run(["latest-inventory"]);
  await run(["to-kinto"], await run(["inventory-to-records"], csv));
  assertEquals(await published(kinto.url), await conformanceRecords(archiveUrl));
});

Deno.test("latest-inventory-to-kinto says within seconds that there is no server", async () => {
  const { code, stderr } = await buildhub(["latest-inventory-to-kinto"], {
    env: { SERVER_URL: "http://127.0.0.1:9/v1", NB_RETRY_REQUEST: "3" },
  });
  assertEquals(code, 1);
  assert(stderr.includes("http://127.0.0.1:9/v1"), stderr);
});

async function count(serverUrl: string): Promise<number> {
  const url = `${serverUrl}/buckets/build-hub/collections/releases/records`;
  const { headers } = await fetch(url, { method: "HEAD" });
  return Number(headers.get("total-objects") ?? headers.get("total-records") ?? 0);
}
