import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StudioError } from '../../../../../contract/errors.ts';
import type { ErrorCode } from '../../../../../contract/errors.ts';
import { CoreBench } from '../../core-bench.ts';

let bench: CoreBench;
beforeAll(async () => {
  // A studio whose chosen pack was deleted since it was last open.
  bench = await CoreBench.open((folder) => writeFile(join(folder, 'settings.json'), JSON.stringify({ packId: 'gone' })));
});
afterAll(() => bench.close());

describe('the one button that helps', () => {
  it.each<[ErrorCode, string, string | null]>([
    ['memory-exceeded', 'settings', 'memory'],
    ['device-unavailable', 'settings', 'device'],
    ['disk-full', 'settings', 'privacy'],
    ['pack-file-altered', 'packs', null],
  ])('for %s goes to %s, %s', (code, place, section) => {
    const page = bench.openPage();
    page.remedyFor({ code })?.run();
    expect([page.place.current, page.place.section]).toEqual([place, section]);
  });

  it.each<ErrorCode>(['image-unreadable', 'image-unsupported', 'image-too-large', 'image-too-small', 'file-unreadable'])(
    'for %s offers another picture',
    (code) => {
      const page = bench.openPage();
      let asked = 0;
      page.overlays.attachFileDialog(() => (asked += 1));
      page.remedyFor({ code })?.run();
      expect(asked).toBe(1);
    },
  );

  it('starts an engine that gave up', async () => {
    const page = bench.openPage();
    page.remedyFor({ code: 'engine-unavailable' })?.run();
    await bench.until(() => expect(page.facts.engine?.state).toBe('starting'));
  });

  it('takes the studio’s own pack when the chosen one is gone', async () => {
    const page = bench.openPage();
    await page.settings.load();
    expect(page.settings.report?.settings.packId).toBe('gone');
    const remedy = page.remedyFor({ code: 'pack-not-found' });
    expect(remedy?.label).toBe('Use the model that came with the studio');
    remedy?.run();
    await bench.until(() => expect(page.settings.report?.settings.packId).toBeNull());
  });

  it('is none where no button can help', () => {
    expect(bench.openPage().remedyFor({ code: 'not-found' })).toBeNull();
  });

  it('stands on the notice of whatever was attempted', async () => {
    const page = bench.openPage();
    page.attempt(Promise.reject(new StudioError('memory-exceeded', 'Too much.', 'Less.')));
    await bench.until(() => expect(page.notices.list[0]?.remedy?.label).toBe('Change the memory limit'));
  });
});
