import type { WasiFunctions, WasiGuest, WasiHost } from "../runtime/wasi-host.ts";
import { DescriptorTable } from "./descriptors.ts";
import type { OpeningContext } from "./fs/directory.ts";
import type { WasiSettings } from "./options.ts";
import { bindPreview1 } from "./preview1/bind.ts";
import { openInput, openOutput } from "./streams.ts";

const utf8 = new TextEncoder();

/** The state of WASI in one store: its descriptors, clocks, arguments and environment. */
export class WasiContext implements WasiHost, OpeningContext {
  readonly settings: WasiSettings;
  readonly descriptors: DescriptorTable;
  readonly #devices = new Map<object, bigint>();

  /**
   * Opens the standard streams and the preopens.
   *
   * @throws WasmlinkError when a directory cannot be opened
   * @throws UnsupportedError when the host lacks what the settings name
   */
  constructor(settings: WasiSettings) {
    this.settings = settings;
    this.descriptors = new DescriptorTable(settings.maxOpenFiles);
    this.descriptors.add({ kind: "input", stream: openInput(settings.stdin) });
    this.descriptors.add({ kind: "output", stream: openOutput(settings.stdout, "stdout") });
    this.descriptors.add({ kind: "output", stream: openOutput(settings.stderr, "stderr") });
    try {
      for (const { path, directory, permissions } of settings.preopens) {
        this.descriptors.add({
          kind: "directory",
          directory: directory.open(this),
          permissions,
          preopenName: utf8.encode(path),
        });
      }
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get requireRaceFree(): boolean {
    return this.settings.requireRaceFree;
  }

  realtimeNs(): bigint {
    return this.settings.clock.realtimeNs();
  }

  deviceOf(fileSystem: object): bigint {
    let device = this.#devices.get(fileSystem);
    if (device === undefined) {
      device = BigInt(this.#devices.size + 1);
      this.#devices.set(fileSystem, device);
    }
    return device;
  }

  bind(guest: WasiGuest): WasiFunctions {
    return bindPreview1(this, guest);
  }

  close(): void {
    this.descriptors.closeAll();
  }
}
