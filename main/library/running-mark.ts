import { closeSync, openSync, rmSync, statSync, utimesSync } from 'node:fs';

/** An empty file that lies in the library while a host is at work: where one is found, that host died. */
export class RunningMark {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Errors of the file system pass through.
   * @returns When the host that died had begun, milliseconds since the epoch; null where the last one closed the library. It stays
   * so until `renew`, so that a death in between is no other than the first.
   */
  set(): number | null {
    const before = statSync(this.#path, { throwIfNoEntry: false });
    closeSync(openSync(this.#path, 'a'));
    return before?.mtimeMs ?? null;
  }

  /** What the host that died had left is cleared up. */
  renew(): void {
    const now = new Date();
    utimesSync(this.#path, now, now);
  }

  remove(): void {
    rmSync(this.#path, { force: true });
  }
}
