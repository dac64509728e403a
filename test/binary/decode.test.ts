import { expect, test } from "vitest";
import { decodeModule } from "../../src/binary/decode.ts";
import { ByteWriter } from "../../src/binary/writer.ts";

test("decodeModule reads the empty module", () => {
  const writer = new ByteWriter();
  writer.preamble();
  const info = decodeModule(writer.finish());
  expect(info.sections).toEqual([]);
  expect(info.imported).toEqual({ func: 0, table: 0, memory: 0, global: 0, tag: 0 });
});
