import fc from "fast-check";
import { expect, test } from "vitest";
import { missingSmallFunctions, type SizeMix } from "../../src/rewrite/size-mix.ts";

/** What engines make of the share of small functions: nothing up to a quarter, all of it from a half on. */
const grade = ({ count, small }: SizeMix) => Math.min(Math.max(small / count, 0.25), 0.5);

test("the functions that are added restore the grade, or give programs the best, and one less would not", () => {
  const mix = fc
    .tuple(fc.integer({ min: 1, max: 5000 }), fc.nat(5000), fc.nat(5000), fc.nat(5))
    .map(([count, before, after, added]) => ({
      before: { count, small: before % (count + 1) },
      after: { count: count + added, small: after % (count + 1) },
    }));
  fc.assert(
    fc.property(mix, ({ before, after }) => {
      const filled = (more: number) => ({ count: after.count + more, small: after.small + more });
      for (const isMetered of [false, true]) {
        const wanted = isMetered && before.count >= 100 ? 0.5 : grade(before);
        const missing = missingSmallFunctions(before, after, isMetered);
        expect(grade(filled(missing))).toBeGreaterThanOrEqual(wanted);
        if (missing > 0) expect(grade(filled(missing - 1))).toBeLessThan(wanted);
      }
    }),
  );
});

test("a module without functions needs none", () => {
  expect(missingSmallFunctions({ count: 0, small: 0 }, { count: 2, small: 2 }, true)).toBe(0);
});
