import { expect, test } from 'vitest';
import { toFileName } from '../../../main/shell/electron/to-file-name.ts';

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

test('is cut between characters, never within one', () => {
  expect(toFileName('🦊'.repeat(300), 'png')).toBe(`${'🦊'.repeat(80)}.png`);
});
