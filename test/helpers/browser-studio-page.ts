import type { Locator, Page } from 'playwright-core';

/** The parts of the page that specs talk about, by their accessible names. */
export class StudioPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get words(): Locator {
    return this.page.getByRole('textbox', { name: 'Words of the picture' });
  }

  get tokens(): Locator {
    return this.page.getByTestId('words').locator('.token');
  }

  get samples(): Locator {
    return this.page.getByLabel('Canvas').locator('.sample');
  }

  get results(): Locator {
    return this.page.getByRole('region', { name: 'Results' }).locator('[data-item]');
  }

  /** A button of the rail that opens a panel of the dock. */
  tool(name: string | RegExp): Locator {
    return this.page.getByRole('group', { name: 'Tools of the words' }).getByRole('button', { name });
  }

  get generate(): Locator {
    return this.page.getByRole('button', { name: /^Generate/ });
  }

  get original(): Locator {
    return this.page.getByRole('application', { name: /Original picture/ });
  }

  async text(): Promise<string> {
    return (await this.words.innerText()).trim();
  }

  /** Opens the first sample scene and waits for its words. */
  async openSample(index = 0): Promise<void> {
    await this.samples.nth(index).click();
    await this.tokens.first().waitFor();
  }

  async waitForResults(count: number): Promise<void> {
    await this.results.nth(count - 1).waitFor();
    await this.generate.waitFor();
  }

  /** Shows every item of the library on a tile of its own. */
  async spreadStacks(): Promise<void> {
    const stacks = this.page.getByRole('button', { name: 'Stacks', exact: true });
    if ((await stacks.getAttribute('aria-pressed')) === 'true') await stacks.click();
  }

  /** Opens the first sample scene, lets it be drawn, and goes to the library, where both are on tiles of their own and no more comes. */
  async openLibraryOfSample(): Promise<void> {
    await this.samples.first().waitFor();
    await this.openSample();
    await this.waitForResults(1);
    await this.page.getByText('Queue empty').waitFor();
    await this.page.getByRole('button', { name: 'Library', exact: true }).click();
    await this.spreadStacks();
  }

  /** Opens the alternatives of the first word that has some, from a token on. Words that were surely read have none. */
  async openAlternatives(from = 0): Promise<number> {
    const options = this.page.getByRole('listbox').getByRole('option');
    for (let index = from; index < (await this.tokens.count()); index += 1) {
      await this.tokens.nth(index).click();
      await options.first().waitFor();
      if ((await options.count()) > 1) return index;
      await this.page.keyboard.press('Escape');
      await options.first().waitFor({ state: 'detached' });
    }
    throw new Error('No word has alternatives.');
  }

  /** Opens the settings of a drawing in the dock. */
  async openSettings(): Promise<void> {
    const settings = this.page.getByRole('dialog', { name: 'Drawing settings' });
    if (!(await settings.isVisible())) await this.tool('Drawing settings').click();
    await settings.waitFor();
  }

  async openLength(tokens: number): Promise<void> {
    await this.page.getByRole('radio', { name: new RegExp(`^${tokens} tokens`) }).check({ force: true });
  }

  /** Puts the caret at the end of the words. */
  async toEnd(): Promise<void> {
    await this.words.focus();
    await this.page.keyboard.press('Control+End');
  }
}
