/**
 * What everything in a module is called in its printed text.
 *
 * @packageDocumentation
 */
import type { ModuleInfo } from "../../binary/module-info.ts";
import { type NameMap, Names } from "../../binary/names.ts";
import type { FuncSignature } from "../../binary/types.ts";
import { Identifiers } from "./identifiers.ts";

const none: NameMap = new Map();

export class ModuleNames {
  readonly info: ModuleInfo;
  readonly func: Identifiers;
  readonly type: Identifiers;
  readonly table: Identifiers;
  readonly memory: Identifiers;
  readonly global: Identifiers;
  readonly tag: Identifiers;
  readonly elem: Identifiers;
  readonly data: Identifiers;
  readonly #names: Names;
  readonly #fields = new Map<number, Identifiers>();

  constructor(info: ModuleInfo) {
    const names = new Names(info);
    this.info = info;
    this.#names = names;
    this.func = new Identifiers(names.functions, info.functions.length);
    this.type = new Identifiers(names.types, info.types.length);
    this.table = new Identifiers(names.tables, info.tables.length);
    this.memory = new Identifiers(names.memories, info.memories.length);
    this.global = new Identifiers(names.globals, info.globals.length);
    this.tag = new Identifiers(names.tags, info.tags.length);
    this.elem = new Identifiers(names.elements, info.elementCount);
    this.data = new Identifiers(names.data, info.dataCount);
  }

  /** The module's own name. */
  get name(): string | undefined {
    return this.#names.module;
  }

  /** Fields of a struct type. */
  fields(typeIndex: number): Identifiers {
    let fields = this.#fields.get(typeIndex);
    if (fields === undefined) {
      const composite = this.info.types[typeIndex]?.composite;
      const count = composite?.kind === "struct" ? composite.fields.length : 0;
      fields = new Identifiers(this.#names.fields.get(typeIndex) ?? none, count);
      this.#fields.set(typeIndex, fields);
    }
    return fields;
  }

  /** Parameters and locals of a function, so many in all. */
  locals(functionIndex: number, count: number): Identifiers {
    return new Identifiers(this.#names.locals.get(functionIndex) ?? none, count);
  }

  labels(functionIndex: number): NameMap {
    return this.#names.labels.get(functionIndex) ?? none;
  }

  /** The signature of a function type, or undefined where the index is none of a function type. */
  signature(typeIndex: number): FuncSignature | undefined {
    const composite = this.info.types[typeIndex]?.composite;
    return composite?.kind === "func" ? composite : undefined;
  }
}
