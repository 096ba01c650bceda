import { readFile } from 'node:fs/promises';
import { StudioError } from '../../contract/errors.ts';
import { readRecord, writeRecord } from '../../contract/record.ts';
import type { RecordKind } from '../../contract/record.ts';
import { SerialQueue } from '../running/serial-queue.ts';
import { setAside } from '../storage/set-aside.ts';
import { writeFileDurably } from '../storage/write-file-durably.ts';

export interface StoredListOptions {
  readonly file: string;
  /** False for a studio that may not write there: what is changed lasts as long as it does. */
  readonly remember: boolean;
  /** Hears of a file that cannot be read. */
  readonly onRepair: (sentence: string) => void;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** One record in a file of its own, changed one change at a time and kept on disk before it holds. */
export class StoredList<Value extends object> {
  readonly #options: StoredListOptions;
  readonly #kind: RecordKind<Value>;
  readonly #writes = new SerialQueue();
  /** The file is of a later studio: it is left as it is. */
  readonly #newer: StudioError | null;
  #value: Value;

  private constructor(options: StoredListOptions, kind: RecordKind<Value>, value: Value, newer: StudioError | null) {
    this.#options = options;
    this.#kind = kind;
    this.#value = value;
    this.#newer = newer;
  }

  /** A file that cannot be read is put aside, and the list begins empty. */
  static async open<Value extends object>(
    options: StoredListOptions,
    kind: RecordKind<Value>,
    empty: Value,
  ): Promise<StoredList<Value>> {
    const { file, remember, onRepair, clock } = options;
    const text = await readFile(file, 'utf8').catch(() => null);
    if (text === null) return new StoredList(options, kind, empty, null);
    try {
      return new StoredList(options, kind, readRecord(kind, JSON.parse(text)), null);
    } catch (cause) {
      if (cause instanceof StudioError) {
        onRepair(`${file}: ${cause.message} It was left as it is.`);
        return new StoredList(options, kind, empty, cause);
      }
      const kept = remember ? `; the old one is kept in ${setAside(file, clock())}` : '';
      onRepair(`The ${kind.name} could not be read, so it begins empty${kept}.`);
      return new StoredList(options, kind, empty, null);
    }
  }

  get value(): Value {
    return this.#value;
  }

  /**
   * Changes what lies on disk by now, which another studio may have changed since.
   *
   * @param keeps true also where nothing else is remembered: then the file has this change alone
   * @throws StudioError `record-newer`, `disk-full` or `file-unwritable`, and then nothing has changed
   */
  change(change: (value: Value) => Value, keeps = this.#options.remember): Promise<Value> {
    return this.#writes.run(async () => {
      if (keeps && this.#newer !== null) throw this.#newer;
      const onDisk = keeps ? await this.#readAgain() : null;
      const changed = (value: Value): Value => this.#kind.schema.parse(change(value));
      const value = changed(this.#options.remember ? (onDisk ?? this.#value) : this.#value);
      const kept = this.#options.remember ? value : onDisk === null ? null : changed(onDisk);
      if (kept !== null) {
        const json = JSON.stringify(writeRecord(this.#kind, kept), null, 2);
        await writeFileDurably(this.#options.file, Buffer.from(`${json}\n`));
      }
      this.#value = value;
      return value;
    });
  }

  /** Null for what is not there or cannot be read: that was told when this was opened. */
  async #readAgain(): Promise<Value | null> {
    try {
      return readRecord(this.#kind, JSON.parse(await readFile(this.#options.file, 'utf8')));
    } catch (cause) {
      if (cause instanceof StudioError) throw cause;
      return null;
    }
  }
}
