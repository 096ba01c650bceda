import type { GenerateRequest, GenerateResult, Job, PromptSource } from '../../contract/job.ts';
import type { MixedPrompt } from '../../contract/recipe.ts';
import type { JobContext } from '../jobs/job-context.ts';
import type { ResolvedPack } from '../packs/pack-registry.ts';
import { collectTokens } from '../prompt/collect-tokens.ts';
import type { PromptTokens } from '../prompt/collect-tokens.ts';
import { renderPrompt } from '../prompt/render-prompt.ts';
import { drawElsewhere } from './draw-elsewhere.ts';
import { drawPictures } from './draw-pictures.ts';
import type { JobServices } from '../services/job-services.ts';
import { openJobPack } from './open-job-pack.ts';
import { requireSeed } from './require-seed.ts';
import { reuseSince } from './reuse-since.ts';

/**
 * A document of the same pack gives its exact ids with their weights, muted words left out. Text, and a document of another
 * pack whose ids mean other words here, is tokenised by the decoder's own vocabulary.
 */
async function readPrompt(
  services: JobServices,
  prompt: PromptSource,
  pack: ResolvedPack,
): Promise<{ readonly tokens: PromptTokens; readonly text: string }> {
  if (prompt.type === 'document' && prompt.document.packId === pack.manifest.id) {
    return { tokens: collectTokens(prompt.document), text: renderPrompt(prompt.document).text };
  }
  const text = prompt.type === 'text' ? prompt.text : renderPrompt(prompt.document).text;
  const tokenIds = (await services.tokenizers.take(pack)).encode(text).map(({ id }) => id);
  return { tokens: { tokenIds, tokenWeights: tokenIds.map(() => 1) }, text };
}

async function readMixed(
  services: JobServices,
  { prompt, share }: NonNullable<GenerateRequest['mixWith']>,
  pack: ResolvedPack,
): Promise<MixedPrompt> {
  const { tokens, text } = await readPrompt(services, prompt, pack);
  return { text, tokenIds: [...tokens.tokenIds], tokenWeights: [...tokens.tokenWeights], share };
}

/** Draws a prompt; with an original, each picture that a pack draws is compared with it. */
export async function runGenerate(
  services: JobServices,
  job: Job,
  request: GenerateRequest,
  context: JobContext,
): Promise<GenerateResult> {
  if (request.connectionId !== undefined) return drawElsewhere(services, job, request, request.connectionId, context);
  const pack = await openJobPack(services, request.packId, context);
  const { tokens, text } = await readPrompt(services, request.prompt, pack);
  const mixed = request.mixWith === undefined ? null : await readMixed(services, request.mixWith, pack);
  const order = {
    pack,
    tokens,
    text,
    ...(mixed === null ? {} : { mixed }),
    settings: requireSeed(request.settings),
    originalSha256: request.originalSha256 ?? null,
    parents: request.parents,
    boards: [],
    reuseSinceMs: reuseSince(job, context),
  };
  return { kind: 'generate', ...(await drawPictures(services, order, context)) };
}
