import { ClockId, EventRwFlags, EventType, SubclockFlags } from "../abi.ts";
import { Errno, fail } from "../errno.ts";
import type { InputStream } from "../streams.ts";
import { type Binding, checkFlags, type Preview1Functions } from "./binding.ts";
import { block } from "./block.ts";

const eventBytes = 32;
const inputRetryNs = 5_000_000n;

interface ClockSubscription {
  readonly type: typeof EventType.clock;
  readonly userdata: bigint;
  /** How long from the call on, in nanoseconds; may have passed. */
  readonly timeoutNs: bigint;
}

interface FdSubscription {
  readonly type: typeof EventType.fdRead | typeof EventType.fdWrite;
  readonly userdata: bigint;
  readonly fd: number;
}

interface Event {
  readonly userdata: bigint;
  readonly type: number;
  readonly availableBytes: bigint;
  readonly flags: number;
}

/** An input that has nothing yet, and what will have happened when it has. */
interface WaitingInput {
  readonly stream: InputStream;
  readonly event: Event;
}

/** Where subscriptions have what, in bytes. */
export interface SubscriptionLayout {
  readonly length: number;
  /** Place of the clock's number; what else belongs to it follows. */
  readonly clock: number;
}

const preview1Layout: SubscriptionLayout = { length: 48, clock: 16 };

/** Waiting. Spec: https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#poll_oneoff */
export const poll = {
  poll_oneoff(binding: Binding, subscriptions: number, events: number, count: number, result: number) {
    pollOneoff(binding, preview1Layout, subscriptions, events, count, result);
  },
} satisfies Preview1Functions;

export function pollOneoff(
  binding: Binding,
  layout: SubscriptionLayout,
  subscriptions: number,
  events: number,
  count: number,
  result: number,
): void {
  const { context, memory } = binding;
  const length = count >>> 0;
  if (length === 0) fail(Errno.inval);
  if (length * (layout.length + eventBytes) > context.settings.hostcallFuel) fail(Errno.nomem);
  const first = memory.record(subscriptions, length * layout.length, 8);

  const clocks: ClockSubscription[] = [];
  const ready: Event[] = [];
  const inputs: WaitingInput[] = [];
  for (let index = 0; index < length; index++) {
    const subscription = readSubscription(binding, layout, first + index * layout.length);
    if (subscription.type === EventType.clock) clocks.push(subscription);
    else subscribe(binding, subscription, ready, inputs);
  }
  const occurred = ready.length > 0 ? ready : wait(binding, clocks, inputs);

  const output = memory.record(events, occurred.length * eventBytes, 8);
  occurred.forEach((event, index) => {
    writeEvent(binding, output + index * eventBytes, event);
  });
  memory.setU32(result, occurred.length);
}

/**
 * Blocks until a clock is due or an input has something. Inputs are asked again and again, since JavaScript has no way
 * to wait for them.
 */
function wait(
  binding: Binding,
  clocks: readonly ClockSubscription[],
  inputs: readonly WaitingInput[],
): readonly Event[] {
  const { clock } = binding.context.settings;
  let nearest = clocks[0]?.timeoutNs;
  for (const { timeoutNs } of clocks) {
    if (nearest === undefined || timeoutNs < nearest) nearest = timeoutNs;
  }
  const start = inputs.length > 0 ? clock.monotonicNs() : 0n;
  let waited = 0n;
  while (nearest === undefined || waited < nearest) {
    let slice = nearest === undefined ? inputRetryNs : nearest - waited;
    if (inputs.length > 0 && slice > inputRetryNs) slice = inputRetryNs;
    block(binding, slice);
    waited += slice;
    if (inputs.length === 0) continue;
    const arrived = inputs.filter(({ stream }) => stream.isReady());
    if (arrived.length > 0) return arrived.map(({ event }) => event);
    // Slices take longer than they say: go by the clock where it runs.
    const elapsed = clock.monotonicNs() - start;
    if (elapsed > waited) waited = elapsed;
  }
  return clocks.filter(({ timeoutNs }) => timeoutNs <= waited).map(clockEvent);
}

function readSubscription(
  { context, memory }: Binding,
  layout: SubscriptionLayout,
  address: number,
): ClockSubscription | FdSubscription {
  // A clock of the host's may have grown the memory with the last one.
  memory.enter();
  const { view } = memory;
  const userdata = view.getBigUint64(address, true);
  const type = view.getUint8(address + 8);
  if (type === EventType.fdRead || type === EventType.fdWrite) {
    return { type, userdata, fd: view.getUint32(address + 16, true) };
  }
  if (type !== EventType.clock) return fail(Errno.inval);
  const id = view.getUint32(address + layout.clock, true);
  const timeout = view.getBigUint64(address + layout.clock + 8, true);
  const flags = view.getUint16(address + layout.clock + 24, true);
  checkFlags(flags, SubclockFlags.abstime);
  if (id !== ClockId.realtime && id !== ClockId.monotonic) fail(Errno.inval);
  if ((flags & SubclockFlags.abstime) === 0) return { type, userdata, timeoutNs: timeout };
  const { clock } = context.settings;
  const now = id === ClockId.realtime ? clock.realtimeNs() : clock.monotonicNs();
  return { type, userdata, timeoutNs: timeout - now };
}

/** Files never make anyone wait, and neither does output. */
function subscribe(
  { context }: Binding,
  { type, userdata, fd }: FdSubscription,
  ready: Event[],
  inputs: WaitingInput[],
): void {
  const descriptor = context.descriptors.get(fd);
  const event = { userdata, type, availableBytes: 1n, flags: 0 };
  if (descriptor.kind === "file") {
    if (type === EventType.fdWrite) {
      ready.push(event);
      return;
    }
    const left = descriptor.file.size() - descriptor.position;
    ready.push(
      left > 0
        ? { ...event, availableBytes: BigInt(left) }
        : { ...event, availableBytes: 0n, flags: EventRwFlags.hangup },
    );
  } else if (descriptor.kind === "output" && type === EventType.fdWrite) {
    ready.push(event);
  } else if (descriptor.kind === "input" && type === EventType.fdRead) {
    const { stream } = descriptor;
    if (stream.isReady()) ready.push(event);
    else inputs.push({ stream, event });
  } else {
    fail(Errno.badf);
  }
}

function clockEvent({ userdata }: ClockSubscription): Event {
  return { userdata, type: EventType.clock, availableBytes: 0n, flags: 0 };
}

function writeEvent({ memory }: Binding, address: number, event: Event): void {
  const { bytes, view } = memory;
  bytes.fill(0, address, address + eventBytes);
  view.setBigUint64(address, event.userdata, true);
  view.setUint16(address + 8, Errno.success, true);
  view.setUint8(address + 10, event.type);
  view.setBigUint64(address + 16, event.availableBytes, true);
  view.setUint16(address + 24, event.flags, true);
}
