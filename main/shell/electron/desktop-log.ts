import { appendFileSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { renamePatientlyNow } from '../../files/rename-patiently.ts';

const mostBytes = 2_000_000;

/** `logs/desktop.log`: what the program did about its windows and processes. Never what a person wrote, drew or named. */
export class DesktopLog {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true });
    const facts = statSync(path, { throwIfNoEntry: false });
    if (facts !== undefined && facts.size > mostBytes) renamePatientlyNow(path, `${path}.1`);
  }

  note(message: string, facts: Readonly<Record<string, string | number | boolean | null>> = {}): void {
    appendFileSync(this.#path, `${JSON.stringify({ time: new Date().toISOString(), message, ...facts })}\n`);
  }
}
