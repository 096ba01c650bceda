import { describe, expect, it } from 'vitest';
import { BrowserStore } from '../../../../../renderer/state/core/browser-store.ts';
import type { StoreTrouble } from '../../../../../renderer/state/core/browser-store.ts';
import type { Page } from '../../../../../renderer/state/page.svelte.ts';
import { MemoryStorage } from '../../../../helpers/memory-storage.ts';
import { openUnconnectedPage } from '../../open-unconnected-page.ts';

/** Site data is blocked: already asking for the store fails, as `localStorage` does. */
function refuse(): Storage {
  throw new DOMException('The operation is insecure.', 'SecurityError');
}

/** Gives what it holds and takes nothing, as some private windows do. */
class DeafStorage extends MemoryStorage {
  override setItem(): void {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  }
}

function watched(open: () => Storage): { store: BrowserStore; told: StoreTrouble[] } {
  const told: StoreTrouble[] = [];
  return { store: new BrowserStore(open, (trouble) => void told.push(trouble)), told };
}

describe('BrowserStore', () => {
  it('tells once that nothing is kept, and throws nothing', () => {
    const { store, told } = watched(refuse);
    expect([store.read('a'), store.write('a', 'x'), store.rename('a', 'b'), store.write('c', 'y')]).toEqual([
      null,
      false,
      false,
      false,
    ]);
    expect(told).toEqual(['blocked']);
  });

  it('reads where it must not write', () => {
    const deaf = new DeafStorage();
    const { store, told } = watched(() => deaf);
    expect([store.read('a'), told]).toEqual([null, []]);
    expect([store.write('a', 'x'), told]).toEqual([false, ['blocked']]);
  });

  it('tells that it is full once, and again after there was room', () => {
    const { store, told } = watched(() => small);
    const small = new MemoryStorage(10);
    const long = 'x'.repeat(20);
    expect([store.write('a', long), store.write('a', long)]).toEqual([false, false]);
    expect(told).toEqual(['full']);
    expect(store.write('a', 'x')).toBe(true);
    expect(store.write('a', long)).toBe(false);
    expect([store.read('a'), told]).toEqual(['x', ['full', 'full']]);
  });

  it('keeps the first text that fits, and makes no shorter one than it needs', () => {
    const small = new MemoryStorage(5);
    const { store, told } = watched(() => small);
    const made: number[] = [];
    const texts = function* (): Generator<string> {
      for (const length of [9, 4, 1]) {
        made.push(length);
        yield 'x'.repeat(length);
      }
    };
    expect(store.writeFirstThatFits('a', texts())).toBe(true);
    expect([store.read('a'), made, told]).toEqual(['xxxx', [9, 4], []]);
  });

  it('renames without room for two, and leaves what does not fit under the longer name', () => {
    const small = new MemoryStorage(10);
    const { store } = watched(() => small);
    store.write('a', '12345678');
    expect([store.rename('a', 'bc'), store.read('a'), store.read('bc')]).toEqual([true, null, '12345678']);
    expect([store.rename('bc', 'long'), store.read('long'), store.read('bc')]).toEqual([false, null, '12345678']);
  });
});

describe('a page in a browser that keeps nothing', () => {
  const told = (page: Page): string[] => page.notices.list.map(({ body }) => body.message);

  it.each([
    ['throws when it is asked for', refuse],
    ['throws when it is written to', () => new DeafStorage()],
  ])('starts with a store that %s, works, and says so once', (_, openStore) => {
    const page = openUnconnectedPage(openStore);
    page.preferences.set({ theme: 'light' });
    page.preferences.set({ steps: 12 });
    page.keep();
    page.keep();
    expect(page.preferences.values).toMatchObject({ theme: 'light', steps: 12 });
    expect(told(page)).toEqual(['This browser keeps nothing of this page: settings and unsaved text are gone after a reload.']);
  });

  it('starts with a store that is full of work it cannot read, and keeps that', () => {
    const full = new MemoryStorage(1000);
    const work = 'x'.repeat(960);
    full.setItem('dediffusion.journal.1', work);
    const page = openUnconnectedPage(() => full);
    expect(full.getItem('dediffusion.journal.1.unreadable')).toBe(work);
    page.keep();
    page.keep();
    expect(told(page)).toEqual(['The browser’s store is full, so what changes now would not survive a reload.']);
  });
});
