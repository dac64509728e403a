import type { WasiFunctions, WasiGuest, WasiHost } from "../runtime/wasi-host.ts";
import type { WasiModule } from "../runtime/wasi-signatures.ts";
import { DescriptorTable } from "./descriptors.ts";
import type { OpeningContext } from "./fs/directory.ts";
import type { WasiSettings } from "./options.ts";
import { bindFunctions } from "./preview1/bind.ts";
import { openInput, openOutput } from "./streams.ts";

const utf8 = new TextEncoder();

/** Closes what a store that was dropped without being closed had open. */
const dropped = new FinalizationRegistry<DescriptorTable>((descriptors) => descriptors.closeAll());

/** The state of WASI in one store: its descriptors, clocks, arguments and environment. */
export class WasiContext implements WasiHost {
  readonly settings: WasiSettings;
  readonly descriptors: DescriptorTable;

  /**
   * Opens the standard streams and the preopens.
   *
   * @throws {WasmlinkError} a directory cannot be opened
   * @throws {UnsupportedError} the host lacks what the settings name
   */
  constructor(settings: WasiSettings) {
    this.settings = settings;
    this.descriptors = new DescriptorTable(settings.maxOpenFiles);
    this.descriptors.add({ kind: "input", stream: openInput(settings.stdin) });
    this.descriptors.add({ kind: "output", stream: openOutput(settings.stdout, "stdout") });
    this.descriptors.add({ kind: "output", stream: openOutput(settings.stderr, "stderr") });
    const opening = openingContext(settings);
    try {
      for (const { path, directory, permissions } of settings.preopens) {
        this.descriptors.add({
          kind: "directory",
          directory: directory.open(opening),
          permissions,
          preopenName: utf8.encode(path),
        });
      }
    } catch (error) {
      this.descriptors.closeAll();
      throw error;
    }
    dropped.register(this, this.descriptors, this);
  }

  bind(guest: WasiGuest, module: WasiModule): WasiFunctions {
    return bindFunctions(this, guest, module);
  }

  close(): void {
    dropped.unregister(this);
    this.descriptors.closeAll();
  }
}

/** What directories may hold on to: not the context, which would then never be dropped. */
function openingContext({ requireRaceFree, clock }: WasiSettings): OpeningContext {
  const devices = new Map<object, bigint>();
  return {
    requireRaceFree,
    realtimeNs: clock.realtimeNs,
    deviceOf: (fileSystem) => {
      let device = devices.get(fileSystem);
      if (device === undefined) {
        device = BigInt(devices.size + 1);
        devices.set(fileSystem, device);
      }
      return device;
    },
  };
}
