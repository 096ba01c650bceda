import { expect, it } from 'vitest';
import { choiceFor, parseReaders, takesCaption } from '../../../main/shell/cli/input/reader-spec.ts';
import { makeDocument } from '../../helpers/make-document.ts';

it('reads readers with their lengths', () => {
  const specs = parseReaders('encoder:75, decoder-search,clip-search:5,decoder-search-from-clip');
  expect(specs.map(({ label, length }) => [label, length])).toEqual([
    ['encoder:75', 75],
    ['decoder-search', 15],
    ['clip-search:5', 5],
    ['decoder-search-from-clip', 15],
  ]);
});

it('reads whose captions are meant: the files beside the pictures, or a connection', () => {
  const [beside, eyes] = parseReaders('caption:20,caption@eyes:20');
  if (!beside || !eyes) throw new Error('two readers');
  expect([beside, eyes].map(takesCaption)).toEqual([true, false]);
  expect(choiceFor(eyes, 3, null)).toEqual({ method: 'caption', connectionId: 'eyes' });
  expect(eyes).toMatchObject({ label: 'caption@eyes:20', length: 20 });
});

it.each([
  'encoder@eyes',
  'caption@',
  'caption@a@b',
  'caption@Eyes',
  'painter',
  'encoder:',
  'encoder:x',
  'encoder:5:6',
  'encoder,encoder',
  '',
])('refuses %j', (list) => {
  expect(() => parseReaders(list)).toThrow();
});

it('gives each its way to read, from a caption where it needs one', () => {
  const [caption, grown, nothing] = parseReaders('caption,decoder-search-from-caption,decoder-search-from-nothing');
  if (!caption || !grown || !nothing) throw new Error('three readers');
  expect([caption, grown, nothing].map(takesCaption)).toEqual([true, true, false]);
  const document = makeDocument(5, 'a'.repeat(64));
  expect(choiceFor(caption, 3, document)).toBeNull();
  expect(choiceFor(grown, 3, document)).toMatchObject({ method: 'decoder-search', from: 'text', seed: 3, document });
  expect(choiceFor(nothing, 3, null)).toEqual({ method: 'decoder-search', from: 'nothing', seed: 3 });
});
