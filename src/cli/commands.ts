import type { Command } from "./command.ts";
import { inspect } from "./commands/inspect.ts";
import { instrument } from "./commands/instrument.ts";
import { run } from "./commands/run.ts";
import { wast } from "./commands/wast.ts";

/** Every command; the first is meant when none is named. */
export const commands: readonly [Command, ...Command[]] = [run, inspect, instrument, wast];
