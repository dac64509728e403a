// A worker that moves the epoch of somebody else's engine on.
import { incrementEpoch } from "wasmlink";

globalThis.onmessage = ({ data: handle }) => {
  postMessage("ready");
  setInterval(incrementEpoch, 1, handle);
};
