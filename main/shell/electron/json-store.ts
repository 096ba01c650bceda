import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { makeFolder } from '../../files/make-folder.ts';
import { writeWholeNow } from '../../files/write-whole.ts';

/**
 * A small JSON file that is whole or absent, never half. Synchronous, because the window's place is written while the program is going down.
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
    makeFolder(dirname(this.#path), 'Choose another data folder with DEDIFFUSION_HOME.');
    writeWholeNow(this.#path, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  }
}
