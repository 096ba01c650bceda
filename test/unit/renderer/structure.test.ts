import { describe, expect, it } from 'vitest';

const sources: Readonly<Record<string, string>> = import.meta.glob('../../../renderer/**/*.{svelte,ts}', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const files = Object.entries(sources).map(([path, source]) => ({ name: path.replace('../../../renderer/', ''), source }));

/** Where the components of a place are handed their part of the page, and which features those are. */
const placesWithParts = files.flatMap(({ name }) => /^state\/(\w+)\/\1-context\.ts$/.exec(name)?.[1] ?? []);
const mostFiles = 25;

function reachThePage(name: string, source: string): boolean {
  const feature = /^features\/(\w+)\/.*(?<!Screen)\.svelte$/.exec(name)?.[1];
  return feature !== undefined && placesWithParts.includes(feature) && source.includes('/state/page-context.ts');
}

describe('the rooms of the page', () => {
  it('hand the components of a place their part, which its screen takes from the whole', () => {
    expect(placesWithParts.toSorted()).toEqual(['batch', 'library', 'packs', 'settings']);
    expect(files.filter(({ name, source }) => reachThePage(name, source)).map(({ name }) => name)).toEqual([]);
    const planted = "import { getPage } from '../../state/page-context.ts';";
    expect(reachThePage('features/batch/Planted.svelte', planted)).toBe(true);
    expect(reachThePage('features/batch/BatchScreen.svelte', planted)).toBe(false);
  });

  it('have no more files than can be taken in at a glance', () => {
    const perFolder = new Map<string, number>();
    for (const { name } of files) {
      const folder = name.split('/').slice(0, -1).join('/');
      perFolder.set(folder, (perFolder.get(folder) ?? 0) + 1);
    }
    const full = [...perFolder].filter(([, count]) => count > mostFiles).map(([folder]) => folder);
    expect(full).toEqual([]);
  });

  it('leave no file of one feature beside the page’s state', () => {
    const flat = files.filter(({ name }) => /^state\/[^/]+$/.test(name)).map(({ name }) => name);
    expect(flat.toSorted()).toEqual(['state/page-context.ts', 'state/page.svelte.ts', 'state/workspace-context.ts']);
  });
});
