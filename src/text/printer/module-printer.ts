/**
 * Modules as text that parses to the same module.
 *
 * Spec: https://webassembly.github.io/spec/core/text/modules.html
 *
 * @packageDocumentation
 */
import type { ExprRange, ExternDesc, ModuleInfo, SubType } from "../../binary/module-info.ts";
import type { Immediates } from "../../binary/opcodes.ts";
import { ByteReader, malformed } from "../../binary/reader.ts";
import { findSection, SectionId } from "../../binary/sections.ts";
import {
  type FunctionBody,
  functionBodies,
  readDataSegments,
  readElementSegments,
  readLocals,
} from "../../binary/segments.ts";
import { typeCode } from "../../binary/type-codes.ts";
import { readRecursionGroup } from "../../binary/type-reader.ts";
import type { ValType } from "../../binary/types.ts";
import { type NamedKind, NameSection } from "../parser/name-section.ts";
import { customTexts } from "./custom-sections.ts";
import type { Identifiers } from "./identifiers.ts";
import { constantInstructions, printBody } from "./instructions.ts";
import { PrintedLabels } from "./labels.ts";
import { Lines } from "./lines.ts";
import { idText, quoted } from "./literals.ts";
import { ModuleNames } from "./module-names.ts";
import { reproducedNameSection } from "./names.ts";
import { dataText, elementText } from "./segments.ts";
import {
  globalTypeText,
  localsText,
  memoryTypeText,
  signatureText,
  subTypeText,
  tableTypeText,
} from "./types.ts";

/** wasmparser's bound of the locals of a function; without one a few bytes could become gigabytes of text. */
const maxLocals = 50_000;

/** Immediates with a data segment among them: a function with such an instruction takes a data count section. */
const dataImmediates: ReadonlySet<Immediates> = new Set(["data", "memoryData", "typeData"]);

/** The text of a module. */
export function printModule(info: ModuleInfo): string {
  return new ModulePrinter(info).print();
}

class ModulePrinter {
  readonly #info: ModuleInfo;
  readonly #module: ModuleNames;
  readonly #lines = new Lines();
  /** The names as the parser will find them in the text. */
  readonly #written = new NameSection();
  /** Whether a function names a data segment. */
  #usesData = false;

  constructor(info: ModuleInfo) {
    this.#info = info;
    this.#module = new ModuleNames(info);
  }

  print(): string {
    const { name } = this.#module;
    this.#written.module = name;
    this.#lines.add(
      `(module${name === undefined ? "" : name === "" ? ' (@name "")' : ` ${idText(name)}`}`,
      0,
    );
    this.#printTypes();
    this.#printImports();
    this.#printDefinitions();
    this.#printExports();
    this.#printSegmentsAndFunctions();
    this.#printCustomSections();
    this.#lines.add(")", 0);
    return this.#lines.finish();
  }

  /** Prints a definition whose text, behind its name, fits on a line. */
  #define(kind: NamedKind, index: number, text: string, depth = 1): void {
    this.#lines.add(`(${kind}${this.#named(kind, index)} ${text})`, depth);
  }

  /** What stands between a definition's keyword and the rest; notes the name that it shows. */
  #named(kind: NamedKind, index: number): string {
    const identifiers = this.#module[kind];
    this.#written.add(kind, index, identifiers.name(index));
    return `${identifiers.definition(index)} (;${index};)`;
  }

  #printTypes(): void {
    const section = findSection(this.#info, SectionId.type);
    if (section === undefined) return;
    const reader = new ByteReader(this.#info.bytes, section.payload, section.end);
    let index = 0;
    for (let left = reader.u32(); left > 0; left--) {
      // Read anew: a group of one type may or may not be spelled out.
      const isGroup = reader.peek() === typeCode.rec;
      const group = readRecursionGroup(reader);
      if (isGroup) this.#lines.add("(rec", 1);
      for (const type of group) this.#printType(type, index++, isGroup);
      if (isGroup) this.#lines.add(")", 1);
    }
  }

  #printType(type: SubType, index: number, inGroup: boolean): void {
    const fields = this.#module.fields(index);
    this.#define("type", index, subTypeText(type, this.#module.type, fields), inGroup ? 2 : 1);
    // The parser keeps field names of types that stand alone only.
    if (!inGroup) this.#written.addParts("field", index, fields.names);
  }

  #printImports(): void {
    const next = { func: 0, table: 0, memory: 0, global: 0, tag: 0 };
    for (const { module, name, desc } of this.#info.imports) {
      const item = `${desc.kind}${this.#named(desc.kind, next[desc.kind]++)} ${this.#externText(desc)}`;
      this.#lines.add(`(import ${quoted(module)} ${quoted(name)} (${item}))`, 1);
    }
  }

  #externText(desc: ExternDesc): string {
    switch (desc.kind) {
      case "func":
        return desc.exact ? `(exact ${this.#typeUse(desc.typeIndex)})` : this.#typeUse(desc.typeIndex);
      case "tag":
        return this.#typeUse(desc.typeIndex);
      case "table":
        return tableTypeText(desc, this.#module.type);
      case "memory":
        return memoryTypeText(desc);
      case "global":
        return globalTypeText(desc, this.#module.type);
    }
  }

  /** A function type by index, with its signature; parameters by name where locals are given. */
  #typeUse(typeIndex: number, locals?: Identifiers): string {
    const module = this.#module;
    const signature = module.signature(typeIndex);
    const inline = signature === undefined ? "" : signatureText(signature, module.type, locals);
    return `(type ${module.type.reference(typeIndex)})${inline}`;
  }

  #printDefinitions(): void {
    const { definedTables, memories, tags, definedGlobals, imported } = this.#info;
    const types = this.#module.type;
    definedTables.forEach(({ type, init }, position) => {
      const value = init === undefined ? "" : this.#constant(init);
      this.#define("table", imported.table + position, tableTypeText(type, types) + value);
    });
    memories.slice(imported.memory).forEach((type, position) => {
      this.#define("memory", imported.memory + position, memoryTypeText(type));
    });
    tags.slice(imported.tag).forEach((typeIndex, position) => {
      this.#define("tag", imported.tag + position, this.#typeUse(typeIndex));
    });
    definedGlobals.forEach(({ type, init }, position) => {
      this.#define("global", imported.global + position, globalTypeText(type, types) + this.#constant(init));
    });
  }

  /** The instructions of a constant, each with a space in front. */
  #constant(init: ExprRange): string {
    const instructions = constantInstructions(this.#module, init);
    return instructions.map((text) => ` ${text}`).join("");
  }

  #printExports(): void {
    const { exports, start } = this.#info;
    for (const { name, kind, index } of exports) {
      this.#lines.add(`(export ${quoted(name)} (${kind} ${this.#module[kind].reference(index)}))`, 1);
    }
    if (start !== undefined) this.#lines.add(`(start ${this.#module.func.reference(start)})`, 1);
  }

  #printSegmentsAndFunctions(): void {
    const info = this.#info;
    const module = this.#module;
    readElementSegments(info).forEach((segment, index) => {
      this.#define("elem", index, elementText(module, segment));
    });
    functionBodies(info).forEach((body, position) => {
      this.#printFunction(info.imported.func + position, body);
    });
    readDataSegments(info).forEach((segment, index) => {
      this.#define("data", index, dataText(module, segment));
    });
  }

  #printFunction(index: number, body: FunctionBody): void {
    const module = this.#module;
    const typeIndex = this.#info.functions[index]!;
    const params = module.signature(typeIndex)?.params.length ?? 0;
    const { groups, code } = readLocals(module.info.bytes, body);
    const count = groups.reduce((sum, group) => sum + group.count, 0);
    if (count > maxLocals) throw malformed("too many locals: locals exceed maximum", body.start);
    const types = groups.flatMap((group) => new Array<ValType>(group.count).fill(group.type));
    const locals = module.locals(index, params + count);
    const labels = new PrintedLabels(module.labels(index));

    this.#lines.add(`(func${this.#named("func", index)} ${this.#typeUse(typeIndex, locals)}`, 1);
    if (count > 0) this.#lines.add(localsText("local", types, params, module.type, locals).trimStart(), 2);
    const range = { start: code, end: body.end };
    printBody(module, range, locals, labels, (text, depth, { immediates }) => {
      this.#lines.add(text, depth + 2);
      this.#usesData ||= dataImmediates.has(immediates);
    });
    this.#lines.add(")", 1);
    this.#written.addParts("local", index, locals.names);
    this.#written.addParts("label", index, labels.used);
  }

  #printCustomSections(): void {
    const hasDataCount = findSection(this.#info, SectionId.dataCount) !== undefined;
    if (hasDataCount && !this.#usesData) this.#lines.add("(@data_count)", 1);
    const reproduced = reproducedNameSection(this.#info, this.#written);
    for (const text of customTexts(this.#info, reproduced)) this.#lines.add(text, 1);
  }
}
