import { expect, it } from 'vitest';
import type { PackManifest } from '../../../../../../contract/models/pack.ts';
import type { WriterState } from '../../../../../../contract/outside/connection.ts';
import { chooseReader, listReaders } from '../../../../../../renderer/state/text/readers/reader-options.ts';

const roles = (over: object): Pick<PackManifest, 'roles'> => ({ roles: { ...over } });
const drawer = { initPictures: true };
const seer = (id: string, over: object = {}): WriterState =>
  ({ id, model: 'llava', sees: true, allowed: true, ...over }) as WriterState;
const keysOf = (options: readonly { readonly key: string }[]): string[] => options.map(({ key }) => key);

it('lists who can read with a model, and the language models that may see', () => {
  const models = [seer('eyes'), seer('blind', { sees: false }), seer('unasked', { allowed: false })];
  const captioners = [{ id: 'teller', name: 'Teller' }];
  const all = listReaders({ pack: roles({ scorer: {} }), lengths: [5, 15], drawer, models, captioners });
  expect(keysOf(all)).toEqual([
    'encoder',
    'decoder-search',
    'decoder-search-from-nothing',
    'refine',
    'clip-search',
    'caption@teller',
    'caption@eyes',
  ]);
  expect(all.at(-2)).toMatchObject({ choice: { method: 'caption', connectionId: 'teller' }, seer: 'Teller' });
  expect(all.at(-1)).toMatchObject({ choice: { method: 'caption', connectionId: 'eyes' }, seer: 'eyes – llava' });
  expect(keysOf(listReaders({ pack: roles({ scorer: {} }), lengths: [], drawer: null, models: [], captioners: [] }))).toEqual([
    'clip-search',
  ]);
  expect(listReaders({ pack: null, lengths: [], drawer, models: [], captioners: [] })).toEqual([]);
});

it('opens pictures with whom a person chose, else with the encoder, else with the best of the others, and never sends one out by itself', () => {
  const models = [seer('eyes')];
  const whole = listReaders({ pack: roles({ scorer: {} }), lengths: [15], drawer, models, captioners: [] });
  expect(chooseReader(whole, null)?.key).toBe('encoder');
  expect(chooseReader(whole, 'caption@eyes')?.key).toBe('caption@eyes');
  expect(chooseReader(whole, 'caption@gone')?.key).toBe('encoder');
  // It goes on from a text, and a picture that is opened has none.
  expect(chooseReader(whole, 'refine')?.key).toBe('encoder');
  const noEncoder = listReaders({ pack: roles({ scorer: {} }), lengths: [], drawer, models, captioners: [] });
  expect(chooseReader(noEncoder, null)?.key).toBe('clip-search');
  const onlyEyes = listReaders({ pack: roles({}), lengths: [], drawer: null, models, captioners: [] });
  expect(chooseReader(onlyEyes, null)).toBeNull();
});
