// The assertions of checks.mjs, for environments that have no node:assert.

export function ok(value, message = `${show(value)} is not true`) {
  if (!value) throw new Error(message);
}

export function equal(actual, expected) {
  ok(Object.is(actual, expected), `expected ${show(expected)}, got ${show(actual)}`);
}

/** Arrays, bytes and plain objects by what is in them. */
export function deepEqual(actual, expected) {
  ok(isSame(actual, expected), `expected ${show(expected)}, got ${show(actual)}`);
}

export function match(text, pattern) {
  ok(pattern.test(text), `expected ${pattern}, got ${show(text)}`);
}

/** What a function throws. */
export function caught(run) {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

function isSame(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const keys = Object.keys(a);
  return (
    Object.getPrototypeOf(a) === Object.getPrototypeOf(b) &&
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]))
  );
}

function show(value) {
  if (value instanceof Error) return String(value);
  return JSON.stringify(value, (_, part) => (typeof part === "bigint" ? `${part}n` : part)) ?? String(value);
}
