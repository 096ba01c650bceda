import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Notices } from '../../../../../renderer/state/frame/notices.svelte.ts';

const undo = { label: 'Undo', run: () => undefined };
const messages = (notices: Notices) => notices.list.map(({ body }) => body.message);

describe('Notices', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('lets news go by themselves, later where there is something to answer', () => {
    const notices = new Notices();
    notices.tell('Saved.');
    notices.tell('Starred.', '', undo);
    vi.advanceTimersByTime(5_000);
    expect(messages(notices)).toEqual(['Starred.']);
    vi.advanceTimersByTime(15_000);
    expect(messages(notices)).toEqual([]);
  });

  it('keeps them while a person is at them', () => {
    const notices = new Notices();
    notices.tell('Starred.', '', undo);
    notices.hold(true);
    vi.advanceTimersByTime(60_000);
    expect(messages(notices)).toEqual(['Starred.']);
    notices.hold(false);
    expect(messages(notices)).toEqual([]);
  });

  it('keeps failures until they are put away, and knows what can be answered', () => {
    const notices = new Notices();
    notices.tell('Saved.');
    expect(notices.answerable).toBe(false);
    notices.failWith(new Error('No room is left.'));
    vi.advanceTimersByTime(60_000);
    expect(notices.answerable).toBe(true);
    notices.dismiss(notices.list[0]?.id ?? 0);
    expect(notices.list).toEqual([]);
  });
});
