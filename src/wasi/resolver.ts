/**
 * The one place that takes paths apart.
 *
 * A path never leaves the directory it starts from: each component is opened on its own, relative to the one before,
 * without following links; `..` goes back over the handles that were opened and never reaches the file system; symbolic
 * links are read and their targets walked in the same way. A directory that somebody renames meanwhile stays the one
 * that was opened, so there is nothing to race on as long as the directories themselves are handles.
 *
 * @packageDocumentation
 */
import { Errno, errnoOf, fail } from "./errno.ts";
import type { Directory } from "./fs/directory.ts";

const maxLinks = 40;
const maxPathLength = 4096;

/**
 * What becomes of a symbolic link that is the path's last component: `follow` it; follow it only before a slash
 * (`slash`), since `link/` means the directory behind it; or `keep` it always, for operations on the entry itself.
 */
export type FinalLink = "follow" | "slash" | "keep";

/**
 * What is done at the end of a path.
 *
 * @param parent - the directory that holds the entry; it must not be kept
 * @param name - the entry, or undefined when the path names `parent` itself, as `.` does
 * @param slash - whether the path ends in a slash and so asks for a directory
 */
export type Operation<T> = (parent: Directory, name: string | undefined, slash: boolean) => T;

/**
 * Walks to the last component of a path and runs `operation` there.
 *
 * With `follow`, the operation is tried first and the link followed only if it fails with `loop` or `notdir` on one:
 * most paths end in no link, and asking beforehand would cost a system call each time.
 */
export function resolve<T>(root: Directory, path: string, finalLink: FinalLink, operation: Operation<T>): T {
  checkPath(path);
  const deep = deepParent(path);
  const known = deep === undefined ? undefined : root.recall?.(deep);
  if (known === undefined) return walk(root, path, deep, finalLink, operation);
  try {
    return operation(known, path.slice(path.lastIndexOf("/") + 1), false);
  } catch (error) {
    if (finalLink !== "follow" || !mayBeLink(error)) throw error;
  } finally {
    known.close();
  }
  return walk(root, path, undefined, finalLink, operation);
}

/** The walk itself, which leaves the directory it led to for the next one to that place. */
function walk<T>(
  root: Directory,
  path: string,
  deep: string | undefined,
  finalLink: FinalLink,
  operation: Operation<T>,
): T {
  const pending = path.includes("/") ? path.split("/").reverse() : [path];
  const depth = pending.length - 1;
  const opened: Directory[] = [];
  let parent = root;
  let links = 0;

  const follow = (target: string) => {
    links++;
    if (links > maxLinks) fail(Errno.loop);
    checkPath(target);
    pending.push(...target.split("/").reverse());
  };

  try {
    for (;;) {
      const name = pending.pop();
      if (name === undefined) return operation(parent, undefined, true);
      if (name === "" || name === ".") continue;
      if (name === "..") {
        // Above the root lies nothing the guest may name.
        const closing = opened.pop() ?? fail(Errno.perm);
        closing.close();
        parent = opened.at(-1) ?? root;
        continue;
      }
      if (!isLast(pending)) {
        const child = step(parent, name);
        if (typeof child === "string") {
          follow(child);
        } else {
          opened.push(child);
          parent = child;
        }
        continue;
      }
      const slash = pending.length > 0;
      const target = slash && finalLink !== "keep" ? parent.readLink(name) : undefined;
      if (target !== undefined) {
        follow(target);
        continue;
      }
      if (finalLink !== "follow") return operation(parent, name, slash);
      try {
        return operation(parent, name, slash);
      } catch (error) {
        follow(linkBehind(error, parent, name));
      }
    }
  } finally {
    if (deep !== undefined && links === 0 && opened.length === depth) root.remember?.(deep, opened.pop()!);
    for (const directory of opened) directory.close();
  }
}

/** The directory part of a path that goes at least two directories down, names each once and ends in a name. */
function deepParent(path: string): string | undefined {
  const end = path.lastIndexOf("/");
  if (end <= 0 || path.indexOf("/") === end || notPlain.test(path)) return undefined;
  return path.slice(0, end);
}

const notPlain = /(?:^|\/)\.{0,2}(?:\/|$)/;

function checkPath(path: string): void {
  if (path === "") fail(Errno.noent);
  if (path.length > maxPathLength) fail(Errno.nametoolong);
  if (path.startsWith("/")) fail(Errno.perm);
  if (path.includes("\0")) fail(Errno.inval);
}

/** Whether nothing but slashes and dots is left. */
function isLast(pending: readonly string[]): boolean {
  for (let index = pending.length - 1; index >= 0; index--) {
    if (pending[index] !== "" && pending[index] !== ".") return false;
  }
  return true;
}

/** Opens the next directory, or gives the target of the link found in its place. */
function step(parent: Directory, name: string): Directory | string {
  try {
    return parent.openDirectory(name);
  } catch (error) {
    return linkBehind(error, parent, name);
  }
}

/** Target of the link an operation stumbled over; throws the operation's own error when there is no link. */
function linkBehind(error: unknown, parent: Directory, name: string): string {
  if (!mayBeLink(error)) throw error;
  const target = parent.readLink(name);
  if (target === undefined) throw error;
  return target;
}

/** Whether an operation that does not follow links fails so on one. */
function mayBeLink(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === Errno.loop || errno === Errno.notdir;
}
