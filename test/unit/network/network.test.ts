import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { ConsentRequest } from '../../../contract/network.ts';
import { ConsentStore } from '../../../main/network/consent-store.ts';
import { FIRST_RECORDS, FOURTH_RECORDS, makeNewer, NEWER, readJson } from '../../helpers/frozen-records.ts';
import { serveHttp } from './local-servers.ts';
import { openTestNetwork } from './open-test-network.ts';

const shown = 'The text of your picture goes to this program.';
const tool = (origin: string): ConsentRequest => ({
  origin,
  purpose: 'image-tool',
  sends: ['address', 'text'],
  keeps: ['picture'],
  shown,
});

describe('the way out', () => {
  it('is closed until somebody agrees, for that place and purpose and those things', async () => {
    let asked = 0;
    const origin = await serveHttp((_request, response) => response.end(`${(asked += 1)}`));
    const { network } = await openTestNetwork();
    const ask = (sends: readonly ('text' | 'picture')[], purpose: 'image-tool' | 'language-model' = 'image-tool') =>
      network.ask({ address: `${origin}/prompt`, purpose, sends });
    const needed = (sends: string) => ({ code: 'consent-needed', details: { origin, sends } });
    await expect(ask(['text'])).rejects.toMatchObject(needed('address text'));
    await network.consents.allow(tool(origin));
    await (await ask(['text'])).bytes();
    await expect(ask(['text', 'picture'])).rejects.toMatchObject(needed('picture'));
    await expect(ask(['text'], 'language-model')).rejects.toMatchObject(needed('address text'));
    const other = origin.replace('127.0.0.1', 'localhost');
    await expect(network.ask({ address: other, purpose: 'image-tool', sends: [] })).rejects.toMatchObject({
      code: 'consent-needed',
    });
    await network.consents.revoke(origin, 'image-tool');
    await expect(ask(['text'])).rejects.toMatchObject(needed('address text'));
    expect(asked).toBe(1);
  });

  it('gives a key to the host that a person agreed to, and to nothing else', async () => {
    const heard: (string | undefined)[] = [];
    const origin = await serveHttp((request, response) => {
      heard.push(request.headers.authorization);
      response.end();
    });
    const { network } = await openTestNetwork({ environment: { DEDIFFUSION_SECRET_MY_TOOL: 'hush-hush-123' } });
    const key = { secret: 'my-tool', header: 'authorization', before: 'Bearer ' };
    const ask = (more = key) => network.ask({ address: origin, purpose: 'image-tool', sends: [], key: more });
    await network.consents.allow(tool(origin));
    await expect(ask()).rejects.toMatchObject({ code: 'consent-needed', details: { sends: 'key' } });
    await network.consents.allow({ ...tool(origin), sends: ['address', 'key'] });
    await (await ask()).bytes();
    expect(heard).toEqual(['Bearer hush-hush-123']);
    await expect(ask({ ...key, secret: 'other' })).rejects.toMatchObject({
      code: 'secret-missing',
      details: { variable: 'DEDIFFUSION_SECRET_OTHER' },
    });
    expect(network.report().secrets).toEqual([{ name: 'my-tool', from: 'environment' }]);
    expect(JSON.stringify(network.report())).not.toContain('hush');
  });

  it('reports what went out: to whom, for what, how much and when, never what', async () => {
    const origin = await serveHttp((request, response) => request.resume().on('end', () => response.end('b'.repeat(50_000))));
    const { network } = await openTestNetwork();
    await network.consents.allow(tool(origin));
    const body = { type: 'json', value: 'a secret garden'.repeat(1_000) } as const;
    for (const path of ['/one', '/two']) {
      const answer = await network.ask({ address: origin + path, method: 'POST', purpose: 'image-tool', sends: ['text'], body });
      await answer.bytes();
    }
    const { sent } = network.report();
    expect(sent).toMatchObject([{ origin, purpose: 'image-tool', requests: 2 }]);
    const [row] = sent;
    expect(row?.sentBytes).toBeGreaterThan(30_000);
    expect(row?.receivedBytes).toBeGreaterThan(100_000);
    expect(row?.lastMs).toBeGreaterThan(row?.firstMs ?? Infinity);
    expect(JSON.stringify(sent)).not.toMatch(/garden|one|two/);
  });
});

describe('consents', () => {
  const place = 'https://hub.example';
  const open = async (file: string, notes: string[] = []) =>
    ConsentStore.open({ file, remember: true, note: (line) => notes.push(line), clock: () => 5 });

  it('of the first version hold', async () => {
    const file = `${FIRST_RECORDS}/network.json`;
    const store = await ConsentStore.open({ file, remember: false, note: (line) => expect.fail(line), clock: () => 5 });
    expect(store.consents).toEqual(readJson(file)['consents']);
    expect(store.require('http://127.0.0.1:8188', 'image-tool', ['address', 'text', 'key']).keeps).toEqual(['picture']);
  });

  it('of the second version know updates', async () => {
    const file = `${FOURTH_RECORDS}/network.json`;
    const store = await ConsentStore.open({ file, remember: false, note: (line) => expect.fail(line), clock: () => 5 });
    expect(store.require('https://updates.example', 'update', ['address']).keeps).toEqual(['program']);
  });

  it('are found again at the next start, with what was shown and when; a new one takes the place of the old', async () => {
    const { network, file } = await openTestNetwork();
    await network.consents.allow(tool(place));
    await network.consents.allow({ ...tool(place), purpose: 'download' });
    await network.consents.allow({ ...tool(place), sends: ['address'] });
    const { consents } = await open(file);
    expect(consents.map(({ purpose, sends, givenMs }) => [purpose, sends, givenMs])).toEqual([
      ['download', ['address', 'text'], 2],
      ['image-tool', ['address'], 3],
    ]);
    expect(consents[0]).toMatchObject({ origin: place, shown, keeps: ['picture'] });
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ schemaVersion: 2 });
    const again = await open(file);
    await again.revoke(place, undefined);
    expect((await open(file)).consents).toEqual([]);
    await expect(again.revoke(place, undefined)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('that cannot be read count as none', async () => {
    const { file } = await openTestNetwork();
    const notes: string[] = [];
    for (const text of ['{"consents": [{"origin": "https://a.example"}]}', '{"consents": 1}', 'nothing']) {
      await writeFile(file, text);
      expect((await open(file, notes)).consents).toEqual([]);
    }
    expect(notes).toHaveLength(3);
  });

  it('of a later studio count as none and are left as they are', async () => {
    const { network, file } = await openTestNetwork();
    await network.consents.allow(tool(place));
    const isUntouched = makeNewer(file, (value) => ({ ...value, schemaVersion: NEWER }));
    const list = await open(file);
    expect(list.consents).toEqual([]);
    await expect(list.allow(tool(place))).rejects.toMatchObject({ code: 'record-newer' });
    expect(isUntouched()).toBe(true);
  });
});
