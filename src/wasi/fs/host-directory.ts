import { platform } from "#platform";
import { UnsupportedError, WasmlinkError } from "../../errors.ts";
import type { HostFileSystem } from "../../host/platform.ts";
import { show } from "../../runtime/arguments.ts";
import { FileType } from "../abi.ts";
import type { Directory, OpeningContext, WasiDirectory } from "./directory.ts";
import { descriptorPrefix, HandleDirectory } from "./handle-directory.ts";
import { filetypeOf, HostStats } from "./host-stat.ts";
import { PortableDirectory } from "./portable-directory.ts";

/** A directory of the host, before a context opens it. */
class HostDirectory implements WasiDirectory {
  readonly kind = "host";
  readonly #fileSystem: HostFileSystem;
  readonly #path: string;
  readonly #portable: boolean;

  constructor(fileSystem: HostFileSystem, path: string, portable: boolean) {
    this.#fileSystem = fileSystem;
    this.#path = path;
    this.#portable = portable;
  }

  /** @internal */
  open(context: OpeningContext): Directory {
    const prefix = this.#portable ? undefined : descriptorPrefix(this.#fileSystem);
    if (prefix === undefined && context.requireRaceFree) {
      throw new UnsupportedError(
        "race-free host directories",
        "host",
        `\`${this.#path}\` cannot be preopened with \`requireRaceFree\`: this process cannot use descriptors as directories`,
      );
    }
    try {
      return prefix === undefined
        ? openPortable(this.#fileSystem, this.#path)
        : HandleDirectory.preopen(this.#fileSystem, prefix, this.#path);
    } catch (cause) {
      throw new WasmlinkError("failed to add preopen dir", {
        code: "ERR_WASI_PREOPEN",
        cause: new WasmlinkError(`cannot open the directory \`${this.#path}\``, { cause }),
      });
    }
  }
}

/**
 * A directory of the host, for {@link WasiOptions.preopens}. It is opened when a store gets the configuration.
 *
 * On Linux the guest is kept inside by handles that no rename can trick. Elsewhere, or when `/proc` is out of reach,
 * paths are checked instead: that stops every guest, but not one with an accomplice outside that changes the same
 * tree at the same time. {@link WasiOptions.requireRaceFree} refuses the second kind.
 *
 * @throws {TypeError} `path` is no string
 * @throws {UnsupportedError} JavaScript has no file system
 */
export function hostDirectory(path: string): WasiDirectory {
  return hostDirectoryOf(path, false);
}

/** A directory of the host that is known by its path even where handles would do. @internal */
export function portableHostDirectory(path: string): WasiDirectory {
  return hostDirectoryOf(path, true);
}

function hostDirectoryOf(path: string, portable: boolean): WasiDirectory {
  if (typeof path !== "string") throw new TypeError(`Expected a path, got ${show(path)}`);
  const { fileSystem } = platform;
  if (fileSystem === undefined) {
    throw new UnsupportedError(
      "host directories",
      "host",
      `\`${path}\` cannot be preopened: there is no file system here; use a \`MemoryDirectory\``,
    );
  }
  return new HostDirectory(fileSystem, path, portable);
}

function openPortable(fileSystem: HostFileSystem, path: string): Directory {
  const real = fileSystem.realPath(path);
  const stat = fileSystem.lstat(real);
  if (stat === undefined || filetypeOf(stat.mode) !== FileType.directory) {
    throw new WasmlinkError(`\`${path}\` is not a directory`);
  }
  return new PortableDirectory(fileSystem, new HostStats(), real, stat);
}
