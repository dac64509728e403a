// What the runtime that executes this file offers, as JSON.
import { Engine } from "../../dist/index.js";

console.log(JSON.stringify(Engine.features()));
