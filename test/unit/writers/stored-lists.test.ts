import { copyFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectionListRecord, connectionSchema, templateListRecord } from '../../../contract/writer.ts';
import { ConnectionStore } from '../../../main/writers/connection-store.ts';
import { TemplateStore } from '../../../main/writers/template-store.ts';
import { FIRST_RECORDS, NEWER, makeNewer, readJson } from '../../helpers/frozen-records.ts';
import { openTestNetwork } from '../network/open-test-network.ts';

/** A copy of a frozen record to work on. */
async function copyOf(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'writers-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  copyFileSync(join(FIRST_RECORDS, name), join(folder, name));
  return join(folder, name);
}
const optionsFor = (file: string, repairs: string[] = []) => ({
  file,
  remember: true,
  onRepair: (sentence: string) => repairs.push(sentence),
  clock: () => 5,
});

describe('connections', () => {
  it('of the first version are there with their limits and what they have cost, and no key', async () => {
    const file = await copyOf('connections.json');
    const repairs: string[] = [];
    const { network } = await openTestNetwork();
    const store = await ConnectionStore.open(optionsFor(file, repairs), network);
    expect(repairs).toEqual([]);
    expect(readJson(file)['schemaVersion']).toBe(connectionListRecord.version);
    expect(store.find('mine')).toMatchObject({ price: { input: 1, output: 4, limit: 10 }, allowed: false });
    expect(store.find('mine').spent.cost).toBeGreaterThan(0);
    expect(store.find('far')).toMatchObject({ kind: 'anthropic', secret: 'far', keySet: false, contextTokens: 8000 });
  });

  it('of a later studio are left as they are', async () => {
    const file = await copyOf('connections.json');
    const isUntouched = makeNewer(file, (value) => ({ ...value, schemaVersion: NEWER }));
    const repairs: string[] = [];
    const { network } = await openTestNetwork();
    const store = await ConnectionStore.open(optionsFor(file, repairs), network);
    expect(store.list()).toEqual([]);
    expect(repairs.join(' ')).toContain('newer version');
    const { id, kind, address, model } = { id: 'a', kind: 'google', address: 'https://a.example', model: 'm' } as const;
    await expect(store.add(connectionSchema.parse({ id, kind, address, model }))).rejects.toMatchObject({ code: 'record-newer' });
    expect(isUntouched()).toBe(true);
  });
});

describe('templates', () => {
  it('of the first version are there with every version of each, and grow by another', async () => {
    const file = await copyOf('templates.json');
    const store = await TemplateStore.open(optionsFor(file));
    expect(readJson(file)['schemaVersion']).toBe(templateListRecord.version);
    expect(store.list().map(({ id, version }) => `${id}@${version}`)).toEqual(['blend@2', 'blend@1', 'fog@1']);
    expect(store.find('blend')).toMatchObject({ name: 'Mine' });
    expect(store.find('blend@1')).toMatchObject({ name: 'Blend' });
    await store.save({ id: 'fog', name: 'Fog', system: 'More fog.', examples: [] });
    expect(await readFile(file, 'utf8')).toContain('More fog.');
  });

  it('of a later studio are left as they are', async () => {
    const file = await copyOf('templates.json');
    const isUntouched = makeNewer(file, (value) => ({ ...value, schemaVersion: NEWER }));
    const store = await TemplateStore.open(optionsFor(file));
    expect(store.list().map(({ id }) => id)).toEqual(['blend']);
    const template = { id: 'fog', name: 'Fog', system: 'Fog.', examples: [] };
    await expect(store.save(template)).rejects.toMatchObject({ code: 'record-newer' });
    expect(isUntouched()).toBe(true);
  });
});
