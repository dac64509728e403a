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

const indentation = Array.from({ length: 64 }, (_, depth) => "  ".repeat(depth));

/** The text of a module. */
export function printModule(info: ModuleInfo): string {
  return new ModulePrinter(info).print();
}

class ModulePrinter {
  readonly #info: ModuleInfo;
  readonly #module: ModuleNames;
  readonly #lines: string[] = [];
  /** The names as the parser will find them in the text. */
  readonly #written = new NameSection();
  /** Whether a function names a data segment. */
  #usesData = false;

  constructor(info: ModuleInfo) {
    this.#info = info;
    this.#module = new ModuleNames(info);
  }

  print(): string {
    const info = this.#info;
    const module = this.#module;
    const { name } = module;
    this.#written.module = name;
    this.#line(`(module${name === undefined ? "" : name === "" ? ' (@name "")' : ` ${idText(name)}`}`, 0);
    this.#printTypes();
    this.#printImports();
    this.#printTables();
    this.#printRest("memory", (index) => memoryTypeText(info.memories[index]!));
    this.#printRest("tag", (index) => this.#typeUse(info.tags[index]!));
    this.#printGlobals();
    for (const { name, kind, index } of info.exports) {
      this.#line(`(export ${quoted(name)} (${kind} ${module[kind].reference(index)}))`);
    }
    if (info.start !== undefined) this.#line(`(start ${module.func.reference(info.start)})`);
    for (const [index, segment] of readElementSegments(info).entries()) {
      this.#named("elem", index);
      this.#line(elementText(module, segment, index));
    }
    for (const [index, body] of functionBodies(info).entries()) {
      this.#printFunction(info.imported.func + index, body);
    }
    for (const [index, segment] of readDataSegments(info).entries()) {
      this.#named("data", index);
      this.#line(dataText(module, segment, index));
    }
    const hasDataCount = findSection(info, SectionId.dataCount) !== undefined;
    if (hasDataCount && !this.#usesData) this.#line("(@data_count)");
    const reproduced = reproducedNameSection(info, this.#written);
    for (const text of customTexts(info, reproduced)) this.#line(text);
    this.#line(")", 0);
    return `${this.#lines.join("\n")}\n`;
  }

  #line(text: string, depth = 1): void {
    this.#lines.push(indentation[depth] + text);
  }

  /** Notes the name that an item's definition shows. */
  #named(kind: NamedKind, index: number): void {
    this.#written.add(kind, index, this.#module[kind].name(index));
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
      if (isGroup) this.#line("(rec");
      for (const type of group) this.#printType(type, index++, isGroup);
      if (isGroup) this.#line(")");
    }
  }

  #printType(type: SubType, index: number, inGroup: boolean): void {
    const module = this.#module;
    const fields = module.fields(index);
    const text = subTypeText(type, module.type, fields);
    this.#line(`(type${module.type.numbered(index)} ${text})`, inGroup ? 2 : 1);
    this.#named("type", index);
    // The parser keeps field names of types that stand alone only.
    if (!inGroup) this.#written.addParts("field", index, fields.names);
  }

  #printImports(): void {
    const next = { func: 0, table: 0, memory: 0, global: 0, tag: 0 };
    for (const { module, name, desc } of this.#info.imports) {
      const index = next[desc.kind]++;
      const item = `${desc.kind}${this.#module[desc.kind].numbered(index)} ${this.#externText(desc)}`;
      this.#line(`(import ${quoted(module)} ${quoted(name)} (${item}))`);
      this.#named(desc.kind, index);
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

  #printTables(): void {
    const { definedTables, imported } = this.#info;
    for (const [position, { type, init }] of definedTables.entries()) {
      const index = imported.table + position;
      const value = init === undefined ? "" : this.#constant(init);
      this.#line(
        `(table${this.#module.table.numbered(index)} ${tableTypeText(type, this.#module.type)}${value})`,
      );
      this.#named("table", index);
    }
  }

  #printGlobals(): void {
    const { definedGlobals, imported } = this.#info;
    for (const [position, { type, init }] of definedGlobals.entries()) {
      const index = imported.global + position;
      const text = globalTypeText(type, this.#module.type);
      this.#line(`(global${this.#module.global.numbered(index)} ${text}${this.#constant(init)})`);
      this.#named("global", index);
    }
  }

  /** The instructions of a constant, each with a space in front. */
  #constant(init: ExprRange): string {
    return constantInstructions(this.#module, init)
      .map((text) => ` ${text}`)
      .join("");
  }

  /** Prints the memories or tags that are not imported. */
  #printRest(kind: "memory" | "tag", text: (index: number) => string): void {
    const count = kind === "memory" ? this.#info.memories.length : this.#info.tags.length;
    for (let index = this.#info.imported[kind]; index < count; index++) {
      this.#line(`(${kind}${this.#module[kind].numbered(index)} ${text(index)})`);
      this.#named(kind, index);
    }
  }

  #printFunction(index: number, body: FunctionBody): void {
    const module = this.#module;
    const typeIndex = this.#info.functions[index]!;
    const params = module.signature(typeIndex)?.params.length ?? 0;
    const labels = new PrintedLabels(module.labels(index));
    const { groups, code } = readLocals(module.info.bytes, body);
    const count = groups.reduce((sum, group) => sum + group.count, 0);
    if (count > maxLocals) throw malformed("too many locals: locals exceed maximum", body.start);
    const types = groups.flatMap((group) => new Array<ValType>(group.count).fill(group.type));

    const locals = module.locals(index, params + count);
    this.#line(`(func${module.func.numbered(index)} ${this.#typeUse(typeIndex, locals)}`);
    if (count > 0) this.#line(localsText("local", types, params, module.type, locals).trimStart(), 2);
    const range = { start: code, end: body.end };
    printBody(module, range, locals, labels, (text, depth, { immediates }) => {
      this.#line(text, depth + 2);
      this.#usesData ||= dataImmediates.has(immediates);
    });
    this.#line(")");
    this.#named("func", index);
    this.#written.addParts("local", index, locals.names);
    this.#written.addParts("label", index, labels.used);
  }
}
