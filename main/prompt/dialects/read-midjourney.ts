import { takeOut, takeSettings } from './dialect-reading.ts';
import type { DialectReading } from './dialect-reading.ts';
import type { WeightedText } from './weighted-text.ts';

/** Where parameters begin; phones make one long dash of two. */
const parameterStart = /(?:^|\s)(?:--|[\u2014\u2015])(?=[a-z])/i;
const weightMark = /::\s*([+-]?(?:\d+\.?\d*|\.\d+))?/g;

/** Midjourney, by public guides: pictures to start from, words with weights, and parameters. */
export function readMidjourney(text: string): DialectReading {
  const notes: string[] = [];
  const begin = parameterStart.exec(text)?.index ?? text.length;
  const { settings, negative, aspect } = readParameters(text.slice(begin), notes);
  let words = takeOut(
    text.slice(0, begin),
    /\bhttps?:\/\/\S+/gi,
    (found) => `${found} is a picture to start from; the studio does not fetch it.`,
    notes,
  );
  words = words.replace(/\{([^{},]*)(?:,[^{}]*)?\}/g, (found, first: string) => {
    notes.push(`${found.slice(0, 200)} is one job for every choice; “${first.trim().slice(0, 100)}” is kept.`);
    return first;
  });
  const parts = readWeights(words);
  const unwanted = parts.filter(({ weight }) => weight < 0).map((part) => part.text.trim());
  if (unwanted.length > 0) notes.push('Words with a weight below 0 are what is not wanted.');
  return {
    pieces: parts.filter(({ weight }) => weight >= 0),
    negative: [negative, ...unwanted].filter((one) => one !== '').join(', '),
    settings: takeSettings(settings, notes),
    notes: aspect === null ? notes : [...notes, `The aspect is ${aspect}; the studio takes a width and a height.`],
  };
}

/** `hot:: dog::2`: a weight stands for the words before it, back to the last one; the last part may have none. */
function readWeights(text: string): WeightedText[] {
  const parts: WeightedText[] = [];
  let from = 0;
  for (const match of text.matchAll(weightMark)) {
    parts.push({ text: text.slice(from, match.index), weight: match[1] === undefined ? 1 : Number(match[1]) });
    from = match.index + match[0].length;
  }
  if (text.slice(from).trim() !== '') parts.push({ text: text.slice(from), weight: 1 });
  return parts.map(({ text: words, weight }, index) => ({ text: index === 0 ? words : ` ${words}`, weight }));
}

function readParameters(text: string, notes: string[]) {
  let [negative, aspect]: [string, string | null] = ['', null];
  const settings: Record<string, unknown> = {};
  for (const parameter of text.split(/(?:^|\s)(?:--|[\u2014\u2015])(?=[a-z])/i).slice(1)) {
    const [, name = '', value = ''] = /^(\S+)\s*(.*)$/s.exec(parameter.trim()) ?? [];
    switch (name.toLowerCase()) {
      case 'no':
        negative = [negative, value.replace(/\s+/g, ' ').trim()].filter((one) => one !== '').join(', ');
        break;
      case 'ar':
      case 'aspect':
        aspect = /^\d{1,5}:\d{1,5}$/.test(value.trim()) ? value.trim() : null;
        break;
      case 'seed':
        settings['seed'] = value.trim();
        break;
      default:
        notes.push(`--${`${name} ${value}`.trim().slice(0, 200)} is a setting of Midjourney's own; it is left out.`);
    }
  }
  return { settings, negative, aspect };
}
