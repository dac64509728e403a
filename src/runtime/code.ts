/**
 * The forms of a module the engine runs: as it came, or instrumented for what its engine's options and its store ask.
 *
 * @packageDocumentation
 */
import type { ModuleInfo } from "../binary/module-info.ts";
import { UnsupportedError } from "../errors.ts";
import { tracesTellOffsets } from "../host/stack.ts";
import type { NativeModule } from "../host/webassembly.ts";
import { type InstrumentedModule, instrument, type Metering } from "../rewrite/instrument.ts";
import { operate } from "../rewrite/surgery.ts";
import { compileChecked, compileCheckedAsync, smallModule } from "./compilation.ts";
import type { Engine } from "./engine.ts";

/** What is done to a module. Without metering and guards, the code section is the guest's own. */
export interface Flavour {
  readonly metering: Metering | undefined;
  /** Whether the host is asked before memories and tables grow. */
  readonly guardGrowth: boolean;
  /** Whether imports that share a name get names of their own: they may be given different things. */
  readonly separateImports: boolean;
}

/** A module in one form, with what its host has to supply and to know. */
export interface Code extends Omit<InstrumentedModule, "bytes"> {
  readonly native: NativeModule;
  /** The module name the engine shows in stack traces; undefined where the module keeps its own. */
  readonly stamp: string | undefined;
  /** Whether the host is asked before memories and tables grow. */
  readonly guardsGrowth: boolean;
}

/** What the engine makes a {@link Code} of. */
export type Source = Omit<InstrumentedModule, "native"> & Pick<Code, "stamp" | "guardsGrowth">;

let stamps = 0;

/**
 * Large modules get no name of their own as long as they are not instrumented: engines cache compiled code by the
 * module's bytes, and a copy costs a tenth of the compilation.
 */
function sourceOf(info: ModuleInfo, flavour: Flavour, mayStamp = true): Source {
  const { metering, guardGrowth, separateImports } = flavour;
  const isInstrumented = metering !== undefined || guardGrowth;
  const isStamped = mayStamp && (isInstrumented || info.bytes.length <= smallModule);
  const stamp = isStamped ? `wasmlink~${++stamps}` : undefined;
  const plan = {
    uniqueImportNames: separateImports,
    ...(stamp === undefined ? {} : { moduleName: stamp, nameByIndex: !tracesTellOffsets() }),
  };
  if (isInstrumented)
    return {
      ...instrument(info, { ...plan, guardGrowth, ...(metering === undefined ? {} : { metering }) }),
      stamp,
      guardsGrowth: guardGrowth,
    };
  const operated = operate(info, { ...plan, deferStart: true });
  return {
    ...operated,
    stamp,
    guardsGrowth: false,
    originalOffset: (offset) => offset - operated.codeOffsetDelta,
    fuelKey: undefined,
    flagKey: undefined,
    budgetExport: undefined,
    hookTable: undefined,
    hooks: [],
    trapExport: undefined,
    startup: undefined,
    functionShift: { from: 0, by: 0 },
  };
}

/** The forms of one module, each made when a store asks for it. */
export class CodeForms {
  readonly #engine: Engine;
  readonly #info: ModuleInfo;
  readonly #forms: (Code | undefined)[] = [];
  /** The only form, where there is one that serves all stores. */
  #adopted: Code | undefined;

  constructor(info: ModuleInfo, engine: Engine) {
    this.#info = info;
    this.#engine = engine;
  }

  /** The module in a form. @throws {UnsupportedError} a function becomes larger than engines allow */
  get(flavour: Flavour): Code {
    const key = keyOf(flavour);
    let code = this.#adopted ?? this.#forms[key];
    if (code === undefined) {
      const { bytes, ...rest } = sourceOf(this.#info, flavour);
      code = { ...rest, native: compileChecked(bytes, this.#info, this.#engine, rest.codeOffsetDelta) };
      this.#forms[key] = code;
    }
    return code;
  }

  /** Makes a form off the calling thread, for {@link get} to find. */
  async prepare(flavour: Flavour): Promise<void> {
    const { bytes, ...rest } = sourceOf(this.#info, flavour);
    const native = await compileCheckedAsync(bytes, this.#info, this.#engine, rest.codeOffsetDelta);
    this.#forms[keyOf(flavour)] = { ...rest, native };
  }

  /**
   * Takes a form that the host compiled from exactly the module's bytes.
   * @throws {UnsupportedError} the module must be changed before it is compiled
   */
  adopt(native: NativeModule, flavour: Flavour): void {
    const { bytes, ...rest } = sourceOf(this.#info, flavour, false);
    if (bytes !== this.#info.bytes)
      throw new UnsupportedError(
        "fromNative",
        "host",
        "the module has a start function, or the engine's options ask for instrumented code: change it with `wasmlink " +
          "instrument` before it is compiled",
      );
    this.#forms[keyOf(flavour)] = { ...rest, native };
  }

  /** Takes a form that was instrumented ahead of time, and that the host compiled. */
  adoptInstrumented(native: NativeModule, { bytes: _, ...rest }: Source): void {
    this.#adopted = { ...rest, native };
  }
}

const meterings: readonly Flavour["metering"][] = [undefined, "fuel", "epochFlag", "epochCountdown"];

function keyOf({ metering, guardGrowth, separateImports }: Flavour): number {
  return meterings.indexOf(metering) * 4 + (guardGrowth ? 2 : 0) + (separateImports ? 1 : 0);
}
