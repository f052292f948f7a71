import denoJson from "../../deno.json" with { type: "json" };
import { defineCommand } from "./command.ts";

/** `version`: the versions of buildhub and Deno. */
export const command = defineCommand({
  summary: "print the version",
  description: "Prints the versions of buildhub and of Deno.",
  example: "buildhub version",
  settings: [],
  async run({ stdout }) {
    const line = `buildhub ${denoJson.version} (Deno ${Deno.version.deno})\n`;
    const writer = stdout.getWriter();
    await writer.write(new TextEncoder().encode(line));
    await writer.close();
    return 0;
  },
});
