import { z } from 'zod';
import { packLimits } from './pack-limits.ts';

/** Names joined by forward slashes that mean one file wherever the pack lies: no way out of the folder, no drive, no stream, no NUL. */
function isInside(path: string): boolean {
  return !/[\\:\u0000-\u001f]/.test(path) && path.split('/').every((name) => name !== '' && name !== '.' && name !== '..');
}

export const packFilePathSchema = z.string().max(packLimits.pathCharacters).refine(isInside, 'a path inside the model');
/** `.` is the pack's own folder. */
export const folderPathSchema = z
  .string()
  .max(packLimits.pathCharacters)
  .refine((path) => path === '.' || isInside(path), 'a path inside the model');

/** What a manifest calls something. */
export const nameSchema = z.string().max(packLimits.nameCharacters);
