import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { menuCommandSchema } from '../../../../contract/desktop.ts';
import { listCommands } from '../../../../renderer/features/shell/commands.ts';
import { sameKeys } from '../../../../renderer/state/frame/same-keys.ts';
import { placeNames } from '../../../../renderer/state/frame/place-names.ts';
import { appliesAt } from '../../../../renderer/state/frame/command.ts';
import { CoreBench } from '../core-bench.ts';

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

function openCommands() {
  const studio = bench.openPage();
  const commands = listCommands(studio);
  studio.shortcuts.register(commands);
  return { studio, commands };
}

describe('the registry of commands', () => {
  it.each(placeNames)('has no two commands with one id or one key in the %s', (place) => {
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
    const { studio } = openCommands();
    for (const id of ['generate', 'undo', 'redo', 'compare-mode', 'copy-prompt', 'read-picture', 'next-result', 'save-picture']) {
      expect(studio.shortcuts.find(id)?.whyNot?.(), id).toMatch(/^[A-Z].*\.$/);
      expect(studio.shortcuts.run(id), id).toBe(false);
    }
  });

  it('goes to a place and opens the palette by id', () => {
    const { studio } = openCommands();
    expect(studio.shortcuts.run('show-settings')).toBe(true);
    expect(studio.place.current).toBe('settings');
    expect(studio.shortcuts.run('show-settings')).toBe(false);
    studio.shortcuts.run('show-palette');
    expect(studio.overlays.palette).toBe(true);
  });

  it('finds commands in the palette by name, best first, and leaves out what cannot run until it is looked for', () => {
    const { studio } = openCommands();
    expect(studio.palette.entries.map(({ name }) => name)).not.toContain('Undo');
    studio.palette.search('undo');
    expect(studio.palette.entries[0]).toMatchObject({ name: 'Undo', hindrance: 'There is nothing to undo.' });
    expect(studio.palette.chosen).toBeNull();
    studio.palette.search('go pack');
    expect(studio.palette.chosen?.name).toBe('Go to Packs');
  });
});
