// A server on the loopback interface for pages under test, which tell it what they find.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";

const mediaTypes = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** Pages that have these headers, and whose workers have them, share memory with their workers. */
export const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/**
 * Starts a server.
 *
 * @param {Record<string, string>} folders folders on the disk, by the start of paths; both end with a slash
 * @param {Map<string, string | Uint8Array>} made what is on no disk, by path
 * @param {(path: string) => Record<string, string>} headersOf headers of the answer to each path
 * @param {(report: any) => void} onReport gets what is posted to `/report`
 * @returns its origin, and a function that stops it
 */
export async function serve({ folders, made, headersOf = () => isolation, onReport }) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    if (request.method === "POST" && pathname === "/report") {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      response.end();
      onReport(JSON.parse(Buffer.concat(chunks).toString()));
      return;
    }
    const content = made.get(pathname) ?? (await contentOf(pathname, folders));
    const headers = { "Content-Type": mediaTypes[extname(pathname)] ?? "text/plain", ...headersOf(pathname) };
    if (content === undefined) response.writeHead(404).end();
    else response.writeHead(200, headers).end(content);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function contentOf(pathname, folders) {
  if (!/^[\w./-]+$/.test(pathname)) return undefined;
  const start = Object.keys(folders).find((path) => pathname.startsWith(path));
  if (start === undefined) return undefined;
  try {
    return await readFile(folders[start] + pathname.slice(start.length));
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}
