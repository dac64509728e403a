/** Default items of types that not every JavaScript engine has. */
import { expect, test } from "vitest";
import { type ExternType, Global, SharedMemory, Store, Table, Tag } from "../../src/index.ts";
import { defaultItem } from "../../src/runtime/default-item.ts";
import { Engine } from "../../src/runtime/engine.ts";

const store = new Store(new Engine({ sharedMemory: true }));
const item = (type: ExternType) => defaultItem({ module: "m", name: "n", type }, store);
const nonNull = { ref: "func", nullable: false } as const;

test.each([
  [
    { kind: "func", params: [], results: ["i32", nonNull] },
    "(func (result i32 (ref func)))",
    "function results do not have a default value",
  ],
  [
    { kind: "global", content: nonNull, mutable: true },
    "(global (mut (ref func)))",
    "global type has no default value",
  ],
  [
    { kind: "table", element: nonNull, minimum: 0, address: "i32" },
    "(table 0 (ref func))",
    "table element type does not have a default value",
  ],
] as const)("a reference that cannot be null has no default: %j", (type, shown, reason) => {
  expect(() => item(type)).toThrow(
    `no default value exists for \`m::n\` with type \`${shown}\`\n\nCaused by:\n    ${reason}\n`,
  );
});

test("everything else has one", () => {
  expect(item({ kind: "global", content: "funcref", mutable: false })).toBeInstanceOf(Global);
  expect(item({ kind: "table", element: "externref", minimum: 2, address: "i32" })).toBeInstanceOf(Table);
  expect(item({ kind: "tag", params: ["i32"] })).toBeInstanceOf(Tag);
  const shared = {
    kind: "memory",
    minimum: 1,
    maximum: 1,
    shared: true,
    address: "i32",
    pageSize: 65536,
  } as const;
  expect(item(shared)).toBeInstanceOf(SharedMemory);
});

test("what the store's limits forbid is the cause", () => {
  const bounded = new Store();
  bounded.setLimits({ memorySize: 0 });
  const type = { kind: "memory", minimum: 2, shared: false, address: "i32", pageSize: 65536 } as const;
  expect(() => defaultItem({ module: "m", name: "n", type }, bounded)).toThrow(
    "no default value exists for `m::n` with type `(memory 2)`\n\n" +
      "Caused by:\n    memory minimum size of 2 pages exceeds memory limits\n",
  );
  expect(() => defaultItem({ module: "m", name: "n", type }, {} as Store)).toThrow(TypeError);
});
