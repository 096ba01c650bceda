import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { patience } from '../../helpers/browser-patience.ts';
import { StudioPage } from '../../helpers/browser-studio-page.ts';

let studio: StudioUnderTest;
let on: StudioPage;

beforeAll(async () => {
  studio = await launchStudio();
  on = new StudioPage(studio.page);
  await on.openSample(1);
  await on.waitForResults(1);
});
afterAll(() => studio.close());

describe('unsaved work', () => {
  it('survives a reload, with picture, results and undo', async () => {
    const read = await on.text();
    await on.toEnd();
    // In one piece: letters that come after a pause are another step.
    await studio.page.keyboard.insertText(' beside a castle');
    await studio.page.reload();
    await expect.poll(() => on.text(), patience).toBe(`${read} beside a castle`);
    await on.original.waitFor();
    await on.waitForResults(1);
    await expect.poll(() => studio.page.locator('.token.from-hand').count(), patience).toBe(3);
    await studio.page.getByRole('button', { name: /^Undo/ }).click();
    await expect.poll(() => on.text(), patience).toBe(read);
    await studio.page.getByRole('button', { name: /^Redo/ }).click();
    await expect.poll(() => on.text(), patience).toContain('castle');
  });

  it('survives the core: writing goes on, and is taken up when the core is back', async () => {
    const ready = studio.page.getByRole('contentinfo').getByRole('button', { name: /^CPU · / });
    await ready.waitFor();
    await studio.killCore();
    await studio.page.getByText('The studio’s core has stopped answering.').waitFor();
    // Whatever the window, it covers nothing that can be clicked.
    for (const [width, height] of [
      [1024, 700],
      [1280, 800],
      [1440, 900],
      [1920, 1080],
    ] as const) {
      await studio.page.setViewportSize({ width, height });
      const banner = await studio.page.getByRole('alert').boundingBox();
      if (banner === null) throw new Error('The message is on screen.');
      const actions = studio.page.getByRole('region', { name: 'Results' }).getByRole('group');
      const ofWords = studio.page.getByRole('region', { name: 'Words', exact: true }).locator('.facts');
      for (const part of [
        actions.getByRole('button', { name: 'Star' }),
        actions.getByRole('button').last(),
        on.generate,
        ofWords,
      ]) {
        const box = await part.boundingBox();
        const isApart = box !== null && (banner.x + banner.width <= box.x || banner.y >= box.y + box.height);
        expect([width, await part.innerText(), isApart]).toEqual([width, expect.any(String), true]);
      }
    }
    await studio.page.setViewportSize({ width: 1280, height: 800 });
    // What it was like before says nothing of a core that is away.
    await ready.waitFor({ state: 'detached' });
    await on.toEnd();
    await studio.page.keyboard.type(' a dog');
    expect(await on.text()).toContain('castle a dog');
    expect(await on.generate.isEnabled()).toBe(false);
    await on.generate.hover();
    await studio.page.getByRole('tooltip').getByText('The studio’s core does not answer.').waitFor();
    expect(await studio.page.getByRole('button', { name: 'Read the picture again' }).isEnabled()).toBe(false);
    // The desktop program starts its own core; a browser can only ask again.
    await studio.page.getByRole('button', { name: /^(Try now|Restart the core)$/ }).click();
    await studio.restartCore();
    await studio.page.getByText('The studio’s core has stopped answering.').waitFor({ state: 'detached' });
    await ready.waitFor();
    await expect.poll(() => studio.page.locator('.token.from-hand').count(), patience).toBe(5);
    await studio.page.keyboard.press('Control+Enter');
    await on.waitForResults(2);
  });
});
