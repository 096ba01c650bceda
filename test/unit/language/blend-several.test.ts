import { beforeAll, describe, expect, it } from 'vitest';
import { blendSeveral } from '../../../main/language/blend-several.ts';
import { readSide } from '../../../main/language/blend-texts.ts';
import type { BlendTextsOptions } from '../../../main/language/blend-texts.ts';
import { passes } from '../../../main/language/check-blend.ts';
import { loadLexicon } from '../../../main/language/lexicon.ts';
import { textOf } from '../../../main/language/sentence.ts';
import { loadClipTokenizer } from '../../../main/tokenizer/load-clip-tokenizer.ts';

let options: BlendTextsOptions;
beforeAll(async () => {
  const clip = await loadClipTokenizer();
  const countTokens = (text: string): number => clip.encode(text).length;
  options = { lexicon: await loadLexicon(), subjects: new Set(), limit: 75, countTokens };
});

const blend = (texts: readonly string[], own: BlendTextsOptions = options) =>
  blendSeveral(
    texts.map((text) => readSide(text, own)),
    own,
  );

describe('a blend of several texts', () => {
  const three = [
    'a red robot on a road, oil painting',
    'a deer in a misty forest, watercolor',
    'a blue ship at sea, pixel sprite',
  ];

  it('has the object of one, the scene of the next and the look of the last, and begins with each', () => {
    const blends = blend(three);
    expect(blends.map(({ words }) => textOf(words))).toEqual([
      'a red robot in a misty forest, a pixel sprite',
      'a deer in the sea, a painting',
      'a blue ship on a road, watercolor',
    ]);
    expect(blends.map(({ objects, scene, look }) => ({ objects, scene, look }))).toEqual([
      { objects: [0], scene: 1, look: 2 },
      { objects: [1], scene: 2, look: 0 },
      { objects: [2], scene: 0, look: 1 },
    ]);
    expect(blends.every(({ checks }) => passes(checks))).toBe(true);
    const first = blends[0]?.words ?? [];
    expect(['robot', 'forest,', 'sprite'].map((text) => first.find((word) => word.text === text)?.from)).toEqual(['a', 'b', 'c']);
  });

  it('of four shows two objects', () => {
    const [first] = blend(['a cat, photograph', ...three]);
    expect(textOf(first?.words ?? [])).toBe('a cat and a red robot in a misty forest, a pixel sprite');
    expect(first).toMatchObject({ objects: [0, 1], scene: 2, look: 3 });
  });

  it('of texts of one form keeps the form and takes each place from one of them', () => {
    const own = { ...options, subjects: new Set(['pig', 'dog', 'cat']) };
    const [first] = blend(
      [
        'flat large pig upright rightmost bottom alone pig dark orange horizon dark purple unadorned unframed',
        'warm tiny dog upright leftmost top alone dog pale blue plain pale blue unadorned unframed',
        'soft huge cat upright leftmost top alone cat clear red spots clear red unadorned thin',
      ],
      own,
    );
    expect(textOf(first?.words ?? [])).toBe(
      'soft large pig upright rightmost bottom alone pig pale blue plain pale blue unadorned unframed',
    );
    expect(passes(first?.checks ?? { subject: false, setting: false, repeats: [], glued: [], echo: true, fits: false })).toBe(
      true,
    );
  });

  it('stays within a budget', () => {
    for (const { words } of blend(three, { ...options, limit: 8 }))
      expect(options.countTokens(textOf(words))).toBeLessThanOrEqual(8);
  });
});
