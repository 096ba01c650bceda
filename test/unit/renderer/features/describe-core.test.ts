import { describe, expect, it } from 'vitest';
import type { CoreState } from '../../../../contract/desktop.ts';
import { describeCore } from '../../../../renderer/features/status/describe-core.ts';

const reason = { code: 'internal' as const, message: 'The core did not answer.', hint: 'Wait.', details: {} };
const absence = { core: null, reason, answeredOnce: true, seconds: 3 };
const failed: CoreState = {
  type: 'failed',
  error: { code: 'library-in-use', message: 'Another studio has this library.', hint: 'Close it first.', details: {} },
};

describe('the banner', () => {
  it('in a browser, says whether the core was there and when it tries again', () => {
    expect(describeCore(absence)).toMatchObject({ title: 'The studio’s core has stopped answering.', act: 'try' });
    expect(describeCore(absence).text).toContain('Trying again in 3 s.');
    const never = describeCore({ ...absence, answeredOnce: false, seconds: 0 });
    expect(never.title).toBe('The studio’s core does not answer.');
    expect(never.text).toContain('Trying again now.');
  });

  it('says what to do when the key is an old one', () => {
    const old = { ...reason, code: 'unauthorised' as const, message: 'Old key.', hint: 'Open the link.' };
    expect(describeCore({ ...absence, reason: old })).toMatchObject({ title: 'Old key.', act: 'try' });
    expect(describeCore({ ...absence, reason: old }).text).toMatch(/^Open the link\./);
  });

  it('in the desktop, knows whether the core starts, starts again, or has to be started', () => {
    expect(describeCore({ ...absence, core: { type: 'starting' } }).text).toMatch(/^It is starting\./);
    const again = describeCore({ ...absence, core: { type: 'restarting', inMs: 2_000, reason: '' } });
    expect(again).toMatchObject({ act: 'try' });
    expect(again.text).toMatch(/^It starts again in 3 s\./);
    const gaveUp = describeCore({ ...absence, core: failed });
    expect(gaveUp.act).toBe('restart');
    expect(gaveUp.text).toMatch(/^Another studio has this library\. Close it first\./);
  });

  it('always says that the text is kept', () => {
    for (const core of [null, failed, { type: 'starting' }, { type: 'ready' }] as const)
      expect(describeCore({ ...absence, core }).text).toContain('What you wrote is kept here');
  });
});
