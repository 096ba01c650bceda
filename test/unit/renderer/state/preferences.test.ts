import { describe, expect, it } from 'vitest';
import { Preferences } from '../../../../renderer/state/preferences.svelte.ts';
import { MemoryStorage } from '../../../helpers/memory-storage.ts';

describe('Preferences', () => {
  it('are found again', () => {
    const store = new MemoryStorage();
    new Preferences(store).set({ theme: 'light', steps: 12 });
    expect(new Preferences(store).values).toMatchObject({ theme: 'light', steps: 12, guidance: null });
  });

  it('fall back one by one where a value makes no sense', () => {
    const store = new MemoryStorage();
    store.setItem('dediffusion.preferences.1', JSON.stringify({ theme: 'sepia', steps: -4, count: 3 }));
    expect(new Preferences(store).values).toMatchObject({ theme: 'system', steps: null, count: 3 });
  });

  it('start fresh from a store that holds no JSON', () => {
    const store = new MemoryStorage();
    store.setItem('dediffusion.preferences.1', 'not json');
    expect(new Preferences(store).values.theme).toBe('system');
  });
});
