import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { menuCommandSchema } from '../../../../contract/desktop.ts';
import { openWorkspaces } from '../../../../renderer/features/shell/open-workspaces.ts';
import { sameKeys } from '../../../../renderer/state/frame/same-keys.ts';
import { appliesAt } from '../../../../renderer/state/frame/command.ts';
import type { Workspace } from '../../../../renderer/state/frame/workspace.ts';
import { workspaces } from '../../../../renderer/workspaces.ts';
import { CoreBench } from '../core-bench.ts';

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

function openCommands() {
  const page = bench.openPage();
  openWorkspaces(page, workspaces);
  return { page, commands: page.shortcuts.commands };
}

describe('the registry of commands', () => {
  it.each(workspaces.map(({ name }) => name))('has no two commands with one id or one key in the %s', (place) => {
    const here = openCommands().commands.filter((command) => appliesAt(command, place));
    const ids = here.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    const clashes = here.flatMap((one, index) =>
      here
        .slice(index + 1)
        .filter((other) => one.keys !== null && other.keys !== null && sameKeys(one.keys, other.keys))
        .map((other) => `${one.id} and ${other.id}: ${String(one.keys)}`),
    );
    expect(clashes).toEqual([]);
  });

  it('knows everything the desktop’s menus ask for, by the same id', () => {
    const ids = new Set(openCommands().commands.map(({ id }) => id));
    expect(menuCommandSchema.options.filter((id) => !ids.has(id))).toEqual([]);
  });

  it('says why nothing can be undone, drawn or compared in an empty studio', () => {
    const { page } = openCommands();
    for (const id of ['generate', 'undo', 'redo', 'compare-mode', 'copy-prompt', 'read-picture', 'next-result', 'save-picture']) {
      expect(page.shortcuts.find(id)?.whyNot?.(), id).toMatch(/^[A-Z].*\.$/);
      expect(page.shortcuts.run(id), id).toBe(false);
    }
  });

  it('names only places that registered themselves, each by a name of its own', () => {
    const names = workspaces.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
    const named = openCommands().commands.flatMap(({ where }) => (where === 'everywhere' ? [] : where));
    expect([...new Set(named)].filter((name) => !names.includes(name))).toEqual([]);
  });

  it('opens the first place where the remembered one is gone', () => {
    const { page } = openCommands();
    page.preferences.set({ place: 'a workspace of another version' });
    expect(page.place.current).toBe('studio');
  });

  it('takes a workspace that nothing else knows of', async () => {
    const page = bench.openPage();
    const [first] = workspaces;
    if (first === undefined) throw new Error('There is a first place.');
    let ran = 0;
    let kept = 0;
    const heard: string[] = [];
    const mix: Workspace = {
      ...first,
      name: 'mix',
      title: () => 'Mix',
      keys: 'Mod+Alt+M',
      open: () => ({
        commands: [
          { id: 'mix-now', name: () => 'Mix now', keys: 'M', where: ['mix'], whileWriting: false, run: () => void (ran += 1) },
        ],
        receive: ({ type }) => void heard.push(type),
        greet: () => Promise.reject(new Error('The mixer is broken.')),
        draft: { keep: () => void (kept += 1), kept: null },
        heldReadings: () => ['a reading'],
      }),
    };
    const all = [...workspaces, mix];
    openWorkspaces(page, all);
    expect(page.shortcuts.run('mix-now')).toBe(false);
    expect(page.shortcuts.run('show-mix')).toBe(true);
    expect([page.place.current, page.shortcuts.describe('show-mix')]).toEqual(['mix', 'Ctrl Alt M']);
    page.palette.search('mix now');
    page.palette.chosen?.run();
    expect(ran).toBe(1);
    expect(page.shortcuts.find('show-studio')?.name()).toBe('Go to Studio');

    // And it has its part in what concerns all of them, with a state that nobody else opened.
    page.start();
    await bench.until(() => expect(heard).toContain('hello'));
    await bench.until(() => expect(JSON.stringify(page.notices.list)).toContain('The mixer is broken.'));
    page.keep();
    expect(kept).toBe(1);
    expect(page.workspaces.heldReadings).toEqual(['a reading']);
  });

  it('goes to a place and opens the palette by id', () => {
    const { page } = openCommands();
    expect(page.shortcuts.run('show-settings')).toBe(true);
    expect(page.place.current).toBe('settings');
    expect(page.shortcuts.run('show-settings')).toBe(false);
    page.shortcuts.run('show-palette');
    expect(page.overlays.palette).toBe(true);
  });

  it('finds commands in the palette by name, best first, and leaves out what cannot run until it is looked for', () => {
    const { page } = openCommands();
    expect(page.palette.entries.map(({ name }) => name)).not.toContain('Undo');
    page.palette.search('undo');
    expect(page.palette.entries[0]).toMatchObject({ name: 'Undo', hindrance: 'There is nothing to undo.' });
    expect(page.palette.chosen).toBeNull();
    page.palette.search('go mod');
    expect(page.palette.chosen?.name).toBe('Go to Models');
  });
});
