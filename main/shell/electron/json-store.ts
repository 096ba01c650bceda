import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';

/**
 * A small JSON file that is whole or absent, never half: written to a neighbour, flushed, then renamed over the old one.
 * Synchronous, because the window's place is written while the program is going down.
 */
export class JsonStore<Value> {
  readonly #path: string;
  readonly #schema: z.ZodType<Value>;
  readonly #fallback: Value;

  constructor(path: string, schema: z.ZodType<Value>, fallback: Value) {
    this.#path = path;
    this.#schema = schema;
    this.#fallback = fallback;
  }

  /** The stored value; the fallback when there is none, or it is damaged or of another version. Nothing kept here is the artist's work. */
  read(): Value {
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return this.#fallback;
      throw error;
    }
    try {
      const parsed = this.#schema.safeParse(JSON.parse(text));
      return parsed.success ? parsed.data : this.#fallback;
    } catch (error) {
      if (error instanceof SyntaxError) return this.#fallback;
      throw error;
    }
  }

  write(value: Value): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    const temporary = `${this.#path}.${process.pid}.tmp`;
    const file = openSync(temporary, 'w', 0o600);
    try {
      writeSync(file, `${JSON.stringify(value, null, 2)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, this.#path);
  }
}
