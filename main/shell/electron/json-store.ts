import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { makeFolder } from '../../files/make-folder.ts';
import { renamePatientlyNow } from '../../files/rename-patiently.ts';
import { writeWholeNow } from '../../files/write-whole.ts';

/**
 * A small JSON file that is whole or absent, never half. Synchronous, because the window's place is written while the program is going down.
 */
export class JsonStore<Value> {
  readonly #path: string;
  readonly #schema: z.ZodType<Value>;
  readonly #fallback: Value;
  readonly #tell: (sentence: string) => void;

  /** @param tell Hears of a file that was put aside. */
  constructor(path: string, schema: z.ZodType<Value>, fallback: Value, tell: (sentence: string) => void = () => undefined) {
    this.#path = path;
    this.#schema = schema;
    this.#fallback = fallback;
    this.#tell = tell;
  }

  /** The stored value; the fallback when there is none. A file that holds no such value is put aside, `<name>.damaged-<time>`. */
  read(): Value {
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return this.#fallback;
      throw error;
    }
    const json = parseJson(text);
    const parsed = json === undefined ? null : this.#schema.safeParse(json);
    if (parsed?.success === true) return parsed.data;
    const aside = `${this.#path}.damaged-${Date.now()}`;
    renamePatientlyNow(this.#path, aside);
    this.#tell(`${this.#path} could not be read, so it begins anew; the old one is kept in ${aside}.`);
    return this.#fallback;
  }

  write(value: Value): void {
    makeFolder(dirname(this.#path), 'Choose another data folder with DEDIFFUSION_HOME.');
    writeWholeNow(this.#path, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
