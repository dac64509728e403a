/** The text of src/runtime/call-sites.ts. */
export declare const text: string;
/** The path of src/runtime/call-sites.ts. */
export declare const file: string;
