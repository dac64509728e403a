/**
 * The threads that test scripts start.
 *
 * @packageDocumentation
 */
import { answer, threadRequest } from "../platform/worker.ts";
import { runScriptThread, type ThreadRequest } from "../wast/index.ts";

answer(await runScriptThread(threadRequest as ThreadRequest));
