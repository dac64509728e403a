/** The worker of a browser's ticker: see web-ticker.ts. */
import { tick } from "./tick.ts";

const worker = globalThis as unknown as {
  onmessage: (event: { data: { buffer: SharedArrayBuffer; intervalMs: number } }) => void;
  postMessage(message: unknown): void;
};

worker.onmessage = ({ data: { buffer, intervalMs } }) => {
  worker.postMessage("ticking");
  tick(buffer, intervalMs);
};
