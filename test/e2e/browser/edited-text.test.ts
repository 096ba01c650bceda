import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boxOf, windowSizes } from '../../helpers/browser-boxes.ts';
import { listCutWords } from '../../helpers/browser-cut-words.ts';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { StudioPage } from '../../helpers/browser-studio-page.ts';

let studio: StudioUnderTest;
let on: StudioPage;

beforeAll(async () => {
  studio = await launchStudio();
  on = new StudioPage(studio.page);
  await on.openSample();
  await on.waitForResults(1);
});
afterAll(() => studio.close());

const words = () => studio.page.getByRole('region', { name: 'Words', exact: true });
const toolbar = () => studio.page.getByRole('toolbar', { name: /^Selected/ });

describe('what stands beside an edited text', () => {
  const gauge = () => studio.page.getByTestId('fidelity');

  beforeAll(async () => {
    await studio.page.setViewportSize({ width: 1440, height: 900 });
    await on.openLength(15);
    await on.toEnd();
    await studio.page.keyboard.type(' red fox');
    await studio.page.getByRole('combobox', { name: 'Pictures to draw' }).selectOption('2');
    await on.generate.click();
    await gauge().getByText('±').waitFor({ state: 'attached' });
  });

  it.each(windowSizes)('lies under nothing and ends with a whole word at $width × $height', async (size) => {
    await studio.page.setViewportSize(size);
    const figure = gauge().locator('b');
    await figure.waitFor();
    const isOnTop = await figure.evaluate((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return [0.05, 0.5, 0.95].every((share) => element.contains(document.elementFromPoint(x + width * share, y + height / 2)));
    });
    expect(isOnTop).toBe(true);
    expect(await gauge().evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
    const own = gauge().getByText('· 2 words yours');
    if (await own.isVisible()) expect(await own.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
    else expect(size.width).toBeLessThan(1440);
  });

  it.each(windowSizes)(
    'the facts of a word end with a whole one, and its acts are named where there is room at $width × $height',
    async (size) => {
      await studio.page.setViewportSize(size);
      await on.toEnd();
      await toolbar().waitFor();
      const facts = words().locator('.facts');
      expect(await facts.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
      expect((await boxOf(facts)).height).toBe(20);
      expect((await boxOf(toolbar().getByText('Alternatives'))).width).toBeGreaterThan(20);
    },
  );

  it('what a picture was drawn from ends with a whole word, beside the dock as well', async () => {
    await on.waitForResults(3);
    await studio.page.getByRole('button', { name: 'Show it beside the original' }).click();
    await on.toEnd();
    await studio.page.keyboard.type(' beside a small green frog');
    const from = studio.page.getByText(/^drawn from /);
    for (const size of windowSizes) {
      await studio.page.setViewportSize(size);
      await from.waitFor();
      expect([size.width, await listCutWords(from)]).toEqual([size.width, []]);
      await on.openSettings();
      expect([size.width, await listCutWords(from)]).toEqual([size.width, []]);
      await on.tool('Drawing settings').click();
    }
  });

  it('what nobody measured ends with whole words beside lengths that were', async () => {
    await studio.page.getByRole('button', { name: /^Measure the fidelity of every length/ }).click();
    await studio.page.getByRole('radio', { name: /^75 tokens, fidelity/ }).waitFor();
    await gauge().getByText('not').waitFor();
    for (const size of windowSizes) {
      await studio.page.setViewportSize(size);
      expect([size.width, await listCutWords(words().locator('.about'))]).toEqual([size.width, []]);
      expect([size.width, await listCutWords(gauge())]).toEqual([size.width, []]);
      // Nor is a word left out for which there is room.
      const [all, last] = [await boxOf(gauge()), await boxOf(gauge().getByText('measured', { exact: true }))];
      expect([size.width, last.x + last.width <= all.x + all.width]).toEqual([size.width, true]);
    }
  });
});

it('complained about nothing on the way', () => {
  expect(studio.complaints).toEqual([]);
});
