import denoJson from "../../deno.json" with { type: "json" };
import type { Command } from "./command.ts";

/** `version`: the version of this tool and of what it runs on. */
export const command: Command = {
  summary: "print the version",
  description: "Prints the versions of buildhub and of Deno.",
  settings: [],
  async run({ stdout }) {
    const line = `buildhub ${denoJson.version} (Deno ${Deno.version.deno})\n`;
    const writer = stdout.getWriter();
    await writer.write(new TextEncoder().encode(line));
    await writer.close();
    return 0;
  },
};
