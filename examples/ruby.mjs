// Ruby, embedded: a script from a directory in memory calls functions of the host.
//
//     npm ci --prefix examples/guests    # once: the interpreter is large
//     node examples/ruby.mjs
//
// Its module is a reactor: a library that is initialised once, then called. Beside WASI it imports "rb-js-abi-host", by
// which Ruby uses JavaScript's values. It has them as numbers, the handles that the host gives out.
import { Engine, Linker, MemoryDirectory, Module, Store, WasiConfig } from "wasmlink";
import { readGuest } from "./guests/read-guest.mjs";

const work = new MemoryDirectory({
  "order.json": '{ "tea": 3, "cake": 2, "gold": 1 }',
  "main.rb": `
    require "json"
    require "js.so"

    puts "Ruby #{RUBY_VERSION} has found #{Dir.children("/work").join(" and ")}"
    JSON.parse(File.read("/work/order.json")).each do |item, count|
      price = JS.global.call(:price, item).to_s
      puts "#{count} × #{item} at #{price}"
    rescue JS::Error => error
      puts "no #{item}: #{error.message}"
    end
  `,
});

/** All that Ruby gets to see of JavaScript: what its JS.global is. */
const host = {
  price(item) {
    const prices = { tea: "2.50", cake: "4.00" };
    if (!Object.hasOwn(prices, item)) throw new Error("we do not sell that");
    return prices[item];
  },
};

const engine = new Engine();
const ruby = new Module(engine, await readGuest("@ruby/3.4-wasm-wasi/dist/ruby+stdlib.wasm"));
const linker = new Linker(engine).defineWasi();

// Handles stand for JavaScript's values, which Ruby has no other way to hold, and for Ruby's, which are addresses.
const handles = new Map();
let lastHandle = 0;
function handleOf(value) {
  handles.set(++lastHandle, value);
  return lastHandle;
}

/** Defines an import by the first word of its name, "word: func(…) -> …", with the type that the module asks for. */
function provide(word, fn) {
  const { module, name, type } = ruby.imports.find(({ name }) => name.split(":")[0] === word);
  linker.defineFunc(module, name, type, fn);
}

provide("global-this", () => handleOf(host));
provide("is-js", () => 1);
provide("string-to-js-string", (address, length) => handleOf(readString(address, length)));
provide("js-value-to-string", (value, result) => writeWords(result, newString(String(handles.get(value)))));
provide("reflect-get", (target, key, keyLength, result) =>
  writeOutcome(result, () => {
    const object = handles.get(target);
    const name = readString(key, keyLength);
    return Object.hasOwn(object, name) ? object[name] : undefined; // nothing inherited: no way to `Function`
  }),
);
provide("reflect-apply", (target, self, values, count, result) =>
  writeOutcome(result, () => {
    const args = Array.from({ length: count }, (_, index) => handles.get(readWord(values + 4 * index)));
    return Reflect.apply(handles.get(target), handles.get(self), args);
  }),
);
provide("resource_drop_js-abi-value", (value) => void handles.delete(value));
provide("resource_new_rb-abi-value", (address) => handleOf(address));
provide("resource_get_rb-abi-value", (value) => handles.get(value));

// Evaluating JavaScript, setting properties and the rest: not for this script. Should it try, it traps.
linker.defineUnknownImportsAsTraps(ruby);

const store = new Store(engine);
const output = [];
store.setWasi(
  new WasiConfig({
    preopens: { "/work": work },
    stdout: (chunk) => void output.push(chunk),
    stderr: (chunk) => void output.push(chunk),
  }),
);
const { exports } = linker.instantiate(store, ruby);

const readString = (address, length) => exports.memory.readString(address, length);
const readWord = (address) => new DataView(exports.memory.data().buffer).getInt32(address, true);
const writeWords = (address, words) =>
  exports.memory.write(new Uint8Array(Int32Array.from(words).buffer), address);

/** Puts text into memory that Ruby allocates; returns address and length. */
function newString(text) {
  const length = Buffer.byteLength(text);
  const address = exports.cabi_realloc(0, 0, 1, length);
  exports.memory.writeString(text, address);
  return [address, length];
}

/** Writes a variant: 0 and what the function returns, or 1 and what it throws, which is raised in Ruby. */
function writeOutcome(address, fn) {
  try {
    writeWords(address, [0, handleOf(fn())]);
  } catch (error) {
    writeWords(address, [1, handleOf(error)]);
  }
}

/** Evaluates Ruby; the result is whether it went without an exception. */
function evaluate(code) {
  const evalString = exports["rb-eval-string-protect: func(str: string) -> tuple<handle<rb-abi-value>, s32>"];
  return readWord(evalString(...newString(code)) + 4) === 0;
}

exports._initialize();
const args = ["ruby\0", "-e_=0\0"].flatMap(newString);
const list = exports.cabi_realloc(0, 0, 4, 4 * args.length);
writeWords(list, args);
exports["ruby-init: func(args: list<string>) -> ()"](list, args.length / 2);

evaluate("$stdout.sync = true"); // a library does not end, so nothing would flush its output
if (!evaluate('load "/work/main.rb"')) evaluate("warn $!.full_message(highlight: false)");
console.log(Buffer.concat(output).toString().trimEnd());
