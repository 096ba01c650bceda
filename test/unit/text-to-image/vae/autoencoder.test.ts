import { describe, expect, it } from 'vitest';
import { fileURLToPath } from 'node:url';
import { openOnnxSession } from '../../../../main/tensor/onnx-session.ts';
import type { Session } from '../../../../main/tensor/session.ts';
import { decodeLatents } from '../../../../main/text-to-image/vae/autoencoder.ts';
import { readDecoderFolder } from '../../../../main/text-to-image/read-decoder-folder.ts';

const folder = fileURLToPath(new URL('../../../fixtures/models/tiny-stable-diffusion', import.meta.url));

/** The toy decoder as it would be where its numbers overflow. */
function overflowing(session: Session, dtype: 'float16' | 'float32'): Session {
  return {
    ...session,
    inputs: session.inputs.map((spec) => ({ ...spec, dtype })),
    run: async (feeds) => {
      const outputs = await session.run(feeds);
      const { sample } = outputs;
      if (sample?.data instanceof Float32Array) sample.data.fill(Number.NaN);
      return outputs;
    },
  };
}

describe('decodeLatents', () => {
  it('tells the remedy where the VAE overflows, which half precision does', async () => {
    const config = await readDecoderFolder(folder);
    const session = await openOnnxSession(`${folder}/vae_decoder/model.onnx`, { device: 'cpu', threads: 1 });
    const latents = { dtype: 'float32', shape: [1, 4, 4, 4], data: new Float32Array(64) } as const;
    const decode = (from: Session): Promise<unknown> => decodeLatents(from, latents, config, 1, () => Promise.resolve());
    await expect(decode(overflowing(session, 'float16'))).rejects.toMatchObject({
      code: 'pack-invalid',
      message: expect.stringContaining('VAE, has overflowed') as string,
      hint: expect.stringContaining('It computes in half precision') as string,
      details: { halfPrecision: true },
    });
    await expect(decode(overflowing(session, 'float32'))).rejects.toMatchObject({
      hint: expect.stringContaining('sdxl-vae-fp16-fix') as string,
      details: { halfPrecision: false },
    });
    await session.release();
  });
});
