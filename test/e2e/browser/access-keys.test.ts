import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';

let studio: StudioUnderTest;
beforeAll(async () => {
  studio = await launchStudio();
  await studio.page.getByRole('button', { name: 'Settings', exact: true }).click();
});
afterAll(() => studio.close());

it('a key is made in the settings, shown once, lets a program in, and is revoked', async () => {
  const { page } = studio;
  const section = page.getByRole('region', { name: 'Access keys' });
  await section.getByText('There is none.', { exact: false }).waitFor();
  const form = section.getByRole('form', { name: 'A new access key' });
  await form.getByRole('textbox', { name: 'Name' }).fill('Krita');
  await form.getByRole('textbox', { name: 'Web pages' }).fill('pages');
  await form.getByText('pages is no origin', { exact: false }).waitFor();
  expect(await form.getByRole('button', { name: 'Create a key' }).isDisabled()).toBe(true);
  await form.getByRole('textbox', { name: 'Web pages' }).fill('');
  await form.getByRole('combobox', { name: 'What it allows' }).selectOption('read');
  await form.getByRole('combobox', { name: 'Holds for' }).selectOption('30');
  await form.getByRole('textbox', { name: 'Name' }).press('Enter');
  const secret = await section.locator('code').innerText();
  const ask = () =>
    fetch(new URL('/api/studio/info', page.url()), { headers: { authorization: `Bearer ${secret}` } }).then(
      ({ status }) => status,
    );
  expect(await ask()).toBe(200);
  await section.getByRole('button', { name: 'Done' }).click();
  expect(await section.getByText(secret).count()).toBe(0);
  await section.getByText('To look. Made on', { exact: false }).waitFor();
  await section.getByRole('button', { name: 'Revoke the key Krita' }).click();
  await section.getByText('There is none.', { exact: false }).waitFor();
  expect(await ask()).toBe(401);
});
