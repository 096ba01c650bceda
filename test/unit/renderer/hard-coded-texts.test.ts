import { describe, expect, it } from 'vitest';
import { findInSvelte, findInTypeScript } from './find-hard-coded-texts.ts';

const sources: Readonly<Record<string, string>> = import.meta.glob('../../../renderer/**/*.{svelte,ts}', {
  query: '?raw',
  import: 'default',
  eager: true,
});

describe('texts of the page', () => {
  it('lie in renderer/language and not in components or functions', () => {
    const found = Object.entries(sources).flatMap(([path, source]) => {
      const name = path.replace('../../../renderer/', '');
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
    expect(findInSvelte('<p>{on ? "Planted here" : ""}</p>')).toHaveLength(1);
    expect(findInSvelte('<i class={on ? "Planted" : ""} onclick={() => tell("Planted here.")}></i>')).toHaveLength(1);
    expect(findInSvelte('<script>\nconst one = `${count} pictures`;</script>')).toEqual([{ line: 2, text: '${count} pictures' }]);
    expect(findInSvelte('<input name="device" type="radio" /><b>De-Diffusion Studio</b>')).toEqual([]);
    const code =
      "notices.tell('Saved.', say('x'));\nconst one = { label: 'Try again', id: 'Not a text' };\nnew StudioError('bad', `No ${x} here.`, say('y'));";
    expect(findInTypeScript(code).map(({ line }) => line)).toEqual([1, 2, 3]);
    expect(
      findInTypeScript("const names = { queued: 'Waiting' };\nconst why = () => (none ? 'No text yet.' : null);"),
    ).toHaveLength(2);
    expect(
      findInTypeScript(
        "if (key === 'Enter') throw new Error('Cannot be.');\nconst looks = { keys: 'Mod+Shift+C', id: 'one two' };",
      ),
    ).toEqual([]);
  });
});
