import { StudioError } from '../../contract/errors.ts';
import type { ErrorDetails } from '../../contract/errors.ts';
import type { GenerateRequest, GenerateResult, Job, PromptSource } from '../../contract/job.ts';
import type { JobContext } from '../jobs/job-context.ts';
import type { ToolDrawer } from '../ports/drawer.ts';
import type { WeightedWord } from '../prompt/dialects/dialect.ts';
import { removeControlCharacters } from '../prompt/dialects/clean-text.ts';
import { weighWords } from '../prompt/export-prompt.ts';
import { renderPrompt } from '../prompt/render-prompt.ts';
import { tellPaidAgain } from '../writers/may-cost.ts';
import { mayBeHeard } from '../writers/mended-elsewhere.ts';
import type { JobServices } from '../services/job-services.ts';
import { drawAndKeep } from './draw-and-keep.ts';
import { requireSeed } from './require-seed.ts';
import { reuseSince } from './reuse-since.ts';

/** A tool is sent words, whatever they were made from: it has a tokenizer of its own. */
function readWords(prompt: PromptSource): { readonly words: readonly WeightedWord[]; readonly text: string } {
  if (prompt.type === 'document') {
    return { words: weighWords(prompt.document), text: renderPrompt(prompt.document).text };
  }
  const words = prompt.text
    .split(/\s+/u)
    .map((word) => ({ text: removeControlCharacters(word), weight: 1 }))
    .filter(({ text }) => text !== '');
  return { words, text: prompt.text.trim() };
}

/**
 * Draws a prompt with another tool. Its pictures are kept like any other, and compared with none: that is done by a pack's scorer.
 *
 * @throws StudioError `prompt-empty` without words, `bad-request` for two texts that are to be mixed; as Tools.open and drawAndKeep do
 */
export async function drawElsewhere(
  services: JobServices,
  job: Job,
  { prompt, mixWith, settings, parents }: Pick<GenerateRequest, 'prompt' | 'mixWith' | 'settings' | 'parents'>,
  connectionId: string,
  context: JobContext,
): Promise<GenerateResult> {
  if (mixWith !== undefined) {
    const hint = 'Leave the second text out, or draw with a model on this machine.';
    throw new StudioError('bad-request', 'A tool is told words, and two texts cannot be mixed for it.', hint);
  }
  const { words, text } = readWords(prompt);
  if (words.length === 0) {
    throw new StudioError('prompt-empty', 'There is no word to draw.', 'Write something, or unmute a word.');
  }
  context.onProgress({ fraction: 0, phase: 'loading', step: 0, steps: 0 });
  const drawing = { text, settings: requireSeed(settings), parents, boards: [], reuseSinceMs: reuseSince(job, context) };
  const complete = { words, workId: job.id };
  const count = settings.count ?? 1;
  const brokenOff = services.tools.brokenOff(connectionId, count);
  let came = 0;
  try {
    const tool = await services.tools.open(connectionId, context.lane, context.signal);
    const drawer = countPictures(tool, () => (came += 1));
    if (brokenOff !== null) context.onBegunForGood(brokenOff);
    const drawn = await drawAndKeep(services, drawer, drawing, (order) => ({ ...order, ...complete }), context);
    return { kind: 'generate', ...drawn };
  } catch (cause) {
    throw explain(cause, { redact: services.redact, isPaidAgain: brokenOff !== null, came, count });
  }
}

interface Explaining {
  readonly redact: (text: string) => string;
  readonly isPaidAgain: boolean;
  /** How many of its pictures came before it failed. */
  readonly came: number;
  readonly count: number;
}

/** The same drawer, which tells of each picture that came. */
const countPictures = (tool: ToolDrawer, onCame: () => void): ToolDrawer => ({
  abilities: tool.abilities,
  draw: (order, context) =>
    tool.draw(order, {
      ...context,
      onPicture: (picture) => {
        onCame();
        context.onPicture(picture);
      },
    }),
});

/** A tool may say a key back wherever it says something in its own words, and why a job failed is kept; so is that it may be paid. */
function explain(cause: unknown, { redact, isPaidAgain, came, count }: Explaining): unknown {
  if (!(cause instanceof StudioError)) return cause;
  const isMissing = isPaidAgain && mayBeHeard(cause);
  const isWarned = isMissing || (isPaidAgain && came > 0);
  const details = Object.entries(cause.details).map(([name, value]) => [name, typeof value === 'string' ? redact(value) : value]);
  return new StudioError(
    cause.code,
    redact(cause.message),
    `${redact(cause.hint)}${isWarned ? ` ${tellPaidAgain(count)}` : ''}`,
    { ...(Object.fromEntries(details) as ErrorDetails), ...(isMissing ? { mayBePaid: true } : {}) },
    cause,
  );
}
