/** Worker of browsers: see tick.js. */
import { tick } from "./tick.js";

globalThis.onmessage = ({ data }) => tick(data.buffer, data.intervalMs);
