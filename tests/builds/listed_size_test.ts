import { assertEquals } from "@std/assert";
import {
  bytesOf,
  type ListedSize,
  listedSize,
  listedSizeFrom,
} from "../../src/builds/listed_size.ts";

Deno.test.each<{ sizeBytes: number; listed: ListedSize; bytes?: number }>([
  { sizeBytes: 0, listed: 0 },
  { sizeBytes: 1_023, listed: 1_023 },
  { sizeBytes: 1_024, listed: "1K", bytes: 1024 },
  { sizeBytes: 1_535, listed: "1K", bytes: 1024 },
  { sizeBytes: 1_536, listed: "2K", bytes: 2048 },
  { sizeBytes: 2_560, listed: "2K", bytes: 2048 },
  { sizeBytes: 2_561, listed: "3K", bytes: 3072 },
  { sizeBytes: 1_048_063, listed: "1023K", bytes: 1047552 },
  { sizeBytes: 1_048_064, listed: "1024K", bytes: 1048576 },
  { sizeBytes: 1_048_575, listed: "1024K", bytes: 1048576 },
  { sizeBytes: 1_048_576, listed: "1M", bytes: 1048576 },
  { sizeBytes: 1_572_864, listed: "2M", bytes: 2097152 },
  { sizeBytes: 2_621_440, listed: "2M", bytes: 2097152 },
  { sizeBytes: 71_303_168, listed: "68M", bytes: 71303168 },
  { sizeBytes: 2 ** 31, listed: "2048M", bytes: 2147483648 },
])("listedSize() of $sizeBytes is $listed", ({ sizeBytes, listed, bytes = sizeBytes }) => {
  assertEquals(listedSize(sizeBytes), listed);
  assertEquals(listedSizeFrom(listed), listed);
  assertEquals(bytesOf(listed), bytes);
});
