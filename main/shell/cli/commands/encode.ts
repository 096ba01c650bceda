import type { Command } from 'commander';
import { z } from 'zod';
import { encodeRequestSchema, MOST_WITH_DOCUMENTS } from '../../../../contract/job.ts';
import type { EncodeRequest } from '../../../../contract/job.ts';
import { packLimits } from '../../../../contract/models/pack-limits.ts';
import { pictureWorldSchema } from '../../../../contract/picture-world.ts';
import { worldOf } from '../../../../contract/texts/prompt.ts';
import type { PromptDocument } from '../../../../contract/texts/prompt.ts';
import { methodAskedFor, searchLossSchema } from '../../../../contract/texts/reader-choice.ts';
import { alternativesAt, pictureRegionSchema, readingMethodSchema } from '../../../../contract/texts/reading.ts';
import type { PictureRegion } from '../../../../contract/texts/reading.ts';
import { sha256Schema } from '../../../../contract/identity.ts';
import type { Studio } from '../../../studio.ts';
import { addFiles } from '../input/add-images.ts';
import { askReader, chooseLength } from '../input/choose-length.ts';
import { choosePack } from '../input/choose-pack.ts';
import { cleanLine } from '../output/clean-line.ts';
import type { ChooseCommand, CommandContext, CommandResult } from '../command-context.ts';
import { packOption, saveOption } from '../command-options.ts';
import { findImages } from '../input/find-images.ts';
import { formatTable } from '../output/format-table.ts';
import { imageError, imageErrorSchema } from '../image-error.ts';
import type { ImageError } from '../image-error.ts';
import { addReaderOptions, chooseReader, rolesFor } from '../input/choose-reader.ts';
import type { ReaderFlags } from '../input/choose-reader.ts';
import { numberOption } from '../input/number-option.ts';
import { paint } from '../output/paint.ts';
import { readText } from '../input/read-text.ts';
import { regionOption } from '../input/region-option.ts';
import { offerMade } from '../offer-made.ts';
import { runJob } from '../run-job.ts';
import { UsageError } from '../usage-error.ts';

const candidateSchema = z.object({ text: z.string(), id: z.number().int(), probability: z.number() });
const encodedSchema = z.object({
  image: z.string(),
  sha256: sha256Schema,
  length: z.number().int(),
  method: readingMethodSchema,
  /** The part that was read, in pixels; null for all of it. */
  region: pictureRegionSchema.nullable(),
  text: z.string(),
  tokens: z.array(candidateSchema.extend({ alternatives: z.array(candidateSchema) })),
  /** Null where the pack does not measure it. */
  world: pictureWorldSchema.nullable(),
  /** Null where the decoder was not asked. */
  loss: searchLossSchema.nullable(),
  /** The words that fit least; null where they were not asked for. */
  negative: z.string().nullable(),
});
type Encoded = z.infer<typeof encodedSchema>;

/** What `encode --json` prints. */
export const encodeOutputSchema = z.object({ images: z.array(encodedSchema), errors: z.array(imageErrorSchema) });

/** As many tokens as the paper's shorter texts: a long text takes a search minutes and tells little more. */
const SEARCHED_LENGTH = 15;

/** Pictures of one job. Their texts are printed and let go before the next, so that memory does not grow with the number of pictures. */
const PICTURES_AT_ONCE = MOST_WITH_DOCUMENTS;

/** As many as any reader takes; which of them one takes it says itself. */
const parseLength = numberOption(z.number().int().min(1).max(packLimits.longestLength));

interface EncodeFlags extends ReaderFlags {
  readonly negative?: true;
  readonly region?: PictureRegion;
  readonly around?: true;
  readonly length?: number;
  readonly top?: number;
  readonly pack?: string;
  readonly save?: true;
}

export function addEncodeCommand(program: Command, choose: ChooseCommand): void {
  const command = program
    .command('encode')
    .summary('read pictures as text')
    .description('Reads the De-Diffusion text of pictures. Files, folders and patterns are accepted.')
    .argument('<image...>', 'picture files, folders or patterns')
    .option('--length <tokens>', 'tokens of the text; searches take any number', parseLength)
    .option('--top <k>', 'list the k most probable tokens of each place', numberOption(encodeRequestSchema.shape.topK.unwrap()))
    .addOption(regionOption())
    .option('--around', 'read everything but the --region')
    .option('--negative', 'also name the words that fit least (with clip-search)');
  addReaderOptions(command)
    .addOption(packOption())
    .addOption(saveOption())
    .action((images: string[], flags: EncodeFlags) => choose((context) => encode(images, flags, context)));
}

async function encode(names: readonly string[], flags: EncodeFlags, context: CommandContext): Promise<CommandResult> {
  const studio = await context.openStudio(flags.save === true ? 'own' : 'temporary');
  const manifest = await choosePack(studio.client, flags.pack, rolesFor(flags));
  const reader = await chooseReader(flags, manifest.id, studio.client);
  if (flags.negative === true && reader.method !== 'clip-search')
    throw new UsageError('--negative: only --reader clip-search knows what fits least.');
  const takesAnyLength =
    reader.method === 'clip-search' ||
    reader.method === 'caption' ||
    (reader.method === 'decoder-search' && reader.from !== 'encoder');
  const length = takesAnyLength ? (flags.length ?? SEARCHED_LENGTH) : await chooseOwnLength(studio.client, manifest.id, flags);

  if (flags.around === true && flags.region === undefined) throw new UsageError('--around: name the part with --region.');
  const region =
    flags.region === undefined ? null : { ...flags.region, ...(flags.around === true ? { around: true as const } : {}) };

  const found = await findImages(names);
  const errors: ImageError[] = [...found.errors];
  let isAnyRead = false;
  const total = found.paths.length;
  for (let from = 0; from < total; from += PICTURES_AT_ONCE) {
    const paths = found.paths.slice(from, from + PICTURES_AT_ONCE);
    const added = await addFiles(paths, studio, context);
    errors.push(...added.errors);
    if (added.images.length === 0) continue;
    if (total === 1) await offerMade(studio.client, added.images, context);
    const imageSha256s = added.images.map((image) => image.sha256);
    const top = flags.top === undefined ? {} : { topK: flags.top };
    const part = region === null ? {} : { region };
    const request = { kind: 'encode' as const, packId: manifest.id, imageSha256s, lengths: [length], reader, ...part, ...top };
    const label = total > PICTURES_AT_ONCE ? `${from + 1} to ${from + paths.length} of ${total}` : '';
    const result = await runJob(studio.client, request, label, context);
    for (const [index, image] of added.images.entries()) {
      const encoded = result.images[index];
      const [read] = encoded?.documents ?? [];
      if (read !== undefined) {
        const document: Encoded = {
          image: image.path,
          sha256: image.sha256,
          length,
          method: methodAskedFor(reader),
          region,
          text: await readText(studio.client, read.itemId),
          tokens: await listTokens(read.document, studio),
          world: worldOf(read.document),
          loss: read.loss ?? null,
          negative: flags.negative === true ? await readLeast(request, image.sha256, studio, context) : null,
        };
        isAnyRead = true;
        await context.presentImage({ document, text: format(document, flags.top) });
      } else if (encoded?.error) errors.push(imageError(image.path, encoded.error));
    }
    // What was done in a throw-away library is not asked for again.
    if (flags.save !== true) await studio.client.jobs.clear();
  }
  return { document: isAnyRead ? { errors } : { images: [], errors }, text: '', failed: errors.length > 0 };
}

/** A length the pack's encoder has, for as many candidates as it knows. */
async function chooseOwnLength(client: Studio['client'], packId: string, flags: EncodeFlags): Promise<number> {
  const reader = await askReader(client, packId);
  if (flags.top !== undefined && flags.top > reader.candidates)
    throw new UsageError(`--top ${flags.top}: this model knows ${reader.candidates} candidates for each place.`);
  return chooseLength(reader, flags.length);
}

/** The words that fit a picture least, searched in the same way. */
async function readLeast(
  request: EncodeRequest,
  sha256: string,
  { client }: Studio,
  context: CommandContext,
): Promise<string | null> {
  const { reader } = request;
  if (reader?.method !== 'clip-search') return null;
  const { method, seed, diversity } = reader;
  const least = { method, seed, diversity, aim: 'least' as const };
  const { images } = await runJob(client, { ...request, imageSha256s: [sha256], reader: least }, 'what fits least', context);
  const [read] = images[0]?.documents ?? [];
  return read === undefined ? null : readText(client, read.itemId);
}

async function listTokens(document: PromptDocument, studio: Studio): Promise<Encoded['tokens']> {
  const [source] = document.sources;
  const sha256 = source?.type === 'reading' ? source.sha256 : null;
  const reading = sha256 === null ? null : await studio.readReading(sha256);
  return document.slots.map((slot) => ({
    text: slot.text,
    id: slot.tokenId,
    probability: slot.probability ?? 0,
    alternatives: (reading === null ? [] : alternativesAt(reading, slot.position ?? 0)).map(({ text, tokenId, probability }) => ({
      text,
      id: tokenId,
      probability,
    })),
  }));
}

const OUTSIDE = 'This picture is of another kind than the model knows: the words are guesses.';

function format(encoded: Encoded, top: number | undefined): string {
  const head = `${paint.strong(cleanLine(encoded.image))}  ${paint.faint(`${encoded.length} tokens`)}`;
  const table = top === undefined ? [] : [formatTokens(encoded)];
  const guesses = encoded.world?.inside === false ? [paint.faint(OUTSIDE)] : [];
  const least = encoded.negative === null ? [] : [paint.faint(`not: ${cleanLine(encoded.negative)}`)];
  return [head, cleanLine(encoded.text), ...least, ...guesses, ...table].join('\n');
}

function formatTokens(encoded: Encoded): string {
  const percent = (probability: number): string => `${Math.round(probability * 100)}%`;
  const rows = encoded.tokens.map((token, index) => [
    String(index + 1).padStart(4),
    cleanLine(token.text),
    percent(token.probability).padStart(4),
    paint.faint(token.alternatives.map(({ text, probability }) => `${cleanLine(text)} ${percent(probability)}`).join(' · ')),
  ]);
  return formatTable(rows);
}
