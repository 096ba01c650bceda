/** Opens everything that is stored in the folder named on the command line, writes to it, reads it again, and prints what a person would be told. */
import { join } from 'node:path';
import { StudioError } from '../../../contract/errors.ts';
import { BatchList } from '../../../main/batches/batch-list.ts';
import { openJobQueue } from '../../../main/jobs/open-job-queue.ts';
import { openLibrary } from '../../../main/library/open-library.ts';
import { VectorStore } from '../../../main/likeness/vector-store.ts';
import { sampleBatch } from '../batches/sample-batches.ts';
import { sampleRequest } from '../jobs/sample-jobs.ts';
import { samplePicture } from './sample-items.ts';

const [, , folder = ''] = process.argv;

async function work(): Promise<string> {
  const library = openLibrary({ folder, clock: Date.now });
  const item = await library.addPicture(samplePicture('Fox'));
  await library.createBoard('Foxes');
  await library.updateItem(item.id, { starred: true });
  const run = () => Promise.reject(new Error('nothing runs here'));
  const queue = openJobQueue({
    file: join(folder, 'jobs.sqlite'),
    run,
    clock: Date.now,
    log: () => undefined,
    needsOf: () => ({ lane: 'device' }),
  });
  queue.submit(sampleRequest());
  const jobs = queue.list({ results: 'none' }).length;
  await queue.close();
  const list = new BatchList({ file: join(folder, 'batches.sqlite'), clock: Date.now });
  if (list.find('one') === null) list.append(sampleBatch('one'));
  list.close();
  const problems: string[] = [];
  const vectors = VectorStore.open({
    file: join(folder, 'vectors.sqlite'),
    clock: Date.now,
    onProblem: (one) => problems.push(one),
  });
  vectors.put('scorer', [{ sha256: 'a'.repeat(64), vector: Float32Array.from([1]) }]);
  vectors.close();
  const report = await library.rebuildIndex();
  await library.close();
  const told = [...problems, ...library.problems, ...list.problems, ...queue.problems];
  return JSON.stringify({ items: report.items, jobs, told });
}

process.stdout.write(
  await work().catch((error: unknown) => {
    if (!(error instanceof StudioError)) throw error;
    return JSON.stringify({ code: error.code, message: error.message, hint: error.hint });
  }),
);
