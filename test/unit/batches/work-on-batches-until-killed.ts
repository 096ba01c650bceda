/**
 * Puts rows into a batch of the list named on the command line and settles those that wait, for as long as it lives. Tells on
 * stdout what a caller would know: `added <id>`, `done <id>`, `failed <id>`. The first line says that work begins. With a
 * second argument it ends by itself.
 */
import { writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { BatchList } from '../../../main/batches/batch-list.ts';
import { inheritedRandom } from '../../helpers/inherited-random.ts';
import { sampleBatch, sampleRow, sampleText } from './sample-batches.ts';

const STDOUT = 1;
const say = (line: string): number => writeSync(STDOUT, `${line}\n`);
const ERROR = { code: 'image-unreadable' as const, message: 'No picture.', hint: 'Send it again.', details: {} };

const [, , file = '', once = ''] = process.argv;
const random = inheritedRandom();
const list = new BatchList({ file, clock: Date.now });
if (list.find('one') === null) list.append(sampleBatch('one'));
say('ready');
for (let round = 0; once === '' || round < 2; round += 1) {
  const ids = Array.from({ length: 3 }, (_, index) => `${process.pid}-${round}-${index}`);
  list.addRows(
    'one',
    ids.map((id) => sampleRow(id)),
  );
  for (const id of ids) say(`added ${id}`);
  if (round % 3 === 2) list.changeRows('one', (rows) => rows.move('one', ids, null));
  for (const [index, row] of list.read.waiting('one', 4).entries()) {
    await setTimeout(random() * 2);
    if (index === 3) {
      list.failRow('one', row, ERROR);
      say(`failed ${row.id}`);
    } else {
      list.keepTexts('one', row, [sampleText()], true);
      say(`done ${row.id}`);
    }
  }
}
list.close();
