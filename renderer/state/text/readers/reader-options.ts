import type { DrawerAbilities } from '../../../../contract/models/abilities.ts';
import type { PackManifest, PackSummary } from '../../../../contract/models/pack.ts';
import type { WriterState } from '../../../../contract/outside/connection.ts';
import { readerChoiceSchema } from '../../../../contract/texts/reader-choice.ts';
import type { ReaderChoice } from '../../../../contract/texts/reader-choice.ts';

/** Readers that need nothing but the model that is used. */
const ownReaders = ['encoder', 'decoder-search', 'decoder-search-from-nothing', 'refine', 'clip-search'] as const;
type OwnReader = (typeof ownReaders)[number];

/** Somebody who can read a picture here and now. */
export interface ReaderOption {
  /** An own reader, or `caption@` and the connection of a language model that sees, or the model that writes captions: how the choice is remembered. */
  readonly key: string;
  /** Null for a language model. */
  readonly own: OwnReader | null;
  /** The language model, by its connection and its name, or the model that writes captions; null for a reader of the model that is used. */
  readonly seer: string | null;
  readonly choice: ReaderChoice;
  /** Whether it reads at the lengths of the model's encoder alone. */
  readonly keepsLengths: boolean;
  /** Whether it goes on from the open text, whose locked words stay. */
  readonly refines: boolean;
}

interface Known {
  readonly pack: Pick<PackManifest, 'roles' | 'world'> | null;
  readonly lengths: readonly number[];
  readonly drawer: Pick<DrawerAbilities, 'initPictures'> | null;
  readonly models: readonly WriterState[];
  /** Models on this machine that write captions. */
  readonly captioners: readonly Pick<PackSummary, 'id' | 'name'>[];
}

/** All that can read, the model's own encoder first. */
export function listReaders({ pack, lengths, drawer, models, captioners }: Known): ReaderOption[] {
  const { scorer } = pack?.roles ?? {};
  const hasScorer = scorer !== undefined;
  // The decoder is asked about the picture as its own VAE sees it.
  const canSearch = drawer?.initPictures === true;
  const canGrow = canSearch && (hasScorer || pack?.world?.places !== undefined);
  const canEncode = lengths.length > 0;
  const can: Readonly<Record<OwnReader, boolean>> = {
    encoder: canEncode,
    'decoder-search': canSearch && canEncode,
    'decoder-search-from-nothing': canGrow,
    refine: canGrow,
    'clip-search': hasScorer,
  };
  const seers = models.filter(({ sees, allowed }) => sees && allowed);
  return [
    ...ownReaders.filter((own) => can[own]).map(toOption),
    ...captioners.map(({ id, name }) => toSeer(id, name)),
    ...seers.map(({ id, model }) => toSeer(id, `${id} – ${model}`)),
  ];
}

function toSeer(id: string, seer: string): ReaderOption {
  return {
    key: `caption@${id}`,
    own: null,
    seer,
    choice: { method: 'caption', connectionId: id },
    keepsLengths: false,
    refines: false,
  };
}

function toOption(own: OwnReader): ReaderOption {
  const choices: Readonly<Record<OwnReader, unknown>> = {
    encoder: { method: 'encoder' },
    'decoder-search': { method: 'decoder-search', from: 'encoder' },
    'decoder-search-from-nothing': { method: 'decoder-search', from: 'nothing' },
    refine: { method: 'decoder-search', from: 'text' },
    'clip-search': { method: 'clip-search' },
  };
  return {
    key: own,
    own,
    seer: null,
    choice: readerChoiceSchema.parse(choices[own]),
    keepsLengths: own === 'encoder' || own === 'decoder-search',
    refines: own === 'refine',
  };
}

/**
 * Who reads a picture that is opened: whom the person chose, where that one is there, and else the encoder, else the quickest of the others.
 * A language model reads only where it was chosen: pictures go out by an act and never by a rule. Null where nobody can read.
 */
export function chooseReader(options: readonly ReaderOption[], wish: string | null): ReaderOption | null {
  const byRule = (['encoder', 'clip-search', 'decoder-search-from-nothing'] as const).map((key) =>
    options.find((one) => one.key === key),
  );
  return options.find(({ key, refines }) => key === wish && !refines) ?? byRule.find((one) => one !== undefined) ?? null;
}
