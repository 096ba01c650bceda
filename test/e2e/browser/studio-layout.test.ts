import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boxOf, windowSizes } from '../../helpers/browser-boxes.ts';
import type { Box } from '../../helpers/browser-boxes.ts';
import { listCutWords } from '../../helpers/browser-cut-words.ts';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { patience } from '../../helpers/browser-patience.ts';
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

const pictures = () => studio.page.locator('.panes');
const words = () => studio.page.getByRole('region', { name: 'Words', exact: true });

const toolbar = () => studio.page.getByRole('toolbar', { name: /^Selected/ });

/** What must not move while something is switched: every control of the canvas, the words and the strip under their bar. */
async function places(): Promise<ReadonlyMap<string, Box>> {
  const boxes = new Map<string, Box>();
  for (const name of ['Zoom in', 'Zoom to fit', 'Read the picture again', 'Undo', 'Star', 'Drawing settings']) {
    boxes.set(name, await boxOf(studio.page.getByRole('button', { name: new RegExp(`^${name}`) }).first()));
  }
  return boxes.set('words', await boxOf(on.words)).set('generate', await boxOf(on.generate));
}

/** How far the farthest of them went, in CSS pixels. */
function farthest(before: ReadonlyMap<string, Box>, after: ReadonlyMap<string, Box>): number {
  const ways = [...before].map(([name, box]) => {
    const now = after.get(name) ?? box;
    return Math.max(Math.abs(now.x - box.x), Math.abs(now.y - box.y));
  });
  return Math.max(...ways);
}

describe.each(windowSizes)('at $width × $height', ({ width, height }) => {
  beforeAll(() => studio.page.setViewportSize({ width, height }));

  it('the pictures have 60 % of the height or more', async () => {
    await expect.poll(async () => (await boxOf(pictures())).height / height, patience).toBeGreaterThanOrEqual(0.6);
  });

  it('Generate is whole on screen, with the settings in one line above it', async () => {
    const button = await boxOf(on.generate);
    expect(button.x + button.width).toBeLessThanOrEqual(width);
    expect(button.y + button.height).toBeLessThanOrEqual(height);
    const settings = await boxOf(studio.page.getByRole('region', { name: 'Generate' }).getByRole('button', { name: /steps · / }));
    expect(settings.y).toBeLessThan(button.y);
    expect(settings.height).toBeLessThan(40);
    const isCut = ({ scrollWidth, clientWidth }: HTMLElement): boolean => scrollWidth > clientWidth;
    expect(await studio.page.getByText(/^\d+ steps · /).evaluate(isCut)).toBe(false);
  });

  it('what Generate does is whole also for four pictures beside the dock, and its keys are whole or away', async () => {
    await on.openSettings();
    await studio.page.getByRole('combobox', { name: 'Pictures to draw' }).selectOption('4');
    await studio.page.getByText('Generate 4 pictures').waitFor();
    const button = await boxOf(on.generate);
    for (const part of ['.act', '.keys']) {
      const inside = on.generate.locator(part);
      const box = await boxOf(inside);
      const isAway = box.y >= button.y + button.height - 1;
      if (part === '.act') expect(isAway).toBe(false);
      if (isAway) continue;
      expect(box.x).toBeGreaterThanOrEqual(button.x);
      expect(box.x + box.width).toBeLessThanOrEqual(button.x + button.width);
      expect(await inside.evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth && clientWidth > 0)).toBe(false);
    }
    await studio.page.getByRole('combobox', { name: 'Pictures to draw' }).selectOption('1');
    await on.tool('Drawing settings').click();
  });

  it('the first picture of the strip is whole, beside the dock as well', async () => {
    const picture = on.results.first();
    const after = ['Try', 'Star'].map((name) =>
      name === 'Try' ? studio.page.getByText(/^Try: /) : studio.page.getByRole('button', { name: /^Star/ }).first(),
    );
    const isWhole = async (): Promise<boolean> => {
      const box = await boxOf(picture);
      // What is not shown takes nothing away.
      const edges = await Promise.all(after.map(async (part) => (await part.boundingBox())?.x ?? Infinity));
      // Towards its edge the strip fades.
      return box.x + box.width + 20 <= Math.min(...edges);
    };
    expect(await isWhole()).toBe(true);
    await on.openSettings();
    expect(await isWhole()).toBe(true);
    const size = studio.page.getByRole('combobox', { name: 'Size' });
    const beyond = await size.evaluate((element: HTMLSelectElement) => {
      const pen = document.createElement('canvas').getContext('2d');
      const style = getComputedStyle(element);
      if (pen !== null) pen.font = style.font;
      const said = pen?.measureText(element.selectedOptions[0]?.text ?? '').width ?? 0;
      // The arrow has some 20 px.
      return said + 20 - (element.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight));
    });
    expect(beyond).toBeLessThanOrEqual(0);
    await on.tool('Drawing settings').click();
  });

  it('the tools of the canvas stay on it beside the dock, in the difference too', async () => {
    await on.openSettings();
    await studio.page.getByRole('radio', { name: 'Difference', exact: true }).check({ force: true });
    const canvas = await boxOf(studio.page.getByLabel('Canvas'));
    for (const last of ['Difference', 'Reconstruction alone']) {
      const box = await boxOf(studio.page.locator('label', { has: studio.page.getByRole('radio', { name: last, exact: true }) }));
      expect(box.x + box.width).toBeLessThanOrEqual(canvas.x + canvas.width);
    }
    expect(await listCutWords(studio.page.getByLabel('Canvas').getByRole('heading'))).toEqual([]);
    const number = await boxOf(studio.page.locator('.ticks > span').last());
    expect(canvas.y + canvas.height - (number.y + number.height)).toBeGreaterThanOrEqual(2);
    await studio.page.getByRole('radio', { name: 'Side by side', exact: true }).check({ force: true });
    await on.tool('Drawing settings').click();
  });

  it('the tools of the words stay beside the dock while lengths are measured', async () => {
    await on.openSettings();
    await studio.page.getByRole('button', { name: /^Measure the fidelity of every length/ }).click();
    const stop = studio.page.getByRole('button', { name: 'Stop measuring' });
    await stop.waitFor();
    const [room, last] = [await boxOf(words()), await boxOf(words().getByRole('button', { name: 'Redo' }))];
    expect(last.x + last.width).toBeLessThanOrEqual(room.x + room.width);
    await stop.click();
    await stop.waitFor({ state: 'detached' });
    await on.tool('Drawing settings').click();
  });

  it('every tool of the words is whole in its rail', async () => {
    const rail = await boxOf(studio.page.getByRole('group', { name: 'Tools of the words' }));
    const last = await boxOf(on.tool('History'));
    expect(last.y + last.height).toBeLessThanOrEqual(rail.y + rail.height);
  });

  it('the words stand beside the pictures from 1440 px on, and under them before', async () => {
    const [picture, text] = [await boxOf(pictures()), await boxOf(words())];
    if (width >= 1440) expect(text.x).toBeGreaterThanOrEqual(picture.x + picture.width);
    else expect(text.y).toBeGreaterThanOrEqual(picture.y + picture.height);
  });

  it('the dock takes room and covers nothing', async () => {
    await on.openSettings();
    const dock = await boxOf(studio.page.getByRole('dialog', { name: 'Drawing settings' }));
    for (const other of [pictures(), words(), on.generate]) {
      const box = await boxOf(other);
      const apart =
        box.x + box.width <= dock.x + 1 ||
        dock.x + dock.width <= box.x + 1 ||
        box.y + box.height <= dock.y + 1 ||
        dock.y + dock.height <= box.y + 1;
      expect(apart).toBe(true);
    }
    const [room, last] = [await boxOf(words()), await boxOf(words().getByRole('button', { name: 'Delete', exact: true }))];
    expect(last.x + last.width).toBeLessThanOrEqual(room.x + room.width);
    await on.tool('Drawing settings').click();
    await studio.page.getByRole('dialog', { name: 'Drawing settings' }).waitFor({ state: 'detached' });
  });
});

describe('beside the dock in a window of 1024', () => {
  /** The line of progress in a part of the page, once it says how long there is to wait: how far it goes on beyond its room, and on how many lines. */
  async function lineOfProgress(part: string): Promise<{ readonly beyond: number; readonly lines: number }> {
    const found = await studio.page.waitForFunction((name) => {
      const all = document.querySelectorAll<HTMLElement>(`section[aria-label="${name}"] [role="status"] span:not(:has(*))`);
      const line = [...all].find(({ textContent }) => /^\s*Denoising .* ·\s\d+\ss/.test(textContent));
      if (line === undefined) return null;
      const { scrollWidth, clientWidth, clientHeight } = line;
      return { beyond: scrollWidth - clientWidth, lines: clientHeight / parseFloat(getComputedStyle(line).lineHeight) };
    }, part);
    return (await found.jsonValue()) ?? { beyond: Infinity, lines: 0 };
  }

  beforeAll(async () => {
    await studio.page.setViewportSize({ width: 1024, height: 700 });
    await on.openSettings();
  });
  afterAll(() => on.tool('Drawing settings').click());

  it('progress of measuring ends with a whole word', async () => {
    await studio.page.getByRole('button', { name: /^Measure the fidelity of every length/ }).click();
    expect(await lineOfProgress('Words')).toEqual({ beyond: 0, lines: 1 });
    // The lengths stay side by side.
    expect((await boxOf(words().getByRole('radiogroup'))).height).toBeLessThan(40);
    const stop = studio.page.getByRole('button', { name: 'Stop measuring' });
    await stop.click();
    await stop.waitFor({ state: 'detached' });
  });

  it('progress of drawing ends with a whole word', async () => {
    await studio.page.getByRole('spinbutton', { name: 'Steps, as a number' }).fill('150');
    await studio.page.keyboard.press('Tab');
    await on.generate.click();
    expect(await lineOfProgress('Generate')).toEqual({ beyond: 0, lines: 1 });
    await on.generate.waitFor();
    await studio.page.getByRole('button', { name: 'Steps: back to the model’s value' }).click();
  });
});

describe('nothing jumps', () => {
  beforeAll(() => studio.page.setViewportSize({ width: 1280, height: 800 }));

  it.each([
    ['the difference', () => studio.page.getByRole('radio', { name: 'Difference', exact: true }).check({ force: true })],
    ['the slider', () => studio.page.getByRole('radio', { name: 'Slider', exact: true }).check({ force: true })],
    ['both pictures', () => studio.page.getByRole('radio', { name: 'Side by side', exact: true }).check({ force: true })],
    ['marks on every word', () => studio.page.getByRole('button', { name: 'Marks on every word' }).click()],
    ['marks on few words', () => studio.page.getByRole('button', { name: 'Marks on every word' }).click()],
    ['another length', () => on.openLength(75)],
    ['no word', () => toolbar().waitFor({ state: 'hidden' })],
    [
      'a word',
      async () => {
        await on.words.focus();
        await studio.page.keyboard.press('Control+Home');
        await toolbar().waitFor();
      },
    ],
    ['the short text', () => on.openLength(15)],
    ['attention off', () => studio.page.getByRole('button', { name: 'Show what each word looked at' }).click()],
    ['attention on', () => studio.page.getByRole('button', { name: 'Show what each word looked at' }).click()],
  ])('by more than 2 px when %s is chosen', async (_, act) => {
    const before = await places();
    await act();
    expect(farthest(before, await places())).toBeLessThanOrEqual(2);
  });

  it('by more than 2 px when a drawing begins and ends', async () => {
    // Long enough to be seen, however slow the page is.
    await on.openSettings();
    await studio.page.getByRole('spinbutton', { name: 'Steps, as a number' }).fill('150');
    await studio.page.keyboard.press('Tab');
    await on.tool('Drawing settings').click();
    const before = await places();
    await on.generate.click();
    await studio.page.getByRole('button', { name: /Add to the queue/ }).waitFor();
    expect(await boxOf(on.words)).toEqual(before.get('words'));
    await on.waitForResults(2);
    expect(farthest(before, await places())).toBeLessThanOrEqual(2);
  });
});

it('complained about nothing on the way', () => {
  expect(studio.complaints).toEqual([]);
});
