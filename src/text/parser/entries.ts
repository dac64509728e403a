/**
 * Sections that are vectors, while they grow.
 *
 * @packageDocumentation
 */
import { ByteWriter } from "../../binary/writer.ts";

/** The entries of a section whose payload is a vector. */
export class Entries {
  count = 0;
  readonly writer = new ByteWriter(64);

  /** Counts an entry and returns the writer it goes to. */
  next(): ByteWriter {
    this.count++;
    return this.writer;
  }
}
