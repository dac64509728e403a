import { describe, expect, it } from "vitest";
import { MemoryDirectory, type WasiOptions } from "../../src/index.ts";
import { Client, flags, read, write } from "./client.ts";

const subscriptions = 8192;
const events = 16_384;

type Subscription =
  | { readonly clock: number; readonly timeout: bigint; readonly flags?: number }
  | { readonly read: number }
  | { readonly write: number };

/** `poll_oneoff`: what happened, by the number of the subscription, or the errno's name. */
function poll(client: Client, wanted: readonly Subscription[]) {
  wanted.forEach((subscription, index) => {
    const { view } = client;
    const at = subscriptions + index * 48;
    client.bytes.fill(0, at, at + 48);
    view.setBigUint64(at, BigInt(index + 1), true);
    if ("clock" in subscription) {
      view.setUint8(at + 8, 0);
      view.setUint32(at + 16, subscription.clock, true);
      view.setBigUint64(at + 24, subscription.timeout, true);
      view.setUint16(at + 40, subscription.flags ?? 0, true);
    } else {
      view.setUint8(at + 8, "read" in subscription ? 1 : 2);
      view.setUint32(at + 16, "read" in subscription ? subscription.read : subscription.write, true);
    }
  });
  const outcome = client.call("poll_oneoff", subscriptions, events, wanted.length, client.result);
  if (outcome !== "success") return outcome;
  return Array.from({ length: client.u32() }, (_, index) => {
    const at = events + index * 32;
    return {
      subscription: Number(client.u64(at)),
      errno: client.view.getUint16(at + 8, true),
      type: client.view.getUint8(at + 10),
      bytes: client.u64(at + 16),
      hangup: client.view.getUint16(at + 24, true) === 1,
    };
  });
}

/** A clock that only sleeping moves. */
function virtualClock(realtime = 0n) {
  const slept: bigint[] = [];
  let now = 1000n;
  return {
    slept,
    realtimeNs: () => realtime + now,
    monotonicNs: () => now,
    sleep: (nanoseconds: bigint) => {
      slept.push(nanoseconds);
      now += nanoseconds;
    },
  };
}

describe("poll_oneoff", () => {
  it("refuses to wait for nothing, for unknown clocks, flags and kinds", () => {
    using client = new Client();
    expect(poll(client, [])).toBe("inval");
    expect(poll(client, [{ clock: 2, timeout: 0n }])).toBe("inval");
    expect(poll(client, [{ clock: 9, timeout: 0n }])).toBe("inval");
    expect(poll(client, [{ clock: 1, timeout: 0n, flags: 2 }])).toBe("inval");
    client.bytes[subscriptions + 8] = 3;
    expect(client.call("poll_oneoff", subscriptions, events, 1, client.result)).toBe("inval");
    expect(client.call("poll_oneoff", subscriptions, events, -1, client.result)).toBe("nomem");
  });

  it.for([0, 1])("sleeps for as long as a timeout of clock %s says", (clock) => {
    const time = virtualClock(1_000_000n);
    using client = new Client({ clock: time });
    expect(poll(client, [{ clock, timeout: 5_000_000n }])).toEqual([
      { subscription: 1, errno: 0, type: 0, bytes: 0n, hangup: false },
    ]);
    expect(time.slept).toEqual([5_000_000n]);
  });

  it("sleeps until an absolute time, and not at all when it has passed", () => {
    const time = virtualClock(1_000_000n);
    using client = new Client({ clock: time });
    expect(poll(client, [{ clock: 1, timeout: 1500n, flags: 1 }])).toHaveLength(1);
    expect(poll(client, [{ clock: 0, timeout: 1_002_500n, flags: 1 }])).toHaveLength(1);
    expect(poll(client, [{ clock: 0, timeout: 5n, flags: 1 }])).toHaveLength(1);
    expect(time.slept).toEqual([500n, 1000n]);
  });

  it("returns every clock that is due, in the order of the subscriptions", () => {
    using client = new Client({ clock: virtualClock() });
    const result = poll(client, [
      { clock: 1, timeout: 900n },
      { clock: 1, timeout: 100n },
      { clock: 1, timeout: 50n },
      { clock: 0, timeout: 50n },
    ]);
    expect(result).toMatchObject([{ subscription: 3 }, { subscription: 4 }]);
  });

  it("blocks the thread by itself on the host's clock", () => {
    using client = new Client();
    const start = process.hrtime.bigint();
    expect(poll(client, [{ clock: 1, timeout: 5_000_000n }])).toHaveLength(1);
    expect(process.hrtime.bigint() - start).toBeGreaterThanOrEqual(5_000_000n);
  });

  it("never waits for files and output", () => {
    const time = virtualClock();
    using client = new Client({
      clock: time,
      stdin: "abc",
      preopens: { "/": new MemoryDirectory({ file: "contents" }) },
    });
    const file = client.mustOpen("file", { rights: read | write });
    client.read(file, 3);
    const empty = client.mustOpen("empty", { oflags: flags.creat, rights: read | write });
    const result = poll(client, [
      { read: file },
      { write: file },
      { read: empty },
      { write: 1 },
      { write: 2 },
      { read: 0 },
      { clock: 1, timeout: 0n },
    ]);
    expect(result).toEqual([
      { subscription: 1, errno: 0, type: 1, bytes: 5n, hangup: false },
      { subscription: 2, errno: 0, type: 2, bytes: 1n, hangup: false },
      { subscription: 3, errno: 0, type: 1, bytes: 0n, hangup: true },
      { subscription: 4, errno: 0, type: 2, bytes: 1n, hangup: false },
      { subscription: 5, errno: 0, type: 2, bytes: 1n, hangup: false },
      { subscription: 6, errno: 0, type: 1, bytes: 1n, hangup: false },
    ]);
    expect(time.slept).toEqual([]);
  });

  it("fails for descriptors that cannot be waited for", () => {
    using client = new Client({ preopens: { "/": new MemoryDirectory() } });
    for (const subscription of [{ read: 99 }, { write: 99 }, { read: 1 }, { write: 0 }, { read: 3 }]) {
      expect(poll(client, [{ clock: 1, timeout: 0n }, subscription])).toBe("badf");
    }
  });

  it("asks the store's deadline before it blocks and when it wakes", () => {
    const time = virtualClock();
    let asked = 0;
    const budget = () => {
      asked++;
      if (asked === 4) throw new Error("deadline");
      return 40n;
    };
    using client = new Client({ clock: time }, budget);
    expect(() => poll(client, [{ clock: 1, timeout: 1000n }])).toThrow("deadline");
    expect(time.slept).toEqual([40n, 40n, 40n]);
  });
});

describe("an input that has nothing yet", () => {
  /** Standard input that has something after it was asked a few times. */
  function withInput(asks: number, options: WasiOptions, blockingBudgetNs?: () => bigint): Client {
    const client = new Client(options, blockingBudgetNs);
    let left = asks;
    const arrived = new TextEncoder().encode("arrived");
    client.replaceInput({
      isTerminal: false,
      isReady: () => --left < 0,
      read: () => arrived,
      tryRead: () => (--left < 0 ? arrived : undefined),
    });
    return client;
  }

  it("is waited for", () => {
    const time = virtualClock();
    using client = withInput(3, { clock: time });
    expect(poll(client, [{ read: 0 }])).toMatchObject([{ subscription: 1, type: 1 }]);
    expect(time.slept).toHaveLength(3);
  });

  it("is waited for no longer than the nearest clock says", () => {
    const time = virtualClock();
    using client = withInput(1000, { clock: time });
    expect(poll(client, [{ read: 0 }, { clock: 1, timeout: 12_000_000n }])).toMatchObject([
      { subscription: 2 },
    ]);
    expect(time.slept).toEqual([5_000_000n, 5_000_000n, 2_000_000n]);
  });

  it("is waited for by the clock, not by the slices", () => {
    let now = 0n;
    const slept: bigint[] = [];
    const clock = {
      realtimeNs: () => now,
      monotonicNs: () => now,
      sleep: (duration: bigint) => {
        slept.push(duration);
        now += duration * 2n;
      },
    };
    using client = withInput(1000, { clock });
    expect(poll(client, [{ read: 0 }, { clock: 1, timeout: 20_000_000n }])).toMatchObject([
      { subscription: 2 },
    ]);
    expect(slept).toEqual([5_000_000n, 5_000_000n]);
  });

  it("comes before a clock when both are there", () => {
    using client = withInput(1, { clock: virtualClock() });
    expect(poll(client, [{ clock: 1, timeout: 5_000_000n }, { read: 0 }])).toMatchObject([
      { subscription: 2 },
    ]);
  });

  it("is read without blocking beyond the deadline", () => {
    const time = virtualClock();
    using client = withInput(2, { clock: time }, () => 1_000_000_000n);
    expect(client.read(0)).toBe("arrived");
    expect(time.slept).toHaveLength(2);
    let asked = 0;
    const budget = () => {
      asked++;
      if (asked > 3) throw new Error("deadline");
      return 1_000_000n;
    };
    using late = withInput(1000, { clock: time }, budget);
    expect(() => late.read(0)).toThrow("deadline");
  });
});
