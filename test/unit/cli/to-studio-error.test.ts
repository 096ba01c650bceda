import { ORPCError } from '@orpc/client';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { StudioError } from '../../../contract/errors.ts';
import { toStudioError } from '../../../main/shell/cli/to-studio-error.ts';

describe('toStudioError', () => {
  it('opens the typed error of the contract', () => {
    const error = new StudioError('disk-full', 'Full.', 'Make room.', { path: '/x' });
    const wired = new ORPCError('STUDIO', { defined: true, status: 422, data: error.toBody() });
    expect(toStudioError(wired)?.toBody()).toEqual(error.toBody());
    expect(toStudioError(error)).toBe(error);
  });

  it('names errors of the file system', async () => {
    const cause: unknown = await readFile('/nowhere/at/all').catch((error: unknown) => error);
    expect(toStudioError(cause)).toMatchObject({ code: 'file-unreadable', details: { path: '/nowhere/at/all' } });
    expect(toStudioError(Object.assign(new Error('full'), { code: 'ENOSPC' }))?.code).toBe('disk-full');
  });

  it('leaves what nobody expected to be shown as a bug', () => {
    expect(toStudioError(new TypeError('x is not a function'))).toBeNull();
    expect(toStudioError('text')).toBeNull();
    expect(toStudioError(new ORPCError('INTERNAL_SERVER_ERROR'))).toBeNull();
  });
});
