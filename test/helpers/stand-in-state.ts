import type { StudioEvent } from '../../contract/events.ts';
import type { Job, JobRequest, JobResult } from '../../contract/job.ts';
import type { LibraryItem } from '../../contract/library.ts';
import type { PromptDocument } from '../../contract/prompt.ts';
import type { CoreSettingsReport } from '../../contract/settings.ts';
import { StudioError } from '../../contract/errors.ts';
import { renderPrompt } from '../../main/prompt/render-prompt.ts';
import { standInDocument } from './stand-in-document.ts';

const manifestSha256 = 'c'.repeat(64);

/** What the stand-in core remembers, and what its jobs make. */
export class StandInState {
  readonly jobs = new Map<string, Job>();
  readonly items = new Map<string, LibraryItem>();
  readonly listeners = new Set<(event: StudioEvent) => void>();
  editError: StudioError | null = null;
  settings: CoreSettingsReport = {
    settings: { device: 'auto', memoryBudgetMb: null, unloadAfterIdleMinutes: 5, packId: null },
    fixedDevice: null,
    machineMemoryBytes: 8_000_000_000,
    defaultMemoryBudgetMb: 3_800,
    folders: { data: '/data', logs: '/data/logs', packs: '/data/packs' },
  };
  #nextId = 1;

  id(kind: string): string {
    return `${kind}-${this.#nextId++}`;
  }

  push(event: StudioEvent): void {
    for (const tell of this.listeners) tell(event);
  }

  change(jobId: string, change: Partial<Job>): Job {
    const job = this.jobs.get(jobId);
    if (job === undefined) throw new StudioError('not-found', 'No such job.', 'Look at the queue.');
    const next = { ...job, ...change };
    this.jobs.set(jobId, next);
    this.push({ type: 'job-changed', job: next });
    return next;
  }

  item(
    title: string,
    parents: string[],
  ): Pick<LibraryItem, 'id' | 'createdMs' | 'title' | 'starred' | 'trashed' | 'parents' | 'boards'> {
    return {
      id: this.id('item'),
      createdMs: 1_700_000_000_000 + this.items.size,
      title,
      starred: false,
      trashed: false,
      boards: [],
      parents,
    };
  }

  stored(sha256: string): Extract<LibraryItem, { kind: 'picture' }>['image'] {
    return { sha256, bytes: 1000, width: 64, height: 64, mediaType: 'image/png', thumbhash: '' };
  }

  keep<Item extends LibraryItem>(item: Item): Item {
    this.items.set(item.id, item);
    return item;
  }

  addPicture(title: string, sha256 = 'a'.repeat(64)): Extract<LibraryItem, { kind: 'picture' }> {
    return this.keep({ ...this.item(title, []), kind: 'picture' as const, image: this.stored(sha256) });
  }

  savePrompt(document: PromptDocument, parents: string[]): LibraryItem {
    return this.keep({ ...this.item('', parents), kind: 'prompt' as const, prompt: document, text: renderPrompt(document).text });
  }

  result(request: JobRequest): JobResult {
    if (request.kind === 'encode') {
      const images = request.imageSha256s.map((imageSha256) => ({
        imageSha256,
        error: null,
        documents: request.lengths.map((length) => {
          const document = standInDocument(length, imageSha256);
          return { itemId: this.savePrompt(document, []).id, document };
        }),
      }));
      return { kind: 'encode', images };
    }
    if (request.kind === 'roundtrip') return { kind: 'roundtrip', rounds: [] };
    if (request.kind === 'word-values' || request.kind === 're-solve' || request.kind === 'drift')
      throw new Error(`The stand-in has no models for ${request.kind}.`);
    if (request.kind === 'batch') return { kind: 'batch', done: 0, failed: 0 };
    const document = request.prompt.type === 'document' ? request.prompt.document : standInDocument(5, 'a'.repeat(64));
    const slots = document.slots.filter((slot) => !slot.muted);
    const count = request.settings.count ?? 1;
    const seed = request.settings.seed ?? 7;
    const items = Array.from({ length: count }, (_, index) =>
      this.keep({
        ...this.item('', request.parents),
        kind: 'generation' as const,
        image: this.stored(String(this.items.size % 10).repeat(64)),
        fidelity:
          request.originalSha256 === undefined
            ? null
            : { mean: 0.8 + index * 0.02, spread: 0, perSeed: [{ seed: seed + index, fidelity: 0.8 + index * 0.02 }] },
        recipe: {
          schemaVersion: 1 as const,
          pack: { id: 'stand-in', version: '1.0.0', manifestSha256 },
          tokenIds: slots.map((slot) => slot.tokenId),
          tokenWeights: slots.map((slot) => slot.weight),
          text: renderPrompt(document).text,
          negative: request.settings.negative ?? '',
          steps: request.settings.steps ?? 20,
          guidance: request.settings.guidance ?? 3,
          seed: seed + index,
          scheduler: request.settings.scheduler ?? ('ddim' as const),
          width: 64,
          height: 64,
          init: null,
          device: 'cpu',
          versions: { studio: '0', onnxruntime: '0' },
        },
      }),
    );
    return { kind: 'generate', items, fidelity: null };
  }
}
