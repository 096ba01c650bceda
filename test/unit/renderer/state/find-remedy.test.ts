import { describe, expect, it, vi } from 'vitest';
import { StudioError } from '../../../../contract/errors.ts';
import type { ErrorCode } from '../../../../contract/errors.ts';
import { BrowserTab } from '../../../../renderer/desktop/browser-tab.ts';
import { Studio } from '../../../../renderer/state/studio.svelte.ts';
import { MemoryStorage } from '../../../helpers/memory-storage.ts';
import { createStandInCore } from '../../../helpers/stand-in-core.ts';

function openStudio(): Studio {
  const core = createStandInCore();
  const transport = { client: core.client, uploadImage: () => Promise.resolve(core.addPicture('a fox')) };
  return new Studio(transport, new MemoryStorage(), new BrowserTab());
}

describe('the one button that helps', () => {
  it.each<[ErrorCode, string, string | null]>([
    ['memory-exceeded', 'settings', 'memory'],
    ['device-unavailable', 'settings', 'device'],
    ['disk-full', 'settings', 'privacy'],
    ['pack-file-altered', 'packs', null],
  ])('for %s goes to %s, %s', (code, place, section) => {
    const studio = openStudio();
    studio.remedyFor({ code })?.run();
    expect([studio.place.current, studio.place.section]).toEqual([place, section]);
  });

  it('starts an engine that gave up', async () => {
    const studio = openStudio();
    studio.remedyFor({ code: 'engine-unavailable' })?.run();
    await vi.waitFor(() => expect(studio.facts.engine?.state).toBe('idle'));
  });

  it('takes the studio’s own pack when the chosen one is gone', async () => {
    const studio = openStudio();
    await studio.settings.update({ packId: 'gone' });
    const remedy = studio.remedyFor({ code: 'pack-not-found' });
    expect(remedy?.label).toBe('Use the pack that came with the studio');
    remedy?.run();
    await vi.waitFor(() => expect(studio.settings.report?.settings.packId).toBeNull());
  });

  it('is none where no button can help', () => {
    expect(openStudio().remedyFor({ code: 'image-unreadable' })).toBeNull();
  });

  it('stands on the notice of whatever was attempted', async () => {
    const studio = openStudio();
    studio.attempt(Promise.reject(new StudioError('memory-exceeded', 'Too much.', 'Less.')));
    await vi.waitFor(() => expect(studio.notices.list[0]?.remedy?.label).toBe('Change the memory limit'));
  });
});
