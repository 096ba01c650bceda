import type { Page } from 'playwright-core';

/** Nobody listens there. */
const nowhere = 'http://127.0.0.1:9';

/** Blend with two texts, what became of them, both drawn, and a file that could not be opened. */
export async function fillBlend(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Blend', exact: true }).click();
  await page.getByRole('textbox', { name: 'Words of A' }).fill('a red robot on a road, oil painting');
  await page.getByRole('textbox', { name: 'Words of B' }).fill('a deer in a misty forest, watercolor');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Written by: Built-in rules').waitFor();
  await page.getByRole('main').getByRole('button', { name: 'Draw both', exact: true }).click();
  await page.getByText(/^Like B -?\d/).waitFor();
  await page
    .getByLabel('A file for A')
    .setInputFiles({ name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await page.getByRole('region', { name: /^A, / }).getByRole('alert').waitFor();
}

/** Transfer with the open text drawn by the pack, and not by a tool that is away. A text has to be open. */
export async function fillTransfer(page: Page): Promise<void> {
  await page.evaluate(async (address) => {
    const tool = {
      id: 'away',
      kind: 'a1111',
      address,
      secret: null,
      model: 'small',
      family: 'sd-1',
      patienceSeconds: 5,
      price: null,
    };
    await fetch('rpc/connections/add', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ json: tool }),
    });
  }, nowhere);
  await page.getByRole('button', { name: 'Transfer', exact: true }).click();
  await page.getByRole('radio', { name: 'The open text' }).check({ force: true });
  await page.getByRole('checkbox', { name: 'away' }).check();
  await page.getByRole('button', { name: 'Agree', exact: true }).click();
  await page.getByRole('main').getByRole('button', { name: 'Draw 2 pictures' }).click();
  await page.getByText('1 of 2 pictures').waitFor();
  await page.getByRole('button', { name: 'Draw 1 again' }).waitFor();
}
