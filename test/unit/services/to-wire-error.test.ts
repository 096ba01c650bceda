import { ORPCError } from '@orpc/server';
import { describe, expect, it } from 'vitest';
import { StudioError } from '../../../contract/errors.ts';
import { toErrorBody, toWireError } from '../../../main/services/to-wire-error.ts';

const neverLogged = () => {
  throw new Error('an expected error was logged');
};

describe('what crosses the wire', () => {
  it('is the error itself when it was expected', () => {
    const error = new StudioError('disk-full', 'Full.', 'Make room.', { freeBytes: 0 });
    const wire = toWireError(error, neverLogged);
    expect(wire).toMatchObject({ code: 'STUDIO', status: 422, defined: true, data: error.toBody() });
    expect(toWireError(wire, neverLogged)).toBe(wire);
  });

  it('is internal with a log id, and nothing of its message, when it was not', () => {
    const logged: unknown[] = [];
    const secret = new Error('/home/ann/pictures/private.png broke');
    const body = toErrorBody(secret, (error) => {
      logged.push(error);
      return 'abcd1234';
    });
    expect(logged).toEqual([secret]);
    expect(body).toMatchObject({ code: 'internal', details: { logId: 'abcd1234' } });
    expect(body.hint).toContain('abcd1234');
    expect(JSON.stringify(body)).not.toContain('ann');
  });

  it('is internal for things that are no errors', () => {
    for (const thrown of [undefined, null, 'text', 7, {}]) {
      expect(toErrorBody(thrown, () => 'id')).toMatchObject({ code: 'internal', details: { logId: 'id' } });
    }
  });

  it('names the place of an argument that does not fit', () => {
    const issues = [{ message: 'Too small', path: ['settings', 'steps'] }];
    const body = toErrorBody(new ORPCError('BAD_REQUEST', { data: { issues } }), neverLogged);
    expect(body).toMatchObject({ code: 'bad-request', details: { place: 'settings.steps' } });
    expect(body.message).toContain('Too small');
  });

  it.each(['ENOSPC', 'EDQUOT', 'SQLITE_FULL'])('is disk-full for %s wherever it happened', (code) => {
    const body = toErrorBody(Object.assign(new Error('write failed'), { code }), neverLogged);
    expect(body.code).toBe('disk-full');
    expect(body.hint).not.toBe('');
  });
});
