/**
 * The container's health check. Exit code 0 if `serve` answers, else 1.
 *
 * @module
 */
const port = Deno.env.get("SERVE_PORT") ?? "8888";
try {
  const { ok } = await fetch(`http://127.0.0.1:${port}/v1/__lbheartbeat__`);
  Deno.exit(ok ? 0 : 1);
} catch {
  Deno.exit(1);
}
