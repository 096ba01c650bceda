import { copyFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectionListRecord, connectionSchema, consentsOf } from '../../../contract/outside/connection.ts';
import { templateListRecord } from '../../../contract/outside/writer.ts';
import { ConnectionStore } from '../../../main/writers/connection-store.ts';
import { TemplateStore } from '../../../main/writers/template-store.ts';
import {
  FIFTH_RECORDS,
  EIGHTH_RECORDS,
  FIRST_RECORDS,
  NEWER,
  SECOND_RECORDS,
  SIXTH_RECORDS,
  makeNewer,
  readJson,
} from '../../helpers/frozen-records.ts';
import { openTestNetwork } from '../network/open-test-network.ts';

/** A copy of a frozen record to work on. */
async function copyOf(name: string, records = FIRST_RECORDS): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'writers-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  copyFileSync(join(records, name), join(folder, name));
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
    expect(store.find('mine')).toMatchObject({ price: { input: 1, output: 4, limit: 10 }, allowed: false });
    expect(store.find('mine').spent.cost).toBeGreaterThan(0);
    expect(store.find('far')).toMatchObject({ kind: 'anthropic', secret: 'far', keySet: false, contextTokens: 8000 });
  });

  it('of the second version may draw', async () => {
    const file = await copyOf('connections.json', SECOND_RECORDS);
    expect(readJson(file)['schemaVersion']).toBe(2);
    const { network } = await openTestNetwork();
    const store = await ConnectionStore.open(optionsFor(file), network);
    expect(store.list().map(({ id }) => id)).toEqual(['mine', 'far', 'studio-pc', 'rented']);
    expect(store.findTool('studio-pc')).toMatchObject({ kind: 'comfyui', family: 'sdxl', price: null, allowed: false });
    const rented = store.findTool('rented');
    expect(rented.spent).toMatchObject({ answers: 3, cost: 0.06 });
    expect(rented.consent).toMatchObject({ purpose: 'image-tool', sends: ['address', 'text', 'settings', 'picture', 'key'] });
    expect(() => store.findWriter('rented')).toThrow(expect.objectContaining({ code: 'bad-request' }) as Error);
    expect(() => store.findTool('mine')).toThrow(expect.objectContaining({ code: 'bad-request' }) as Error);
  });

  it('of the third version may run models, on servers that are each agreed to', async () => {
    const file = await copyOf('connections.json', FIFTH_RECORDS);
    expect(readJson(file)['schemaVersion']).toBe(3);
    const { network } = await openTestNetwork();
    const store = await ConnectionStore.open(optionsFor(file), network);
    const rack = store.findCluster('rack');
    expect(rack).toMatchObject({ requestsAtOnce: 4, allowed: false, keySet: false });
    await network.consents.allow(rack.consent);
    expect(store.findCluster('rack').allowed).toBe(false);
    for (const consent of rack.moreConsents) await network.consents.allow(consent);
    expect(store.findCluster('rack').allowed).toBe(true);
    const wrongUse = expect.objectContaining({ code: 'bad-request' }) as Error;
    expect(() => store.findWriter('rack')).toThrow(wrongUse);
    expect(() => store.findTool('rack')).toThrow(wrongUse);
    expect(() => store.findCluster('mine')).toThrow(wrongUse);
  });

  it('of the fourth version may be shown pictures, which is agreed to', async () => {
    const file = await copyOf('connections.json', SIXTH_RECORDS);
    expect(readJson(file)['schemaVersion']).toBe(4);
    const { network } = await openTestNetwork();
    const store = await ConnectionStore.open(optionsFor(file), network);
    const blind = store.findWriter('mine');
    expect(blind).toMatchObject({ sees: false, consent: { sends: ['address', 'text'] } });
    expect(blind.consent.shown).toContain('No picture does.');
    expect(() => store.findSeer('mine')).toThrow(expect.objectContaining({ code: 'bad-request' }) as Error);
    await network.consents.allow({ ...blind.consent, origin: 'http://192.168.1.40:8080' });
    // Who agreed to texts has not agreed to pictures.
    const seer = store.findSeer('eyes');
    expect(seer).toMatchObject({ allowed: false, consent: { sends: ['address', 'text', 'picture'] } });
    expect(seer.consent.shown).toContain('the pictures you have it read');
    await network.consents.allow(seer.consent);
    expect(store.findSeer('eyes').allowed).toBe(true);
  });

  it("of the fourth version may draw an artist's workflow on several servers, each agreed to, or at a service", async () => {
    const file = await copyOf('connections.json', SIXTH_RECORDS);
    const { network } = await openTestNetwork();
    const store = await ConnectionStore.open(optionsFor(file), network);
    const pool = store.findTool('pool');
    expect(pool.workflow?.marks).toEqual({ prompt: [{ node: '6', input: 'text' }], negative: [] });
    expect(consentsOf(pool).map(({ origin }) => origin)).toEqual(['http://192.168.1.20:8188', 'http://192.168.1.21:8188']);
    await network.consents.allow(pool.consent);
    expect(store.findTool('pool').allowed).toBe(false);
    for (const consent of pool.moreConsents) await network.consents.allow(consent);
    expect(store.findTool('pool').allowed).toBe(true);
    expect(store.findTool('far')).toMatchObject({ kind: 'stability', moreAddresses: [], spent: { answers: 4, cost: 0.12 } });
  });

  it('of the fifth version may ask servers that run models over gRPC', async () => {
    const file = await copyOf('connections.json', EIGHTH_RECORDS);
    expect(readJson(file)['schemaVersion']).toBe(connectionListRecord.version);
    const { network } = await openTestNetwork();
    const store = await ConnectionStore.open(optionsFor(file), network);
    expect(store.findCluster('rack')).toMatchObject({ kind: 'kserve-grpc', moreAddresses: ['http://10.0.0.32:8001'] });
    expect(store.findCluster('rack').consent).toMatchObject({ purpose: 'remote-model', origin: 'http://10.0.0.31:8001' });
  });

  it('that were removed are counted no more', async () => {
    const file = await copyOf('connections.json', SECOND_RECORDS);
    const { network } = await openTestNetwork();
    const store = await ConnectionStore.open(optionsFor(file), network);
    await store.remove('rented');
    await store.count('rented', null);
    expect(readJson(file)['spent']).not.toHaveProperty('rented');
  });

  it('are paid from one purse by studios beside each other, also by one that keeps nothing else', async () => {
    const file = await copyOf('connections.json', SECOND_RECORDS);
    const { network } = await openTestNetwork();
    const own = await ConnectionStore.open(optionsFor(file), network);
    const throwAway = await ConnectionStore.open({ ...optionsFor(file), remember: false, counts: true }, network);
    const { answers } = own.find('mine').spent;
    const passing = { id: 'passing', kind: 'google', address: 'https://a.example', model: 'm' } as const;
    await throwAway.add(connectionSchema.parse(passing));
    await throwAway.count('mine', { inputTokens: 10, outputTokens: 1 });
    await throwAway.count('passing', null);
    expect(throwAway.find('passing').spent.answers).toBe(1);
    await own.count('mine', { inputTokens: 10, outputTokens: 1 });
    expect(own.find('mine').spent.answers).toBe(answers + 2);
    const later = await ConnectionStore.open(optionsFor(file), network);
    expect(later.find('mine').spent.answers).toBe(answers + 2);
    expect(later.list().map(({ id }) => id)).not.toContain('passing');
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
