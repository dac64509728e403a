import fc from "fast-check";
import { expect, test } from "vitest";
import type { Command } from "../../src/wast/script.ts";
import { ScriptReader } from "../../src/wast/script-reader.ts";

function commands(script: string): Command[] {
  const reader = new ScriptReader(script);
  const list: Command[] = [];
  for (let command = reader.next(); command !== undefined; command = reader.next()) list.push(command);
  return list;
}

test("ScriptReader reads every command with its line", () => {
  const script = `
    (module $M (func))
    (module definition $D binary "\\00asm" "\\01\\00\\00\\00")
    (module instance $I $D) (module quote "(func" ")")
    (register "m" $M)
    (invoke $M "f" (i32.const 1))
    (get "g")
    (assert_return (invoke "f") (ref.null))
    (assert_trap (module (func)) "text")
    (assert_exhaustion (invoke "f") "text")
    (assert_exception (invoke "f"))
    (assert_invalid (module) "text")
    (assert_malformed (module quote "x") "text")
    (assert_unlinkable (module) "text")
    (assert_malformed_custom (module quote "x") "text")
    (assert_invalid_custom (module) "text")
    (thread $T (shared (module $M)) (shared (module $D)) (invoke "f") (invoke "g"))
    (wait $T)
    (component $C (core module $x (func)))
    (assert_suspension (invoke "f") "text")`;
  expect(commands(script).map(({ kind, line }) => `${line} ${kind}`)).toEqual([
    ..."2 module,3 module,4 module,4 module,5 register,6 action,7 action,8 assert_return".split(","),
    ..."9 assert_trap,10 assert_exhaustion,11 assert_exception,12 assert_invalid".split(","),
    ..."13 assert_malformed,14 assert_unlinkable,15 assert_malformed_custom".split(","),
    ..."16 assert_invalid_custom,17 thread,18 wait,19 unusable,20 unusable".split(","),
  ]);
});

test("ScriptReader leaves the commands of a thread in their lines", () => {
  const [thread] = commands('(module)\n(thread $T\n\n  (invoke "f")\n  (invoke "g"))').slice(1);
  expect(thread).toMatchObject({ kind: "thread", name: "T", shared: [] });
  const { body } = thread as { body: string };
  expect(commands(body).map(({ line }) => line)).toEqual([4, 5]);
});

const words = [
  ..."( ( ( ) ) ) module quote binary definition instance register invoke get assert_return assert_trap".split(
    " ",
  ),
  ..."thread wait shared either i32.const f32.const nan:canonical v128.const i8x16 ref.null 1 -1 0x1p1".split(
    " ",
  ),
  ...['"a"', '"\\00asm"', '"', "$a", "$", ";; x\n", "(;", ";)", "(@a", "func", "\u{1f600}", "\0"],
];

test("ScriptReader ends on any text, and tells what is malformed as commands", () => {
  const text = fc.array(fc.constantFrom(...words), { maxLength: 40 }).map((list) => list.join(" "));
  fc.assert(
    fc.property(text, (script) => {
      expect(commands(script).length).toBeLessThanOrEqual(script.length + 1);
    }),
    { numRuns: 2000 },
  );
});

test("ScriptReader stops at text that is no token inside of what it steps over", () => {
  for (const script of [
    '(thread $t (shared (module $M)) (invoke "f) )',
    "(assert_suspension (invoke \u0000 ))",
  ])
    expect(commands(script)).toMatchObject([{ kind: "unusable" }]);
});

test("ScriptReader copes with deep nesting", () => {
  const depth = 100_000;
  const nested = `(assert_return (invoke "f") ${"(either ".repeat(depth)}${")".repeat(depth)})`;
  expect(() => commands(nested)).not.toThrow();
  expect(commands("(".repeat(depth))).toHaveLength(1);
});
