import { describe, expect, it } from 'vitest';
import { findInSvelte, findInTypeScript } from './find-hard-coded-texts.ts';

const sources: Readonly<Record<string, string>> = import.meta.glob('../../../renderer/**/*.{svelte,ts}', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Still English in place. A folder leaves this list when its texts lie in `renderer/language`, and does not come back. */
const unfinished = ['App.svelte', 'client/', 'desktop/', 'main.ts', 'features/library/', 'state/'];

describe('texts of the page', () => {
  it('lie in renderer/language and not in components or functions', () => {
    const found = Object.entries(sources).flatMap(([path, source]) => {
      const name = path.replace('../../../renderer/', '');
      if (unfinished.some((start) => name.startsWith(start))) return [];
      const texts = name.endsWith('.svelte') ? findInSvelte(source) : findInTypeScript(source);
      return texts.map(({ line, text }) => `${name}:${line} ${text}`);
    });
    expect(Object.keys(sources).length).toBeGreaterThan(200);
    expect(found).toEqual([]);
  });

  it('are found where somebody writes them in place', () => {
    const component =
      '<p class="a">Planted</p>\n<Button title="Also this" />\n<i aria-label={on ? "Yes" : say("x")}>{say("y")}</i>';
    expect(findInSvelte(component)).toEqual([
      { line: 1, text: 'Planted' },
      { line: 2, text: 'Also this' },
      { line: 3, text: 'Yes' },
    ]);
    expect(findInSvelte('<input name="device" type="radio" /><b>De-Diffusion Studio</b>')).toEqual([]);
    const code =
      "notices.tell('Saved.', say('x'));\nconst one = { label: 'Try again', id: 'Not a text' };\nnew StudioError('bad', `No ${x} here.`, say('y'));";
    expect(findInTypeScript(code).map(({ line }) => line)).toEqual([1, 2, 3]);
  });
});
