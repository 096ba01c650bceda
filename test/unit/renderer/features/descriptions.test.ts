import { describe, expect, it } from 'vitest';
import { describePlace } from '../../../../renderer/state/frame/describe-place.ts';
import { describeProgress } from '../../../../renderer/features/jobs/describe-progress.ts';
import { describeShare } from '../../../../renderer/features/words/describe-share.ts';
import { describeKeys } from '../../../../renderer/state/frame/describe-keys.ts';
import { matchKeys } from '../../../../renderer/state/frame/match-keys.ts';

describe('words for numbers', () => {
  it('names phase, step and time left', () => {
    const progress = { fraction: 0.3, phase: 'denoising', step: 7, steps: 20, remainingMs: 3100, previewUrl: null } as const;
    expect(describeProgress(progress)).toBe('Denoising 7/20 ·\u00a03\u00a0s');
    expect(describeProgress({ ...progress, remainingMs: 240_000 })).toBe('Denoising 7/20 ·\u00a04\u00a0min');
    expect(describeProgress({ ...progress, phase: 'loading', steps: 0, remainingMs: null })).toBe('Loading the model');
    expect(describeProgress({ ...progress, phase: 'encoding', step: 0, remainingMs: null })).toBe('Reading');
    expect(describeProgress({ ...progress, phase: 'encoding', remainingMs: null })).toBe('Reading 7/20');
  });

  it('writes shares so that small ones still differ', () => {
    expect([0.834, 0.042, 0.0004, 0, 1].map(describeShare)).toEqual(['83%', '4.2%', '<0.1%', '0.0%', '100%']);
  });

  it('says where a patch lies', () => {
    const grid = { rows: 8, columns: 8 };
    expect(describePlace({ row: 0, column: 0 }, grid)).toBe('the upper left');
    expect(describePlace({ row: 4, column: 4 }, grid)).toBe('the centre');
    expect(describePlace({ row: 4, column: 7 }, grid)).toBe('the right');
  });
});

describe('matchKeys', () => {
  const press = (key: string, held: Partial<KeyboardEvent> = {}): KeyboardEvent =>
    ({ key, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held }) as KeyboardEvent;

  it('takes Ctrl or Cmd for Mod, by platform', () => {
    expect(matchKeys(press('Enter', { ctrlKey: true }), 'Mod+Enter', false)).toBe(true);
    expect(matchKeys(press('Enter', { metaKey: true }), 'Mod+Enter', true)).toBe(true);
    expect(matchKeys(press('Enter', { metaKey: true }), 'Mod+Enter', false)).toBe(false);
  });

  it('tells undo from redo, and a letter from the same with Shift', () => {
    expect(matchKeys(press('Z', { ctrlKey: true, shiftKey: true }), 'Mod+Z', false)).toBe(false);
    expect(matchKeys(press('Z', { ctrlKey: true, shiftKey: true }), 'Mod+Shift+Z', false)).toBe(true);
    expect(matchKeys(press('c', { ctrlKey: true }), 'C', false)).toBe(false);
  });

  it('finds digits by their place and signs by their character', () => {
    expect(matchKeys(press('¡', { altKey: true, code: 'Digit1' }), 'Alt+1', true)).toBe(true);
    expect(matchKeys(press('?', { shiftKey: true }), '?', false)).toBe(true);
  });

  it('writes keys as they are on the keyboard', () => {
    expect(describeKeys('Mod+Shift+C', false)).toBe('Ctrl Shift C');
    expect(describeKeys('Mod+Enter', true)).toBe('⌘ ↵');
  });
});
