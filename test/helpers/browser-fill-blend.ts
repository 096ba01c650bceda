import type { Page } from 'playwright-core';

/** Blend with two texts, what became of them, both drawn, and a file that could not be opened. */
export async function fillBlend(page: Page): Promise<void> {
  const places = page.getByRole('navigation', { name: 'Places' });
  await places.getByRole('button', { name: 'Blend' }).click();
  await page.getByRole('textbox', { name: 'Words of A' }).fill('a red robot on a road, oil painting');
  await page.getByRole('textbox', { name: 'Words of B' }).fill('a deer in a misty forest, watercolor');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Written by: Built-in rules').waitFor();
  await page.getByRole('main').getByRole('button', { name: 'Draw both', exact: true }).click();
  // What the button says of itself lies over the page while the mouse rests there.
  await page.mouse.move(0, 0);
  await page.getByText(/^Like B −?\d/).waitFor();
  await page
    .getByLabel('A file for A')
    .setInputFiles({ name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await page.getByRole('region', { name: /^A, / }).getByRole('alert').waitFor();
}
