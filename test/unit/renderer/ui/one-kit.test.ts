import { expect, it } from 'vitest';

const sources: Readonly<Record<string, string>> = import.meta.glob('../../../../renderer/**/*.svelte', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** What a component writes itself although `renderer/ui` has it, and what to use instead. */
const ownControls: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/<select\b/, 'Select.svelte'],
  [/<textarea\b/, 'TextArea.svelte'],
  [/<label\b(?:[^<]|<span\b[^<]*<\/span>)*<(?:TextField|TextArea|Select)\b/s, 'Field.svelte or FieldRow.svelte'],
  [/<input\b[^>]*type="checkbox"/s, 'Checkbox.svelte'],
  [/<input\b[^>]*type="range"/s, 'Slider.svelte or Range.svelte'],
  [/<input\b[^>]*type="file"/s, 'FilePicker.svelte'],
  [/<input\b(?![^>]*(?:type="(?:file|radio|checkbox|range)"|role="combobox"))[^>]*>/s, 'TextField.svelte or NumberField.svelte'],
];
const ownTips: typeof ownControls = [
  // A component may have a title of its own.
  [/<(?:[a-z][\w-]*|Button|IconButton)\s(?:[^<>]|=>)*?(?:\btitle=|\s\{title\})/s, 'Hint.svelte, or the hint of a button'],
];
const ownWays: typeof ownControls = [...ownControls, ...ownTips];

/** A field whose words wear colours is an editor, and a see-through one lies over what is seen of it. */
const editor = 'features/blend/WordField.svelte';

function findOwnWays(source: string, ways: typeof ownControls = ownWays): string[] {
  const markup = source.replace(/<script.*?<\/script>|<style.*?<\/style>/gs, '');
  return ways.flatMap(([pattern, instead]) => (pattern.test(markup) ? [instead] : []));
}

it('is what features are built from: no control and no tooltip of their own', () => {
  const found = Object.entries(sources).flatMap(([path, source]) => {
    const name = path.replace('../../../../renderer/', '');
    // The kit itself is made of the browser's controls, but has no tooltips of the system either.
    const ways = name.startsWith('ui/') ? ownTips : ownWays;
    if (name === editor) return [];
    return findOwnWays(source, ways).map((instead) => `${name}: use ${instead}`);
  });
  expect(found).toEqual([]);
});

it.each([
  ['<select value={a}></select>', 'Select.svelte'],
  ['<label>a <input\n class="b" type="checkbox" bind:checked /></label>', 'Checkbox.svelte'],
  ['<input type="range" min="0" />', 'Slider.svelte or Range.svelte'],
  ['<input bind:value={a} onkeydown={press} />', 'TextField.svelte or NumberField.svelte'],
  ['<textarea rows="2"></textarea>', 'TextArea.svelte'],
  ['<input type="file" multiple onchange={take} />', 'FilePicker.svelte'],
  ['<label>{say("a")}<TextField bind:value={a} /></label>', 'Field.svelte or FieldRow.svelte'],
  ['<span class="a" title={name}>a</span>', 'Hint.svelte, or the hint of a button'],
  ['<button type="button" {title} onclick={() => take()}>a</button>', 'Hint.svelte, or the hint of a button'],
  ['<Button onclick={() => act()} title={name}>a</Button>', 'Hint.svelte, or the hint of a button'],
])('finds %s', (planted, instead) => {
  expect(findOwnWays(planted)).toEqual([instead]);
});

it.each([
  '<input type="radio" name={group} />',
  '<Screen title={say("a")}><span>b</span></Screen>',
  '<img alt={title} /><b aria-label={title}>{title}</b>',
  '<script>const title="a";</script><b>a</b>',
])('leaves %s', (written) => {
  expect(findOwnWays(written)).toEqual([]);
});
