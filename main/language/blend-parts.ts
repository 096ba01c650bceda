import type { Phrase, PictureParts } from './find-parts.ts';
import type { PictureWord } from './picture-words.ts';
import { articleFor, join, joinClauses, listWords, say, shortenClauses } from './sentence.ts';
import type { Clause, Letter, SaidWord } from './sentence.ts';

export interface BlendOptions {
  /** Most tokens the sentence may take. */
  readonly limit: number;
  readonly countTokens: (text: string) => number;
}

/** How something lies to a place where the text does not say it, by the place's base; `in` for every other. */
const relations: readonly (readonly [relation: string, bases: string])[] = [
  [
    'on',
    'road roadway street grass snow water rock beach table desk floor ground surface hardwood bridge crossing slope hillside hilltop ' +
      'sand ice shelf roof stage shore mound hill island land',
  ],
  ['under', 'sky cloud moon'],
  ['among', 'tree star pillar lamp skyscraper plant flower rose leaf board pole'],
  ['near', 'mountain cliff castle house gorge waterfall river lake pond pole canyon volcano tower'],
  ['against', 'wall background backdrop'],
];
const relationByBase = new Map(
  relations.flatMap(([relation, bases]) => bases.split(' ').map((base) => [base, relation] as const)),
);
/** A text's own word is kept when it can stand before any place. */
const ownRelations = new Set('on in among amongst amid amidst under beside near atop alongside'.split(' '));
/** Said without an article. */
const uncounted = new Set(
  (
    'snow water grass sand ice greenery vegetation hardwood space rain fog mist land rock smoke armor armour clothing makeup confetti ' +
    'hair fruit food jewelry lipstick photography graffiti charcoal cgi'
  ).split(' '),
);
const times = new Map<string, string>([
  ...'sunset sunrise dusk dawn night midnight twilight noon nighttime'.split(' ').map((word) => [word, 'at'] as const),
  ...'autumn winter summer spring'.split(' ').map((word) => [word, 'in'] as const),
  ...'morning afternoon evening'.split(' ').map((word) => [word, 'in the'] as const),
]);
const lightNouns = new Set(
  'shadow shade reflection sunlight spotlight darkness gloom haze mist fog rain storm moonlight candlelight blur daylight glow light'.split(
    ' ',
  ),
);
/** Take no article and no plural: they tell how a picture is made. */
const madeBy = new Set('photography cgi graffiti anime manga pastel gouache charcoal watercolor watercolour macro'.split(' '));

/** Two ways to spell one word are no plural. */
const spellings = new Set(['forrest', 'armour', 'colourful', 'grey']);
const isPlural = ({ text, base }: PictureWord): boolean => text !== base && !spellings.has(text);
/** There is one of them in a picture. */
const single = new Set('ground sky floor horizon sea ocean moon'.split(' '));

/** Takes each thing once: what was said of it is not said again. */
class Speaker {
  readonly #said = new Set<string>();

  /** The words that were not said yet, which count as said from now on. */
  fresh(words: readonly PictureWord[]): PictureWord[] {
    return words.filter((word) => {
      if (this.#said.has(word.base)) return false;
      this.#said.add(word.base);
      return true;
    });
  }

  /** The phrase with its article; nothing when its head was said before. */
  phrase({ before, head }: Phrase, from: Letter, mostBefore = 2): SaidWord[] {
    const [fresh] = this.fresh([head]);
    if (fresh === undefined) return [];
    const said = [...this.fresh(before.slice(-mostBefore)), fresh];
    const [first] = said;
    if (first === undefined) return [];
    const bare =
      isPlural(head) || head.isName || uncounted.has(head.base) || head.kind === 'material' || startsWithCount(first.text);
    const article = single.has(head.base) && said.length === 1 ? 'the' : articleFor(first.text);
    return [...(bare ? [] : [join(article)]), ...said.map((word) => say(word, from))];
  }
}

const startsWithCount = (word: string): boolean => /^(?:one|two|three|four|five|six|several|many)$/.test(word);

function sayScene(parts: PictureParts, from: Letter, speaker: Speaker): Clause[] {
  const clauses: Clause[] = [];
  const { places, backdrop } = parts;
  // First, so that its colour is its own.
  const behind = backdrop === null ? [] : speaker.phrase(backdrop, from);
  let number = 0;
  for (const place of places) {
    if (number === 3) break;
    const { base } = place.head;
    const own = place.relation !== null && ownRelations.has(place.relation) ? place.relation : null;
    const phrase = speaker.phrase(place, from, number === 0 ? 2 : 1);
    if (phrase.length === 0) continue;
    const usual = own ?? relationByBase.get(base) ?? 'in';
    const relation =
      number === 0 ? (usual.startsWith('among') && !isPlural(place.head) ? 'near' : usual) : number === 1 ? 'with' : 'and';
    clauses.push({ rank: [1, 7, 8][number] ?? 8, words: [join(relation), ...phrase], apart: false });
    number += 1;
  }
  // A background of which nothing is said says nothing where there is a place.
  if (behind.length === 0 || (number > 0 && behind.length <= 2)) return clauses;
  const rank = number === 0 ? 1 : 4;
  return [...clauses, { rank, words: [join('against'), ...behind], apart: number > 0 }];
}

function sayLight({ light }: PictureParts, from: Letter, speaker: Speaker): Clause[] {
  const left = speaker.fresh(light);
  const time = left.find(({ base }) => times.has(base));
  const noun = left.find(({ base }) => lightNouns.has(base));
  const adjective = left.find(({ base, text }) => !times.has(base) && !lightNouns.has(base) && /(?:y|ing|t|m|k|e)$/.test(text));
  const season = time !== undefined && times.get(time.base) === 'in' ? [say(time, from)] : [];
  const words = [
    ...(time === undefined || (season.length > 0 && adjective !== undefined)
      ? []
      : [join(times.get(time.base) ?? 'at'), say(time, from)]),
    ...(adjective === undefined ? [] : [join('in'), say(adjective, from), ...season, join('light')]),
    ...(noun === undefined || adjective !== undefined ? [] : [join('with'), say(noun, from)]),
  ];
  return words.length === 0 ? [] : [{ rank: 5, words, apart: true }];
}

function sayLook(parts: PictureParts, from: Letter, speaker: Speaker): Clause[] {
  const found = speaker.fresh(parts.colours);
  const told = found.filter(({ base }) => base !== 'colorful');
  const colours = (told.length > 0 ? told : found).slice(0, 3).map((word) => ({ ...word, text: word.base }));
  const styles = speaker
    .fresh(parts.styles)
    .slice(0, 3)
    .sort((a, b) => Number(a.isName) - Number(b.isName));
  const [medium] = parts.medium === null ? [] : speaker.fresh([parts.medium]);
  const clauses: Clause[] = [];
  if (colours.length > 0) {
    const words = [join('in'), ...listWords(colours.map((word) => say(word, from))), join('tones')];
    clauses.push({ rank: 6, words, apart: true });
  }
  const said = styles.map((word) => say(word, from));
  if (medium !== undefined) {
    const all = [...said, { ...say(medium, from), text: madeBy.has(medium.base) ? medium.text : medium.base }];
    const article = madeBy.has(medium.base) ? [] : [join(articleFor(all[0]?.text ?? ''))];
    clauses.push({ rank: 2, words: [...article, ...all], apart: true });
  } else if (said.length > 0) clauses.push({ rank: 2, words: [...said, join('style')], apart: true });
  return clauses;
}

/** A text taken apart, and which one of the blend's it is. */
export interface PartsOfSide {
  readonly parts: PictureParts;
  readonly side: Letter;
}

export interface OtherParts {
  /** Main objects that stand beside the first. */
  readonly beside: readonly PartsOfSide[];
  /** Whose colours, style and medium it has. */
  readonly look: PartsOfSide;
}

/**
 * The main object of one text in the scene and the look of another, as one clean sentence that says nothing twice. Further texts may give
 * more objects, and the look apart from the scene.
 */
export function blendParts(
  object: PartsOfSide,
  scene: PartsOfSide,
  { limit, countTokens }: BlendOptions,
  { beside, look }: OtherParts = { beside: [], look: scene },
): SaidWord[] {
  const speaker = new Speaker();
  const { subject, companion, clothing, action } = object.parts;
  const clauses: Clause[] = [];
  if (subject !== null) clauses.push({ rank: 0, words: speaker.phrase(subject, object.side, 3), apart: false });
  if (companion !== null) {
    clauses.push({ rank: 0, words: [join('and'), ...speaker.phrase(companion, object.side)], apart: false });
  }
  for (const { parts, side } of beside) {
    const other = parts.subject === null ? [] : speaker.phrase(parts.subject, side);
    const joint = clauses.length === 0 ? [] : [join('and')];
    if (other.length > 0) clauses.push({ rank: 0, words: [...joint, ...other], apart: false });
  }
  if (clothing !== null && subject !== null && subject.head.kind !== 'place') {
    const worn = speaker.phrase(clothing, object.side, 1);
    if (worn.length > 0) clauses.push({ rank: 3, words: [join('in'), ...worn], apart: false });
  }
  if (action !== null) {
    const [done] = speaker.fresh([action]);
    if (done !== undefined) clauses.push({ rank: 3, words: [say(done, object.side)], apart: clothing !== null });
  }
  // What the other picture shows does not come in, not even as a word of its scene.
  speaker.fresh(
    [...object.parts.places, ...scene.parts.places]
      .map(({ head }) => head)
      .filter(({ base }) => scene.parts.subjectBases.has(base)),
  );
  clauses.push(...sayScene(scene.parts, scene.side, speaker));
  const light = sayLight(scene.parts, scene.side, speaker);
  clauses.push(...light, ...sayLook(look.parts, look.side, speaker));
  return joinClauses(shortenClauses(clauses, limit, countTokens));
}
