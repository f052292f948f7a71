import { assertEquals } from "@std/assert";
import { CrawlTrail } from "../../src/crawl/crawl_trail.ts";

const [OLD, NEW, NEWEST] = ["2017-01-01T00:00:00Z", "2018-01-01T00:00:00Z", "2019-01-01T00:00:00Z"];

/** A trail in `pub/firefox/releases/`, of which one version and another folder are to be walked. */
function start() {
  const finished: [path: string, newest: string][] = [];
  const trail = new CrawlTrail((path, newest) => finished.push([path, newest]));
  trail.enter({ path: "", children: ["pub/firefox/"] });
  trail.leaveTo("pub/firefox/");
  trail.enter({ path: "pub/firefox/", children: ["1.0/", "2.0/"] });
  trail.leaveTo("pub/firefox/1.0/");
  return { trail, finished };
}

Deno.test.each<{
  name: string;
  walk: (trail: CrawlTrail) => void;
  finished: [path: string, newest: string][];
}>([
  {
    name: "the latest date of a folder's children",
    walk(trail) {
      trail.enter({ path: "pub/firefox/1.0/", children: ["mac/", "win32/"] });
      for (const [child, newest] of [["mac/", NEW], ["win32/", OLD]] as const) {
        trail.leaveTo(`pub/firefox/1.0/${child}`);
        trail.enter({ path: `pub/firefox/1.0/${child}`, children: [], newest });
      }
      trail.leaveTo("pub/firefox/2.0/");
      trail.enter({ path: "pub/firefox/2.0/", children: [], newest: NEWEST });
    },
    finished: [["pub/firefox/1.0/", NEW], ["pub/firefox/", NEWEST]],
  },
  {
    name: "the date of a folder's own files where that is later",
    walk(trail) {
      trail.enter({ path: "pub/firefox/1.0/", children: ["mac/"], newest: NEWEST });
      trail.leaveTo("pub/firefox/1.0/mac/");
      trail.enter({ path: "pub/firefox/1.0/mac/", children: [], newest: OLD });
      trail.leaveTo("pub/firefox/2.0/");
      trail.pass(NEW);
    },
    finished: [["pub/firefox/1.0/", NEWEST], ["pub/firefox/", NEWEST]],
  },
  {
    name: "nothing of a folder in which one is missing, nor of those around it",
    walk(trail) {
      trail.enter({ path: "pub/firefox/1.0/", children: ["mac/"] });
      trail.leaveTo("pub/firefox/1.0/mac/");
      trail.miss();
      trail.leaveTo("pub/firefox/2.0/");
      trail.enter({ path: "pub/firefox/2.0/", children: ["mac/"] });
      trail.leaveTo("pub/firefox/2.0/mac/");
      trail.pass(NEW);
    },
    finished: [["pub/firefox/2.0/", NEW]],
  },
  {
    name: "nothing of a folder of which some is left out",
    walk(trail) {
      trail.enter({
        path: "pub/firefox/1.0/",
        children: ["mac/"],
        newest: NEW,
        isPartial: true,
      });
      trail.leaveTo("pub/firefox/2.0/");
      trail.pass(NEW);
    },
    finished: [],
  },
])("CrawlTrail reports $name", ({ walk, finished }) => {
  const { trail, finished: reported } = start();
  walk(trail);
  trail.leave();
  assertEquals(reported, finished);
});

Deno.test("CrawlTrail reports a nightly folder without files by the day in its name", () => {
  const finished: unknown[] = [];
  const trail = new CrawlTrail((...report) => finished.push(report));
  const month = "pub/firefox/nightly/2017/06/";
  trail.enter({ path: "", children: [month] });
  trail.leaveTo(month);
  trail.enter({ path: month, children: ["2017-06-21-03-02-04-mozilla-central/"] });
  trail.leaveTo(`${month}2017-06-21-03-02-04-mozilla-central/`);
  trail.enter({ path: `${month}2017-06-21-03-02-04-mozilla-central/`, children: [] });
  trail.leave();
  assertEquals(finished, [[month, "2017-06-21T23:59:59.999Z"]]);
});

Deno.test("CrawlTrail.progress goes from 0 to 1, each folder weighing its share", () => {
  const { trail } = start();
  const shares = [trail.progress];
  const record = () => shares.push(trail.progress);
  trail.enter({ path: "pub/firefox/1.0/", children: ["a/", "b/", "c/", "d/"] });
  record();
  trail.leaveTo("pub/firefox/1.0/a/");
  trail.pass(OLD);
  record();
  trail.miss();
  record();
  trail.leaveTo("pub/firefox/2.0/");
  record();
  trail.pass(OLD);
  record();
  trail.leave();
  record();
  assertEquals(shares, [0, 0, 1 / 8, 2 / 8, 1 / 2, 1, 1]);
});
