import { ORPCError } from '@orpc/client';
import { StudioError, errorBodySchema } from '../../../contract/errors.ts';

/**
 * The expected error behind anything that was thrown: the contract's typed errors are opened, errors of the file system named.
 * @returns null for what nobody expected, which is a bug to be shown with its stack
 */
export function toStudioError(error: unknown): StudioError | null {
  if (error instanceof StudioError) return error;
  if (error instanceof ORPCError) {
    const body = errorBodySchema.safeParse(error.data);
    return body.success ? StudioError.fromBody(body.data) : null;
  }
  return error instanceof Error && 'code' in error ? fromSystem(error, String(error.code)) : null;
}

function fromSystem(error: Error, code: string): StudioError | null {
  const path = 'path' in error && typeof error.path === 'string' ? error.path : '';
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new StudioError(
        'disk-full',
        `The disk is full: ${path} could not be written.`,
        'Free some space or choose another --out.',
        { path },
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new StudioError(
        'file-unwritable',
        `No permission for ${path}.`,
        'Choose another folder, or change its permissions.',
        { path },
      );
    case 'ENOTDIR':
    case 'EEXIST':
      return new StudioError('file-unwritable', `${path} is a file, not a folder.`, 'Choose another --out.', { path });
    case 'ENAMETOOLONG':
    case 'ENOENT':
      return new StudioError('file-unreadable', `${path} does not exist.`, 'Check the path.', { path });
    case 'EISDIR':
      return new StudioError('file-unreadable', `${path} is a folder, not a file.`, 'Name a file in it.', { path });
    case 'ERR_MODULE_NOT_FOUND': {
      const part = error.message.split('\n')[0] ?? '';
      return new StudioError(
        'internal',
        `A part of the studio is not installed: ${part}`,
        'Run `npm ci` in its folder.',
        {},
        error,
      );
    }
    default:
      return null;
  }
}
