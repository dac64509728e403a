/**
 * The wasm frames in an engine's stack trace.
 *
 * V8 and JSC hand out a structured trace through `Error.prepareStackTrace` as long as nobody has read `error.stack`;
 * elsewhere the text is parsed. What each engine tells of a frame:
 *
 * | engine | module name | function index | offset |
 * |---|---|---|---|
 * | V8 (Node.js, Deno, Chromium) | in the URL | yes | yes |
 * | JSC (Bun, Safari) | yes | in place of the name, where the module has no name section | no |
 * | SpiderMonkey | no | yes | yes |
 *
 * @packageDocumentation
 */
import { ownModulePrefix } from "./own-modules.ts";
import { uncatchable } from "./uncatchable.ts";

/** One wasm frame, innermost first in a trace. */
export interface NativeFrame {
  /** Name of the module in its name section. */
  readonly moduleName: string | undefined;
  /** Index of the function, imports counted. A guest can forge it on JSC: a function may be called `7`. */
  readonly funcIndex: number | undefined;
  /** Name of the function in the name section. */
  readonly funcName: string | undefined;
  /** Offset of the instruction in the compiled bytes. */
  readonly offset: number | undefined;
  /**
   * Frames with nothing but wasm between them have the same number; it grows outwards, from 0. A JavaScript function
   * that calls wasm in tail position leaves no frame on JSC, and so does not part what is on its two sides.
   */
  readonly run: number;
  /** Whether JavaScript called it: the outermost frame of a run, unless the trace ends too early to tell. */
  readonly isEntry: boolean;
}

type FrameInfo = Omit<NativeFrame, "run" | "isEntry">;

/** What V8 and JSC tell of a frame: https://v8.dev/docs/stack-trace-api */
interface CallSite {
  getFunctionName(): string | null;
  getScriptNameOrSourceURL(): string | null;
}

interface StackTraceApi {
  prepareStackTrace?: unknown;
  stackTraceLimit?: unknown;
}

const api = Error as StackTraceApi;

/**
 * Makes the engine record enough frames from now on.
 *
 * V8 and JSC look at `Error.stackTraceLimit` when an error is made, count JavaScript frames as well, and stop at 10 by
 * default. The limit is raised once and for the whole environment: changing it around every call would cost every call,
 * and host functions would see the changed value all the same. A higher limit is left alone, and so is 0, which
 * somebody chose.
 *
 * @param wasmFrames - wanted number of wasm frames
 */
export function recordFrames(wasmFrames: number): void {
  // Room for a JavaScript frame beside each, and for our own.
  const wanted = 2 * wasmFrames + 10;
  const limit = api.stackTraceLimit;
  // Reflect.set: an assignment would throw where Error is frozen.
  if (typeof limit === "number" && limit > 0 && limit < wanted) Reflect.set(api, "stackTraceLimit", wanted);
}

/** The structured trace, or undefined where the engine has none or has already turned it into text. */
function callSites(error: Error): readonly CallSite[] | undefined {
  const present = Object.hasOwn(api, "prepareStackTrace");
  const previous = api.prepareStackTrace;
  let found: readonly CallSite[] | undefined;
  const prepareStackTrace = (subject: unknown, sites: readonly CallSite[]) => {
    if (subject === error) found = sites;
    // What this returns is error.stack from now on.
    if (typeof previous === "function") return previous.call(Error, subject, sites);
    return [String(subject), ...sites.map((site) => `    at ${site}`)].join("\n");
  };
  // Reflect.set: an assignment would throw where Error is frozen. Bun notices assignments only.
  if (!Reflect.set(api, "prepareStackTrace", prepareStackTrace)) return undefined;
  try {
    void error.stack;
  } finally {
    if (present) api.prepareStackTrace = previous;
    else delete api.prepareStackTrace;
  }
  return found;
}

const known = (text: string | null | undefined) => text || undefined;

/** `wasm://wasm/NAME-0123abcd`, or without a name `wasm://wasm/0123abcd`. */
function moduleNameIn(url: string): string | undefined {
  return known(/^wasm:\/\/wasm\/(.*)-[0-9a-f]{8}$/s.exec(url)?.[1]);
}

// Names are the guest's, so what follows takes time linear in their length.

/** JSC: `MODULE.wasm-function[NAME or index]`. Older ones call a nameless module `<?>`. */
function jscFrame(functionName: string): FrameInfo | undefined {
  const marker = ".wasm-function[";
  const start = functionName.indexOf(marker);
  if (start < 0 || !functionName.endsWith("]")) return undefined;
  const module = functionName.slice(0, start);
  const name = functionName.slice(start + marker.length, -1);
  const isIndex = /^\d+$/.test(name);
  return {
    moduleName: module === "<?>" ? undefined : known(module),
    funcIndex: isIndex ? Number(name) : undefined,
    funcName: isIndex ? undefined : known(name),
    offset: undefined,
  };
}

const wasmCode = "[wasm code]";

/** V8 and SpiderMonkey, at the end of a frame: index and offset. */
const location = /:wasm-function\[(\d+)\]:0x([0-9a-f]+)\)?$/;

function frameOfSite(site: CallSite): FrameInfo | undefined {
  const url = site.getScriptNameOrSourceURL() ?? "";
  const name = site.getFunctionName();
  if (url === wasmCode) return jscFrame(name ?? "");
  const [, index, offset] = location.exec(String(site)) ?? [];
  if (offset === undefined) return undefined;
  return {
    moduleName: moduleNameIn(url),
    funcIndex: Number(index),
    funcName: known(name),
    offset: Number.parseInt(offset, 16),
  };
}

/** The names in `MODULE.NAME (URL`; any of them may be missing, then the bracket too. */
function v8Names(text: string): Pick<FrameInfo, "moduleName" | "funcName"> {
  const generated = text.indexOf(" (wasm://");
  const bracket = generated < 0 ? text.lastIndexOf(" (") : generated;
  const moduleName = moduleNameIn(text.slice(bracket < 0 ? 0 : bracket + 2));
  const name = bracket < 0 ? undefined : text.slice(0, bracket);
  if (name === moduleName || name === "<anonymous>") return { moduleName, funcName: undefined };
  const prefix = `${moduleName}.`;
  return { moduleName, funcName: name?.startsWith(prefix) ? name.slice(prefix.length) : name };
}

/** The name in `NAME@URL`. A nameless function is called `wasm-function[1]`. */
function spiderMonkeyName(text: string): string | undefined {
  const name = text.slice(0, text.search(/@[a-z][\w+.-]*:/));
  return /^wasm-function\[\d+\]$/.test(name) ? undefined : known(name);
}

function frameOfLine(line: string): FrameInfo | undefined {
  if (line.endsWith(`@${wasmCode}`)) return jscFrame(line.slice(0, -wasmCode.length - 1));
  const unknown = { moduleName: undefined, funcIndex: undefined, funcName: undefined, offset: undefined };
  const v8Prefix = "    at ";
  // Bun's text tells no more of a wasm frame.
  if (line === `${v8Prefix}unknown`) return unknown;
  const match = location.exec(line);
  if (match === null) return undefined;
  const names = line.slice(0, match.index);
  const isV8 = names.startsWith(v8Prefix);
  return {
    ...unknown,
    ...(isV8 ? v8Names(names.slice(v8Prefix.length)) : { funcName: spiderMonkeyName(names) }),
    // Deno's text has 0 for every function.
    funcIndex: "Deno" in globalThis ? undefined : Number(match[1]),
    offset: Number.parseInt(match[2]!, 16),
  };
}

/** Lines of the trace in a text; V8 puts the message in front. */
function linesOf(error: Error): readonly string[] {
  const { stack } = error;
  if (typeof stack !== "string") return [];
  const header = `${error}\n`;
  return (stack.startsWith(header) ? stack.slice(header.length) : stack).split("\n");
}

/** Every frame of an error; undefined for those of JavaScript. */
function traceOf(error: Error): readonly (FrameInfo | undefined)[] {
  return callSites(error)?.map(frameOfSite) ?? linesOf(error).map(frameOfLine);
}

let offsetsAreTold: boolean | undefined;

/** Whether traces tell the offset of an instruction, and so its function; found out once, from a trap of our own. */
export function tracesTellOffsets(): boolean {
  offsetsAreTold ??= traceOf(uncatchable(undefined) as Error).some((frame) => frame?.offset !== undefined);
  return offsetsAreTold;
}

/**
 * The wasm frames an error was made under, innermost first. Frames of this library's own helper modules are left out.
 *
 * Reads `error.stack`, whose text stays what it would have been.
 */
export function wasmFrames(error: Error): readonly NativeFrame[] {
  const frames: NativeFrame[] = [];
  let run = 0;
  let behindJavaScript = false;
  for (const frame of traceOf(error)) {
    if (frame === undefined) {
      const last = frames.at(-1);
      if (last !== undefined) frames[frames.length - 1] = { ...last, isEntry: true };
      behindJavaScript = last !== undefined;
    } else if (!frame.moduleName?.startsWith(ownModulePrefix)) {
      if (behindJavaScript) run++;
      behindJavaScript = false;
      frames.push({ ...frame, run, isEntry: false });
    }
  }
  return frames;
}
