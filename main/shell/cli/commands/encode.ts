import { Option } from 'commander';
import type { Command } from 'commander';
import { z } from 'zod';
import { encodeRequestSchema, MOST_WITH_DOCUMENTS, reSolveRequestSchema } from '../../../../contract/job.ts';
import type { EncodedImage, ReSolveResult } from '../../../../contract/job.ts';
import { pictureWorldSchema } from '../../../../contract/picture-world.ts';
import { worldOf } from '../../../../contract/texts/prompt.ts';
import type { PromptDocument } from '../../../../contract/texts/prompt.ts';
import { alternativesAt } from '../../../../contract/texts/reading.ts';
import { sha256Schema } from '../../../../contract/identity.ts';
import type { Studio } from '../../../studio.ts';
import { addFiles } from '../input/add-images.ts';
import { askReader, chooseLength } from '../input/choose-length.ts';
import { choosePack } from '../input/choose-pack.ts';
import { cleanLine } from '../output/clean-line.ts';
import type { ChooseCommand, CommandContext, CommandResult } from '../command-context.ts';
import { lengthOption, packOption, saveOption } from '../command-options.ts';
import { findImages } from '../input/find-images.ts';
import { formatTable } from '../output/format-table.ts';
import { imageError, imageErrorSchema } from '../image-error.ts';
import type { ImageError } from '../image-error.ts';
import { numberOption } from '../input/number-option.ts';
import { paint } from '../output/paint.ts';
import { readText } from '../input/read-text.ts';
import { runJob } from '../run-job.ts';
import { UsageError } from '../usage-error.ts';

const candidateSchema = z.object({ text: z.string(), id: z.number().int(), probability: z.number() });
const encodedSchema = z.object({
  image: z.string(),
  sha256: sha256Schema,
  length: z.number().int(),
  text: z.string(),
  tokens: z.array(candidateSchema.extend({ alternatives: z.array(candidateSchema) })),
  /** Null where the pack does not measure it. */
  world: pictureWorldSchema.nullable(),
  /** The decoder's loss on the picture, of the text as the encoder read it and as it was refined; lower is better. Null where it was not asked. */
  loss: z.object({ before: z.number(), after: z.number(), evaluations: z.number().int() }).nullable(),
});
type Encoded = z.infer<typeof encodedSchema>;
type EncodedText = EncodedImage['documents'][number];

/** What `encode --json` prints. */
export const encodeOutputSchema = z.object({ images: z.array(encodedSchema), errors: z.array(imageErrorSchema) });

/** Enough for one sweep over 15 places. */
const DEFAULT_BUDGET = 600;

/** Pictures of one job. Their texts are printed and let go before the next, so that memory does not grow with the number of pictures. */
const PICTURES_AT_ONCE = MOST_WITH_DOCUMENTS;

const readers = ['encoder', 'decoder-search'] as const;

interface EncodeFlags {
  readonly reader: (typeof readers)[number];
  readonly budget: number;
  readonly length?: string;
  readonly top?: number;
  readonly pack?: string;
  readonly save?: true;
}

export function addEncodeCommand(program: Command, choose: ChooseCommand): void {
  program
    .command('encode')
    .summary('read pictures as text')
    .description('Reads the De-Diffusion text of pictures. Files, folders and patterns are accepted.')
    .argument('<image...>', 'picture files, folders or patterns')
    .addOption(lengthOption())
    .option('--top <k>', 'list the k most probable tokens of each place', numberOption(encodeRequestSchema.shape.topK.unwrap()))
    .addOption(
      new Option(
        '--reader <name>',
        "encoder: one pass; decoder-search: its text, refined by the decoder's own loss on the picture",
      )
        .choices(readers)
        .default('encoder'),
    )
    .option(
      '--budget <n>',
      'losses that decoder-search may ask for',
      numberOption(reSolveRequestSchema.shape.budget),
      DEFAULT_BUDGET,
    )
    .addOption(packOption())
    .addOption(saveOption())
    .action((images: string[], flags: EncodeFlags) => choose((context) => encode(images, flags, context)));
}

async function encode(names: readonly string[], flags: EncodeFlags, context: CommandContext): Promise<CommandResult> {
  const studio = await context.openStudio(flags.save === true ? 'own' : 'temporary');
  const refines = flags.reader === 'decoder-search';
  const manifest = await choosePack(studio.client, flags.pack, refines ? ['encoder', 'decoder', 'scorer'] : ['encoder']);
  const reader = await askReader(studio.client, manifest.id);
  const length = chooseLength(reader, flags.length === undefined ? undefined : Number(flags.length));
  if (flags.top !== undefined && flags.top > reader.candidates)
    throw new UsageError(`--top ${flags.top}: this model knows ${reader.candidates} candidates for each place.`);

  const found = await findImages(names);
  const errors: ImageError[] = [...found.errors];
  let isAnyRead = false;
  const total = found.paths.length;
  for (let from = 0; from < total; from += PICTURES_AT_ONCE) {
    const paths = found.paths.slice(from, from + PICTURES_AT_ONCE);
    const added = await addFiles(paths, studio, context);
    errors.push(...added.errors);
    if (added.images.length === 0) continue;
    const imageSha256s = added.images.map((image) => image.sha256);
    const top = flags.top === undefined ? {} : { topK: flags.top };
    const request = { kind: 'encode' as const, packId: manifest.id, imageSha256s, lengths: [length], ...top };
    const label = total > PICTURES_AT_ONCE ? `${from + 1} to ${from + paths.length} of ${total}` : '';
    const result = await runJob(studio.client, request, label, context);
    for (const [index, image] of added.images.entries()) {
      const encoded = result.images[index];
      const [read] = encoded?.documents ?? [];
      if (read !== undefined) {
        const {
          itemId,
          document: found,
          loss,
        } = refines ? await refine(read, image.sha256, flags.budget, studio, context) : { ...read, loss: null };
        const document: Encoded = {
          image: image.path,
          sha256: image.sha256,
          length,
          text: await readText(studio.client, itemId),
          tokens: await listTokens(found, studio),
          world: worldOf(found),
          loss,
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

/** The encoder's text swept by the decoder's loss, kept beside it. */
async function refine(
  { itemId, document }: EncodedText,
  originalSha256: string,
  budget: number,
  { client }: Studio,
  context: CommandContext,
): Promise<EncodedText & Pick<ReSolveResult, 'loss'>> {
  // The fidelities a solving also measures are not shown here: one step each is enough.
  const settings = { steps: 1, seed: 0, count: 1 };
  const request = { kind: 're-solve' as const, document, originalSha256, settings, judge: 'loss' as const, budget };
  const solved = await runJob(client, request, 'refining', context);
  const saved = await client.prompts.save({ document: solved.document, parents: [itemId] });
  return { itemId: saved.id, document: solved.document, loss: solved.loss };
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
  return [head, cleanLine(encoded.text), ...guesses, ...table].join('\n');
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
