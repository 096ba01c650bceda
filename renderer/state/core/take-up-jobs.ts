import type { Drawing } from '../canvas/drawing.svelte.ts';
import { isRead } from '../text/snapshot.ts';
import { isEnded } from './job-list.svelte.ts';
import type { JobList } from './job-list.svelte.ts';
import type { LengthFidelity } from '../text/length-fidelity.svelte.ts';
import type { OpenWork } from '../text/open-work.svelte.ts';
import type { PictureReading } from '../text/picture-reading.svelte.ts';
import type { WordTools } from '../text/tools/word-tools.svelte.ts';

/** What follows jobs. */
export interface Followers {
  readonly work: OpenWork;
  readonly jobs: JobList;
  readonly wordTools: WordTools;
  readonly drawing: Drawing;
  readonly lengthFidelity: LengthFidelity;
  readonly reading: PictureReading;
}

/** After every (re)connection: follows the jobs of the open picture that went on meanwhile. */
export function takeUpJobs({ work, jobs, wordTools, drawing, lengthFidelity, reading }: Followers): void {
  const { picture, snapshot } = work;
  const { all } = jobs;
  void wordTools.resume(all);
  for (const { id, request } of all.filter((job) => !isEnded(job))) {
    if (request.kind === 'generate' && request.originalSha256 === picture?.sha256) void drawing.follow(id);
    if (request.kind === 'roundtrip' && request.imageSha256 === picture?.sha256) void lengthFidelity.follow(id);
    const reads = request.kind === 'encode' && picture !== null && request.imageSha256s.includes(picture.sha256);
    if (reads && !isRead(snapshot)) void reading.follow(id);
  }
}
