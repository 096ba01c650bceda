import { expect, onTestFinished, test } from 'vitest';
import { libraryQuerySchema } from '../../../contract/library.ts';
import { openLibrary } from '../../../main/library/open-library.ts';
import { makeTemporaryFolder } from './make-temporary-folder.ts';
import { samplePicture } from './sample-items.ts';

test.each([
  ['リンゴ', ['赤いリンゴと猫']],
  ['ﾘﾝｺﾞ', ['赤いリンゴと猫']],
  ['猫', ['赤いリンゴと猫']],
  ['い', ['赤いリンゴと猫']],
  ['ンゴ 赤い', ['赤いリンゴと猫']],
  ['ゴリ', []],
  ['猫赤', []],
  ['红色', ['一只红色的狐狸在雪地里']],
  ['狐狸', ['一只红色的狐狸在雪地里']],
  ['雪', ['一只红色的狐狸在雪地里']],
  ['แมว', ['ภาพแมวสีแดงบนโต๊ะ']],
  ['โต๊ะ', ['ภาพแมวสีแดงบนโต๊ะ']],
  ['ឆ្មា', ['រូបភាពឆ្មាក្រហម']],
  ['고양이', ['빨간고양이 iPhone写真']],
  ['iphone写', ['빨간고양이 iPhone写真']],
  ['真', ['빨간고양이 iPhone写真']],
])('search finds %j in scripts without spaces, wherever it stands', async (text, expected) => {
  const library = openLibrary({ folder: makeTemporaryFolder(), clock: Date.now });
  onTestFinished(() => library.close());
  await library.addPicture(samplePicture('赤いリンゴと猫'));
  await library.addPicture(samplePicture('ภาพแมวสีแดงบนโต๊ะ'));
  await library.addPicture(samplePicture('一只红色的狐狸在雪地里'));
  await library.addPicture(samplePicture('រូបភាពឆ្មាក្រហម'));
  await library.addPicture(samplePicture('빨간고양이 iPhone写真'));
  expect(library.queryItems(libraryQuerySchema.parse({ text })).items.map(({ title }) => title)).toEqual(expected);
});
