import { expect, test } from 'vitest';
import { readPictureTexts } from '../../../main/image/decode/read-picture-texts.ts';
import { writePngText } from '../../../main/image/write-png-text.ts';
import { pngWith } from '../../helpers/metadata-files.ts';

test('texts are added behind those that are there, of which none goes or changes, not even one of the same name', async () => {
  const foreign = await pngWith([
    ['parameters', 'a fox, Ünder snow'],
    ['prompt', '{"3":{}}'],
  ]);
  const before = readPictureTexts(foreign, 'image/png').texts;
  const after = readPictureTexts(writePngText(foreign, [{ keyword: 'parameters', text: 'ours – é' }]), 'image/png').texts;
  expect(before).toHaveLength(2);
  expect(after.slice(0, 2)).toEqual(before);
  expect(after.slice(2)).toMatchObject([{ key: 'parameters', text: 'ours – é' }]);
});
