/**
 * Modules inside of test scripts (`.wast`).
 *
 * Spec: https://github.com/WebAssembly/spec/tree/main/interpreter#scripts
 *
 * @packageDocumentation
 */
import { ByteWriter } from "../binary/writer.ts";
import { moduleText, wholeModule } from "./parser/module-parser.ts";
import { Cursor } from "./syntax/cursor.ts";
import { tokenize } from "./syntax/lexer.ts";
import { decodeUtf8 } from "./syntax/strings.ts";
import { TokenKind } from "./syntax/tokens.ts";

/** A `(module …)` form of a script. */
export type ModuleForm =
  | {
      readonly kind: "text" | "quote" | "binary";
      /** Its identifier in the script. */
      readonly id: string | undefined;
      /** `(module definition …)`: it is not instantiated where it stands. */
      readonly definition: boolean;
      /**
       * The module's bytes.
       *
       * @throws WatSyntaxError - the text, or the quoted text, is malformed
       */
      readonly assemble: () => Uint8Array<ArrayBuffer>;
    }
  | {
      /** `(module instance $instance $module)`: instantiates the module of that name, or the last one. */
      readonly kind: "instance";
      readonly id: string | undefined;
      readonly module: string | undefined;
    };

/** Steps over the `(module …)` form that comes next; its text is parsed when it is assembled. */
export function moduleForm(cursor: Cursor): ModuleForm {
  const behind = cursor.behindForm(cursor.position);
  cursor.open();
  cursor.expectKeyword("module");
  if (cursor.takeKeyword("instance")) {
    const id = cursor.takeId();
    const module = cursor.takeId();
    cursor.close();
    return { kind: "instance", id, module };
  }
  const definition = cursor.takeKeyword("definition");
  const start = cursor.position;
  const id = cursor.takeId();
  const kind = cursor.takeKeyword("quote") ? "quote" : cursor.isKeyword("binary") ? "binary" : "text";
  if (kind !== "quote") {
    cursor.position = behind;
    return { kind, id, definition, assemble: () => moduleText(new Cursor(cursor.tokens, start)) };
  }
  const content = strings(cursor);
  cursor.close();
  return { kind, id, definition, assemble: () => quoted(content) };
}

function strings(cursor: Cursor): Uint8Array {
  const writer = new ByteWriter();
  while (cursor.kind() === TokenKind.string) writer.bytes(cursor.string());
  return writer.finish();
}

function quoted(content: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = decodeUtf8(content);
  const cursor = new Cursor(tokenize(text ?? ""));
  return text === undefined ? cursor.fail("malformed UTF-8 encoding") : wholeModule(cursor);
}
