/** Showing a caller's argument in a message. */
const longest = 60;

/** A value as a message shows it: quoted, with its type where the text alone would mislead. */
export function show(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.length > longest ? `${value.slice(0, longest)}…` : value);
    case "bigint":
      return `\`${value}n\``;
    case "function":
      return `function \`${value.name || "anonymous"}\``;
    case "object": {
      if (value === null) return "`null`";
      if (Array.isArray(value)) return `an array of ${value.length}`;
      const name: unknown = Object.getPrototypeOf(value)?.constructor?.name;
      return typeof name === "string" && name !== "" ? `an object (${name})` : "an object";
    }
    case "undefined":
      return "`undefined`";
    default:
      return `\`${String(value)}\` (${typeof value})`;
  }
}
