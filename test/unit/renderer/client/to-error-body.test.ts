import { ORPCError } from '@orpc/client';
import { describe, expect, it } from 'vitest';
import { StudioError } from '../../../../contract/errors.ts';
import { toErrorBody } from '../../../../renderer/client/to-error-body.ts';

describe('toErrorBody', () => {
  it('passes the core’s own words on', () => {
    const body = new StudioError('disk-full', 'The disk is full.', 'Free some room.', { freeBytes: 0 }).toBody();
    expect(toErrorBody(new ORPCError('STUDIO', { status: 422, data: body }))).toEqual(body);
    expect(toErrorBody(StudioError.fromBody(body))).toMatchObject(body);
  });

  it('tells a session that ended from a core that is gone', () => {
    expect(toErrorBody(new ORPCError('UNAUTHORIZED', { status: 401 })).code).toBe('unauthorised');
    expect(toErrorBody(new TypeError('fetch failed'))).toMatchObject({ code: 'internal', details: { reason: 'fetch failed' } });
  });

  it.each(['Failed to fetch', 'NetworkError when attempting to fetch resource.', 'Load failed', 'network error'])(
    'takes %j for a core that did not answer',
    (message) => {
      expect(toErrorBody(new TypeError(message)).message).toBe('The studio’s core did not answer.');
    },
  );

  it('tells a fault of the page from one of the core', () => {
    const faults = [
      new TypeError("Cannot read properties of undefined (reading 'write')"),
      new DOMException('Tainted canvas', 'SecurityError'),
      new ReferenceError('x is not defined'),
    ];
    for (const fault of faults) {
      expect(toErrorBody(fault)).toMatchObject({ message: 'The page could not do that.', details: { reason: fault.message } });
    }
  });
});
