import { assertEquals, assertThrows } from "@std/assert";
import { wholeSeconds } from "../../src/builds/whole_seconds.ts";
import type { ListedSize } from "../../src/builds/listed_size.ts";
import { fieldsOf, rowFrom } from "../../src/inventory/row.ts";

const KEY = "pub/firefox/releases/52.0/win32/fr/Firefox+Setup+52.0.exe";
const PATH = "pub/firefox/releases/52.0/win32/fr/Firefox Setup 52.0.exe";
const DATE = "2017-06-02T12:20:10.2Z";

Deno.test.each<{ line: string; fields: string[] }>([
  { line: `"b","k","1","d","m"`, fields: ["b", "k", "1", "d", "m"] },
  { line: `b,k,1,d,m`, fields: ["b", "k", "1", "d", "m"] },
  { line: `"b","k","1","d",""`, fields: ["b", "k", "1", "d", ""] },
  { line: `"b","k,""1""","1","d","m","more"`, fields: ["b", 'k,"1"', "1", "d", "m", "more"] },
])("fieldsOf() reads $line", ({ line, fields }) => {
  assertEquals(fieldsOf(line), fields);
});

Deno.test.each<{ line: string; message: string }>([
  { line: "", message: "only 0 of 5 columns" },
  { line: "nonsense", message: "only 1 of 5 columns" },
  { line: `"b","k","1","d"`, message: "only 4 of 5 columns" },
  { line: `<?xml version="1.0"?>`, message: 'not CSV at column 15: bare " in' },
  { line: `"b","k,"1","d","m"`, message: "not CSV at column 8: extraneous or missing" },
  { line: `"b","k","1","d","m`, message: "not CSV at column 1: extraneous or missing" },
])("fieldsOf() refuses $line", ({ line, message }) => {
  const { message: said } = assertThrows(() => fieldsOf(line), Error, message);
  assertEquals(said.includes("\n"), false);
});

Deno.test.each<{ text: string; size: ListedSize }>([
  { text: "0", size: 0 },
  { text: "43201999", size: 43_201_999 },
  { text: "2E+10", size: 20_000_000_000 },
  { text: "2.5E+10", size: 25_000_000_000 },
  { text: "1e3", size: 1_000 },
  { text: "12.0", size: 12 },
  { text: "1K", size: "1K" },
  { text: "1024K", size: "1024K" },
  { text: "68M", size: "68M" },
])("rowFrom() reads size $text", ({ text, size }) => {
  assertEquals(rowFrom(["b", KEY, text, DATE, "m"]), {
    path: PATH,
    size,
    lastModified: "2017-06-02T12:20:10Z",
  });
});

Deno.test.each([
  "",
  "-1",
  "+1",
  " 1",
  "1 ",
  "0x10",
  "NaN",
  "Infinity",
  "1e999",
  "9007199254740993",
  "2E-1",
  "1,000",
  "M",
  "68m",
  "6.8M",
  "68 M",
  "68MB",
  "-1K",
  "१",
])("rowFrom() refuses size %s", (size) => {
  const message = `unreadable size ${JSON.stringify(size)}`;
  assertThrows(() => rowFrom(["b", KEY, size, DATE, "m"]), Error, message);
});

Deno.test("rowFrom() refuses a date that isn't one, by name", () => {
  assertThrows(() => rowFrom(["b", KEY, "1", "today", "m"]), Error, 'unreadable date "today"');
});

Deno.test.each<{ date: string; seconds: string }>([
  { date: "2017-06-02T12:20:10Z", seconds: "2017-06-02T12:20:10Z" },
  { date: "2017-06-02T12:20:10.2Z", seconds: "2017-06-02T12:20:10Z" },
  { date: "2017-06-02T12:20:10.000Z", seconds: "2017-06-02T12:20:10Z" },
  { date: "2017-06-02T12:20:10.999999999Z", seconds: "2017-06-02T12:20:10Z" },
  { date: "2016-02-29T00:00:00.000Z", seconds: "2016-02-29T00:00:00Z" },
])("wholeSeconds() of $date is $seconds", ({ date, seconds }) => {
  assertEquals(wholeSeconds(date), seconds);
});

Deno.test.each([
  "",
  "yesterday",
  "2017-06-02",
  "2017-06-02 12:20:10Z",
  "2017-06-02T12:20Z",
  "2017-06-02T12:20:10",
  "2017-06-02T12:20:10+02:00",
  "2017-06-02T12:20:10.Z",
  "2017-02-29T12:20:10Z",
  "2017-13-01T12:20:10Z",
  "2017-06-31T12:20:10Z",
  "2017-06-02T24:00:00Z",
  "2017-06-02T12:60:00Z",
  "2017-06-02T12:20:60Z",
  "20170602T122010Z",
])("wholeSeconds() of %s is nothing", (date) => {
  assertEquals(wholeSeconds(date), undefined);
});
