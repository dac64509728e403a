/**
 * Programs that wasmtime and this library both can run, and what is compared of a run.
 *
 * Programs are JSON: steps that make things, name them in slots, and use them. A step that needs an empty slot is
 * skipped. `oracle.py` runs them on wasmtime, `player.ts` here.
 */
export type TypeName = "i32" | "i64" | "f32" | "f64" | "externref" | "funcref";

export interface Signature {
  readonly params: readonly TypeName[];
  readonly results: readonly TypeName[];
}

/** A value as JSON: i64 in decimal, floats as JavaScript prints them, `func` names a slot. */
export type Value =
  | { readonly i32: number }
  | { readonly i64: string }
  | { readonly float: string }
  | { readonly extern: string }
  | { readonly func: string }
  | { readonly null: true };

/** What a host function does. Every call is recorded with its arguments. */
export type Behaviour =
  | { readonly does: "return"; readonly values: readonly Value[] }
  /** Throws an exception of the host. */
  | { readonly does: "throw"; readonly text: string }
  /** Throws a trap of the host's making. */
  | { readonly does: "trap"; readonly text: string }
  /** Calls the function in a slot, then returns. */
  | {
      readonly does: "call";
      readonly func: string;
      readonly args: readonly Value[];
      readonly catches: boolean;
      readonly values: readonly Value[];
    }
  /** Moves the epoch of an engine on, then returns. */
  | { readonly does: "tick"; readonly engine: string; readonly values: readonly Value[] }
  /** Records the fuel of a store, leaves as much as it is told, then returns. */
  | {
      readonly does: "useFuel";
      readonly store: string;
      readonly leaves: number | null;
      readonly values: readonly Value[];
    }
  /** Looks an export of the caller up, calls it if it is a function without parameters, then returns. */
  | { readonly does: "useCaller"; readonly name: string; readonly values: readonly Value[] };

export type Step = { readonly as?: string } & (
  | { readonly op: "engine"; readonly fuel?: boolean; readonly epochs?: boolean }
  | { readonly op: "store"; readonly engine: string }
  | {
      readonly op: "setLimits";
      readonly store: string;
      readonly limits: Readonly<
        Partial<Record<"memorySize" | "tableElements" | "instances" | "tables" | "memories", number>>
      >;
    }
  | { readonly op: "module"; readonly engine: string; readonly wat: string }
  | { readonly op: "linker"; readonly engine: string }
  | {
      readonly op: "func";
      readonly store: string;
      readonly type: Signature;
      readonly behaviour: Behaviour;
      readonly caller: boolean;
    }
  | {
      readonly op: "global";
      readonly store: string;
      readonly content: TypeName;
      readonly mutable: boolean;
      readonly value: Value;
    }
  | {
      readonly op: "memory";
      readonly store: string;
      readonly minimum: number;
      readonly maximum: number | null;
    }
  | {
      readonly op: "table";
      readonly store: string;
      readonly element: TypeName;
      readonly minimum: number;
      readonly maximum: number | null;
      readonly init: Value;
    }
  | { readonly op: "tag"; readonly store: string; readonly params: readonly TypeName[] }
  | {
      readonly op: "define";
      readonly linker: string;
      readonly store: string;
      readonly module: string;
      readonly name: string;
      readonly item: string;
    }
  | {
      readonly op: "defineFunc";
      readonly linker: string;
      readonly module: string;
      readonly name: string;
      readonly type: Signature;
      readonly behaviour: Behaviour;
      readonly caller: boolean;
    }
  | {
      readonly op: "defineInstance";
      readonly linker: string;
      readonly store: string;
      readonly name: string;
      readonly instance: string;
    }
  | {
      readonly op: "defineModule";
      readonly linker: string;
      readonly store: string;
      readonly name: string;
      readonly module: string;
    }
  | { readonly op: "allowShadowing"; readonly linker: string; readonly value: boolean }
  | { readonly op: "clone"; readonly linker: string }
  | { readonly op: "unknownAsTraps"; readonly linker: string; readonly module: string }
  | {
      readonly op: "unknownAsDefaults";
      readonly linker: string;
      readonly store: string;
      readonly module: string;
    }
  | {
      readonly op: "instantiate";
      readonly linker: string;
      readonly store: string;
      readonly module: string;
      /** Leaves the exports undescribed: the Python package cannot describe all types. */
      readonly quiet?: true;
    }
  | { readonly op: "instantiatePre"; readonly linker: string; readonly module: string }
  | { readonly op: "instantiateFromPre"; readonly pre: string; readonly store: string }
  | {
      readonly op: "instance";
      readonly store: string;
      readonly module: string;
      readonly items: readonly string[];
    }
  | {
      readonly op: "get";
      readonly linker: string;
      readonly store: string;
      readonly module: string;
      readonly name: string;
    }
  | { readonly op: "getDefault"; readonly linker: string; readonly store: string; readonly module: string }
  | { readonly op: "export"; readonly instance: string; readonly name: string }
  | { readonly op: "call"; readonly func: string; readonly args: readonly Value[] }
  | { readonly op: "read"; readonly item: string }
  | { readonly op: "setFuel"; readonly store: string; readonly fuel: number }
  | { readonly op: "getFuel"; readonly store: string }
  | { readonly op: "setDeadline"; readonly store: string; readonly ticks: number }
  /** Not in wasmtime. */
  | { readonly op: "setCallTimeout"; readonly store: string; readonly milliseconds: number }
  | { readonly op: "setGlobal"; readonly global: string; readonly value: Value }
  | { readonly op: "growMemory"; readonly memory: string; readonly delta: number }
  | { readonly op: "growTable"; readonly table: string; readonly delta: number; readonly init: Value }
  | { readonly op: "getElement"; readonly table: string; readonly index: number }
  | { readonly op: "setElement"; readonly table: string; readonly index: number; readonly value: Value }
);

export type Op = Step["op"];

/** Function index, function name, module name, module offset, function offset. */
export type FrameOutcome = readonly [number, string | null, string | null, number | null, number | null];

export interface ErrorOutcome {
  /** `Trap`, `ExitTrap`, `error` for the others of the library, `host` for what a host function threw, `TypeError`, … */
  readonly error: string;
  readonly message: string;
  readonly code?: string | null;
  readonly frames?: readonly FrameOutcome[];
}

/** What a step came to, with the calls of host functions that happened in it. */
export type Outcome = { readonly log?: readonly string[] } & (
  | { readonly ok: unknown }
  | ErrorOutcome
  | { readonly skipped: true }
  /** wasmtime would end the process here, with this text where it is ours as well. */
  | { readonly abort: string | null }
);
