import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Locator } from 'playwright-core';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { patience } from '../../helpers/browser-patience.ts';

let studio: StudioUnderTest;
beforeAll(async () => {
  studio = await launchStudio();
  await studio.page.getByRole('button', { name: 'Settings', exact: true }).click();
});
afterAll(() => studio.close());

const section = (): Locator => studio.page.getByRole('region', { name: 'Templates' });
const form = (name: string): Locator => section().getByRole('form', { name: `Template ${name}` });
const told = (name: string): Locator => form(name).getByRole('textbox', { name: 'What the model is told' });

it('a changed template is a new version, and the older ones can be looked at', async () => {
  await section().getByText('blend, version 1', { exact: true }).waitFor();
  await section().getByRole('button', { name: 'Edit Blend', exact: true }).click();
  const own = await told('Blend').inputValue();
  expect(own).toContain('{limit}');
  await told('Blend').fill('Mix both in {language}.');
  await form('Blend').getByRole('button', { name: 'Save as a new version' }).click();
  await section().getByText('blend, version 2', { exact: true }).waitFor();
  const versions = section().getByRole('combobox', { name: 'Version' });
  await expect.poll(() => versions.inputValue(), patience).toBe('2');
  await versions.selectOption('1');
  await expect.poll(() => told('Blend').inputValue(), patience).toBe(own);
});

it('a copy has a name of its own', async () => {
  await section().getByRole('button', { name: 'Copy Blend', exact: true }).click();
  await form('Blend 2').getByRole('textbox', { name: 'Name' }).fill('Short');
  await form('Blend 2').getByRole('button', { name: 'Take it away' }).first().click();
  await form('Blend 2').getByRole('button', { name: 'Save as a new version' }).click();
  await section().getByText('blend-2, version 1', { exact: true }).waitFor();
  await section().getByText('Short', { exact: true }).waitFor();
});

it('one’s own versions are forgotten, and the studio’s comes back', async () => {
  await section().getByRole('button', { name: 'Edit Blend', exact: true }).click();
  await section().getByRole('button', { name: 'Forget my versions' }).click();
  await section().getByText('blend, version 1', { exact: true }).waitFor();
  expect(studio.complaints).toEqual([]);
});
