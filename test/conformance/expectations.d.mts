import type { ScriptResult } from "../../src/wast/index.ts";

type Counts = Readonly<Record<string, number>>;

/** What a runtime does with the suite. */
export interface Outcome {
  readonly directories: Readonly<Record<string, Counts>>;
  readonly lacks: Readonly<Record<string, Counts>>;
  readonly others: readonly { readonly file: string; readonly count: number; readonly reason?: string }[];
}

export function observed(results: readonly (ScriptResult & { readonly file: string })[]): Outcome;
export function updated(expectation: Outcome | undefined, actual: Outcome): Outcome;
export function differences(expectation: Outcome, actual: Outcome): string[];
