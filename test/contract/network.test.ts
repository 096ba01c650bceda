import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConsentRequest, NetworkReport } from '../../contract/network.ts';
import { openInProcess } from './open-test-studio.ts';
import type { TestStudio } from './open-test-studio.ts';
import { readFailure } from './read-failure.ts';

const consent: ConsentRequest = {
  origin: 'http://127.0.0.1:8188',
  purpose: 'image-tool',
  sends: ['address', 'text', 'settings'],
  keeps: ['picture'],
  shown: 'Text and settings go to ComfyUI on this machine.',
};

describe('what may leave the machine', () => {
  let test: TestStudio;
  beforeAll(async () => {
    test = await openInProcess();
  });
  afterAll(() => test.close());

  it('is nothing, until it is agreed to; then it is told to every reader, kept, and taken back', async () => {
    expect(await test.client.network.report()).toEqual({ consents: [], sent: [], secrets: [] });
    const leave = new AbortController();
    const events = await test.client.studio.events(undefined, { signal: leave.signal });
    const news = (async (): Promise<NetworkReport | null> => {
      for await (const event of events) if (event.type === 'network-changed') return event.report;
      return null;
    })();
    const given = await test.client.network.allow(consent);
    expect(given.consents).toMatchObject([consent]);
    expect(given.consents[0]?.givenMs).toBeGreaterThan(1_700_000_000_000);
    expect((await news)?.consents).toEqual(given.consents);
    leave.abort();
    const file: unknown = JSON.parse(await readFile(join(test.studio.dataFolder, 'network.json'), 'utf8'));
    expect(file).toEqual({ schemaVersion: 2, consents: given.consents });
    const { origin } = consent;
    expect((await readFailure(test.client.network.revoke({ origin, purpose: 'download' }))).code).toBe('not-found');
    expect((await test.client.network.revoke({ origin })).consents).toEqual([]);
  });

  it('is agreed to by place, and not by page', async () => {
    for (const origin of ['https://hub.example/models', 'ftp://hub.example', 'hub.example', 'https://HUB.example'])
      expect((await readFailure(test.client.network.allow({ ...consent, origin }))).code).toBe('bad-request');
  });

  it('never holds a key: only that it is set', async () => {
    test.studio.takeSecrets({ openai: 'sk-hush' });
    const report = await test.client.network.report();
    expect(report.secrets).toEqual([{ name: 'openai', from: 'keychain' }]);
    expect(JSON.stringify(report)).not.toContain('sk-hush');
  });
});
