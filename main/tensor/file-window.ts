import type { FileHandle } from 'node:fs/promises';

/** Weights inside a graph are passed over, so that little more than names is read. */
const windowBytes = 4096;

/** A file of protobuf that is read where one looks, a window at a time. */
export class FileWindow {
  position = 0;
  readonly #file: FileHandle;
  readonly #window = Buffer.alloc(windowBytes);
  #start = 0;
  #length = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Up to 53 bits; the end of the file reads as zeros. */
  async readVarint(): Promise<number> {
    let value = 0;
    for (let shift = 0; shift < 63; shift += 7) {
      if (this.position < this.#start || this.position >= this.#start + this.#length) await this.#look();
      const byte = this.#length === 0 ? 0 : (this.#window[this.position - this.#start] ?? 0);
      this.position += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    return value;
  }

  async readText(length: number): Promise<string> {
    const bytes = Buffer.alloc(Math.min(length, windowBytes));
    const { bytesRead } = await this.#file.read(bytes, 0, bytes.length, this.position);
    return bytes.toString('utf8', 0, bytesRead);
  }

  async #look(): Promise<void> {
    this.#start = this.position;
    this.#length = (await this.#file.read(this.#window, 0, windowBytes, this.position)).bytesRead;
  }
}
