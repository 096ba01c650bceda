import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readCheckpoint } from '../../../../main/installs/conversion/read-checkpoint.ts';
import { makeFolder } from '../../downloads/fetch-test-files.ts';
import { writeCheckpoint } from './write-checkpoint.ts';

const shapes = {
  'model.diffusion_model.out.2.weight': [4, 8, 3, 3],
  'first_stage_model.decoder.conv_in.weight': [8, 4],
  'cond_stage_model.transformer.text_model.final_layer_norm.bias': [16],
  // Copies for training, which are not converted.
  'model_ema.diffusion_modelout2weight': [4, 8, 3, 3],
};

it('counts what is converted of a checkpoint, and reads its licence, from its header alone', async () => {
  const path = join(await makeFolder(), 'model.safetensors');
  writeCheckpoint(path, shapes, { 'modelspec.license': 'cc0-1.0' });
  expect(await readCheckpoint(path)).toEqual({ parameters: 4 * 8 * 9 + 32 + 16, licence: 'cc0-1.0' });
  writeCheckpoint(path, shapes);
  expect((await readCheckpoint(path)).licence).toBeNull();
});

it('opens no file of another form, and tells a damaged one', async () => {
  const folder = await makeFolder();
  const whole = join(folder, 'model.safetensors');
  writeCheckpoint(whole, shapes);
  for (const name of ['model.ckpt', 'model.pt', 'model.bin']) {
    writeFileSync(join(folder, name), readFileSync(whole));
    await expect(readCheckpoint(join(folder, name))).rejects.toMatchObject({
      code: 'file-unreadable',
      hint: expect.stringContaining('.safetensors') as string,
    });
  }
  const pickle = join(folder, 'pickle.safetensors');
  for (const bytes of [
    Buffer.from('\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00\x8c\x02os', 'latin1'),
    Buffer.alloc(3),
    Buffer.alloc(40),
  ]) {
    writeFileSync(pickle, bytes);
    await expect(readCheckpoint(pickle)).rejects.toMatchObject({ code: 'file-unreadable' });
  }
  await expect(readCheckpoint(join(folder, 'none.safetensors'))).rejects.toMatchObject({ code: 'file-unreadable' });
});
