// The script of the pages, and of a worker.
import { checks } from "../runtimes/checks.mjs";
import { browserChecks } from "./checks.mjs";
import { report } from "./report.mjs";

await report([...checks, ...browserChecks]);
