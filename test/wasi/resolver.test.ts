import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Errno, errnoOf, fail } from "../../src/wasi/errno.ts";
import type { Directory } from "../../src/wasi/fs/directory.ts";
import { type FinalLink, resolve } from "../../src/wasi/resolver.ts";

/** A tree to walk: directories, files and the targets of links. */
type Node = { readonly [name: string]: Node } | "file" | { readonly target: string };
const names = ["a", "b", "c", "link"];

function isDirectory(node: Node | undefined): node is { readonly [name: string]: Node } {
  return typeof node === "object" && typeof node.target !== "string";
}

/** Counts the handles that are open and refuses names a backend must never see. */
class Walked {
  open = 0;
  readonly root: Directory;

  constructor(tree: Node) {
    this.root = this.#directory(tree, "");
  }

  #directory(node: Node, path: string): Directory {
    const entry = (name: string): Node | undefined => {
      if (!/^[^/\0]+$/.test(name) || name === "." || name === "..") throw new Error(`bad name ${name}`);
      return isDirectory(node) ? node[name] : undefined;
    };
    return {
      kind: "directory",
      path,
      openDirectory: (name: string) => {
        const child = entry(name) ?? fail(Errno.noent);
        if (!isDirectory(child)) return fail(Errno.notdir);
        this.open++;
        return this.#directory(child, `${path}/${name}`);
      },
      readLink: (name: string) => {
        const child = entry(name);
        return typeof child === "object" && typeof child.target === "string" ? child.target : undefined;
      },
      lstat: entry,
      close: () => {
        this.open--;
      },
    } as unknown as Directory;
  }
}

function landing(walked: Walked, path: string, finalLink: FinalLink): string {
  try {
    return resolve(walked.root, path, finalLink, (parent, name, slash) => {
      if (name !== undefined && finalLink === "follow" && parent.readLink(name) !== undefined)
        fail(Errno.loop);
      return `${(parent as unknown as { path: string }).path}/${name ?? ""}${slash ? "/" : ""}`;
    });
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    return `errno ${errno}`;
  }
}

/** What the path leads to by the book, with a stack of names. */
function expected(tree: Node, path: string, finalLink: FinalLink): string {
  const stack: string[] = [];
  const at = () =>
    stack.reduce<Node | undefined>((node, name) => (isDirectory(node) ? node[name] : undefined), tree);
  let links = 0;
  let pending = path.split("/");
  const check = (text: string) => {
    if (text === "") throw Errno.noent;
    if (text.length > 4096) throw Errno.nametoolong;
    if (text.startsWith("/")) throw Errno.perm;
    if (text.includes("\0")) throw Errno.inval;
  };
  try {
    check(path);
    while (pending.length > 0) {
      const [name, ...rest] = pending as [string, ...string[]];
      pending = rest;
      if (name === "" || name === ".") continue;
      if (name === "..") {
        if (stack.pop() === undefined) throw Errno.perm;
        continue;
      }
      const here = at();
      const child = isDirectory(here) ? here[name] : undefined;
      const last = pending.every((text) => text === "" || text === ".");
      const slash = pending.length > 0;
      const isLink = typeof child === "object" && typeof child.target === "string";
      const follows = !last || finalLink === "follow" || (finalLink === "slash" && slash);
      if (isLink && follows) {
        links++;
        if (links > 40) throw Errno.loop;
        check(child.target as string);
        pending = [...(child.target as string).split("/"), ...pending];
        continue;
      }
      if (last) return `${stack.map((part) => `/${part}`).join("")}/${name}${slash ? "/" : ""}`;
      if (child === undefined) throw Errno.noent;
      if (!isDirectory(child)) throw Errno.notdir;
      stack.push(name);
    }
    return `${stack.map((part) => `/${part}`).join("")}//`;
  } catch (errno) {
    return `errno ${errno}`;
  }
}

const component = fc.oneof(
  { arbitrary: fc.constantFrom(...names), weight: 6 },
  { arbitrary: fc.constantFrom(".", "..", ""), weight: 3 },
  { arbitrary: fc.constantFrom("x\0y", "no such"), weight: 1 },
);
const anyPath = fc.array(component, { minLength: 0, maxLength: 8 }).map((parts) => parts.join("/"));
const { tree } = fc.letrec<{ tree: Node; node: Node }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthIdentifier: "tree" },
    fc.constant<Node>("file"),
    anyPath.map((target): Node => ({ target })),
    tie("tree"),
  ),
  tree: fc.dictionary(fc.constantFrom(...names), tie("node"), { depthIdentifier: "tree", maxKeys: 4 }),
}));

describe("resolve", () => {
  it("leads where the path does by the book, and closes what it opened", () => {
    fc.assert(
      fc.property(
        tree,
        anyPath,
        fc.constantFrom<FinalLink>("follow", "slash", "keep"),
        (tree, path, finalLink) => {
          const walked = new Walked(tree);
          expect(landing(walked, path, finalLink)).toBe(expected(tree, path, finalLink));
          expect(walked.open).toBe(0);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("closes what it opened when the operation throws", () => {
    const walked = new Walked({ a: { b: { c: "file" } } });
    const thrown = new Error("from the operation");
    expect(() =>
      resolve(walked.root, "a/b/c", "follow", () => {
        throw thrown;
      }),
    ).toThrow(thrown);
    expect(walked.open).toBe(0);
  });

  it("follows no more than 40 links and no longer targets than paths", () => {
    const chain = (length: number) =>
      Object.fromEntries(
        Array.from({ length }, (_, index): [string, Node] => [
          `l${index}`,
          index === length - 1 ? "file" : { target: `l${index + 1}` },
        ]),
      );
    expect(landing(new Walked(chain(41)), "l0", "follow")).toBe("/l40");
    expect(landing(new Walked(chain(42)), "l0", "follow")).toBe(`errno ${Errno.loop}`);
    expect(landing(new Walked({ a: { target: "x/".repeat(3000) } }), "a", "follow")).toBe(
      `errno ${Errno.nametoolong}`,
    );
  });
});
