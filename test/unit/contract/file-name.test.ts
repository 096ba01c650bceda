import { expect, test } from 'vitest';
import { toDashedName, toFileName } from '../../../contract/file-name.ts';

test.each([
  ['fox.png', 'png', 'fox.png'],
  ['fox.jpeg', 'png', 'fox.png'],
  ['version 1.2', 'png', 'version 1.2.png'],
  ['../../etc/passwd', 'txt', 'etc passwd.txt'],
  ['a<b>c:d"e/f\\g|h?i*j', 'png', 'a b c d e f g h i j.png'],
  ['tab\tnew\nline\u0000', 'png', 'tab new line.png'],
  ['', 'png', 'picture.png'],
  ['...', 'png', 'picture.png'],
  ['CON', 'png', 'picture CON.png'],
  ['com1', 'txt', 'picture com1.txt'],
  ['ends with dots...', 'png', 'ends with dots.png'],
  ['Füchse 🦊', 'png', 'Füchse 🦊.png'],
])('%j becomes a name every system takes', (title, extension, name) => {
  expect(toFileName(title, extension)).toBe(name);
});

test.each([
  ['猫.png', 'png', '猫.png'],
  ['кот.jfif', 'jpg', 'кот.jpg'],
  ['Cafe\u0301', 'png', 'Caf\u00e9.png'],
])('%j keeps its letters, composed', (title, extension, name) => {
  expect(toFileName(title, extension)).toBe(name);
});

test('is cut between what a person sees as characters, at 200 bytes', () => {
  expect(toFileName('🦊'.repeat(300), 'png')).toBe(`${'🦊'.repeat(50)}.png`);
  const family = '👨‍👩‍👧';
  const name = toFileName(family.repeat(100), 'png');
  expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(204);
  expect(name.replace('.png', '').replaceAll(family, '')).toBe('');
});

test.each([
  ['A red Fox, in snow!', 'a-red-fox-in-snow'],
  ['../../etc/passwd', 'etc-passwd'],
  ['café', 'café'],
  ['красное яблоко', 'красное-яблоко'],
  ['猫', '猫'],
  ['हिन्दी', 'हिन्दी'],
  ['🦊', 'picture'],
  ['', 'picture'],
  ['con', 'picture-con'],
  ['-x-', 'x'],
])('%j becomes a short name with dashes', (text, name) => {
  expect(toDashedName(text)).toBe(name);
});

test('a name with dashes is short in any script', () => {
  expect(toDashedName('word '.repeat(1000)).length).toBeLessThanOrEqual(48);
  expect(new TextEncoder().encode(toDashedName('猫'.repeat(1000))).length).toBeLessThanOrEqual(200);
});
