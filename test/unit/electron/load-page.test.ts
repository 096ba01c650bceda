import { expect, it } from 'vitest';
import { loadPage } from '../../../main/shell/electron/window/load-page.ts';

it('a page that is not loaded is noted, and ends nothing', async () => {
  // A rejection that nobody hears fails the run of these tests.
  const gone = Object.assign(new Error("ERR_FAILED (-2) loading 'studio://app/'"), { code: 'ERR_FAILED' });
  const notes: string[] = [];
  const note = (message: string): number => notes.push(message);
  loadPage({ loadURL: () => Promise.reject(gone) }, note);
  loadPage({ loadURL: () => Promise.reject(new Error('Object has been destroyed')) }, note);
  loadPage({ loadURL: () => Promise.resolve() }, note);
  await expect
    .poll(() => notes)
    .toEqual(['The page was not loaded: ERR_FAILED.', 'The page was not loaded: Error: Object has been destroyed.']);
});
