import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { packAbilitiesSchema } from '../../../contract/models/abilities.ts';
import { packManifestSchema } from '../../../contract/models/pack.ts';
import type { PackManifest } from '../../../contract/models/pack.ts';
import type { SchedulerName } from '../../../contract/recipe.ts';
import { describeAbilities } from '../../../main/providers/describe-abilities.ts';
import { hasPack } from '../../contract/open-test-studio.ts';

describe.skipIf(!hasPack)('the abilities of the engine with a pack', () => {
  let manifest: PackManifest;
  beforeAll(async () => {
    const text = await readFile(new URL('../../../models/packs/tiny-scenes/pack.json', import.meta.url), 'utf8');
    manifest = packManifestSchema.parse(JSON.parse(text));
  });

  it('are told of the embedded pack', () => {
    const abilities = describeAbilities(manifest);
    expect(packAbilitiesSchema.parse(abilities)).toEqual(abilities);
    expect(abilities.reader).toEqual({ lengths: [5, 15, 75], candidates: 10, attention: true });
    expect(abilities.drawer).toMatchObject({ size: manifest.roles.decoder?.image, initPictures: true, mostPictures: 64 });
  });

  it('name the schedulers that go with the pack’s own: flows are stepped as such alone', () => {
    const schedulersWith = (scheduler: SchedulerName) => {
      const { decoder } = manifest.roles;
      if (decoder === undefined) throw new Error('the pack draws no pictures');
      const roles = { decoder: { ...decoder, defaults: { ...decoder.defaults, scheduler } } };
      return describeAbilities({ ...manifest, roles }).drawer?.schedulers;
    };
    expect(schedulersWith('flow-match-euler')).toEqual(['flow-match-euler']);
    expect(schedulersWith('ddim')).toContain('dpmpp-2m-sde-karras');
    expect(schedulersWith('ddim')).not.toContain('flow-match-euler');
  });

  it('name no start from a picture where the VAE has no encoder', () => {
    const files = manifest.files.filter(({ path }) => !path.includes('/vae_encoder/'));
    expect(describeAbilities({ ...manifest, files }).drawer?.initPictures).toBe(false);
  });

  it('name a start from a picture where the decoder is the pack’s own folder', () => {
    const { decoder } = manifest.roles;
    if (decoder === undefined) throw new Error('the pack draws no pictures');
    const files = manifest.files.map((file) => ({ ...file, path: file.path.replace('decoder/', '') }));
    const roles = { decoder: { ...decoder, folder: '.' } };
    expect(describeAbilities({ ...manifest, roles, files }).drawer?.initPictures).toBe(true);
  });

  it('name one candidate where the reader gives one token a position', () => {
    const { encoder } = manifest.roles;
    if (encoder === undefined) throw new Error('the pack reads no pictures');
    const roles = { encoder: { ...encoder, topK: 1 } };
    expect(describeAbilities({ ...manifest, roles })).toEqual({
      reader: { lengths: [5, 15, 75], candidates: 1, attention: true },
      drawer: null,
    });
  });
});
