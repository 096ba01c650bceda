import { readFile } from 'node:fs/promises';
import { StudioError } from '../../contract/errors.ts';
import { consentListRecord } from '../../contract/network.ts';
import type { Consent, ConsentRequest, NetworkPurpose, SentThing } from '../../contract/network.ts';
import { readRecord, writeRecord } from '../../contract/record.ts';
import { SerialQueue } from '../running/serial-queue.ts';
import { setAside } from '../storage/set-aside.ts';
import { writeFileDurably } from '../storage/write-file-durably.ts';

export interface ConsentStoreOptions {
  readonly file: string;
  /** False for a studio that may not write there: what is agreed to lasts as long as it does. */
  readonly remember: boolean;
  /** Hears of a file that cannot be read. */
  readonly note: (message: string) => void;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** What a person agreed to that may go out, and its file. One yes a place and purpose. */
export class ConsentStore {
  readonly #options: ConsentStoreOptions;
  readonly #writes = new SerialQueue();
  /** The file is of a later studio: it is left as it is, and nothing in it counts. */
  readonly #newer: StudioError | null;
  #consents: readonly Consent[];

  private constructor(options: ConsentStoreOptions, consents: readonly Consent[], newer: StudioError | null) {
    this.#options = options;
    this.#consents = consents;
    this.#newer = newer;
  }

  /** A file that cannot be read is put aside and counts as no consent at all. */
  static async open(options: ConsentStoreOptions): Promise<ConsentStore> {
    const { file, remember, note, clock } = options;
    const text = await readFile(file, 'utf8').catch(() => null);
    if (text === null) return new ConsentStore(options, [], null);
    try {
      return new ConsentStore(options, readRecord(consentListRecord, JSON.parse(text)).consents, null);
    } catch (cause) {
      if (cause instanceof StudioError) {
        note(`${file}: ${cause.message} It was left as it is; until then nothing goes out.`);
        return new ConsentStore(options, [], cause);
      }
      const kept = remember ? `; the old one is kept in ${setAside(file, clock())}` : '';
      note(`The list of consents could not be read, so each has to be given again${kept}.`);
      return new ConsentStore(options, [], null);
    }
  }

  get consents(): readonly Consent[] {
    return this.#consents;
  }

  /** Takes the place of an earlier yes for the same place and purpose. Throws StudioError as `revoke` does. */
  allow(asked: ConsentRequest): Promise<void> {
    const consent = { ...asked, givenMs: this.#options.clock() };
    return this.#change((all) => [...all.filter((one) => !isAbout(one, asked.origin, asked.purpose)), consent]);
  }

  /**
   * Takes a yes back; without a purpose, all of that place.
   * @throws StudioError `not-found`; `record-newer`, `disk-full` or `file-unwritable`, and then nothing has changed
   */
  revoke(origin: string, purpose: NetworkPurpose | undefined): Promise<void> {
    return this.#change((all) => {
      const rest = all.filter((one) => one.origin !== origin || (purpose !== undefined && one.purpose !== purpose));
      if (rest.length < all.length) return rest;
      throw new StudioError('not-found', `Nothing was agreed to for ${origin}.`, 'Look at the list of what was.', { origin });
    });
  }

  /**
   * The yes under which something may go out.
   * @throws StudioError `consent-needed`, which names what was to be sent
   */
  require(origin: string, purpose: NetworkPurpose, sends: readonly SentThing[]): Consent {
    const consent = this.#consents.find((one) => isAbout(one, origin, purpose));
    const missing = sends.filter((thing) => consent?.sends.includes(thing) !== true);
    if (consent !== undefined && missing.length === 0) return consent;
    throw new StudioError(
      'consent-needed',
      `Nobody has agreed yet that this goes to ${new URL(origin).host}.`,
      'Agree to it in Settings → Privacy, or with `dediffusion network allow`.',
      { origin, purpose, sends: missing.join(' ') },
    );
  }

  #change(change: (all: readonly Consent[]) => readonly Consent[]): Promise<void> {
    return this.#writes.run(async () => {
      const consents = [...change(this.#consents)];
      if (this.#options.remember) {
        if (this.#newer !== null) throw this.#newer;
        const json = JSON.stringify(writeRecord(consentListRecord, { consents }), null, 2);
        await writeFileDurably(this.#options.file, Buffer.from(`${json}\n`));
      }
      this.#consents = consents;
    });
  }
}

function isAbout(consent: Consent, origin: string, purpose: NetworkPurpose): boolean {
  return consent.origin === origin && consent.purpose === purpose;
}
