import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { StudioError } from '../../../contract/errors.ts';
import { readRecord, writeRecord } from '../../../contract/record.ts';
import type { RecordKind } from '../../../contract/record.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { renamePatientlyNow } from '../../files/rename-patiently.ts';
import { writeWholeNow } from '../../files/write-whole.ts';

/**
 * A record of the desktop program in a small JSON file that is whole or absent, never half. Synchronous, because the window's place is
 * written while the program is going down.
 */
export class JsonStore<Value extends object> {
  readonly #path: string;
  readonly #kind: RecordKind<Value>;
  readonly #first: Value;
  readonly #tell: (sentence: string) => void;
  #newer: StudioError | null = null;

  /**
   * @param first The value where there is no file.
   * @param tell Hears of a file that was put aside, and of one of a later studio.
   */
  constructor(path: string, kind: RecordKind<Value>, first: Value, tell: (sentence: string) => void) {
    this.#path = path;
    this.#kind = kind;
    this.#first = first;
    this.#tell = tell;
  }

  /** What `read` found to be of a later studio: it is left as it is, and nothing is written over it. */
  get newer(): StudioError | null {
    return this.#newer;
  }

  /** The stored value, or the first one. A file that holds no such value is put aside, `<name>.damaged-<time>`. */
  read(): Value {
    this.#newer = null;
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return this.#first;
      throw error;
    }
    try {
      return readRecord(this.#kind, JSON.parse(text));
    } catch (error) {
      if (error instanceof StudioError) {
        this.#newer = error;
        this.#tell(error.message);
      } else this.#putAside();
      return this.#first;
    }
  }

  /** Throws StudioError `record-newer`, `disk-full` or `file-unwritable`; the file is then what it was. */
  write(value: Value): void {
    if (this.#newer !== null) throw this.#newer;
    makeFolder(dirname(this.#path), 'Choose another data folder with DEDIFFUSION_HOME.');
    writeWholeNow(this.#path, `${JSON.stringify(writeRecord(this.#kind, value), null, 2)}\n`, { mode: 0o600 });
  }

  #putAside(): void {
    const aside = `${this.#path}.damaged-${Date.now()}`;
    renamePatientlyNow(this.#path, aside);
    this.#tell(`${this.#path} could not be read, so it begins anew; the old one is kept in ${aside}.`);
  }
}
