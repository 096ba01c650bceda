import { basename, extname } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { localRecipeSchema, seedSchema, toolRecipeSchema } from '../../../../contract/recipe.ts';
import type { PromptSource } from '../../../../contract/job.ts';
import type { GenerateSettings, ToolRecipe } from '../../../../contract/recipe.ts';
import { regionToRedraw } from '../../../../contract/texts/region.ts';
import type { PictureRegion } from '../../../../contract/texts/reading.ts';
import type { AddedPicture, Studio } from '../../../studio.ts';
import { choosePack } from '../input/choose-pack.ts';
import { cleanLine } from '../output/clean-line.ts';
import type { ChooseCommand, CommandContext, CommandResult } from '../command-context.ts';
import { addDrawingOptions, packOption, parseCount, parseStrength, saveOption, toSettings } from '../command-options.ts';
import type { DrawingFlags } from '../command-options.ts';
import { toDashedName } from '../../../../contract/file-name.ts';
import { madeLike } from '../input/made-like.ts';
import { describeMemory } from '../output/describe-memory.ts';
import { keepPictures } from '../output/keep-pictures.ts';
import { makeOutFolder } from '../output/make-out-folder.ts';
import { paint } from '../output/paint.ts';
import { numberOption } from '../input/number-option.ts';
import { readPrompt } from '../input/read-prompt.ts';
import { runJob } from '../run-job.ts';
import { maskRegionOption } from '../input/region-option.ts';
import { parseSize } from '../input/size-option.ts';
import { UsageError } from '../usage-error.ts';

/** What `generate --json` prints. The recipe is the first picture's; the others differ from it by their seed. */
export const generateOutputSchema = z.object({
  files: z.array(z.string()),
  seeds: z.array(seedSchema),
  recipe: localRecipeSchema,
});
type GenerateOutput = z.infer<typeof generateOutputSchema>;

/** What `generate --with --json` prints; a seed is null where the tool told none. */
export const toolOutputSchema = generateOutputSchema.extend({
  seeds: z.array(seedSchema.nullable()),
  recipe: toolRecipeSchema,
});
type ToolOutput = z.infer<typeof toolOutputSchema>;

interface GenerateFlags extends DrawingFlags {
  readonly prompt?: string;
  /** Commander's name of --prompt-2. */
  readonly prompt2?: string;
  readonly like?: string;
  readonly mixWith?: string;
  readonly mix: number;
  readonly count?: number;
  readonly size?: ReturnType<typeof parseSize>;
  readonly init?: string;
  readonly mask?: string;
  /** True without a value. */
  readonly maskRegion?: PictureRegion | true;
  readonly strength?: number;
  readonly out: string;
  readonly pack?: string;
  readonly with?: string;
  readonly save?: true;
}

/** Enough noise to change the picture, little enough to keep its composition. */
const DEFAULT_STRENGTH = 0.75;
/** What is masked is drawn as if nothing were there. */
const DEFAULT_MASKED_STRENGTH = 1;
/** As much of one text as of the other. */
const DEFAULT_SHARE = 0.5;
const parseShare = numberOption(z.number().min(0).max(1));

export function addGenerateCommand(program: Command, choose: ChooseCommand): void {
  const command = program
    .command('generate')
    .summary('draw pictures from a text')
    .description('Draws pictures from a text, or from a prompt file with its exact tokens.')
    .argument('[text...]', 'the text, in quotes')
    .option('--prompt <file>', 'read the prompt from a file: a prompt document as JSON, or plain text')
    .option('--like <picture>', 'the prompt, seed and settings that a picture file carries; options given go before them');
  addDrawingOptions(command)
    .option('--prompt-2 <text>', 'what the second text encoder reads, for models that have two, such as SDXL')
    .option('--mix-with <text>', 'another text, of which a share is mixed into what the model is told')
    .option('--mix <share>', 'that share, 0 to 1', parseShare, DEFAULT_SHARE)
    .option('--count <n>', 'how many pictures', parseCount)
    .option('--size <WxH>', 'width and height in pixels; absent: the size the model draws best', parseSize)
    .option('--init <image>', 'begin from this picture')
    .option('--mask <image>', 'draw anew only what is white in this picture, which has the size of the one begun with')
    .addOption(maskRegionOption())
    .option(
      '--strength <x>',
      `how much of it is drawn anew, 0 to 1 (default ${DEFAULT_STRENGTH}, with a mask ${DEFAULT_MASKED_STRENGTH})`,
      parseStrength,
    )
    .requiredOption('--out <folder>', 'where the pictures go')
    .addOption(packOption())
    .option('--with <connection>', 'let a connected tool draw (see `connections list`); its pictures are kept in your library')
    .addOption(saveOption())
    .action((words: string[], flags: GenerateFlags) => choose((context) => generate(words, flags, context)));
}

async function generate(words: readonly string[], flags: GenerateFlags, context: CommandContext): Promise<CommandResult> {
  if (flags.strength !== undefined && flags.init === undefined) throw new UsageError('--strength needs --init IMAGE.');
  if (flags.mask !== undefined && flags.init === undefined) throw new UsageError('--mask needs --init IMAGE.');
  if (flags.maskRegion !== undefined && flags.init === undefined) throw new UsageError('--mask-region needs --init IMAGE.');
  if (flags.maskRegion !== undefined && flags.mask !== undefined)
    throw new UsageError('Give --mask IMAGE or --mask-region, not both.');
  if (flags.like !== undefined && (words.length > 0 || flags.prompt !== undefined)) {
    throw new UsageError('Give a text, --prompt FILE or --like PICTURE, not several.');
  }
  const given = flags.like === undefined ? await readPrompt(words, flags.prompt) : null;
  if (flags.with !== undefined && flags.pack !== undefined)
    throw new UsageError('Give --pack ID or --with CONNECTION, not both.');
  makeOutFolder(flags.out);
  // What a tool drew may have been paid: that is counted in the library's own list.
  const studio = await context.openStudio(flags.save === true || flags.with !== undefined ? 'own' : 'temporary');
  const { id: packId } = await choosePack(studio.client, flags.pack, flags.with === undefined ? ['decoder'] : []);
  const made = flags.like === undefined ? null : await madeLike(studio, flags.like, packId, context);
  const prompt = given ?? made?.prompt;
  if (prompt === undefined) throw new Error('neither a text nor a picture');
  const second = flags.prompt2 === undefined ? {} : { secondPrompt: flags.prompt2 };
  const wanted = { ...made?.settings, ...toSettings(flags, flags.count), ...second, ...flags.size };
  const settings = await withInit(wanted, flags, prompt, studio);
  const drawnBy = flags.with === undefined ? { packId } : { connectionId: flags.with };
  const mixed: PromptSource | null = flags.mixWith === undefined ? null : { type: 'text', text: flags.mixWith };
  const mixWith = mixed === null ? {} : { mixWith: { prompt: mixed, share: flags.mix } };
  if (flags.with === undefined) await tellMemory(studio, packId, settings, context);
  const request = { kind: 'generate' as const, ...drawnBy, prompt, ...mixWith, settings, parents: [] };
  const result = await runJob(studio.client, request, '', context);

  const file = flags.prompt ?? flags.like;
  const name = file === undefined ? toDashedName(words.join(' ')) : toDashedName(basename(file, extname(file)));
  const pictures = await keepPictures(studio, result.items, flags.out, name);
  const recipe = pictures[0]?.recipe;
  if (recipe === undefined) throw new Error('a finished job without a picture');
  const files = pictures.map((picture) => picture.path);
  const seeds = pictures.map((picture) => picture.recipe.seed);
  if (recipe.kind === 'tool') {
    const output: ToolOutput = { files, seeds, recipe };
    return { document: output, text: formatTool(output), failed: false };
  }
  const output: GenerateOutput = { files, seeds: seeds.filter((seed) => seed !== null), recipe };
  return { document: output, text: format(output), failed: false };
}

/** What cannot be reckoned is not told: the drawing itself will say. */
async function tellMemory(
  { client }: Studio,
  packId: string,
  { width, height, count, guidance }: GenerateSettings,
  { say }: CommandContext,
): Promise<void> {
  const memory = await client.packs.memory({ packId, width, height, count, guidance }).catch(() => null);
  const sentence = describeMemory(memory);
  if (sentence !== null) say(sentence);
}

/** What the tool did of itself is told: a picture it had drawn before is no new one. */
function describeTool({ tool, host, model, seed, answer }: ToolRecipe): string {
  const facts = [cleanLine(model), ...(seed === null ? [] : [`seed ${seed}`]), `${tool} at ${host}`];
  return [...facts, ...(answer['cached'] === true ? ['it had drawn the very same before'] : [])].join(' · ');
}

function formatTool({ files, recipe }: ToolOutput): string {
  return [...files.map((file) => paint.strong(cleanLine(file))), paint.faint(describeTool(recipe))].join('\n');
}

async function withInit(
  settings: GenerateSettings,
  flags: GenerateFlags,
  prompt: PromptSource,
  studio: Studio,
): Promise<GenerateSettings> {
  if (flags.init === undefined) return settings;
  const picture = await studio.addImage(flags.init);
  const mask = await findMask(flags, picture, prompt, studio);
  const strength = flags.strength ?? (mask === null ? DEFAULT_STRENGTH : DEFAULT_MASKED_STRENGTH);
  const init = { imageSha256: picture.image.sha256, strength };
  return { ...settings, init: mask === null ? init : { ...init, maskSha256: mask } };
}

/** The mask that is laid over a picture, as a picture of the library; null for none. */
async function findMask(
  { mask, maskRegion }: GenerateFlags,
  { id, image }: AddedPicture,
  prompt: PromptSource,
  studio: Studio,
): Promise<string | null> {
  if (mask !== undefined) return (await studio.addImage(mask, { parents: [id] })).image.sha256;
  if (maskRegion === undefined) return null;
  const read = prompt.type === 'document' ? regionToRedraw(prompt.document, image.sha256) : null;
  const region = maskRegion === true ? read : maskRegion;
  if (region === null)
    throw new UsageError('--mask-region: the prompt was not read from a part of this picture. Name it as x,y,width,height.');
  const item = await studio.client.images.maskOfRegion({ itemId: id, region });
  if (item.kind === 'prompt') throw new Error('the mask came back as a text');
  return item.image.sha256;
}

function format({ files, recipe }: GenerateOutput): string {
  const { steps, guidance, scheduler, seed, device } = recipe;
  const facts = `${steps} steps · guidance ${guidance} · ${scheduler} · seed ${seed} · ${recipe.pack.id} on ${device}`;
  return [...files.map((file) => paint.strong(cleanLine(file))), paint.faint(facts)].join('\n');
}
