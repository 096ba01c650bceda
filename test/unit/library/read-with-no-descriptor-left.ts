import { openSync } from 'node:fs';
import { devNull } from 'node:os';
import { ItemFiles } from '../../../main/library/item-files.ts';

/** Run by item-files.test.ts with few descriptors: takes what is left, then reads the item, and prints what is said of it. */
const [folder = '', id = ''] = process.argv.slice(2);
const files = new ItemFiles(folder);
files.read(id);
try {
  for (;;) openSync(devNull, 'r');
} catch {
  const read = files.read(id);
  process.stdout.write('instead' in read ? String(read.instead?.code) : 'read');
}
