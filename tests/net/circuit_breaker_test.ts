import { assert, assertEquals, assertRejects } from "@std/assert";
import { HostUnavailable } from "../../src/errors/host_unavailable.ts";
import { HttpError } from "../../src/errors/http_error.ts";
import { CircuitBreaker } from "../../src/net/circuit_breaker.ts";

const failure = () =>
  Promise.reject(new HttpError("GET", "http://a/b", 503, "Service Unavailable", ""));
const success = () => Promise.resolve("answer");
const bug = () => Promise.reject(new TypeError("a bug"));

/** A breaker, how often it probed, and the errors of requests one after the other. */
function start(probe: () => Promise<unknown>) {
  const count = { probes: 0 };
  const breaker = new CircuitBreaker({
    url: "http://a/",
    probe() {
      count.probes++;
      return probe();
    },
  });
  const results = async (requests: (() => Promise<unknown>)[]) => {
    const names: string[] = [];
    for (const request of requests) {
      names.push(await breaker.run(request).then(String, (error: Error) => error.name));
    }
    return names;
  };
  return { count, breaker, results };
}

const times = <T>(count: number, item: T): T[] => Array(count).fill(item);

Deno.test("CircuitBreaker gives up a host after five failures in a row and a failed probe", async () => {
  const { breaker, count, results } = start(failure);
  let late = 0;
  const request = () => Promise.resolve(late++);
  const names = await results([...times(5, failure), request, request]);
  assertEquals(names, [...times(4, "HttpError"), ...times(3, "HostUnavailable")]);
  assertEquals([count.probes, late, breaker.opened.aborted], [1, 0, true]);
  const error = await assertRejects(() => breaker.run(success), HostUnavailable);
  assertEquals(
    error.message,
    "http://a/ can't be used, 6 requests failed in a row; the last one: " +
      "GET http://a/b: server replied 503 Service Unavailable",
  );
});

Deno.test("CircuitBreaker goes on when the probe succeeds: only some paths are in trouble", async () => {
  const { breaker, count, results } = start(success);
  assertEquals(await results(times(12, failure)), times(12, "HttpError"));
  assertEquals([count.probes, breaker.opened.aborted], [2, false]);
});

Deno.test("CircuitBreaker counts failures in a row only, and no bugs", async () => {
  const { breaker, count, results } = start(failure);
  await results([...times(4, failure), success, ...times(4, failure), ...times(9, bug)]);
  assertEquals([count.probes, breaker.opened.aborted], [0, false]);
  await results([failure]);
  assertEquals([count.probes, breaker.opened.aborted], [1, true]);
});

Deno.test("CircuitBreaker probes once, whatever fails at the same time", async () => {
  const { breaker, count } = start(failure);
  const all = await Promise.allSettled(times(20, failure).map((one) => breaker.run(one)));
  assertEquals(count.probes, 1);
  const given = all.filter((one) =>
    one.status === "rejected" && one.reason instanceof HostUnavailable
  );
  assert(given.length >= 15, `${given.length}`);
});
