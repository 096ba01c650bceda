import { createHash } from 'node:crypto';
import type { LibraryItem, LibraryPage } from '../../../contract/library.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import type { Host } from '../host.ts';
import type { Holdings } from './ledger.ts';

/** How the ledger calls things. */
export const nameOf = {
  item: (id: string) => `item ${id}`,
  board: (id: string) => `board ${id}`,
  batch: (id: string) => `batch ${id}`,
  row: (batchId: string, id: string) => `batch ${batchId}, row ${id}`,
  doneRow: (batchId: string, id: string) => `batch ${batchId}, row ${id}, done`,
  job: (id: string) => `job ${id}`,
  endedJob: (id: string) => `job ${id}, ended`,
  idleMinutes: 'setting of idle minutes',
};

export function describeItem({ title, starred, trashed }: Pick<LibraryItem, 'title' | 'starred' | 'trashed'>): string {
  return JSON.stringify({ title, starred, trashed });
}

/** Everything that a studio holds and a person could miss. */
export async function listHoldings(client: StudioClient): Promise<Holdings> {
  const items = await listItems(client);
  const { boards } = await client.library.overview();
  const batches = await client.batches.list();
  const rows = await Promise.all(
    batches.map(async ({ id }) => {
      const page = await client.batches.rows({ batchId: id, limit: 1000 });
      return page.rows.flatMap((row): [string, string][] => [
        [nameOf.row(id, row.id), row.name],
        ...(row.state === 'done'
          ? [[nameOf.doneRow(id, row.id), row.texts.map(({ text }) => text).join()] as [string, string]]
          : []),
      ]);
    }),
  );
  const jobs = await client.jobs.list();
  const { settings } = await client.settings.get();
  return new Map<string, string>([
    ...items.map((item) => [nameOf.item(item.id), describeItem(item)] as const),
    ...boards.map(({ id, name }) => [nameOf.board(id), name] as const),
    ...batches.map(({ id, name }) => [nameOf.batch(id), name] as const),
    ...rows.flat(),
    ...jobs.map(({ id }) => [nameOf.job(id), 'there'] as const),
    ...jobs.filter(({ endedMs }) => endedMs !== null).map(({ id }) => [nameOf.endedJob(id), 'ended'] as const),
    [nameOf.idleMinutes, String(settings.unloadAfterIdleMinutes)],
  ]);
}

/** All items, those in the trash included. */
export async function listItems(client: StudioClient): Promise<LibraryItem[]> {
  const items: LibraryItem[] = [];
  for (const trashed of [false, true]) {
    for (let after: string | null = ''; after !== null;) {
      const page: LibraryPage = await client.library.query({ trashed, limit: 1000, ...(after === '' ? {} : { after }) });
      items.push(...page.items);
      after = page.next;
    }
  }
  return items;
}

/** @returns a sentence for every picture whose bytes are not what its name says */
export async function findSpoiltPictures(host: Host): Promise<string[]> {
  const faults: string[] = [];
  for (const item of await listItems(host.client)) {
    if (!('image' in item)) continue;
    const { sha256 } = item.image;
    const { status, body } = await host.send(`/images/${sha256}`);
    const found = createHash('sha256').update(body).digest('hex');
    if (status !== 200 || found !== sha256) faults.push(`the picture of item ${item.id} answers ${status} with ${found}`);
  }
  return faults;
}
