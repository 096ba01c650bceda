import type { EncodeRequest, EncodeResult, GenerateRequest, GenerateResult, Job } from '../../contract/job.ts';
import type { LibraryItem } from '../../contract/library.ts';
import type { GenerateSettings } from '../../contract/recipe.ts';
import { PACK_ID } from './open-test-studio.ts';
import type { TestStudio } from './open-test-studio.ts';
import { waitForJob } from './wait-for-job.ts';

export const LENGTHS = [5, 15, 75];
export const quick: GenerateSettings = { steps: 2, guidance: 3, seed: 7 };

export function pictureOf(item: LibraryItem | undefined): string {
  if (item === undefined || item.kind === 'prompt') throw new Error('no picture');
  return item.image.sha256;
}

/** A studio with one of the pack's sample scenes in its library, and short ways to have jobs done. */
export class Workshop {
  readonly test: TestStudio;
  readonly sample: LibraryItem;

  private constructor(test: TestStudio, sample: LibraryItem) {
    this.test = test;
    this.sample = sample;
  }

  static async open(openStudio: () => Promise<TestStudio>): Promise<Workshop> {
    const test = await openStudio();
    const { samples } = await test.client.packs.info({ packId: PACK_ID });
    const [first] = samples;
    if (first === undefined) throw new Error('a pack without samples');
    return new Workshop(test, await test.client.images.addSample({ packId: PACK_ID, file: first.file }));
  }

  encode(over: Partial<EncodeRequest> = {}): EncodeRequest {
    return { kind: 'encode', imageSha256s: [pictureOf(this.sample)], lengths: LENGTHS, ...over };
  }

  generate(over: Partial<GenerateRequest> = {}): GenerateRequest {
    return {
      kind: 'generate',
      prompt: { type: 'text', text: 'a red fox on a green hill' },
      settings: quick,
      parents: [],
      ...over,
    };
  }

  async finish(request: EncodeRequest | GenerateRequest): Promise<Job> {
    const { id } = await this.test.client.jobs.submit(request);
    const job = await waitForJob(this.test.client, id);
    if (job.state !== 'done') throw new Error(`${job.state}: ${job.error?.message ?? ''} ${JSON.stringify(job.error?.details)}`);
    return job;
  }

  async draw(over: Partial<GenerateRequest> = {}): Promise<GenerateResult> {
    const { result } = await this.finish(this.generate(over));
    if (result?.kind !== 'generate') throw new Error('no generation');
    return result;
  }

  async read(over: Partial<EncodeRequest> = {}): Promise<EncodeResult> {
    const { result } = await this.finish(this.encode(over));
    if (result?.kind !== 'encode') throw new Error('no encoding');
    return result;
  }

  /** The texts of the sample scene, one a length. */
  async readTexts(): Promise<EncodeResult['images'][number]['documents']> {
    const [image] = (await this.read()).images;
    if (image === undefined) throw new Error('no image');
    return image.documents;
  }
}
