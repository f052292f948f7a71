import { assertEquals } from "@std/assert";
import { COMMANDS } from "../../main.ts";
import { helpText } from "../../src/commands/help.ts";
import { SETTINGS } from "../../src/settings/config.ts";
import { buildhub } from "../buildhub.ts";

const VARIABLES = new Set(Object.values(SETTINGS).map(({ env }) => env));

Deno.test.each([...COMMANDS.keys()])("help %s lists each setting and option once", async (name) => {
  const text = await helpText(COMMANDS, name);
  const listed = [...text.matchAll(/^ {2}(\w+)(?:, --([\w-]+))? {2}/gm)]
    .filter(([, variable = ""]) => VARIABLES.has(variable));
  const options = [...text.matchAll(/^ {2}(?:\w+, )?--?([\w-]+)/gm)].map(([, option]) => option);
  const variables = listed.map(([, variable]) => variable);
  assertEquals(variables, [...new Set(variables)]);
  assertEquals(options, [...new Set(options)]);
});

Deno.test("a wrong setting that a command doesn't declare doesn't concern it", async () => {
  const url = "https://archive.mozilla.org/pub/firefox/releases/52.0/linux-x86_64/fr/";
  const env = { SERVE_PORT: "abc", AUTH: "no colon", BATCH_MAX_REQUESTS: "0", PRODUCTS: "?" };
  const { code, stderr } = await buildhub(["explain", url], { env });
  assertEquals([code, stderr], [0, ""]);
});
