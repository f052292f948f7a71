import { assert, assertEquals } from "@std/assert";
import { startBrowser } from "../servers/browser.ts";
import { startProcess } from "../servers/process.ts";
import { browserTest, visit } from "./catalogue.ts";
import { type Language, run } from "./programs.ts";

browserTest("every example on the API's page finds builds in the demo", async () => {
  await using browser = await startBrowser();
  const [demo, match] = await startProcess(Deno.execPath(), {
    args: ["run", "--no-check", "--allow-all", "main.ts", "demo", "--port", "0"],
    ready: /^\s+(http:\S+\/)$/,
    stop: "SIGINT",
  });
  await using _ = demo;
  await using visited = await visit(browser, `${match[1]}docs`);
  const { page } = visited;
  await page.getByRole("button", { name: "Copy" }).first().waitFor();
  await page.waitForLoadState("networkidle");
  const examples = await page.evaluate(
    `[...document.querySelectorAll("details")].map((one) => [
      one.querySelector("summary").textContent,
      one.querySelector("code").textContent,
    ])`,
  ) as [string, string][];
  assertEquals(examples.length, 18);
  const outputs = await Promise.all(
    examples.map(([language, code]) => run(language.toLowerCase() as Language, code)),
  );
  for (const [i, output] of outputs.entries()) {
    assert(!/^\s*(0? ?\[ *\])?\s*$|"data":\[\]|"total":0/.test(output), examples[i]![1]);
  }
});
