import { describe, expect, it } from 'vitest';
import type { CoreState } from '../../../../contract/desktop.ts';
import { describeCore } from '../../../../renderer/features/status/describe-core.ts';

const reason = { code: 'internal' as const, message: 'The core did not answer.', hint: 'Wait.', details: {} };
const lost = { type: 'lost' as const, retryAtMs: 0, reason };
const failed: CoreState = {
  type: 'failed',
  error: { code: 'library-in-use', message: 'Another studio has this library.', hint: 'Close it first.', details: {} },
};

describe('the banner', () => {
  it('in a browser, says when it tries again', () => {
    expect(describeCore(null, lost, 3)).toEqual({ text: expect.stringContaining('Trying again in 3 s.') as string, act: 'try' });
    expect(describeCore(null, lost, 0).text).toContain('Trying again now.');
  });

  it('says what to do when the key is an old one', () => {
    const note = describeCore(
      null,
      { ...lost, reason: { ...reason, code: 'unauthorised', message: 'Old key.', hint: 'Open the link.' } },
      0,
    );
    expect(note.text).toMatch(/^Old key\. Open the link\./);
  });

  it('in the desktop, knows whether the core starts, starts again, or has to be started', () => {
    expect(describeCore({ type: 'starting' }, lost, 0).text).toContain('It is starting.');
    const again = describeCore({ type: 'restarting', inMs: 2_000, reason: 'The core stopped.' }, lost, 2);
    expect(again).toEqual({ text: expect.stringMatching(/^The core stopped\. It starts in 2 s\./) as string, act: 'try' });
    expect(describeCore(failed, lost, 0)).toEqual({
      text: expect.stringMatching(/^Another studio has this library\. Close it first\./) as string,
      act: 'restart',
    });
  });

  it('always says that the text is kept', () => {
    for (const core of [null, failed, { type: 'starting' }, { type: 'ready' }] as const)
      expect(describeCore(core, lost, 1).text).toContain('What you wrote is kept here');
  });
});
