import { drawingOptionsOf, recipeVersion } from '../../contract/recipe.ts';
import type { LocalRecipe } from '../../contract/recipe.ts';
import type { StudioInfo } from '../../contract/studio-info.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import type { EngineGenerateRequest } from '../engine/protocol.ts';
import { defaultImageLimits } from '../image/image-limits.ts';
import type { ResolvedPack } from '../packs/pack-registry.ts';
import { requireRole } from '../packs/require-role.ts';
import { initOfRecipe } from '../ports/drawer.ts';
import type { Captioner } from '../ports/captioner.ts';
import type { PackDrawer, PackDrawOrder } from '../ports/drawer.ts';
import type { PictureFeatures } from '../ports/picture-features.ts';
import type { Provider } from '../ports/provider.ts';
import type { Reader } from '../ports/reader.ts';
import type { Scorer } from '../ports/scorer.ts';
import type { PromptTokens } from '../prompt/collect-tokens.ts';
import { describeAbilities, describeDrawer, describeReader } from './describe-abilities.ts';
import { judgeMemory } from './judge-memory.ts';

type Versions = Pick<StudioInfo['versions'], 'studio' | 'onnxruntime'>;

/** Packs' models on this machine, run by the engine process; all work waits for its one device. */
export function createLocalProvider(engine: EngineClient, versions: Versions): Provider {
  return {
    lane: 'device',
    abilitiesOf: ({ manifest }) => describeAbilities(manifest),
    judgeMemory: (pack, drawing) => judgeMemory(pack, drawing, engine.status()),
    reader: (pack) => createReader(engine, pack),
    drawer: (pack) => createDrawer(engine, pack, versions),
    scorer: (pack) => createScorer(engine, pack),
    features: (pack) => createFeatures(engine, pack),
    captioner: (pack) => createCaptioner(engine, pack),
    explainCrashes: () => engine.explainCrashes(),
  };
}

function createReader(engine: EngineClient, pack: ResolvedPack): Reader {
  const encoder = requireRole(pack, 'encoder');
  const { manifest } = pack;
  const ofPack = {
    packFolder: pack.folder,
    packId: manifest.id,
    packVersion: manifest.version,
    encoder,
    minImageSide: manifest.limits?.minImageSide ?? defaultImageLimits.minSide,
  };
  return {
    abilities: describeReader(encoder),
    read: ({ images, lengths, topK }, context) => {
      const sources = images.map(({ source, imageSha256 }) => ({ source, imageSha256 }));
      const order = { images: sources, lengths: [...lengths], ...(topK === null ? {} : { topK }) };
      return engine.encode({ ...ofPack, ...order }, context);
    },
  };
}

function createDrawer(engine: EngineClient, pack: ResolvedPack, versions: Versions): PackDrawer {
  const decoder = requireRole(pack, 'decoder');
  const interval = guidanceInterval(decoder.defaults);
  const ofPack = { packFolder: pack.folder, decoder, ...interval };
  return {
    abilities: describeDrawer(decoder, pack.manifest),
    draw: async (order, { onPreview, onPicture, ...context }) => {
      const { tokens, mixed, settings, seed, count, init, original, previewers } = order;
      const request = {
        ...ofPack,
        ...settings,
        ...{ seed, count, previews: true, previewers: previewers.flatMap(toPreviewer) },
        prompt: { type: 'tokens' as const, ...copyTokens(tokens) },
        ...(mixed === undefined ? {} : { mixed }),
        init: init && {
          source: init.source,
          strength: init.strength,
          ...(init.mask === undefined ? {} : { mask: init.mask.source }),
        },
        fidelity: original === null ? null : { scorer: requireRole(pack, 'scorer'), original },
      };
      const recipe = { ...composeRecipe(pack, order, versions), ...interval };
      await engine.generate(request, {
        ...context,
        onPreview: ({ png }) => onPreview(png, 'image/png'),
        onImage: ({ png, fidelity, seed, width, height, device }) =>
          onPicture({ png, seed, fidelity, recipe: { ...recipe, seed, width, height, device } }),
      });
    },
    measure: ({ texts, seeds, settings, original }, context, onPicture) => {
      const order = { prompts: texts.map(copyTokens), seeds: [...seeds], original };
      const request = { ...ofPack, ...settings, ...order, scorer: requireRole(pack, 'scorer') };
      return engine.measure(request, context, ({ promptIndex, ...picture }) => onPicture({ textIndex: promptIndex, ...picture }));
    },
    judge: ({ texts, looks, original, settings, cells, rowLength }, context) => {
      const { width, height } = describeDrawer(decoder, pack.manifest).size;
      const order = {
        ...{ packFolder: pack.folder, decoder, width, height },
        ...{ texts: texts.map(copyTokens), looks: [...looks], ...settings },
        original: original instanceof Float32Array ? { latents: original } : { source: original },
        ...(cells === undefined ? {} : { cells }),
        ...(rowLength === undefined ? {} : { rowLength }),
      };
      return engine.judge(order, context);
    },
  };
}

function createScorer(engine: EngineClient, pack: ResolvedPack): Scorer {
  const ofPack = { packFolder: pack.folder, scorer: requireRole(pack, 'scorer') };
  return {
    embed: ({ images, texts, rows }, context) => {
      const order = { images: [...images], texts: [...texts], ...(rows === undefined ? {} : { rows }) };
      return engine.embed({ ...ofPack, ...order }, context);
    },
    search: ({ earlier, ...order }, context, steps) => engine.search({ ...ofPack, order, earlier }, context, steps),
  };
}

function createFeatures(engine: EngineClient, pack: ResolvedPack): PictureFeatures {
  const ofPack = { packFolder: pack.folder, features: requireRole(pack, 'features') };
  return { look: (images, context) => engine.features({ ...ofPack, images: [...images] }, context) };
}

function createCaptioner(engine: EngineClient, pack: ResolvedPack): Captioner {
  const ofPack = { packFolder: pack.folder, captioner: requireRole(pack, 'captioner') };
  return {
    model: `${pack.manifest.id} – ${pack.manifest.name}`,
    describe: ({ png, width, height }, words, context) =>
      engine.caption({ ...ofPack, source: png, width, height, words }, context),
  };
}

function toPreviewer({ folder, manifest }: ResolvedPack): NonNullable<EngineGenerateRequest['previewers']> {
  const { previewer } = manifest.roles;
  return previewer === undefined ? [] : [{ packFolder: folder, previewer }];
}

/** The lowest timestep with guidance, for what takes it; nothing where every step is guided. */
function guidanceInterval({ guidanceFromTimestep }: { readonly guidanceFromTimestep?: number | undefined }): {
  readonly guidanceFromTimestep?: number;
} {
  return guidanceFromTimestep === undefined ? {} : { guidanceFromTimestep };
}

function copyTokens({ tokenIds, tokenWeights }: PromptTokens): { tokenIds: number[]; tokenWeights: number[] } {
  return { tokenIds: [...tokenIds], tokenWeights: [...tokenWeights] };
}

/** What all pictures of an order have in common. Its keys are written into the files in this order, so that the same picture has the same bytes. */
function composeRecipe(
  { manifest, manifestSha256 }: ResolvedPack,
  { tokens, text, mixed, settings, init }: PackDrawOrder,
  { studio, onnxruntime }: Versions,
): Omit<LocalRecipe, 'seed' | 'width' | 'height' | 'device'> {
  const { negative, steps, guidance, scheduler } = settings;
  return {
    schemaVersion: recipeVersion,
    kind: 'local',
    pack: { id: manifest.id, version: manifest.version, manifestSha256 },
    ...copyTokens(tokens),
    text,
    ...(mixed === undefined ? {} : { mixed }),
    ...{ negative, steps, guidance, scheduler },
    ...drawingOptionsOf(settings),
    init: initOfRecipe({ init }),
    versions: { studio, onnxruntime },
  };
}
