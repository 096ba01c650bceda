import type { DrawerAbilities, PackAbilities, ReaderAbilities } from '../../contract/models/abilities.ts';
import { lengthsOf } from '../../contract/models/pack.ts';
import type { DecoderRole, EncoderRole, PackManifest } from '../../contract/models/pack.ts';
import { mostPicturesAtOnce, readSchedulerName, schedulerNameSchema } from '../../contract/recipe.ts';
import type { SchedulerName } from '../../contract/recipe.ts';

export function describeReader(encoder: EncoderRole): ReaderAbilities {
  return { lengths: lengthsOf(encoder), candidates: encoder.topK, attention: true };
}

export function describeDrawer({ image, defaults, folder }: DecoderRole, { files }: PackManifest): DrawerAbilities {
  const has = (part: string): boolean => files.some(({ path }) => path.startsWith(folder === '.' ? part : `${folder}/${part}`));
  return {
    size: image,
    defaults,
    sampling: true,
    schedulers: schedulersLike(defaults.scheduler),
    guidanceRescale: !isFlow(defaults.scheduler),
    negative: true,
    secondPrompt: has('text_encoder_2/'),
    clipSkip: true,
    weights: true,
    emphasis: true,
    // Exports for drawing alone leave the encoder of the VAE out.
    initPictures: has('vae_encoder/'),
    masks: has('vae_encoder/'),
    seeds: true,
    mostPictures: mostPicturesAtOnce,
    previews: true,
    cancel: true,
  };
}

const isFlow = (name: SchedulerName): boolean => readSchedulerName(name).kind === 'flow-match-euler';

/** Models that were trained as flows are stepped as such alone, and no others are; a pack's own scheduler tells which they are. */
function schedulersLike(own: SchedulerName): SchedulerName[] {
  return schedulerNameSchema.options.filter((name) => isFlow(name) === isFlow(own));
}

/** What the engine on this machine can do with a pack. */
export function describeAbilities(manifest: PackManifest): PackAbilities {
  const { encoder, decoder } = manifest.roles;
  return {
    reader: encoder === undefined ? null : describeReader(encoder),
    drawer: decoder === undefined ? null : describeDrawer(decoder, manifest),
  };
}
