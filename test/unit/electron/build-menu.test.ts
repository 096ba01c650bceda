import type { MenuItemConstructorOptions } from 'electron';
import { expect, test } from 'vitest';
import { menuCommandSchema } from '../../../contract/desktop.ts';
import { buildMenu } from '../../../main/shell/electron/build-menu.ts';
import type { MenuFacts } from '../../../main/shell/electron/build-menu.ts';

const ignore = () => undefined;
const actions = {
  command: ignore,
  openPictures: ignore,
  openWork: ignore,
  clearWork: ignore,
  restartCore: ignore,
  openLogFolder: ignore,
  showAbout: ignore,
};
const facts: MenuFacts = { platform: 'linux', appName: 'Studio', recentWork: [], developer: false };

function flatten(items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flatten(item.submenu) : [])]);
}
const menuOf = (change: Partial<MenuFacts> = {}, more: Partial<typeof actions> = {}) =>
  flatten(buildMenu({ ...facts, ...change }, { ...actions, ...more }));

test.each(['linux', 'win32', 'darwin'] as const)('every command of the contract has exactly one item on %s', (platform) => {
  const ids = menuOf({ platform }).map(({ id }) => id);
  for (const command of menuCommandSchema.options) expect(ids.filter((id) => id === command)).toEqual([command]);
});

test.each(['linux', 'win32', 'darwin'] as const)('no key means two things on %s', (platform) => {
  const keys = menuOf({ platform })
    .map(({ accelerator }) => accelerator?.toString())
    .filter((key) => key !== undefined);
  expect(keys.length).toBeGreaterThan(10);
  expect(new Set(keys).size).toBe(keys.length);
});

test('a key that is a letter in a text field is shown and not taken', () => {
  const plain = menuOf().filter(({ accelerator }) => accelerator !== undefined && !accelerator.includes('+'));
  expect(plain.length).toBeGreaterThan(3);
  for (const item of plain) expect(item.registerAccelerator).toBe(false);
  const onMac = menuOf({ platform: 'darwin' }).filter(
    ({ accelerator }) => accelerator !== undefined && !accelerator.includes('+'),
  );
  expect(onMac).toEqual([]);
});

test('items hand their command on', () => {
  const heard: string[] = [];
  const items = menuOf({}, { command: ((command: string) => heard.push(command)) as unknown as typeof ignore });
  for (const item of items.filter(({ id }) => id === 'generate' || id === 'heat-map'))
    Reflect.apply(item.click ?? ignore, null, []);
  expect(heard).toEqual(['generate', 'heat-map']);
});

test('recent work is listed by title, and an ampersand is one', () => {
  const items = menuOf({
    recentWork: [
      { itemId: 'a', title: 'Fox & owl' },
      { itemId: 'b', title: ' ' },
    ],
  });
  expect(items.map(({ label }) => label)).toEqual(expect.arrayContaining(['Fox && owl', 'Untitled']));
});

test('only developers get reload and the tools of the browser', () => {
  const roles = (developer: boolean) => menuOf({ developer }).map(({ role }) => role);
  expect(roles(true)).toContain('toggleDevTools');
  expect(roles(false)).not.toContain('toggleDevTools');
  expect(roles(false)).not.toContain('reload');
});
