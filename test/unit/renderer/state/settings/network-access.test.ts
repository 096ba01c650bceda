import { afterAll, beforeAll, expect, it } from 'vitest';
import { CoreBench } from '../../core-bench.ts';

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

it('knows what was agreed to, hears of news, takes it back, and never sees a key', async () => {
  const page = await bench.startPage();
  await page.network.load();
  expect(page.network.report).toEqual({ consents: [], sent: [], secrets: [] });
  const consent = { origin: 'http://127.0.0.1:8188', purpose: 'image-tool', shown: 'Your text goes there.' } as const;
  // Another window or the command line.
  await bench.core.client.network.allow({ ...consent, sends: ['address', 'text'], keeps: ['picture'] });
  bench.core.takeSecrets({ comfy: 'hush-hush' });
  await bench.until(() => {
    expect(page.network.report?.secrets).toEqual([{ name: 'comfy', from: 'keychain' }]);
  });
  expect(page.network.report?.consents).toMatchObject([consent]);
  expect(JSON.stringify(page.network.report)).not.toContain('hush');
  await page.network.revoke(consent);
  expect(page.network.report?.consents).toEqual([]);
});
