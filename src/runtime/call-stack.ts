/**
 * The calls that lead from the host to a frame, and the values that come with them.
 *
 * @packageDocumentation
 */
import { immediatesOf, type Operand, type Site, siteAt } from "../binary/operands.ts";
import type { FrameInRun } from "./backtrace.ts";
import { funcRecord, type Home } from "./func-record.ts";
import type { Instance } from "./instance.ts";
import type { Module } from "./module.ts";

/** Larger functions are not read: a trap is to take no longer for them. */
const mostBytes = 65_536;

/** The call of the host that led to a trap. */
export interface HostCall {
  readonly home: Home;
  /** As the engine was given them. */
  readonly args: readonly unknown[];
}

/** The frames from a trap to the host's call, wasm alone between them. */
export class CallStack {
  readonly #frames: readonly FrameInRun[];
  readonly #call: HostCall | undefined;

  readonly #sites: (Site | undefined)[] = [];

  constructor(frames: readonly FrameInRun[], call: HostCall | undefined) {
    this.#frames = frames.filter(({ run }) => run === 0);
    this.#call = call;
  }

  /** The instruction a frame is at. */
  siteOf(position: number): Site | undefined {
    if (position in this.#sites) return this.#sites[position];
    const found = this.#frames[position];
    const site = found && siteOfFrame(found);
    this.#sites[position] = site;
    return site;
  }

  /** The value of an operand of a frame's instruction. */
  valueOf(operand: Operand, position: number): number | bigint | undefined {
    if (operand === undefined) return undefined;
    if ("constant" in operand) return operand.constant;
    const { parameter } = operand;
    if (this.#isEntry(position)) return this.#call!.args[parameter] as number | bigint;
    const site = this.#callOf(position);
    if (site === undefined) return undefined;
    const { module, frame } = this.#frames[position]!;
    const place = site.operands.length - parametersOf(module, frame.funcIndex) + parameter;
    return this.valueOf(site.operands[place], position + 1);
  }

  /** The instance of a frame, where direct calls lead to it from the host. */
  instanceOf(position: number): Instance<any> | undefined {
    if (this.#isEntry(position)) return this.#call!.home.instance;
    const callee = this.#frames[position];
    const index = callee && this.#calledIndex(position + 1);
    if (index === undefined) return undefined;
    const caller = this.instanceOf(position + 1);
    const home = caller && homeIn(caller, index);
    return isFunctionOf(home, callee!) ? home!.instance : undefined;
  }

  /** Whether a frame is that of the function the host called: after a tail call it is another one's. */
  #isEntry(position: number): boolean {
    const found = this.#frames[position];
    return found?.isEntry === true && isFunctionOf(this.#call?.home, found);
  }

  /** The instruction that called a frame's function by its index: where it calls an import, its instance has to be known. */
  #callOf(position: number): Site | undefined {
    const { module, frame } = this.#frames[position]!;
    const isOwn =
      this.#frames[position + 1]?.module === module && this.#calledIndex(position + 1) === frame.funcIndex;
    return isOwn || this.instanceOf(position) !== undefined ? this.siteOf(position + 1) : undefined;
  }

  /** Index of the function that a frame is calling directly. */
  #calledIndex(position: number): number | undefined {
    const site = this.siteOf(position);
    return site?.operator.name === "call" ? immediatesOf(site).u32() : undefined;
  }
}

/** Where the function of an index in an instance is defined: the instance itself, or that of the import. */
function homeIn(instance: Instance<any>, funcIndex: number): Home | undefined {
  return funcIndex < instance.module.info.imported.func
    ? funcRecord(instance.importedFunc(funcIndex))?.home
    : { instance, funcIndex };
}

function isFunctionOf(home: Home | undefined, { module, frame }: FrameInRun): boolean {
  return home !== undefined && home.instance.module === module && home.funcIndex === frame.funcIndex;
}

function parametersOf(module: Module, funcIndex: number): number {
  return module.engine.types.signatureAt(module.functionType(funcIndex)!).params.length;
}

function siteOfFrame({ module, frame }: FrameInRun): Site | undefined {
  const { funcIndex, moduleOffset } = frame;
  const body = moduleOffset === undefined ? undefined : module.functionAt(moduleOffset);
  if (body === undefined || body.end - body.start > mostBytes) return undefined;
  return siteAt(module.info.bytes, body, parametersOf(module, funcIndex), moduleOffset!);
}
