import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { patience } from '../../helpers/browser-patience.ts';

/** More than the page keeps together, and several screens of them. */
const count = 150;

let studio: StudioUnderTest;

beforeAll(async () => {
  studio = await launchStudio();
  await studio.page.getByRole('button', { name: 'Library', exact: true }).click();
  await studio.page.getByText('Your library begins here').waitFor();
  await studio.page.evaluate(async (pictures) => {
    const canvas = new OffscreenCanvas(16, 16);
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('A canvas draws.');
    for (let number = 0; number < pictures; number += 1) {
      context.fillStyle = `rgb(${number} ${255 - number} 90)`;
      context.fillRect(0, 0, 16, 16);
      const title = `picture ${String(number).padStart(3, '0')}`;
      const answer = await fetch('/images', {
        method: 'POST',
        body: await canvas.convertToBlob(),
        headers: { 'x-title': title },
      });
      if (!answer.ok) throw new Error(`The core answered ${answer.status}.`);
    }
  }, count);
  await named('picture 149').waitFor();
});
afterAll(() => studio.close());

const grid = (): Locator => studio.page.getByRole('listbox', { name: 'Library items' });
const named = (name: string): Locator => grid().getByRole('option', { name: `Picture: ${name}` });
const scrollTop = (): Promise<number> => grid().evaluate((room) => room.scrollTop);

describe('a list longer than the window', () => {
  it('scrolls under a rectangle that is drawn over its edge, and chooses what comes', async () => {
    const { mouse } = studio.page;
    const box = await grid().boundingBox();
    if (box === null) throw new Error('The grid is on screen.');
    await mouse.move(box.x + 6, box.y + 6);
    await mouse.down();
    await mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
    expect(await scrollTop()).toBe(0);
    await mouse.move(box.x + box.width - 30, box.y + box.height + 40, { steps: 4 });
    const end = await grid().evaluate((room) => room.scrollHeight - room.clientHeight);
    await expect.poll(scrollTop, patience).toBe(end);
    await mouse.up();
    await studio.page.getByText(`${count} items chosen`).waitFor();
    await expect.poll(() => named('picture 000').getAttribute('aria-selected'), patience).toBe('true');
  });

  it('goes to its ends by keys, and back', async () => {
    await grid().focus();
    await studio.page.keyboard.press('Home');
    await expect.poll(() => named('picture 149').getAttribute('aria-selected'), patience).toBe('true');
    expect(await scrollTop()).toBeLessThan(20);
    await studio.page.keyboard.press('End');
    await expect.poll(() => named('picture 000').getAttribute('aria-selected'), patience).toBe('true');
    await studio.page.keyboard.press('Shift+Home');
    await studio.page.getByText(`${count} items chosen`).waitFor();
  });

  it('complained about nothing on the way', () => {
    expect(studio.complaints).toEqual([]);
  });
});
