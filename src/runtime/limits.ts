/**
 * Bounds of a store: how many instances, memories and tables, and how large each may become.
 *
 * Mirrors `wasmtime::StoreLimits` and `wasmtime::ResourceLimiter`.
 *
 * @packageDocumentation
 */
import type { MemoryType, TableType } from "../binary/types.ts";
import { LimitError } from "../errors.ts";
import { show } from "./arguments.ts";

/** Fixed bounds of a store. What is left out is unlimited. */
export interface StoreLimits {
  /** Size of each memory, in bytes. */
  readonly memorySize?: number | undefined;
  /** Size of each table, in elements. */
  readonly tableElements?: number | undefined;
  /** Instances made in the store's life; failed instantiations count. */
  readonly instances?: number | undefined;
  /** Tables that instances of the store define. */
  readonly tables?: number | undefined;
  /** Memories that instances of the store define. */
  readonly memories?: number | undefined;
  /** Default false. Whether a refused growth is an error that stops the guest, not a −1 it sees. */
  readonly trapOnGrowFailure?: boolean | undefined;
}

/** Decides about each creation (`current` 0) and growth. Not asked about shared memories and growth by nothing. */
export interface ResourceLimiter {
  /** Sizes in bytes. False refuses; an exception stops the guest and reaches the host as it is. */
  memoryGrowing?(currentBytes: number, desiredBytes: number, maximumBytes: number | undefined): boolean;
  /** Sizes in elements. */
  tableGrowing?(current: number, desired: number, maximum: number | undefined): boolean;
}

/** Until limits are set, counts are bounded as in wasmtime. */
const defaultLimits: StoreLimits = { instances: 10_000, tables: 10_000, memories: 10_000 };
const limitKeys = ["memorySize", "tableElements", "instances", "tables", "memories"] as const;

/** Limits as a caller gave them. @internal */
export function limitsFrom(limits: StoreLimits): StoreLimits {
  if (typeof limits !== "object" || limits === null)
    throw new TypeError(`Expected limits to be an object, got ${show(limits)}`);
  for (const [key, value] of Object.entries(limits)) {
    if (value === undefined) continue;
    if (key === "trapOnGrowFailure") {
      if (typeof value !== "boolean")
        throw new TypeError(`Expected \`${key}\` to be a boolean, got ${show(value)}`);
    } else if (!(limitKeys as readonly string[]).includes(key)) {
      throw new TypeError(`Unknown limit \`${key}\``);
    } else if (typeof value !== "number") {
      throw new TypeError(`Expected the limit \`${key}\` to be a number, got ${show(value)}`);
    } else if (!Number.isSafeInteger(value) || value < 0) {
      throw new RangeError(`Expected the limit \`${key}\` to be a non-negative integer, got ${show(value)}`);
    }
  }
  return { ...limits };
}

/** Whether limits concern growth, and not only how much there is. @internal */
export function concernsGrowth({ memorySize, tableElements, trapOnGrowFailure }: StoreLimits): boolean {
  return memorySize !== undefined || tableElements !== undefined || trapOnGrowFailure === true;
}

function boundsAsLimiter(limits: StoreLimits): ResourceLimiter {
  const decide = (what: "memory" | "table", desired: number, bound: number | undefined) => {
    const allowed = bound === undefined || desired <= bound;
    if (!allowed && limits.trapOnGrowFailure)
      throw new LimitError(
        `forcing trap when growing ${what} to ${desired} ${what === "memory" ? "bytes" : "elements"}`,
      );
    return allowed;
  };
  return {
    memoryGrowing: (_current, desired) => decide("memory", desired, limits.memorySize),
    tableGrowing: (_current, desired) => decide("table", desired, limits.tableElements),
  };
}

/** What a store has used, and who decides about more. @internal */
export class StoreResources {
  #limits = defaultLimits;
  #limiter: ResourceLimiter | undefined;
  readonly #used = { instance: 0, memory: 0, table: 0 };

  /** Replaces all limits. What exists already stays, but counts towards the new ones. */
  setLimits(limits: StoreLimits): void {
    this.#limits = limits;
    this.#limiter = boundsAsLimiter(this.#limits);
  }

  setLimiter(limiter: ResourceLimiter): void {
    if (typeof limiter !== "object" || limiter === null)
      throw new TypeError(`Expected a ResourceLimiter, got ${show(limiter)}`);
    this.#limits = defaultLimits;
    this.#limiter = limiter;
  }

  /** Whether growth has to be asked for at all. */
  get isLimited(): boolean {
    return this.#limiter !== undefined;
  }

  /** Counts an instantiation, whether or not it succeeds later. */
  countInstance(memories: number, tables: number): void {
    this.#count("instance", 1, this.#limits.instances);
    this.#count("memory", memories, this.#limits.memories);
    this.#count("table", tables, this.#limits.tables);
  }

  /** Asks for a memory of a type's minimum size. */
  allowMemory(type: MemoryType): void {
    if (type.shared) return;
    const desired = Number(type.minimum) * type.pageSize;
    if (!this.#mayGrow("memoryGrowing", 0, desired, maximumBytes(type)))
      throw new LimitError(`memory minimum size of ${type.minimum} pages exceeds memory limits`);
  }

  /** Asks for a table of a type's minimum size. */
  allowTable(type: TableType): void {
    if (!this.#mayGrow("tableGrowing", 0, Number(type.minimum), maximumElements(type)))
      throw new LimitError(`table minimum size of ${type.minimum} elements exceeds table limits`);
  }

  /** Whether a memory may grow by so many pages. */
  allowMemoryGrowth(currentPages: number, deltaPages: number, type: MemoryType): boolean {
    if (type.shared || deltaPages === 0) return true;
    const current = currentPages * type.pageSize;
    const desired = (currentPages + deltaPages) * type.pageSize;
    return this.#mayGrow("memoryGrowing", current, desired, maximumBytes(type));
  }

  /** Whether a table may grow by so many elements. */
  allowTableGrowth(current: number, delta: number, type: TableType): boolean {
    if (delta === 0) return true;
    return this.#mayGrow("tableGrowing", current, current + delta, maximumElements(type));
  }

  /** Growth that was allowed failed all the same. */
  growthFailed(what: "memory" | "table", reason: string): void {
    if (!this.#limits.trapOnGrowFailure) return;
    throw new LimitError(`forcing a ${what} growth failure to be a trap`, { cause: reason });
  }

  #mayGrow(
    method: keyof ResourceLimiter,
    current: number,
    desired: number,
    maximum: number | undefined,
  ): boolean {
    const limiter = this.#limiter;
    if (limiter?.[method] === undefined) return true;
    const answer: unknown = limiter[method](current, desired, maximum);
    if (typeof answer === "boolean") return answer;
    throw new TypeError(`Expected \`${method}\` to return a boolean, got ${show(answer)}`);
  }

  #count(what: "instance" | "memory" | "table", more: number, limit: number | undefined): void {
    const total = this.#used[what] + more;
    if (limit !== undefined && total > limit)
      throw new LimitError(`resource limit exceeded: ${what} count too high at ${total}`);
    this.#used[what] = total;
  }
}

function maximumBytes({ maximum, pageSize }: MemoryType): number | undefined {
  return maximum === undefined ? undefined : Number(maximum) * pageSize;
}

function maximumElements({ maximum }: TableType): number | undefined {
  return maximum === undefined ? undefined : Number(maximum);
}
