// Serves the package and the pages that test it, on the loopback interface.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

const mediaTypes = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** What is served of the project. */
const servedFolders = /^\/(?:dist|test\/browser|test\/runtimes|node_modules\/quickjs-wasi)\/[\w./-]+$/;

/**
 * Starts a server.
 *
 * @param {Map<string, string | Uint8Array>} made what is on no disk, by path
 * @param {(path: string) => Record<string, string>} headersOf headers of the answer to each path
 * @param {(report: string) => void} onReport gets what is posted to `/report`
 * @returns its origin, and a function that stops it
 */
export async function serve(made, headersOf, onReport) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    if (request.method === "POST" && pathname === "/report") {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      onReport(Buffer.concat(chunks).toString());
      response.end();
      return;
    }
    const content = made.get(pathname) ?? (await contentOf(pathname));
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

async function contentOf(pathname) {
  if (!servedFolders.test(pathname)) return undefined;
  try {
    return await readFile(root + pathname);
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}
