import { basename, extname } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../../contract/errors.ts';
import { openRegularFile } from '../../files/open-regular-file.ts';

/** What a checkpoint's own header says, before any program that could run it is there. */
export interface Checkpoint {
  /** Numbers of the parts that are converted. */
  readonly parameters: number;
  readonly licence: string | null;
}

const mostHeaderBytes = 100_000_000;
const lengthBytes = 8;
/** The U-Net, the autoencoder and the text encoders; copies for training go by other names. */
const converted = /^(model\.diffusion_model|first_stage_model|vae|cond_stage_model|conditioner)\./;
const headerSchema = z.record(z.string(), z.looseObject({ shape: z.array(z.number().int().nonnegative()).optional() }));

/**
 * Reads the header of a .safetensors file.
 *
 * @throws StudioError `file-unreadable` for a file of another form, which might be a program, and for a damaged one
 */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  if (extname(path) !== '.safetensors') {
    throw new StudioError(
      'file-unreadable',
      `${basename(path)} is no .safetensors file. Files of other forms can hold programs, so none of them is opened.`,
      'Use the .safetensors file of the same model; most models have one.',
      { path },
    );
  }
  const { __metadata__: said, ...tensors } = await readHeader(path);
  const parameters = Object.entries(tensors)
    .filter(([name]) => converted.test(name))
    .reduce((sum, [, { shape = [] }]) => sum + shape.reduce((product, side) => product * side, 1), 0);
  const licence = said?.['modelspec.license'];
  return { parameters, licence: typeof licence === 'string' && licence !== '' ? licence.slice(0, 100) : null };
}

async function readHeader(path: string): Promise<z.infer<typeof headerSchema>> {
  const { handle, bytes } = await openRegularFile(path, { maximumBytes: Number.MAX_SAFE_INTEGER });
  try {
    const start = Buffer.alloc(lengthBytes);
    await handle.read(start, 0, lengthBytes, 0);
    const length = bytes < lengthBytes ? Infinity : Number(start.readBigUInt64LE());
    if (length > Math.min(mostHeaderBytes, bytes - lengthBytes)) throw damaged(path);
    const header = Buffer.alloc(length);
    await handle.read(header, 0, length, lengthBytes);
    return headerSchema.parse(JSON.parse(header.toString('utf8')));
  } catch (cause) {
    throw cause instanceof SyntaxError || cause instanceof z.ZodError ? damaged(path, cause) : cause;
  } finally {
    await handle.close();
  }
}

function damaged(path: string, cause?: unknown): StudioError {
  const hint = 'Get it again; it may be half a download, or a file of another form under a new name.';
  return new StudioError('file-unreadable', `${basename(path)} is damaged, or is no .safetensors file.`, hint, { path }, cause);
}
