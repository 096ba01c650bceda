import { expect, it } from 'vitest';
import { checkKinds, parseTools } from '../../../main/shell/cli/input/transfer-tools.ts';
import { UsageError } from '../../../main/shell/cli/usage-error.ts';

it('names models, connections with their kind or without, and connections that share a column', () => {
  const { tools, kinds } = parseTools('local:tiny-scenes, comfyui:paints,one+a1111:two,midjourney');
  expect(tools).toEqual([
    { type: 'pack', packId: 'tiny-scenes' },
    { type: 'connections', connectionIds: ['paints'] },
    { type: 'connections', connectionIds: ['one', 'two'] },
    { type: 'midjourney' },
  ]);
  expect([...kinds]).toEqual([
    ['paints', 'comfyui'],
    ['two', 'a1111'],
  ]);
});

it.each([
  ['local:', /name a model as local:<model>/],
  ['', /a connection as <name> or <kind>:<name>/],
  ['ollama:mine', /tools are comfyui/],
  ['midjourney:mine', /midjourney alone/],
  ['comfyui:', /<kind>:<name>/],
])('says what is wrong with %j', (text, sentence) => {
  expect(() => parseTools(text)).toThrow(sentence);
  expect(() => parseTools(text)).toThrow(UsageError);
});

it('says when a connection is of another kind', () => {
  const connections = [{ id: 'paints', kind: 'a1111' as const }];
  expect(() => checkKinds(parseTools('comfyui:paints'), connections)).toThrow('the connection paints is of the kind a1111');
  expect(() => checkKinds(parseTools('a1111:paints,paints,comfyui:nobody'), connections)).not.toThrow();
});
