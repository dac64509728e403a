import { describe, expect, it } from "vitest";
import { WasmlinkError } from "../../src/index.ts";
import { type WasiFunctionName, wasiSignatures } from "../../src/runtime/wasi-signatures.ts";
import { backends, memoryBackend } from "./backends.ts";
import { Client } from "./client.ts";
import { Exit } from "./guests.ts";

/** Mulberry32: the same numbers in every run. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const functions = Object.entries(wasiSignatures) as [
  WasiFunctionName,
  (typeof wasiSignatures)[WasiFunctionName],
][];
const texts = ["file", "dir", "dir/inner", "../x", ".", "", "/", "link", "new", "dir/new/", "a\0b", "\xff"];
const wild = [0, 1, -1, 2, 3, 0x7fffffff, -0x80000000, 65_535, 65_536];
const wide = [0n, 1n, -1n, 2n ** 62n, -(2n ** 63n), 2n ** 53n, 65_536n];

function* randomCalls(count: number, seed: number): Generator<[WasiFunctionName, (number | bigint)[]]> {
  const random = generator(seed);
  const pick = <T>(values: readonly T[]): T => values[random(values.length)]!;
  for (let index = 0; index < count; index++) {
    const [name, { params }] = pick(functions);
    const args = params.map((type) => {
      if (type === "i64") return random(2) === 0 ? BigInt(random(256)) : pick(wide);
      const kind = random(8);
      if (kind < 3) return random(12);
      if (kind < 6) return 1024 + random(64) * 8;
      return kind === 6 ? random(65_536) : pick(wild);
    });
    yield [name, args];
  }
}

/** Fills the memory with what calls may take for paths, buffers and subscriptions. */
function furnish(client: Client, seed: number): void {
  const random = generator(seed);
  client.memory.buffer = new ArrayBuffer(65_536);
  const { bytes, view } = client;
  for (let at = 0; at < 4096; at += 4)
    view.setUint32(at, random(4) === 0 ? random(70_000) : random(64), true);
  texts.forEach((text, index) => {
    for (let byte = 0; byte < text.length; byte++) bytes[1024 + index * 8 + byte] = text.charCodeAt(byte);
  });
}

describe("calls with random arguments", () => {
  it.for(backends.map((backend) => ({ name: backend.name, backend })))(
    "give an errno or end the guest on $name",
    ({ backend }) => {
      const scratch = backend.create({ file: "contents", dir: { inner: "x" } });
      // Syncing a disk thousands of times takes its time.
      const count = backend === memoryBackend ? 100_000 : 10_000;
      let now = 0n;
      const outcomes = { errnos: 0, successes: 0, ended: 0 };
      let client: Client | undefined;
      try {
        let index = 0;
        for (const [name, args] of randomCalls(count, 20_261_124)) {
          if (index++ % 500 === 0) {
            client?.[Symbol.dispose]();
            client = new Client({
              args: ["a"],
              env: { B: "c" },
              stdin: "input",
              preopens: { "/": scratch.directory },
              maxOpenFiles: 32,
              clock: {
                realtimeNs: () => now,
                monotonicNs: () => now,
                sleep: (duration) => {
                  now = BigInt.asUintN(60, now + duration);
                },
              },
            });
            furnish(client, index);
          }
          try {
            const errno = client!.functions[name](...args);
            expect(errno >= 0 && errno <= 76).toBe(true);
            if (errno === 0) outcomes.successes++;
            else outcomes.errnos++;
          } catch (error) {
            if (!(error instanceof Exit)) {
              expect(error).toBeInstanceOf(WasmlinkError);
              expect((error as WasmlinkError).code).toMatch(/^ERR_WASI_(POINTER|EXIT|LIMIT)$/);
            }
            outcomes.ended++;
          }
        }
        for (const outcome of Object.values(outcomes)) expect(outcome).toBeGreaterThan(count / 50);
      } finally {
        client?.[Symbol.dispose]();
        scratch.remove();
      }
    },
  );
});
