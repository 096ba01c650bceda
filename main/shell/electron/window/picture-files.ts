import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PictureReference } from '../../../../contract/desktop.ts';
import { errorBodySchema, StudioError } from '../../../../contract/errors.ts';
import { toFileName } from '../../../../contract/file-name.ts';
import { endingFor } from '../../../../contract/picture-formats.ts';
import { stageWhole, writeWhole } from '../../../files/write-whole.ts';
import type { AskCore } from './add-files.ts';
import { studioOrigin } from '../answer-scheme.ts';

export interface PictureBytes {
  readonly bytes: Uint8Array;
  readonly extension: string;
}

/** Stored pictures as files with names a person can read: in the store they are named by their hash. */
export class PictureFiles {
  readonly #askCore: AskCore;
  #folder: Promise<string> | null = null;

  constructor(askCore: AskCore) {
    this.#askCore = askCore;
  }

  /**
   * @param as a file that a person keeps, or what is shown of it
   * @throws StudioError what the core says, for example `not-found`
   */
  async read(sha256: string, as: 'saved' | 'shown' = 'saved'): Promise<PictureBytes> {
    const response = await this.#askCore(new Request(`${studioOrigin}/${as}/${sha256}`));
    if (!response.ok) throw StudioError.fromBody(errorBodySchema.parse(await response.json()));
    const mediaType = response.headers.get('content-type') ?? '';
    return { bytes: new Uint8Array(await response.arrayBuffer()), extension: endingFor(mediaType) ?? 'png' };
  }

  /** A copy to hand to another program. Kept until the program ends, because the other one may read it late. */
  async borrow({ sha256, title }: PictureReference): Promise<string> {
    this.#folder ??= mkdtemp(join(tmpdir(), 'dediffusion-drag-'));
    const folder = join(await this.#folder, sha256.slice(0, 16));
    const picture = await this.read(sha256);
    const path = join(folder, toFileName(title, picture.extension));
    const known = await stat(path).catch(() => null);
    if (known?.size !== picture.bytes.byteLength) {
      await mkdir(folder, { recursive: true });
      await writeWhole(path, picture.bytes, { flush: false, mode: 0o600 });
    }
    return path;
  }

  /**
   * Writes a copy into a folder, under a name that nothing there has: nothing is replaced.
   * @returns the name
   */
  async keep(folder: string, { sha256, title }: PictureReference): Promise<string> {
    const { bytes, extension } = await this.read(sha256);
    const plain = toFileName(title, extension);
    const stem = plain.slice(0, -extension.length - 1);
    try {
      const staged = await stageWhole(join(folder, `.${stem}`), bytes);
      for (let copy = 1; ; copy += 1) {
        const name = copy === 1 ? plain : `${stem} ${copy}.${extension}`;
        if (await staged.publishAs(join(folder, name))) return name;
      }
    } catch (error) {
      throw explainWriting(error);
    }
  }

  /** An older file of that name is replaced whole or not at all. */
  async write(path: string, bytes: Uint8Array | string): Promise<void> {
    await writeWhole(path, bytes).catch((error: unknown) => {
      throw explainWriting(error);
    });
  }

  async close(): Promise<void> {
    if (this.#folder !== null) await rm(await this.#folder, { recursive: true, force: true });
  }
}

function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

function explainWriting(error: unknown): StudioError {
  const system = systemCode(error);
  const full = system === 'ENOSPC';
  return new StudioError(
    full ? 'disk-full' : 'file-unwritable',
    full ? 'There is no room left on the disk.' : 'The file could not be written there.',
    full ? 'Free some room, or save to another disk.' : 'Choose another folder.',
    { system },
    error,
  );
}
