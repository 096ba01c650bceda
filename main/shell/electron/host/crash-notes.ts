import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeWholeNow } from '../../../files/write-whole.ts';

export interface CrashNote {
  readonly process: 'host' | 'page' | 'helper';
  readonly reason: string;
  readonly exitCode: number | null;
  readonly lastOutput: string;
}

const mostNotes = 20;

/** Writes down how a process ended, for the person to read or to send by hand. Nothing is ever sent by the program. */
export class CrashNotes {
  readonly #folder: string;
  readonly #versions: Readonly<Record<string, string>>;
  readonly #now: () => Date;

  constructor(folder: string, versions: Readonly<Record<string, string>>, now: () => Date = () => new Date()) {
    this.#folder = folder;
    this.#versions = versions;
    this.#now = now;
  }

  keep(note: CrashNote): void {
    const at = this.#now().toISOString();
    mkdirSync(this.#folder, { recursive: true });
    const path = join(this.#folder, `${at.replaceAll(':', '-')}-${note.process}.json`);
    writeWholeNow(path, `${JSON.stringify({ at, ...note, versions: this.#versions }, null, 2)}\n`);
    const names = readdirSync(this.#folder)
      .filter((name) => name.endsWith('.json'))
      .sort();
    for (const name of names.slice(0, -mostNotes)) rmSync(join(this.#folder, name), { force: true });
  }
}
