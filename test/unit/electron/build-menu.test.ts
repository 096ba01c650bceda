import type { MenuItemConstructorOptions } from 'electron';
import { expect, test } from 'vitest';
import { menuCommandSchema } from '../../../contract/desktop.ts';
import { buildMenu } from '../../../main/shell/electron/build-menu.ts';
import { toAccelerator } from '../../../main/shell/electron/to-accelerator.ts';
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
const facts: MenuFacts = { platform: 'linux', appName: 'Studio', recentWork: [], keys: {}, developer: false };

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

test('shows the keys a person gave a command, and none for one that has none', () => {
  const keys = {
    generate: 'Mod+Shift+G',
    'zoom-in': '+',
    'next-result': 'ArrowLeft',
    undo: null,
    'heat-map': 'Strange',
    unknown: 'A',
  };
  const items = new Map(menuOf({ keys }).map((item) => [item.id, item]));
  expect(items.get('generate')).toMatchObject({ accelerator: 'CmdOrCtrl+Shift+G' });
  expect(items.get('generate')?.registerAccelerator).toBeUndefined();
  expect(items.get('zoom-in')).toMatchObject({ accelerator: 'Plus', registerAccelerator: false });
  expect(items.get('next-result')).toMatchObject({ accelerator: 'Left', registerAccelerator: false });
  expect(items.get('undo')?.accelerator).toBeUndefined();
  expect(items.get('heat-map')?.accelerator).toBeUndefined();
  expect(items.get('redo')).toMatchObject({ accelerator: 'CmdOrCtrl+Shift+Z' });
});

test.each([
  ['Mod+Enter', 'CmdOrCtrl+Enter'],
  ['Mod++', 'CmdOrCtrl+Plus'],
  ['Alt+1', 'Alt+1'],
  ['Mod+Alt+C', 'CmdOrCtrl+Alt+C'],
  ['Escape', 'Esc'],
  ['?', '?'],
  ['Mod+,', 'CmdOrCtrl+,'],
  ['a', 'A'],
  ['', null],
  ['Hyper+A', null],
  ['ContextMenu', null],
])('%s is %s to Electron', (keys, expected) => {
  expect(toAccelerator(keys)).toBe(expected);
});
