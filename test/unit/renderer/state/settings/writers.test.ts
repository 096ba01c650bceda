import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Blend } from '../../../../../renderer/state/blend/blend.svelte.ts';
import { describeCost } from '../../../../../renderer/state/settings/describe-cost.ts';
import { modelServer, writeChat } from '../../../../helpers/model-server.ts';
import { serveHttp } from '../../../network/local-servers.ts';
import { CoreBench } from '../../core-bench.ts';

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

describe('writers', () => {
  it('are connected, asked only after a yes, and taken away again', async () => {
    const { listener, heard } = modelServer((response) => writeChat(response, '{"colour":"white"}'));
    const { writers, network } = await bench.startPage();
    await writers.load();
    expect(writers.connections).toEqual([]);
    const address = `${await serveHttp(listener)}/v1`;
    await writers.add({ id: 'mine', kind: 'openai-compatible', address, model: 'small' });
    expect(writers.find('mine')).toMatchObject({ allowed: false, keySet: true });
    await writers.ask('mine');
    expect(writers.test('mine')).toMatchObject({ type: 'failed', error: { code: 'consent-needed' } });
    expect(heard).toEqual([]);

    await writers.allow('mine');
    await writers.ask('mine');
    expect(writers.test('mine')).toMatchObject({ type: 'answered', test: { structured: true } });
    expect(writers.find('mine')).toMatchObject({ allowed: true, spent: { answers: 1 } });
    await bench.until(() => {
      expect(network.report?.sent[0]).toMatchObject({ purpose: 'language-model', requests: 1 });
    });
    await writers.remove('mine');
    expect(writers.connections).toEqual([]);
    expect(writers.test('mine')).toBeNull();
  });

  it('that do not answer are said to, in a sentence', async () => {
    const { listener } = modelServer((response) => void response.writeHead(404).end('{}'));
    const { writers } = await bench.startPage();
    await writers.add({ id: 'odd', kind: 'openai-compatible', address: `${await serveHttp(listener)}/v1`, model: 'gone' });
    await writers.allow('odd');
    await writers.ask('odd');
    const outcome = writers.test('odd');
    expect(outcome?.type === 'failed' ? outcome.error.message : '').toContain('does not know the model gone');
  });

  it('say what they took and cost as soon as a blend is there', async () => {
    const answer = JSON.stringify({ aPlusB: 'a red robot in a misty forest', bPlusA: 'a deer on a road' });
    const { listener } = modelServer((response) => writeChat(response, answer));
    const page = await bench.startPage();
    const { writers } = page;
    await writers.load();
    const price = { input: 1_000, output: 5_000, limit: 20 };
    const address = `${await serveHttp(listener)}/v1`;
    await writers.add({ id: 'dear', kind: 'openai-compatible', address, model: 'small', price });
    await writers.allow('dear');
    const { texts, writing } = new Blend(page);
    texts.type('a', 'a red robot on a road');
    texts.type('b', 'a deer in a misty forest');
    texts.setOrder({ writer: 'dear' });
    await writing.run();
    await bench.until(() => {
      const dear = writers.find('dear');
      expect(dear?.spent).toMatchObject({ answers: 1, inputTokens: 90, outputTokens: 12 });
      expect(dear === null ? '' : describeCost(dear)).toBe('That cost 0.15 of at most 20.00.');
    });
    await writers.remove('dear');
  });

  it('are not servers that run models, which are agreed to place by place', async () => {
    const { writers, network } = await bench.startPage();
    const address = 'http://127.0.0.1:9';
    const moreAddresses = ['http://127.0.0.1:10'];
    await writers.add({ id: 'rack', kind: 'kserve', address, moreAddresses });
    expect(writers.clusters.map(({ id, allowed }) => [id, allowed])).toEqual([['rack', false]]);
    expect([...writers.models, ...writers.tools].filter(({ id }) => id === 'rack')).toEqual([]);
    await writers.allow('rack');
    expect(writers.clusters[0]).toMatchObject({ allowed: true });
    await bench.until(() => {
      const origins = network.report?.consents.filter(({ purpose }) => purpose === 'remote-model').map(({ origin }) => origin);
      expect(origins).toEqual([address, ...moreAddresses]);
    });
    await writers.remove('rack');
    expect(writers.clusters).toEqual([]);
  });

  it('are asked with templates, of which the artist’s versions come and go', async () => {
    const { writers } = await bench.startPage();
    await writers.load();
    const [own] = writers.templates;
    if (own === undefined) throw new Error('The studio has a template of its own.');
    const saved = await writers.saveTemplate({ id: own.id, name: 'Mine', system: 'Mix them.', examples: [] });
    expect(saved.version).toBe(own.version + 1);
    expect(writers.templates.filter(({ id }) => id === own.id).map(({ version }) => version)).toEqual([2, 1]);
    await writers.removeTemplate(own.id);
    expect(writers.templates).toEqual([own]);
  });
});
