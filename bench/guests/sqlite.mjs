/** SQLite fills a table in memory, makes an index and aggregates. */
import { createRequire } from "node:module";
import { Linker } from "../../dist/index.js";
import { readGuest } from "../../examples/guests/read-guest.mjs";

export const wasm = await readGuest("sql.js/dist/sql-wasm.wasm");

const require = createRequire(new URL("../../examples/guests/package.json", import.meta.url));

const statements = `
  DROP TABLE IF EXISTS orders;
  CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER, product TEXT, price REAL);
  BEGIN;
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 15000)
    INSERT INTO orders SELECT i, i * 7919 % 1500, 'product ' || (i * 31 % 97), i % 1000 / 10.0 FROM n;
  COMMIT;
  CREATE INDEX orders_by_customer ON orders (customer, price);
  UPDATE orders SET price = price * 1.1 WHERE product LIKE 'product 1%';
  DELETE FROM orders WHERE id % 11 = 0;
  SELECT count(*), round(sum(total), 3), max(name) FROM (
    SELECT customer, sum(price) AS total, max(product) AS name FROM orders
      GROUP BY customer HAVING count(*) > 2 ORDER BY total DESC);
  SELECT count(*) FROM orders a JOIN orders b ON a.customer = b.customer AND b.price > a.price;`;

/** @returns runs the workload once, and returns what came out */
export async function start(module, newStore) {
  const store = newStore();
  const glue = require.resolve("sql.js/dist/sql-wasm.js");
  // The glue keeps one instance for all who ask.
  delete require.cache[glue];
  const SQL = await require(glue)({
    instantiateWasm(imports, receive) {
      const linker = new Linker(store.engine).defineImports(store, imports);
      const { native, exports } = linker.instantiate(store, module);
      // Functions are called through the library; memory and table the glue wants as they are.
      const functions = Object.entries(exports).filter(([, item]) => typeof item === "function");
      receive({ exports: { ...native.exports, ...Object.fromEntries(functions) } }, native);
      return {};
    },
  });
  const database = new SQL.Database();
  return () => JSON.stringify(database.exec(statements).map(({ values }) => values));
}
