/**
 * Reads the commands of a script, one at a time.
 *
 * @packageDocumentation
 */
import { WatSyntaxError } from "../errors.ts";
import { wholeModule } from "../text/parser/module-parser.ts";
import { moduleForm } from "../text/script-modules.ts";
import { scriptValues } from "../text/script-values.ts";
import { Cursor } from "../text/syntax/cursor.ts";
import { tokenize } from "../text/syntax/lexer.ts";
import { TokenKind } from "../text/syntax/tokens.ts";
import {
  type Action,
  type Command,
  type CommandBody,
  failureAssertions,
  refusalAssertions,
  type Subject,
} from "./script.ts";

/** Parses a command from its keyword on, up to its closing parenthesis. */
type CommandParser = (cursor: Cursor, word: string) => CommandBody;

const actionWords = ["invoke", "get"] as const;

const parsers = new Map<string, CommandParser>([
  ["register", register],
  ["assert_return", assertReturn],
  ["thread", thread],
  ["wait", wait],
  ["component", unsupported("components are not supported")],
  ["assert_suspension", unsupported("stack switching is not supported")],
  ...actionWords.map((word) => [word, bareAction] as const),
]);
for (const kind of failureAssertions) {
  parsers.set(kind, (cursor) => {
    cursor.position++;
    return { kind, subject: subject(cursor), message: cursor.atClose ? undefined : cursor.name() };
  });
}
for (const kind of refusalAssertions) {
  parsers.set(kind, (cursor) => {
    cursor.position++;
    return { kind, module: moduleForm(cursor), message: cursor.name() };
  });
}

function register(cursor: Cursor): CommandBody {
  cursor.position++;
  return { kind: "register", as: cursor.name(), instance: cursor.takeId() };
}

function assertReturn(cursor: Cursor): CommandBody {
  cursor.position++;
  return { kind: "assert_return", action: action(cursor), expected: scriptValues(cursor) };
}

function bareAction(cursor: Cursor): CommandBody {
  return { kind: "action", action: actionContent(cursor) };
}

function wait(cursor: Cursor): CommandBody {
  cursor.position++;
  return { kind: "wait", thread: id(cursor) };
}

/** `(thread $name (shared (module $instance))* command*)`: the commands stay text, for another thread to read. */
function thread(cursor: Cursor): CommandBody {
  cursor.position++;
  const name = id(cursor);
  const shared: string[] = [];
  while (cursor.takeForm("shared")) {
    cursor.open();
    cursor.expectKeyword("module");
    shared.push(id(cursor));
    cursor.close();
    cursor.close();
  }
  const start = cursor.offset();
  while (!cursor.atClose) cursor.skip();
  const end = cursor.offset();
  // Lines count as in the script.
  const linesAbove = cursor.source.slice(0, start).replace(/[^\n]+/g, "");
  return { kind: "thread", name, shared, body: linesAbove + cursor.source.slice(start, end) };
}

function unsupported(reason: string): CommandParser {
  return (cursor, word) => {
    while (!cursor.atClose) cursor.skip();
    return { kind: "unusable", word, reason };
  };
}

function id(cursor: Cursor): string {
  return cursor.takeId() ?? cursor.fail("expected an identifier");
}

function subject(cursor: Cursor): Subject {
  return cursor.isForm("module") ? moduleForm(cursor) : action(cursor);
}

function action(cursor: Cursor): Action {
  cursor.open();
  const found = actionContent(cursor);
  cursor.close();
  return found;
}

function actionContent(cursor: Cursor): Action {
  const kind = actionWords.find((word) => cursor.takeKeyword(word));
  if (kind === undefined) cursor.fail("expected `invoke` or `get`");
  const instance = cursor.takeId();
  const name = cursor.name();
  return { kind, instance, name, args: kind === "invoke" ? scriptValues(cursor) : [] };
}

/** The commands of a script in order. A script may also be nothing but the fields of one module. */
export class ScriptReader {
  readonly #cursor: Cursor;
  #line = 1;
  /** Up to where {@link #line} has counted. */
  #counted = 0;
  #isInlineModule: boolean;

  constructor(source: string) {
    const cursor = new Cursor(tokenize(source));
    this.#cursor = cursor;
    this.#isInlineModule =
      cursor.kind() === TokenKind.leftParen &&
      cursor.kind(1) === TokenKind.keyword &&
      cursor.text(1) !== "module" &&
      !parsers.has(cursor.text(1));
  }

  /** The next command; undefined at the end. One that is malformed is `unusable`, and reading goes on behind it. */
  next(): Command | undefined {
    const cursor = this.#cursor;
    if (cursor.position >= cursor.tokens.count || cursor.kind() === TokenKind.end) return undefined;
    const line = this.#lineOf(cursor.offset());
    const behind = cursor.behindForm(cursor.position);
    try {
      return { ...this.#command(), line };
    } catch (error) {
      if (!(error instanceof WatSyntaxError)) throw error;
      // Behind a lexical mistake there is nothing to go on with.
      cursor.position = cursor.kind() === TokenKind.error ? cursor.tokens.count : behind;
      return { kind: "unusable", word: "script", reason: error.message, line };
    }
  }

  #command(): CommandBody {
    const cursor = this.#cursor;
    if (this.#isInlineModule) {
      this.#isInlineModule = false;
      const { position } = cursor;
      cursor.position = cursor.tokens.count;
      const assemble = () => wholeModule(new Cursor(cursor.tokens, position));
      return { kind: "module", module: { kind: "text", id: undefined, definition: false, assemble } };
    }
    if (cursor.isForm("module")) return { kind: "module", module: moduleForm(cursor) };
    cursor.open();
    const word = cursor.kind() === TokenKind.keyword ? cursor.text() : "";
    const parse = parsers.get(word) ?? cursor.fail("unknown command");
    const command = parse(cursor, word);
    cursor.close();
    return command;
  }

  #lineOf(offset: number): number {
    const { source } = this.#cursor;
    for (; this.#counted < offset; this.#counted++) {
      if (source.charCodeAt(this.#counted) === 0x0a) this.#line++;
    }
    return this.#line;
  }
}
