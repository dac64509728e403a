// Writes src/runtime/call-sites.ts: the closures that wasm calls host functions through, written out once for each site.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Functions with a site of their own for each number of parameters; further ones share. */
const sites = 16;
const arities = [0, 1, 2, 3, 4];

const names = ["a", "b", "c", "d"];
const declared = (arity) => names.slice(0, arity).map((name) => `${name}: unknown`);
const passed = (arity) => names.slice(0, arity);

const plain = (arity) => `  (fn, kind, results, store) =>
    (${declared(arity).join(", ")}) => {
      try {
        const result = fn(${passed(arity).join(", ")});
        return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
      } catch (error) {
        throw toGuest(error);
      }
    },
`;

const withCaller = (arity) => `  (fn, kind, results, store, scope) =>
    (${declared(arity).join(", ")}) => {
      const caller = new Caller(scope);
      try {
        const result = fn(${["caller", ...passed(arity)].join(", ")});
        return isDirect(kind, result) ? result : hostResult(kind, result, results, store);
      } catch (error) {
        throw toGuest(error);
      } finally {
        caller.isOver = true;
      }
    },
`;

const list = (name, type, site) =>
  `const ${name}: readonly (readonly ${type}[])[] = [\n${arities
    .map((arity) => `  [\n${site(arity).repeat(sites).replace(/^/gm, "  ").trimEnd()}\n  ],\n`)
    .join("")}];\n`;

/** The file's text. */
export const text = `/**
 * The closures that wasm calls host functions through, each written out ${sites} times. Made by scripts/call-sites.mjs.
 *
 * JavaScript engines learn what a call leads to by the place of the call in the source. Through one place, all host
 * functions look like one that may be anything; through a place of its own each is inlined, and a call costs half.
 * RATIONALE: "Call sites".
 *
 * @packageDocumentation
 */
import type { ValType } from "../binary/types.ts";
import { Caller, type CallerScope } from "./caller.ts";
import { type AnyFunction, hostResult, isDirect } from "./crossing.ts";
import { toGuest } from "./failure.ts";
import type { Store } from "./store.ts";

/** Makes the closure for a host function, given what \`hostResult\` needs. */
type Site = (
  fn: AnyFunction,
  kind: number,
  results: readonly ValType[],
  store: Store<any> | undefined,
) => AnyFunction;

/** The same for functions that are given a {@link Caller}. */
type CallerSite = (
  fn: AnyFunction,
  kind: number,
  results: readonly ValType[],
  store: Store<any> | undefined,
  scope: CallerScope,
) => AnyFunction;

/** By number of parameters. */
${list("plainSites", "Site", plain)}
/** By number of parameters. */
${list("callerSites", "CallerSite", withCaller)}
const taken = new Uint8Array(${arities.length * 2});

/** A number for a host function, by which all its closures go through one place. */
export function takeSite(arity: number, accessCaller: boolean): number {
  if (arity > ${arities.at(-1)}) return 0;
  const counter = arity * 2 + (accessCaller ? 1 : 0);
  // Wraps around at 256, which is a multiple of the number of places.
  return (taken[counter] = taken[counter]! + 1) % ${sites};
}

/** The closure of a host function of up to ${arities.at(-1)} parameters. */
export function closureAt(
  site: number,
  arity: number,
  fn: AnyFunction,
  kind: number,
  results: readonly ValType[],
  store: Store<any> | undefined,
  scope: CallerScope | undefined,
): AnyFunction {
  return scope === undefined
    ? plainSites[arity]![site]!(fn, kind, results, store)
    : callerSites[arity]![site]!(fn, kind, results, store, scope);
}
`;

/** The file. */
export const file = fileURLToPath(new URL("../src/runtime/call-sites.ts", import.meta.url));

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(file, text);
