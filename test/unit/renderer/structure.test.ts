import { describe, expect, it } from 'vitest';

const sources: Readonly<Record<string, string>> = import.meta.glob('../../../renderer/**/*.{svelte,ts}', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const files = Object.entries(sources).map(([path, source]) => ({ name: path.replace('../../../renderer/', ''), source }));

/** Features that lie around all places, or lay out the parts of the Studio; whatever else draws something is handed its part of the page. */
const reachingAll = ['jobs', 'samples', 'shell', 'status', 'studio'];
const mostFiles = 25;
/** Workspaces whose state nobody opens but they themselves. */
const ownRooms = ['batch', 'blend', 'packs', 'transfer'];

/** Reads the state of a workspace from outside of its own folders; `workspaces.ts` names their registrations alone. */
function reachAWorkspace(name: string, source: string): boolean {
  return ownRooms.some((room) => {
    const own = new RegExp(`^(state|features)/${room}/`).test(name);
    return !own && new RegExp(`from '[^']*/(state/)?${room}/(?!${room}-workspace)`).test(source);
  });
}

function reachThePage(name: string, source: string): boolean {
  const feature = /^features\/(\w+)\/.*(?<!Screen)\.svelte$/.exec(name)?.[1];
  return feature !== undefined && !reachingAll.includes(feature) && source.includes('/state/page-context.ts');
}

describe('the rooms of the page', () => {
  it('hand the components of a feature their part, which a screen takes from the whole', () => {
    expect(files.filter(({ name, source }) => reachThePage(name, source)).map(({ name }) => name)).toEqual([]);
    const planted = "import { getPage } from '../../state/page-context.ts';";
    expect(reachThePage('features/batch/Planted.svelte', planted)).toBe(true);
    expect(reachThePage('features/words/tools/Planted.svelte', planted)).toBe(true);
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

  it('keep the state of a workspace to itself: neither the page nor another feature names it', () => {
    expect(files.filter(({ name, source }) => reachAWorkspace(name, source)).map(({ name }) => name)).toEqual([]);
    expect(reachAWorkspace('state/page.svelte.ts', "import { Batches } from './batch/batches.svelte.ts';")).toBe(true);
    expect(reachAWorkspace('features/shell/Rail.svelte', "import { Blend } from '../../state/blend/blend.svelte.ts';")).toBe(
      true,
    );
    expect(reachAWorkspace('workspaces.ts', "import { batchWorkspace } from './features/batch/batch-workspace.ts';")).toBe(false);
  });

  it('leave no file of one feature beside the page’s state', () => {
    const flat = files.filter(({ name }) => /^state\/[^/]+$/.test(name)).map(({ name }) => name);
    expect(flat.toSorted()).toEqual(['state/page-context.ts', 'state/page.svelte.ts', 'state/workspace-context.ts']);
  });
});

it('no text ever becomes markup: what comes from elsewhere stays letters', () => {
  const ways = /\{@html|\b(?:inner|outer)HTML\b|insertAdjacentHTML|\bsrcdoc\b|document\.write\b|createContextualFragment|setHTML/;
  expect(files.filter(({ source }) => ways.test(source)).map(({ name }) => name)).toEqual([]);
  for (const planted of ['{@html text}', 'node.innerHTML = text', '<iframe srcdoc={text}>'])
    expect(ways.test(planted)).toBe(true);
});
