import { z } from 'zod';
import { StudioError } from '../../../../contract/errors.ts';
import { seedSchema } from '../../../../contract/recipe.ts';
import type { Studio } from '../../../studio.ts';
import { sendJson } from '../exchange.ts';
import type { Exchange } from '../exchange.ts';
import { DRAWS, READS } from '../route.ts';
import type { Route } from '../route.ts';
import { drawForClient, listDrawingPacks, requireDrawer } from './draw-for-client.ts';
import { readJson } from './read-json.ts';

/**
 * A request for pictures as OpenAI's clients send it. What changes the picture and the studio does not have is refused; what does not
 * (`user`, `quality`, `style`, `moderation`) is taken and left aside. `seed` is the studio's own.
 */
export const imageRequestSchema = z.object({
  prompt: z.string().min(1).max(32_000),
  model: z.string().nullish(),
  n: z.number().int().min(1).max(10).nullish(),
  size: z
    .string()
    .regex(/^(auto|\d{1,4}x\d{1,4})$/, 'must be auto, or a width and a height such as 512x512')
    .nullish(),
  seed: seedSchema.nullish(),
  response_format: z.literal('b64_json', 'pictures come as b64_json only').nullish(),
  output_format: z.literal('png', 'pictures come as png only').nullish(),
  background: z.enum(['auto', 'opaque'], 'pictures are opaque').nullish(),
  stream: z.literal(false, 'pictures come in one answer').nullish(),
});

/** The names of OpenAI for what the studio has: `/v1/images/generations` and `/v1/models`. */
export function listOpenaiRoutes(studio: Studio): readonly Route[] {
  return [
    {
      methods: ['POST'],
      path: /^\/v1\/images\/generations$/,
      need: DRAWS,
      answer: (exchange) => drawImages(exchange, studio),
    },
    { methods: ['GET'], path: /^\/v1\/models$/, need: READS, answer: (exchange) => sendModels(exchange, studio) },
    {
      methods: ['GET'],
      path: /^\/v1\/models\/([^/]+)$/,
      need: READS,
      answer: async (exchange, [id = '']) => sendJson(exchange, describeModel(await findModel(studio, id))),
    },
  ];
}

async function drawImages(exchange: Exchange, studio: Studio): Promise<void> {
  const { prompt, model, n, size, seed } = await readJson(exchange.request, imageRequestSchema);
  const packId = await findModel(studio, model ?? null);
  const { size: ownSize, mostPictures } = await requireDrawer(studio, packId);
  const count = n ?? 1;
  if (count > mostPictures) throw unfit('n', `This model draws at most ${mostPictures} pictures at once.`);
  const [width = ownSize.width, height = ownSize.height] = size == null || size === 'auto' ? [] : size.split('x').map(Number);
  const settings = { count, width, height, ...(seed == null ? {} : { seed }) };
  const drawn = await drawForClient(studio, exchange, { packId, prompt: { type: 'text', text: prompt }, settings, parents: [] });
  sendJson(exchange, {
    created: Math.floor(Date.now() / 1000),
    background: 'opaque',
    output_format: 'png',
    size: `${width}x${height}`,
    data: drawn.map(({ base64, recipe }) => ({ b64_json: base64, seed: recipe.seed })),
  });
}

async function sendModels(exchange: Exchange, studio: Studio): Promise<void> {
  const packs = await listDrawingPacks(studio);
  sendJson(exchange, { object: 'list', data: packs.map(({ id }) => describeModel(id)) });
}

/** When a pack was made is not known. */
const describeModel = (id: string) => ({ id, object: 'model', created: 0, owned_by: 'dediffusion' });

/** A pack that draws, by its id; null: the one that is used where none is named. Throws StudioError `pack-not-found`. */
async function findModel(studio: Studio, id: string | null): Promise<string> {
  const packs = await listDrawingPacks(studio);
  const found = id === null ? packs[0] : packs.find((pack) => pack.id === id);
  if (found !== undefined) return found.id;
  const names = packs.map((pack) => pack.id).join(', ');
  throw new StudioError('pack-not-found', `The model \`${id ?? ''}\` does not exist.`, `Name one of these: ${names}.`, {
    place: 'model',
  });
}

function unfit(place: string, message: string): StudioError {
  return new StudioError('bad-request', message, 'Ask for less at a time.', { place });
}
