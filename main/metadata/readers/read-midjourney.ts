import type { PictureMetadata } from '../../../contract/texts/metadata.ts';
import { makeMetadata } from '../make-metadata.ts';

const job = /\bJob ID: ([0-9a-f]{8}-[0-9a-f-]{27})\s*$/i;
const parameters = /(?:^|\s)--[a-z]/i;

/**
 * Midjourney: the prompt with its parameters as a description, and behind it the number of the job. Null for any other description. The
 * parameters stay in the text, where the dialect reads them.
 */
export function readMidjourney(description: string): PictureMetadata | null {
  const jobId = job.exec(description.slice(-200))?.[1];
  if (jobId === undefined) return null;
  const prompt = description.slice(0, description.lastIndexOf('Job ID:')).trim();
  const seed = /\s--seed (\d{1,10})(?=\s|$)/.exec(prompt)?.[1];
  const version = /\s--(?:v|version|niji) (\d+(?:\.\d+)?)(?=\s|$)/.exec(prompt)?.[1];
  return makeMetadata({
    writer: 'midjourney',
    ...{ version, prompt, seed, dialect: parameters.test(prompt) ? 'midjourney' : 'plain' },
    notes: { 'Job ID': jobId },
  });
}
