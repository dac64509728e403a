/**
 * Epochs that a web worker moves on.
 *
 * @packageDocumentation
 */
import { UnsupportedError } from "../errors.ts";
import type { Ticker } from "../host/platform.ts";
import { tick } from "./tick.ts";

/** What is used of the DOM; this project's type declarations are not the DOM's. */
interface WebWorker {
  onmessage: (() => void) | null;
  onerror: ((event: { message?: string; preventDefault(): void }) => void) | null;
  postMessage(message: unknown): void;
  terminate(): void;
}
// By this very name, and called as below, bundlers know a worker and bring its file along.
declare const Worker: (new (url: URL | string, options: { type: "module" }) => WebWorker) | undefined;
declare const Blob: new (parts: readonly string[], options: { type: string }) => object;
declare const URL: {
  new (url: string, base: string): URL;
  createObjectURL(blob: object): string;
  revokeObjectURL(url: string): void;
};

/** Undefined where there are no workers. */
export const startWebTicker: ((page: SharedArrayBuffer, intervalMs: number) => Ticker) | undefined =
  typeof Worker === "undefined" ? undefined : startTicker;

function startTicker(buffer: SharedArrayBuffer, intervalMs: number): Ticker {
  let worker: WebWorker | undefined;
  let isStopped = false;
  const request = { buffer, intervalMs };
  // Strict content security policies allow the file only. Bundlers that know no workers lose it, and a package from
  // another origin cannot start it: then its text does.
  const started = ticking(fromFile, request)
    .catch(() => ticking(fromText, request))
    .then(
      (ticker) => {
        worker = ticker;
        if (isStopped) worker.terminate();
      },
      (cause) => {
        throw new UnsupportedError(
          "epochTicker",
          "host",
          "the ticker's worker cannot be started: serve tick-web.js beside the code, or pass the engine's " +
            "`epochHandle` to a worker of your own that calls `incrementEpoch`",
          { cause },
        );
      },
    );
  return {
    started,
    stop: () => {
      isStopped = true;
      worker?.terminate();
    },
  };
}

function fromFile(): WebWorker {
  return new Worker!(new URL("./tick-web.js", import.meta.url), { type: "module" });
}

function fromText(): WebWorker {
  const text = `onmessage = ({ data }) => { postMessage("ticking"); (${tick})(data.buffer, data.intervalMs); };`;
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  return new Worker!(url, { type: "module" });
}

/** A worker that has begun to tick. */
function ticking(create: () => WebWorker, request: object): Promise<WebWorker> {
  return new Promise((resolve, reject) => {
    const worker = create();
    worker.onmessage = () => resolve(worker);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message || "its script cannot be loaded"));
    };
    worker.postMessage(request);
  });
}
