import { afterEach, expect, it, vi } from 'vitest';
import { makePeerModels } from '../../../tooling/bench/peers/open-peers.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

it('says how to make the Python that the rows of other libraries need', async () => {
  vi.stubEnv('DEDIFFUSION_PEERS_PYTHON', 'no-python-of-this-name');
  await expect(makePeerModels('/nowhere')).rejects.toThrow(
    /no-python-of-this-name has not all of them[^]*pip install -r tooling\/bench\/peers/,
  );
});
