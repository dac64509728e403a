import { describe, expect, it } from "vitest";
import { CompileError, WatSyntaxError } from "../../src/errors.ts";
import { tokenize } from "../../src/text/syntax/lexer.ts";
import { wasm2wat } from "../../src/text/wasm2wat.ts";
import { wat2wasm } from "../../src/text/wat2wasm.ts";
import { everything } from "./everything.ts";

const words = (
  '( ) $x 0 -1 1_0 0x1p3 nan:0x1 4294967296 "a" "\\ff" "\\u{110000}" i32 func param result type end block if else then ' +
  "nop local memory offset=1 align=3 ref null mut import table elem item data global extern funcref rec sub field try " +
  "do catch delegate select _ $ @ (@name (@custom (@data_count) (; ;) ; , \\ é \u202e \ud800 \0"
).split(" ");

/** A generator of numbers that are the same in every run (xorshift). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

describe("wasm2wat", () => {
  it("prints 10,000 damaged modules as text that is stable, or throws CompileError", () => {
    const next = numbers(0xbad);
    const originals = everything.map((text) => wat2wasm(text));
    let printed = 0;
    for (let round = 0; round < 10_000; round++) {
      const bytes = originals[next(originals.length)]!.slice();
      for (let damages = next(4); damages >= 0; damages--) bytes[next(bytes.length)] = next(256);
      try {
        const text = wasm2wat(bytes);
        printed++;
        expect(wasm2wat(wat2wasm(text))).toBe(text);
      } catch (error) {
        // The parser finds blocks out of order where the decoder does not look.
        if (!(error instanceof CompileError)) throw new Error(`crashed on ${[...bytes]}`, { cause: error });
      }
    }
    expect(printed).toBeGreaterThan(100);
  });
});

describe("wat2wasm", () => {
  it("translates 10,000 damaged texts or throws WatSyntaxError", () => {
    const next = numbers(0x5eed);
    const sources = everything.map((text) => ({ text, tokens: tokenize(text) }));
    let translated = 0;
    for (let round = 0; round < 10_000; round++) {
      const { text, tokens } = sources[next(sources.length)]!;
      let damaged = text;
      for (let damages = next(3); damages >= 0; damages--) {
        const at = next(tokens.count);
        const [start = 0, end = 0] = [tokens.starts[at], tokens.ends[at]];
        const other = next(tokens.count);
        const replacement = [
          "",
          `${words[next(words.length)]} `,
          text.slice(tokens.starts[other], tokens.ends[other]),
          text.slice(start, tokens.ends[Math.min(at + next(6), tokens.count - 1)]).repeat(2),
        ][next(4)]!;
        damaged = damaged.slice(0, start) + replacement + damaged.slice(next(2) === 0 ? start : end);
      }
      try {
        expect(wat2wasm(damaged).length).toBeGreaterThanOrEqual(8);
        translated++;
      } catch (error) {
        if (!(error instanceof WatSyntaxError))
          throw new Error(`crashed on ${JSON.stringify(damaged)}`, { cause: error });
      }
    }
    expect(translated).toBeGreaterThan(100);
  });
});
