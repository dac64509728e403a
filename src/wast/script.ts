/**
 * Test scripts (`.wast`) as data: one command after the other.
 *
 * Spec: https://github.com/WebAssembly/spec/tree/main/interpreter#scripts
 *
 * @packageDocumentation
 */
import type { ModuleForm } from "../text/script-modules.ts";
import type { ScriptValue } from "../text/script-values.ts";

/** A use of an export: of the named instance, or else of the last one. */
export interface Action {
  readonly kind: "invoke" | "get";
  readonly instance: string | undefined;
  readonly name: string;
  readonly args: readonly ScriptValue[];
}

/** What an assertion is about: a use of an export, or the instantiation of a module. */
export type Subject = Action | ModuleForm;

/** Whether a subject is a use of an export. */
export function isAction(subject: Subject): subject is Action {
  return subject.kind === "invoke" || subject.kind === "get";
}

/** Assertions that something fails while code runs. */
export const failureAssertions = ["assert_trap", "assert_exhaustion", "assert_exception"] as const;

/** Assertions that a module is refused. */
export const refusalAssertions = [
  "assert_malformed",
  "assert_invalid",
  "assert_unlinkable",
  "assert_malformed_custom",
  "assert_invalid_custom",
] as const;

/** A command without its place. */
export type CommandBody =
  | { readonly kind: "module"; readonly module: ModuleForm }
  | { readonly kind: "register"; readonly as: string; readonly instance: string | undefined }
  | { readonly kind: "action"; readonly action: Action }
  | { readonly kind: "assert_return"; readonly action: Action; readonly expected: readonly ScriptValue[] }
  | {
      readonly kind: (typeof failureAssertions)[number];
      readonly subject: Subject;
      readonly message: string | undefined;
    }
  | {
      readonly kind: (typeof refusalAssertions)[number];
      readonly module: ModuleForm;
      readonly message: string;
    }
  | {
      readonly kind: "thread";
      readonly name: string;
      /** Instances whose shared memories the thread gets. */
      readonly shared: readonly string[];
      /** Text of the thread's commands. */
      readonly body: string;
    }
  | { readonly kind: "wait"; readonly thread: string }
  /** A command that cannot be run, with the reason. */
  | { readonly kind: "unusable"; readonly word: string; readonly reason: string };

/** A command of a script. */
export type Command = CommandBody & {
  /** Where it starts, from 1. */
  readonly line: number;
};

/** A command that has nothing to do with threads. */
export type SequentialCommand = Exclude<Command, { readonly kind: "thread" | "wait" }>;

/** The command of a kind. */
export type CommandOf<K extends Command["kind"]> = Extract<Command, { readonly kind: K }>;
