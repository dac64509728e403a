/** Worker thread of Node, Deno and Bun: see tick.js. */
import { workerData } from "node:worker_threads";
import { tick } from "./tick.js";

tick(workerData.buffer, workerData.intervalMs);
