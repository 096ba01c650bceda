import type { DrawerAbilities } from '../../contract/models/abilities.ts';
import { StudioError } from '../../contract/errors.ts';
import { drawingOptionsOf } from '../../contract/recipe.ts';
import type { DrawingOptions, GenerateSettings, MixedPrompt, Recipe, SchedulerName } from '../../contract/recipe.ts';
import type { ResolvedPack } from '../packs/pack-registry.ts';
import type { PromptTokens } from '../prompt/collect-tokens.ts';
import type { WeightedWord } from '../prompt/dialects/dialect.ts';
import type { RunContext } from '../running/run-context.ts';
import type { CellWeights, Judgement, Look } from '../text-to-image/judges/judge-texts.ts';

/** How a picture is drawn; nothing is left open. Sides are pixels. */
export interface DrawSettings extends DrawingOptions {
  readonly negative: string;
  readonly steps: number;
  readonly guidance: number;
  readonly scheduler: SchedulerName;
  readonly width: number;
  readonly height: number;
}

/**
 * What was set, and the drawer's own way where nothing was.
 *
 * @throws StudioError `bad-request` for what the drawer would leave out without a word
 */
export function settleSettings(settings: GenerateSettings, abilities: DrawerAbilities): DrawSettings {
  const { defaults, size } = abilities;
  const { guidanceRescale = 0, secondPrompt, clipSkip = 0, emphasis = 'a1111', init } = settings;
  const refuse = (what: string): StudioError =>
    new StudioError('bad-request', `What draws here takes no ${what}.`, `Leave it out, or draw with a model that takes one.`);
  if (guidanceRescale > 0 && !abilities.guidanceRescale) throw refuse('rescaled guidance');
  if (secondPrompt !== undefined && !abilities.secondPrompt) throw refuse('second prompt');
  if (clipSkip > 0 && !abilities.clipSkip) throw refuse('clip skip');
  if (emphasis !== 'a1111' && !abilities.emphasis) throw refuse('other way of reading weights');
  if (init?.maskSha256 !== undefined && !abilities.masks) throw refuse('mask');
  return {
    negative: settings.negative ?? defaults.negative,
    steps: settings.steps ?? defaults.steps,
    guidance: settings.guidance ?? defaults.guidance,
    scheduler: settings.scheduler ?? defaults.scheduler,
    width: settings.width ?? size.width,
    height: settings.height ?? size.height,
    ...drawingOptionsOf({
      secondPrompt,
      guidanceRescale: guidanceRescale === 0 ? undefined : guidanceRescale,
      clipSkip: clipSkip === 0 ? undefined : clipSkip,
      emphasis: emphasis === 'a1111' ? undefined : emphasis,
    }),
  };
}

/** One text to be drawn `count` times. Pictures are named by the absolute paths of their files. */
export interface DrawOrder {
  /** The running text. */
  readonly text: string;
  readonly settings: DrawSettings;
  /** Picture i uses seed + i. */
  readonly seed: number;
  readonly count: number;
  /** The picture to start from, of which `strength` (0..1) is drawn anew, with a mask where that is white alone; null starts from noise. */
  readonly init: {
    readonly source: string;
    readonly imageSha256: string;
    readonly strength: number;
    /** Of the size of that picture. */
    readonly mask?: { readonly source: string; readonly sha256: string };
  } | null;
}

/** What it starts from, as a recipe tells it. */
export function initOfRecipe({ init }: Pick<DrawOrder, 'init'>): Recipe['init'] {
  if (init === null) return null;
  const { imageSha256, strength, mask } = init;
  return { imageSha256, strength, ...(mask === undefined ? {} : { maskSha256: mask.sha256 }) };
}

/** What a pack draws: exact tokens. */
export interface PackDrawOrder extends DrawOrder {
  /** What the text stands for. */
  readonly tokens: PromptTokens;
  /** Another text that is mixed into it; absent: none. */
  readonly mixed?: MixedPrompt;
  /** The picture that each is compared with by the pack's scorer; null compares none. */
  readonly original: string | null;
  /** Packs with a tiny autoencoder, which may show the drawing in the making. */
  readonly previewers: readonly ResolvedPack[];
}

/** What another tool draws: words, which it tokenises itself. */
export interface ToolDrawOrder extends DrawOrder {
  readonly words: readonly WeightedWord[];
  /** The same whenever the same work is begun again, and no other's: what a tool has begun for it is taken up, not asked for twice. */
  readonly workId: string;
}

export interface DrawnPicture {
  /** Tagged sRGB, without text chunks. */
  readonly png: Uint8Array;
  readonly seed: number;
  /** How it was drawn, as it stands in the file and in the library. */
  readonly recipe: Recipe;
  /** 0..1, how near it is to the original, as the pack's scorer rates it; null when no original was given. */
  readonly fidelity: number | null;
}

export interface DrawContext extends RunContext {
  /** A picture in the making: PNG or JPEG. */
  readonly onPreview: (bytes: Uint8Array, mediaType: string) => void;
  /** Each finished picture, before the others are done. */
  readonly onPicture: (picture: DrawnPicture) => void;
}

/** Texts that are all drawn with the same settings, once a seed. */
export interface MeasureOrder {
  readonly texts: readonly PromptTokens[];
  readonly seeds: readonly number[];
  readonly settings: DrawSettings;
  /** Absolute path of the picture that each is compared with by the pack's scorer. */
  readonly original: string;
}

export interface MeasuredPicture {
  readonly textIndex: number;
  readonly seed: number;
  /** 0..1, how near it is to the original, as the pack's scorer rates it. */
  readonly fidelity: number;
  readonly png: Uint8Array;
}

/** Texts to be judged by how well each tells the drawer's model what is in a picture. */
export interface JudgeOrder {
  readonly texts: readonly PromptTokens[];
  readonly looks: readonly Look[];
  /** As the texts are drawn, besides their words. */
  readonly settings: Pick<DrawSettings, 'secondPrompt' | 'clipSkip' | 'emphasis'>;
  /** Absolute path of the picture, or the bytes of its file; or its latents, as an earlier judgement of it gave them. */
  readonly original: string | Uint8Array | Float32Array;
  /** Which parts of the picture count; absent: all of it. */
  readonly cells?: CellWeights;
  /** Tokens of a row that texts are read in, begin and end included, where the pack allows it; absent: as texts are drawn. */
  readonly rowLength?: number;
}

/** Text and settings → pictures. */
export interface Drawer<Order extends DrawOrder> {
  readonly abilities: DrawerAbilities;
  /** Resolves when all pictures are drawn. */
  draw(order: Order, context: DrawContext): Promise<void>;
}

/**
 * Another tool. Its calls reject as a provider's do, with `tool-refused`, `tool-limited` and `tool-failed` in the tool's own words, and as
 * `Network.ask` does.
 */
export type ToolDrawer = Drawer<ToolDrawOrder>;

/** A pack, which also compares what it draws. Comparing throws StudioError pack-role-missing for a pack without a scorer. */
export interface PackDrawer extends Drawer<PackDrawOrder> {
  /** Draws to compare only; each picture is given as soon as it is finished. */
  measure(order: MeasureOrder, context: RunContext, onPicture: (picture: MeasuredPicture) => void): Promise<void>;
  /** Draws nothing. Throws StudioError pack-invalid for a model that was distilled, which has no such loss. */
  judge(order: JudgeOrder, context: RunContext): Promise<Judgement>;
}
