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
});
afterAll(() => studio.close());

/** The name of what has the focus, also inside the editor's shadow root. */
function focused(): Promise<string> {
  return studio.page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element === document.body ? 'the body' : (element?.getAttribute('aria-label') ?? element?.textContent ?? '');
  });
}

describe('the first start', () => {
  it('has the best scene of the pack on the canvas after one click, the focus in the words, and says what to try', async () => {
    await on.samples.first().waitFor();
    const began = performance.now();
    let acts = 0;
    await on.samples.first().click();
    acts += 1;
    await on.original.waitFor();
    await on.tokens.first().waitFor();
    await expect.poll(focused, patience).toBe('Words of the picture');
    console.log(`First start: ${acts} act, words after ${((performance.now() - began) / 1000).toFixed(1)} s of at most 10 s`);
    await on.waitForResults(1);
    expect(acts).toBe(1);
    expect(await focused()).toBe('Words of the picture');
    const [hint, pictures] = [studio.page.getByText(/^Try: /), studio.page.locator('.panes')];
    await hint.waitFor();
    const [line, canvas] = await Promise.all([hint.boundingBox(), pictures.boundingBox()]);
    // Beside the pictures, not on them.
    expect(line?.y).toBeGreaterThanOrEqual((canvas?.y ?? Infinity) + (canvas?.height ?? 0));
    // What was tried is not said again, however the word was changed.
    await on.openAlternatives();
    await studio.page.keyboard.press('ArrowDown');
    await studio.page.keyboard.press('Enter');
    await studio.page.getByText(/^Try: /).waitFor({ state: 'detached' });
    await on.words.click();
    await studio.page.keyboard.press('Control+End');
    await studio.page.keyboard.type(' beside a castle');
    await expect.poll(() => on.text(), patience).toContain('beside a castle');
  });
});

describe('the second start', () => {
  it('opens what was worked on: text, picture and drawing, with the focus in the words', async () => {
    const text = await on.text();
    expect(text).toContain('beside a castle');
    const title = await studio.page.getByLabel('Canvas').getByRole('heading').innerText();
    studio = await studio.startAgain();
    on = new StudioPage(studio.page);
    await expect.poll(() => on.text(), patience).toBe(text);
    await on.original.waitFor();
    await on.waitForResults(1);
    expect(await studio.page.getByLabel('Canvas').getByRole('heading').innerText()).toBe(title);
    await expect.poll(focused, patience).toBe('Words of the picture');
    // Writing goes on without a click.
    await studio.page.keyboard.press('Control+End');
    await studio.page.keyboard.type(' by the sea');
    await expect.poll(() => on.text(), patience).toBe(`${text} by the sea`);
    expect(await studio.page.getByText(/^Try: /).count()).toBe(0);
    expect(studio.complaints).toEqual([]);
  });
});
