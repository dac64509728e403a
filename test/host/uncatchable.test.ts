import { describe, expect, it } from "vitest";
import { isHiding, revealed, uncatchable } from "../../src/host/uncatchable.ts";
import {
  assemble,
  type Bytes,
  body,
  exnref,
  exportFunc,
  func,
  i32,
  importFunc,
  instantiate,
  isValid,
  vec,
} from "./assemble.ts";

const callImport = [0x10, 0];
const returnZero = [0x41, 0, 0x0f];
const returnOne = [0x41, 1];

/** Bodies that call the import: 0 when it returned, 1 when a handler saw what it threw. */
const handlers: Record<string, Bytes> = {
  "legacy catch_all": [0x06, 0x40, callImport, returnZero, 0x19, 0x0b, returnOne],
  catch_all: [0x02, 0x40, 0x1f, 0x40, vec([[2, 0]]), callImport, returnZero, 0x0b, 0x0b, returnOne],
  catch_all_ref: [
    [0x02, exnref, 0x1f, 0x40, vec([[3, 0]]), callImport, returnZero, 0x0b, 0x00, 0x0b],
    [0x1a, returnOne],
  ],
};

function guest(handler: Bytes): Uint8Array<ArrayBuffer> {
  return assemble(
    [1, vec([func([], []), func([], [i32])])],
    [2, vec([importFunc("", "f", 0)])],
    [3, vec([[1]])],
    [7, vec([exportFunc("run", 1)])],
    [10, vec([body(handler)])],
  );
}

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (thrown) {
    return thrown;
  }
  return expect.unreachable("nothing was thrown");
}

describe("uncatchable", () => {
  const errors: Record<string, unknown> = {
    "an error": new Error("boom"),
    "a frozen error": Object.freeze(new TypeError("frozen")),
    "a string": "boom",
    null: null,
    undefined: undefined,
    "a symbol": Symbol("s"),
    "a function": () => {},
  };

  it.each(Object.entries(errors))("gives %s back as the same value", (_name, error) => {
    const carrier = uncatchable(error);
    expect(isHiding(carrier)).toBe(true);
    expect(revealed(carrier)).toBe(error);
  });

  it("hides an error once", () => {
    const carrier = uncatchable(new Error("boom"));
    expect(uncatchable(carrier)).toBe(carrier);
  });

  it("gives every error an object of its own", () => {
    const errors = Array.from({ length: 5000 }, (_, index) => new Error(String(index)));
    const carriers = errors.map(uncatchable);
    expect(new Set(carriers).size).toBe(errors.length);
    expect(carriers.map(revealed)).toEqual(errors);
  });

  it("leaves other values alone", () => {
    for (const value of [new Error("boom"), "boom", undefined, null, 1, {}]) {
      expect(isHiding(value)).toBe(false);
      expect(revealed(value)).toBe(value);
    }
  });

  describe.each(Object.entries(handlers))("and a guest with %s", (name, handler) => {
    const bytes = guest(handler);

    it.skipIf(!isValid(bytes))(`passes the handler (skipped where the engine has no ${name})`, () => {
      for (const error of Object.values(errors)) {
        const { run } = instantiate(bytes, {
          "": {
            f() {
              throw uncatchable(error);
            },
          },
        });
        for (let round = 0; round < 100; round++) expect(revealed(thrownBy(run))).toBe(error);
      }
    });

    it.skipIf(!isValid(bytes))("passes handlers of nested calls, thrown anew at every level", () => {
      const error = new Error("boom");
      let run = (): unknown => {
        throw uncatchable(error);
      };
      for (let depth = 0; depth < 50; depth++) {
        const inner = run;
        run = instantiate(bytes, {
          "": {
            f() {
              throw uncatchable(revealed(thrownBy(inner)));
            },
          },
        }).run;
      }
      expect(revealed(thrownBy(run))).toBe(error);
    });

    it.skipIf(!isValid(bytes))("passes the handler when the stack is full", () => {
      let returned = 0;
      const { run } = instantiate(bytes, {
        "": {
          f() {
            try {
              run();
            } catch (thrown) {
              throw uncatchable(revealed(thrown));
            }
            returned++;
          },
        },
      });
      expect(revealed(thrownBy(run))).toBeInstanceOf(RangeError);
      expect(returned).toBe(0);
    });

    it.skipIf(!isValid(bytes))("needs hiding, for the handler sees an error as it is", () => {
      const { run } = instantiate(bytes, {
        "": {
          f() {
            throw new Error("boom");
          },
        },
      });
      expect(run()).toBe(1);
    });
  });
});
