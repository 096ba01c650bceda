import { expect, it } from 'vitest';

const sources: Readonly<Record<string, string>> = import.meta.glob('../../../../renderer/features/**/*.svelte', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** What a feature writes itself although `renderer/ui` has it, and what to use instead. */
const ownWays: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/<select\b/, 'Select.svelte'],
  [/<textarea\b/, 'TextArea.svelte'],
  [/<input\b[^>]*type="checkbox"/s, 'Checkbox.svelte'],
  [/<input\b[^>]*type="range"/s, 'Slider.svelte or Range.svelte'],
  [/<input\b(?![^>]*(?:type="(?:file|radio|checkbox|range)"|role="combobox"))[^>]*>/s, 'TextField.svelte or NumberField.svelte'],
  // A component may have a title of its own.
  [/<(?:[a-z][\w-]*|Button|IconButton)\s(?:[^<>]|=>)*?\btitle=/s, 'Hint.svelte, or the hint of a button'],
];

/** A field whose words wear colours is an editor, and a see-through one lies over what is seen of it. */
const editor = 'features/blend/WordField.svelte';

function findOwnWays(source: string): string[] {
  const markup = source.replace(/<script.*?<\/script>|<style.*?<\/style>/gs, '');
  return ownWays.flatMap(([pattern, instead]) => (pattern.test(markup) ? [instead] : []));
}

it('is what features are built from: no control and no tooltip of their own', () => {
  const found = Object.entries(sources).flatMap(([path, source]) => {
    const name = path.replace('../../../../renderer/', '');
    if (name === editor) return [];
    return findOwnWays(source).map((instead) => `${name}: use ${instead}`);
  });
  expect(found).toEqual([]);
});

it.each([
  ['<select value={a}></select>', 'Select.svelte'],
  ['<label>a <input\n class="b" type="checkbox" bind:checked /></label>', 'Checkbox.svelte'],
  ['<input type="range" min="0" />', 'Slider.svelte or Range.svelte'],
  ['<input bind:value={a} onkeydown={press} />', 'TextField.svelte or NumberField.svelte'],
  ['<textarea rows="2"></textarea>', 'TextArea.svelte'],
  ['<span class="a" title={name}>a</span>', 'Hint.svelte, or the hint of a button'],
  ['<Button onclick={() => act()} title={name}>a</Button>', 'Hint.svelte, or the hint of a button'],
])('finds %s', (planted, instead) => {
  expect(findOwnWays(planted)).toEqual([instead]);
});

it.each([
  '<input type="file" multiple onchange={take} />',
  '<input type="radio" name={group} />',
  '<Screen title={say("a")}><span>b</span></Screen>',
  '<script>const title="a";</script><b>a</b>',
])('leaves %s', (written) => {
  expect(findOwnWays(written)).toEqual([]);
});
