import { readFile, writeFile } from 'node:fs/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { readWordNet } from './read-wordnet.ts';
import type { Sense, WordNet } from './read-wordnet.ts';

/*
 * Makes main/language/lexicon/words.txt.gz: WordNet reduced to the words that CLIP's vocabulary holds whole and to those that
 * WordNet's sample of running text has at least twice, each with the one thing it most often is in a picture's text.
 *
 *     node tooling/lexicon/make-lexicon.ts
 */
const merges = new URL('../../main/tokenizer/clip-vocabulary/merges.txt.gz', import.meta.url);
const lexicon = new URL('../../main/language/lexicon/words.txt.gz', import.meta.url);

/** The first that a noun is a kind of decides; what is left goes by the lexicographer's file. */
const kinds: readonly (readonly [kind: string, roots: readonly string[]])[] = [
  ['colour', ['color 1', 'coloring material 1', 'pigment 1']],
  [
    'medium',
    ['art 1', 'representation 2', 'photographic equipment 9', 'picture 2', 'graphic art 1', 'drawing 1', 'print media 1'],
  ],
  ['style', ['artistic style 1', 'art movement 1', 'architectural style 1']],
  ['vehicle', ['vehicle 1', 'craft 2']],
  ['clothing', ['clothing 1', 'clothes 1', 'footwear 1', 'footwear 2', 'headdress 1', 'jewelry 1', 'adornment 1', 'garment 1']],
  [
    'place',
    [
      'structure 1',
      'room 1',
      'way 6',
      'road 1',
      'geological formation 1',
      'body of water 1',
      'land 1',
      'land 4',
      'vegetation 1',
      'region 1',
      'region 3',
      'location 1',
      'facility 1',
      'area 5',
      'atmosphere 4',
      'ice 1',
      'snow 2',
      'sand 1',
      'celestial body 1',
      'surface 1',
      'floor 1',
      'wall 1',
      'forest 2',
      'forest 1',
      'city 1',
      'plumbing fixture 1',
      'table 2',
    ],
  ],
  [
    'light',
    [
      'weather 1',
      'atmospheric phenomenon 1',
      'light 1',
      'time of day 1',
      'day 4',
      'season 2',
      'season 1',
      'night 1',
      'illumination 2',
      'illumination 1',
      'darkness 1',
      'hour 2',
      'twilight 1',
    ],
  ],
];
const files: Readonly<Record<string, string>> = {
  animal: 'animal',
  person: 'person',
  plant: 'plant',
  food: 'food',
  body: 'body',
  artifact: 'thing',
  object: 'place',
  location: 'place',
  substance: 'material',
  shape: 'shape',
  phenomenon: 'light',
};
const colours = new Set('chromatic colored colorful coloured achromatic'.split(' '));
const lights = new Set('bright dark sunny cloudy foggy misty light dim'.split(' '));

function kindOfNoun(wordnet: WordNet, { offset }: Sense): string {
  const all = wordnet.kindsOf(offset);
  const kind = kinds.find(([, roots]) => roots.some((root) => all.has(root)))?.[0];
  return kind ?? files[wordnet.fileOf(offset)] ?? 'abstract';
}

function kindOf(wordnet: WordNet, sense: Sense): string {
  if (sense.part === 'n') return kindOfNoun(wordnet, sense);
  if (sense.part === 'v') return 'verb';
  if (sense.part === 'r') return 'adverb';
  const near = wordnet.nearOf(sense.offset);
  if (near.some((word) => colours.has(word))) return 'colour';
  return near.some((word) => lights.has(word)) ? 'light' : 'attribute';
}

/** What a word most often is. A noun that only seldom is something to be seen still is that: texts of pictures mean what is seen. */
function strongest(wordnet: WordNet, word: string): { readonly kind: string; readonly count: number } | null {
  const senses = wordnet.senses.get(word);
  const [first] = senses ?? [];
  if (senses === undefined || first === undefined) return null;
  const totals = new Map<string, number>();
  for (const { part, count } of senses) totals.set(part, (totals.get(part) ?? 0) + count);
  const [commonest = first.part] = [...totals].sort(([, a], [, b]) => b - a)[0] ?? [];
  const visible = senses.find((sense) => sense.part === 'n' && !['abstract', 'shape'].includes(kindOf(wordnet, sense)));
  // What is done is seldom said with the bare verb, so `sink`, `kiss` or `paint` is more likely the noun.
  const part = commonest === 'v' && visible !== undefined && visible.count > 0 ? 'n' : commonest;
  const ofPart = senses.filter((sense) => sense.part === part);
  const seen = ofPart.find((sense) => !['abstract', 'shape'].includes(kindOf(wordnet, sense)));
  const top = ofPart[0] ?? first;
  const chosen = part === 'n' && seen !== undefined && seen.count * 3 >= top.count ? seen : top;
  const kind = kindOf(wordnet, chosen);
  const named = chosen.part === 'n' && (kind === 'person' || kind === 'place') && wordnet.isName(word, chosen.offset);
  return { kind: named ? `${kind}!` : kind, count: totals.get(part) ?? 0 };
}

function baseForms(word: string): readonly [string, string][] {
  const forms: [string, string][] = [];
  const add = (ending: string, replacement: string, form: string): void => {
    if (word.endsWith(ending) && word.length > ending.length + 1) forms.push([word.slice(0, -ending.length) + replacement, form]);
  };
  for (const [ending, replacement] of [
    ['ies', 'y'],
    ['ves', 'f'],
    ['ves', 'fe'],
    ['es', ''],
    ['s', ''],
  ] as const)
    add(ending, replacement, 'plural');
  for (const ending of ['ing', 'ed']) {
    for (const replacement of ['', 'e']) add(ending, replacement, ending);
    if (/(.)\1(ing|ed)$/.test(word)) forms.push([word.slice(0, -ending.length - 1), ending]);
  }
  add('ied', 'y', 'ed');
  return forms.filter(([, form]) => form === 'plural' || word.endsWith(form) || word.endsWith('ied'));
}

/** What a word of a picture's text is; null where WordNet does not know it. */
function classify(wordnet: WordNet, word: string): string | null {
  const own = strongest(wordnet, word);
  for (const [base, form] of baseForms(word)) {
    const known = strongest(wordnet, base);
    if (known === null) continue;
    const verb = (wordnet.senses.get(base) ?? []).filter(({ part }) => part === 'v').reduce((sum, { count }) => sum + count, 0);
    const isVerb = (wordnet.senses.get(base) ?? []).some(({ part }) => part === 'v');
    if (form === 'plural') {
      if (own !== null && own.count >= 1) continue;
      if (known.kind !== 'verb' && known.kind !== 'adverb' && known.kind !== 'attribute') return known.kind;
      const noun = wordnet.senses.get(base)?.find(({ part }) => part === 'n');
      if (noun !== undefined) return kindOf(wordnet, noun);
      continue;
    }
    if (!isVerb || (own !== null && own.kind !== 'verb' && own.count * 4 > verb)) continue;
    return form === 'ing' ? 'action' : 'attribute';
  }
  return own?.kind ?? null;
}

const wordnet = await readWordNet();
const whole = gunzipSync(await readFile(merges))
  .toString('utf8')
  .split('\n')
  .map((merge) => merge.replace(' ', ''))
  .filter((token) => token.endsWith('</w>'))
  .map((token) => token.slice(0, -4));
const common = [...wordnet.senses].filter(([, senses]) => senses.reduce((sum, { count }) => sum + count, 0) >= 2);
const words = new Set([...whole, ...common.map(([word]) => word)].filter((word) => /^[a-z]{3,}$/.test(word)));
const byKind = new Map<string, string[]>();
for (const word of [...words].sort()) {
  const kind = classify(wordnet, word);
  if (kind !== null) byKind.set(kind, [...(byKind.get(kind) ?? []), word]);
}
const text = [...byKind]
  .sort()
  .map(([kind, list]) => `${kind} ${list.join(' ')}\n`)
  .join('');
await writeFile(lexicon, gzipSync(text, { level: 9 }));
for (const [kind, list] of byKind) console.log(kind, list.length);
