import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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
  await on.openLength(75);
  await groups().nth(8).waitFor();
});
afterAll(() => studio.close());

const groups = () => studio.page.getByTestId('words').locator('.group');
const text = async (): Promise<string> => (await on.words.textContent()) ?? '';
const press = async (keys: string, times = 1): Promise<void> => {
  for (let at = 0; at < times; at += 1) await studio.page.keyboard.press(keys);
};

describe.each([
  { where: 'under the pictures', width: 1280, height: 800 },
  { where: 'beside the pictures', width: 1440, height: 900 },
])('75 words in groups, $where', ({ width, height }) => {
  let whole = '';
  /** Characters before the second and the third group. */
  let second = 0;
  let third = 0;

  beforeAll(async () => {
    await studio.page.setViewportSize({ width, height });
    whole = await text();
    const lengths = (await groups().allTextContents()).map((part) => part.length);
    second = lengths[0] ?? 0;
    third = second + (lengths[1] ?? 0);
  });
  beforeEach(async () => {
    await expect.poll(text, patience).toBe(whole);
    await on.words.focus();
    await press('Control+Home');
  });

  it('are all of the text, and named', async () => {
    expect((await groups().allTextContents()).join('')).toBe(whole);
    const names = await groups().evaluateAll((all) => all.map((one) => one.getAttribute('data-name')));
    expect(names).toEqual(expect.arrayContaining(['Style', 'Subject', 'Place', 'Background', 'Colours', 'Light']));
    expect(names.every((name, at) => name === null || name !== names[at - 1])).toBe(true);
  });

  it('are copied as plain text', async () => {
    await press('Control+a');
    await press('Control+c');
    expect(await studio.page.evaluate(() => navigator.clipboard.readText())).toBe(whole);
  });

  it('let the caret walk a character at a time and write where it is', async () => {
    await press('ArrowRight', second);
    await studio.page.keyboard.type('zz ');
    await expect.poll(text, patience).toBe(`${whole.slice(0, second)}zz ${whole.slice(second)}`);
    await press('Backspace', 3);
    await expect.poll(text, patience).toBe(whole);
    await press('ArrowLeft');
    await studio.page.keyboard.type('s');
    await expect.poll(text, patience).toBe(`${whole.slice(0, second - 1)}s${whole.slice(second - 1)}`);
    await press('Backspace');
  });

  it('are selected across, written over and undone', async () => {
    await press('ArrowRight', second - 4);
    await press('Shift+ArrowRight', 8);
    await studio.page.keyboard.type('q');
    await expect.poll(text, patience).toBe(`${whole.slice(0, second - 4)}q${whole.slice(second + 4)}`);
    await press('Control+z');
  });

  it('take what an input method composes between two of them', async () => {
    await press('ArrowRight', second);
    const session = await studio.page.context().newCDPSession(studio.page);
    for (const part of ['n', 'ni', 'nih']) {
      await session.send('Input.imeSetComposition', { text: part, selectionStart: part.length, selectionEnd: part.length });
    }
    await session.send('Input.insertText', { text: '日本 ' });
    await expect.poll(text, patience).toBe(`${whole.slice(0, second)}日本 ${whole.slice(second)}`);
    await session.detach();
    await press('Control+z');
  });

  it('are searched as one text', async () => {
    const [before = '', after = ''] = [whole.slice(0, second).trim().split(' ').at(-1), whole.slice(second, third).split(' ')[0]];
    await press('Control+f');
    const find = studio.page.getByRole('dialog', { name: 'Find and replace' });
    await find.getByRole('textbox', { name: /^Find/ }).fill(`${before} ${after}`);
    await find.getByText('1 place').waitFor();
    await press('Escape');
    await find.waitFor({ state: 'detached' });
  });

  it('begin where they are pointed at', async () => {
    const first = groups().nth(2).locator('.token').first();
    const word = (await first.innerText()).trim();
    const box = await first.boundingBox();
    if (box === null) throw new Error('The word is on screen.');
    await studio.page.mouse.click(box.x + 3, box.y + box.height / 2);
    await expect.poll(() => studio.page.locator('.facts b').innerText(), patience).toBe(word);
    await press('Escape');
  });
});

it('a line that begins with a group begins with its name, at the edge', async () => {
  for (let width = 900; width < 1440; width += 60) {
    await studio.page.setViewportSize({ width, height: 800 });
    await groups().first().waitFor();
    const starts = await groups().evaluateAll((all) => {
      const edge = all[0]?.getClientRects()[0]?.left ?? 0;
      return all.flatMap((group, at) => {
        const [first] = group.getClientRects();
        const above = all[at - 1]?.getClientRects();
        const last = above?.[above.length - 1];
        return first === undefined || last === undefined || first.top < last.bottom - 4 ? [] : [first.left - edge];
      });
    });
    expect([width, starts]).toEqual([width, starts.map(() => 0)]);
    if (width === 1020) expect(starts.length).toBeGreaterThan(0);
  }
});

it('words say by a fading edge that more of them are out of sight', async () => {
  await studio.page.setViewportSize({ width: 1280, height: 800 });
  await on.words.focus();
  const scroller = studio.page.getByTestId('words').locator('.cm-scroller');
  await press('Control+Home');
  await expect.poll(() => scroller.getAttribute('data-hidden'), patience).toBe('below');
  await press('Control+End');
  await expect.poll(() => scroller.getAttribute('data-hidden'), patience).toBe('above');
  await studio.page.setViewportSize({ width: 1920, height: 1080 });
  await expect.poll(() => scroller.getAttribute('data-hidden'), patience).toBe('');
});

it('the weight of a word stands between the marks of the line above and its own letters', async () => {
  await on.words.focus();
  await press('Control+a');
  await press('Control+ArrowUp', 2);
  // Both steps are drawn: between them words are laid out anew.
  await studio.page.locator('.token[data-weight="×1.10"]').nth(40).waitFor();
  const gaps = await studio.page.locator('.token.weighed').evaluateAll((tokens) => {
    const pen = document.createElement('canvas').getContext('2d');
    // A canvas rounds what it measures to whole pixels, so letters are measured large.
    const measure = ({ fontWeight, fontSize, fontFamily }: CSSStyleDeclaration, text: string) => {
      if (pen === null) throw new Error('A browser has a canvas.');
      pen.font = `${fontWeight} 1000px ${fontFamily}`;
      const metrics = pen.measureText(text);
      const size = parseFloat(fontSize) / 1000;
      return {
        // A line is laid out with these two in whole pixels.
        ascent: Math.round(metrics.fontBoundingBoxAscent * size),
        descent: Math.round(metrics.fontBoundingBoxDescent * size),
        over: metrics.actualBoundingBoxAscent * size,
        under: metrics.actualBoundingBoxDescent * size,
      };
    };
    const lines = tokens.map((token) => {
      const [own, mark] = [getComputedStyle(token), getComputedStyle(token, '::after')];
      const box = token.getBoundingClientRect();
      const letters = measure(own, 'd');
      const figures = measure(mark, '×1.10');
      const baseline = box.top + parseFloat(own.paddingTop) + letters.ascent;
      const height = parseFloat(mark.lineHeight);
      const markBaseline = box.top + parseFloat(mark.top) + (height - figures.ascent - figures.descent) / 2 + figures.ascent;
      return {
        letters: baseline - letters.over,
        underline: baseline + parseFloat(own.textUnderlineOffset) + parseFloat(own.textDecorationThickness),
        markTop: markBaseline - figures.over,
        markBottom: markBaseline + figures.under,
      };
    });
    // Of each word, and of the word before it where that stands in the line above.
    return lines.map((line, at) => {
      const above = lines[at - 1];
      const free = above === undefined || above.letters >= line.letters - 5 ? 1 : line.markTop - above.underline;
      return Math.min(free, line.letters - line.markBottom);
    });
  });
  expect(gaps.length).toBeGreaterThan(40);
  const least = Math.min(...gaps);
  expect(least).toBeGreaterThan(0.25);
  await press('Control+ArrowDown', 2);
  await studio.page.locator('.token.weighed').first().waitFor({ state: 'detached' });
});

it('a person may have the text without groups', async () => {
  await on.tool('Words by kind').click();
  const shown = studio.page.getByRole('checkbox', { name: 'Show long texts in these groups' });
  await shown.uncheck();
  await groups().first().waitFor({ state: 'detached' });
  await shown.check();
  await groups().nth(8).waitFor();
  await on.tool('Words by kind').click();
});

it('words of a hand are grouped as well, those that nobody knows are in no group, and a short text has none', async () => {
  await on.words.focus();
  await press('Control+a');
  await studio.page.keyboard.type('a red fox sleeping in a dark green forest at night under soft light ');
  await studio.page.keyboard.type('zxqvbn watercolour illustration with ink and pencil on old paper');
  await groups().nth(3).waitFor();
  const parts = await groups().evaluateAll((all) =>
    all.map((one) => `${one.getAttribute('data-name') ?? '?'}: ${one.textContent.trim()}`),
  );
  expect(parts.slice(0, 2)).toEqual(['Subject: a red fox', 'Background: sleeping in a dark green forest']);
  expect(parts).toContain('?: zxqvbn');
  await press('Control+a');
  await studio.page.keyboard.type('a red fox in a forest');
  await groups().first().waitFor({ state: 'detached' });
});

it('complained about nothing on the way', () => {
  // Where a selection over several groups is written over, Chromium itself puts what it takes for the style into the text, which the policy refuses.
  expect(studio.complaints.filter((line) => !line.startsWith('Applying inline style'))).toEqual([]);
});
