// Chromium, driven by nothing but its command line.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { env } from "node:process";

/** Path of the browser that `CHROMIUM` names or `PATH` has. */
export function findChromium() {
  if (env.CHROMIUM) return env.CHROMIUM;
  const names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
  const folders = (env.PATH ?? "").split(delimiter);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}

export function versionOf(chromium) {
  const [version] = /\d[\d.]*/.exec(
    execFileSync(chromium, ["--version"], { encoding: "utf8", stdio: "pipe" }),
  );
  return version;
}

/**
 * Opens a page in a browser of its own until a promise is settled, and closes it.
 *
 * @param {Promise<T>} settled
 * @param {number} patienceMs how long to wait for it
 * @returns {Promise<T>} rejected also when time is up or the browser ends; the page's console is in the message
 * @template T
 */
export async function visit(chromium, url, settled, patienceMs) {
  const profile = mkdtempSync(join(tmpdir(), "wasmlink-chromium-"));
  const browser = spawn(
    chromium,
    [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
      ...["--enable-logging=stderr", `--user-data-dir=${profile}`, url],
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let log = "";
  browser.stderr.on("data", (chunk) => {
    log += chunk;
  });
  const closed = once(browser, "close");
  let timer;
  const timeUp = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came within ${patienceMs} ms`)), patienceMs);
  });
  const ended = closed.then(([status]) => {
    throw new Error(`${chromium} ended with status ${status}`);
  });
  try {
    return await Promise.race([settled, timeUp, ended]);
  } catch (error) {
    const messages = log.split("\n").filter((line) => line.includes("CONSOLE"));
    throw new Error([`${url}: ${error.message}`, ...messages].join("\n"));
  } finally {
    clearTimeout(timer);
    browser.kill();
    await closed;
    rmSync(profile, { recursive: true, maxRetries: 5 });
  }
}
