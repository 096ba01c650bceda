import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { BatchList } from '../../../main/batches/batch-list.ts';
import { writeBatchTable } from '../../../main/batches/write-batch-table.ts';
import { openLibrary } from '../../../main/library/open-library.ts';
import { loadClipTokenizer } from '../../../main/tokenizer/load-clip-tokenizer.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';
import { samplePrompt } from '../library/sample-items.ts';
import { sampleBatch, sampleRow, sampleText } from './sample-batches.ts';

test('the plain table tells the world of a text without reading the file of its item', async () => {
  const folder = makeTemporaryFolder();
  const library = openLibrary({ folder, clock: Date.now });
  onTestFinished(() => library.close());
  const given = samplePrompt('a red fox');
  const world = { inside: false, score: 0.25, threshold: 0.5 };
  const source = {
    type: 'reading' as const,
    sha256: null,
    packId: 'tiny',
    imageSha256: null,
    length: 5,
    world,
  };
  const { id } = await library.addPrompt({ ...given, prompt: { ...given.prompt, sources: [source] } });
  const batches = new BatchList({ file: join(folder, 'batches.sqlite'), clock: Date.now });
  onTestFinished(() => batches.close());
  batches.append(sampleBatch('one'));
  batches.addRows('one', [sampleRow('a')]);
  const [row] = batches.read.waiting('one', 1);
  if (row === undefined) throw new Error('no row waits');
  batches.keepTexts('one', row, [{ ...sampleText(), itemId: id }], true);
  rmSync(join(folder, 'items', `${id}.json`));

  const tokenizer = await loadClipTokenizer();
  const options = { format: 'jsonl', target: 'plain', tokenizer } as const;
  let table = '';
  for await (const piece of writeBatchTable(batches, library, 'one', options)) table += piece;
  expect(JSON.parse(table)).toMatchObject({ text: 'a red fox', inside_world: false, world_score: 0.25 });

  let csv = '';
  for await (const piece of writeBatchTable(batches, library, 'one', { ...options, format: 'csv' })) csv += piece;
  expect(csv.split('\r\n')[0]).toBe(
    '\uFEFFfile,sha256,state,length,text,prompt,fidelity_mean,fidelity_spread,inside_world,world_score,error,item_id',
  );
});
