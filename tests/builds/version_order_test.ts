import { assertEquals } from "@std/assert";
import { compareVersions } from "../../src/builds/version_order.ts";

Deno.test.each([
  { name: "numbers as numbers", versions: ["1.0", "9.0", "10.0", "99.0", "100.0", "135.0"] },
  { name: "missing parts as zero", versions: ["3.6", "3.6.0.1", "3.6.1", "3.6.10", "3.6.10.2"] },
  {
    name: "alphas, betas, candidates, the release, esr",
    versions: ["55.0a1", "55.0a2", "55.0b1", "55.0b13", "55.0rc1", "55.0", "55.0esr", "55.0.1"],
  },
  { name: "the next alpha after this release", versions: ["54.0", "54.0.1", "55.0a1", "55.0"] },
  { name: "pre before what it leads to", versions: ["3.0a1pre", "3.0a1", "3.0b2pre", "3.0b2"] },
  { name: "candidates of an esr before it", versions: ["52.0", "52.0esrrc1", "52.0esr", "52.0.1"] },
  {
    name: "funnelcakes after what they are made of",
    versions: ["49.0.1rc3", "49.0.1rc3-funnelcake90", "49.0.1", "49.0.1-funnelcake9"],
  },
  {
    name: "funnelcakes by number",
    versions: ["56.0.1-funnelcake9", "56.0.1-funnelcake131", "56.0.2"],
  },
  { name: "plugin and real builds", versions: ["3.6.3", "3.6.3plugin1", "3.6.3plugin2", "3.6.4"] },
  { name: "five numbers", versions: ["1.5.0.12", "1.5.0.12.1", "1.5.0.13"] },
  { name: "what is no version first", versions: ["", "latest", "0.1", "1.0"] },
])("compareVersions() sorts $name", ({ versions }) => {
  const ascending: string[] = [...versions];
  assertEquals(ascending.toReversed().sort(compareVersions), ascending);
  assertEquals(ascending.toSorted((a, b) => -compareVersions(a, b)), ascending.toReversed());
});
