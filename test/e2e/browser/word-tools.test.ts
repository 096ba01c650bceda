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
  await on.openSample();
  await on.waitForResults(1);
  await on.openLength(15);
  await on.tokens.nth(15).waitFor({ state: 'detached' });
  await on.tokens.nth(10).waitFor();
});
afterAll(() => studio.close());

const tool = (name: RegExp) => studio.page.getByRole('group', { name: 'Tools of the words' }).getByRole('button', { name });
const panel = (name: string) => studio.page.getByRole('dialog', { name });
const wordsOf = async (): Promise<string[]> => (await on.text()).split(/\s+/);

describe('the order of the words', () => {
  it('moves a word by keys, with its lock and weight, and says where it is', async () => {
    const before = await wordsOf();
    await on.words.focus();
    await studio.page.keyboard.press('Control+Home');
    await studio.page.keyboard.press('Control+l');
    await studio.page.keyboard.press('Control+ArrowUp');
    await studio.page.keyboard.press('Alt+Shift+ArrowRight');
    await expect.poll(wordsOf, patience).toEqual([before[1], before[0], ...before.slice(2)]);
    await expect.poll(() => on.tokens.nth(1).getAttribute('class'), patience).toMatch(/locked/);
    expect(await on.tokens.nth(1).getAttribute('data-weight')).toBe('×1.05');
    await expect.poll(() => studio.page.getByTestId('word-said').innerText(), patience).toContain('now word 2 of');
    await studio.page.keyboard.press('Alt+Shift+ArrowLeft');
    await expect.poll(wordsOf, patience).toEqual(before);
    await studio.page.keyboard.press('Control+ArrowDown');
    await on.page.getByTestId('words').locator('.weighed').first().waitFor({ state: 'detached' });
  });

  it('short words in a row carry their weights side by side, once for a word of several tokens', async () => {
    const before = await on.text();
    await on.toEnd();
    await studio.page.keyboard.type(' a b zebrafinches');
    // From the last to the first, at once: every word has a weight above it, whatever is still on its way to the core.
    for (const keys of ['', 'Control+ArrowLeft Control+ArrowLeft', 'Control+ArrowLeft']) {
      for (const key of keys.split(' ').filter((one) => one !== '')) await studio.page.keyboard.press(key);
      await studio.page.keyboard.press('Control+ArrowUp');
      if (keys !== '') await studio.page.keyboard.press('Control+ArrowUp');
    }
    const weights = studio.page.getByTestId('words').locator('.weighed');
    await expect
      .poll(
        () => weights.evaluateAll((tokens) => tokens.map((token) => `${token.textContent} ${token.getAttribute('data-weight')}`)),
        patience,
      )
      .toEqual(['a ×1.10', 'b ×1.10', expect.stringMatching(/^z\w* ×1\.05$/)]);
    const ends = await weights.evaluateAll((tokens) => {
      const pen = document.createElement('canvas').getContext('2d');
      if (pen === null) throw new Error('A canvas can be drawn on.');
      return tokens.map((token) => {
        pen.font = getComputedStyle(token, '::after').font;
        const { left, top } = token.getBoundingClientRect();
        return { left, top, right: left + pen.measureText(token.getAttribute('data-weight') ?? '').width };
      });
    });
    for (const [at, { right, top }] of ends.entries()) {
      const next = ends[at + 1];
      if (next !== undefined && Math.abs(next.top - top) < 15) expect(right).toBeLessThanOrEqual(next.left);
    }
    for (let steps = 0; steps < 12 && (await on.text()) !== before; steps += 1) await studio.page.keyboard.press('Control+z');
    await expect.poll(() => on.text(), patience).toBe(before);
  });

  it('drags a word to another place, and undo brings it back', async () => {
    const before = await wordsOf();
    const [from, to] = [await on.tokens.nth(1).boundingBox(), await on.tokens.nth(4).boundingBox()];
    if (from === null || to === null) throw new Error('The words are on screen.');
    await studio.page.keyboard.down('Alt');
    await studio.page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
    await studio.page.mouse.down();
    await studio.page.mouse.move(to.x + to.width - 2, to.y + to.height / 2, { steps: 8 });
    await studio.page.getByTestId('words').locator('.landing').waitFor({ state: 'attached' });
    await studio.page.mouse.up();
    await studio.page.keyboard.up('Alt');
    const [first, second, ...rest] = before;
    await expect.poll(wordsOf, patience).toEqual([first, ...rest.slice(0, 3), second, ...rest.slice(3)]);
    await on.words.focus();
    await studio.page.keyboard.press('Control+z');
    await expect.poll(wordsOf, patience).toEqual(before);
  });
});

it('a word of several tokens is named as one, and deleted by its button leaves the focus in the words', async () => {
  const before = await wordsOf();
  await on.toEnd();
  await studio.page.keyboard.type(' zebra');
  const bar = studio.page.getByRole('toolbar', { name: 'Selected: zebra', exact: true });
  await bar.waitFor();
  await studio.page.locator('.facts b').getByText('zebra', { exact: true }).waitFor();
  await bar.getByRole('button', { name: 'Delete' }).click();
  await expect.poll(wordsOf, patience).toEqual(before);
  await bar.waitFor({ state: 'hidden' });
  await studio.page.keyboard.press('Control+z');
  await expect.poll(wordsOf, patience).toEqual([...before, 'zebra']);
  await studio.page.keyboard.press('Control+z');
  await expect.poll(wordsOf, patience).toEqual(before);
});

describe('what each word is worth', () => {
  it('measures, colours the words, and says it in a table', async () => {
    await tool(/^Value of each word/).click();
    const values = panel('Value of each word');
    await values.getByRole('button', { name: 'Measure', exact: true }).click();
    await values.getByRole('progressbar').waitFor();
    await values.getByRole('table').waitFor();
    expect(await values.getByRole('row').count()).toBeGreaterThan(5);
    expect(await values.getByRole('cell').first().innerText()).toMatch(/^[+−]?0\.\d{3}$/);
    expect(await studio.page.getByTestId('words').locator('[class*=adds-]').count()).toBeGreaterThan(0);
    await values.getByRole('checkbox', { name: 'In the words' }).uncheck();
    await studio.page.getByTestId('words').locator('[class*=adds-]').first().waitFor({ state: 'detached' });
    await values.getByRole('checkbox', { name: 'In the words' }).check();
    await studio.page.keyboard.press('Escape');
    await values.waitFor({ state: 'detached' });
  });
});

describe('trying an alternative', () => {
  it('draws the text with it beside the text as it is, and changes nothing', async () => {
    const before = await on.text();
    await on.openAlternatives();
    await studio.page.keyboard.press('ArrowDown');
    await studio.page.keyboard.press('Shift+Enter');
    const trial = studio.page.getByTestId('trial');
    await expect.poll(() => trial.locator('figure:last-child img').getAttribute('src'), patience).toMatch(/^shown\//);
    expect(await on.text()).toBe(before);
    await studio.page.keyboard.press('Escape');
    await trial.waitFor({ state: 'detached' });
  });
});

describe('solving again around locks', () => {
  it('shows what was found, keeps what is locked, and is accepted or put away', async () => {
    const [first] = await wordsOf();
    await tool(/^Solve again/).click();
    const solve = panel('Solve again around locked words');
    await solve.getByText('32', { exact: true }).click();
    await solve.getByRole('button', { name: 'Solve again', exact: true }).click();
    await solve.getByText(/pictures drawn/).waitFor();
    const accept = solve.getByRole('button', { name: 'Accept' });
    if ((await accept.count()) === 1) {
      const before = await on.text();
      await accept.click();
      await expect.poll(() => on.text(), patience).not.toBe(before);
      expect((await wordsOf())[0]).toBe(first);
      // The focus is on the button of the panel now, and Ctrl+Enter draws all the same.
      await solve.waitFor({ state: 'detached' });
      const drawn = await on.results.count();
      await studio.page.keyboard.press('Control+Enter');
      await expect.poll(() => on.results.count(), patience).toBe(drawn + 1);
      await solve.waitFor({ state: 'detached' });
      await on.words.focus();
      await studio.page.keyboard.press('Control+z');
      await expect.poll(() => on.text(), patience).toBe(before);
    } else {
      await solve.getByText('No better text was found').waitFor();
      await solve.getByRole('button', { name: 'Close' }).last().click();
      await studio.page.keyboard.press('Escape');
    }
    await solve.waitFor({ state: 'detached' });
  });
});

describe("solving again by the decoder's loss", () => {
  it('says how the loss fell and what redraws make of it, and remembers the choice while the studio is open', async () => {
    await tool(/^Solve again/).click();
    const solve = panel('Solve again around locked words');
    await solve.getByText('The decoder’s loss', { exact: true }).click();
    expect(await solve.getByText('pictures', { exact: true }).count()).toBe(0);
    await solve.getByText(/Nothing is drawn for it/).waitFor();
    await solve.getByRole('button', { name: 'Solve again', exact: true }).click();
    await solve.getByText(/^The decoder’s loss on the original 0\.\d{4} → 0\.\d{4}, asked \d+ times/).waitFor();
    await solve.getByText(/pictures drawn/).waitFor();
    await solve
      .getByRole('button', { name: /^(Reject|Close)$/ })
      .last()
      .click();
    expect(await solve.getByRole('radio', { name: 'The decoder’s loss' }).isChecked()).toBe(true);
    await solve.getByText('Redraws', { exact: true }).click();
    await studio.page.keyboard.press('Escape');
    await solve.waitFor({ state: 'detached' });
  });
});

describe('hearing the picture', () => {
  it('lays what was heard beside what was said, and takes it', async () => {
    await on.words.focus();
    await studio.page.keyboard.press('Control+Enter');
    await on.generate.waitFor();
    await expect.poll(() => tool(/^What the model heard/).isEnabled(), patience).toBe(true);
    await tool(/^What the model heard/).click();
    const heard = panel('What the model heard');
    await heard.getByRole('button', { name: 'Hear the picture' }).click();
    await heard.getByTestId('token-diff').waitFor();
    const lost = Number(await heard.getByRole('definition').nth(1).innerText());
    expect(await tool(/^What the model heard/).getAttribute('aria-label')).toBe(`What the model heard, ${lost}`);
    const take = heard.getByRole('button', { name: 'Take what was heard' });
    if ((await take.count()) === 1) await take.click();
    else await studio.page.keyboard.press('Escape');
    await heard.waitFor({ state: 'detached' });
  });
});

describe('versions', () => {
  it('compares any two, token by token', async () => {
    await on.toEnd();
    await studio.page.keyboard.type(' zebra');
    await expect.poll(() => on.tokens.last().getAttribute('class'), patience).toMatch(/from-hand/);
    await tool(/^Compare two versions/).click();
    const compare = panel('Compare two versions');
    const read = async (mark: 'ins' | 'del') => (await compare.locator(mark).allTextContents()).map((text) => text.trim());
    await expect.poll(() => read('ins'), patience).toEqual(['put in: zebra']);
    await compare.getByRole('button', { name: 'Exchange the two' }).click();
    await expect.poll(() => read('del'), patience).toEqual(['taken out: zebra']);
    await studio.page.keyboard.press('Escape');
  });

  it('marks what the chosen target would cut', async () => {
    await on.openLength(75);
    await on.toEnd();
    await studio.page.keyboard.type(
      ' one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen',
    );
    await studio.page.getByRole('button', { name: /tokens · cut/ }).waitFor();
    await studio.page.getByRole('button', { name: /tokens · cut/ }).click();
    await studio.page.getByRole('radio', { name: /SDXL/ }).check();
    await expect.poll(() => studio.page.getByTestId('words').locator('.cut').count(), patience).toBeGreaterThan(0);
    await studio.page.getByRole('radio', { name: /Plain text/ }).check();
    await expect.poll(() => studio.page.getByTestId('words').locator('.cut').count(), patience).toBe(0);
    await studio.page.keyboard.press('Escape');
  });

  it('complained about nothing on the way', () => {
    expect(studio.complaints).toEqual([]);
  });
});
