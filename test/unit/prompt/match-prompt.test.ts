import { describe, expect, it } from 'vitest';
import { matchPrompt } from '../../../main/prompt/match-prompt.ts';

const texts = [
  { id: 'newest', text: 'a red fox in deep snow, oil painting' },
  { id: 'fox', text: 'a red fox in deep snow, oil painting' },
  { id: 'boat', text: 'a small boat at dawn' },
  { id: 'boats', text: 'a small boat at dusk' },
  { id: 'ä', text: 'Ein Schäferhund, der schläft' },
];
const id = '1c2d3e4f-aaaa-bbbb-cccc-0123456789ab';
const find = (name: string, embedded: string | null = null) => {
  const matched = matchPrompt({ name, embedded }, texts);
  return matched === null ? null : `${matched.candidate.id} ${matched.by}`;
};

describe('the text a picture was drawn from', () => {
  it('is found by what stands in its file, whatever its parameters and weights', () => {
    expect(find('x.png', 'a small boat at dusk --ar 16:9 --v 6.1')).toBe('boats text');
    expect(find('x.png', 'a small:: boat at dawn::1.5 --no fog')).toBe('boat text');
    expect(find('x.png', 'somebody else')).toBeNull();
  });

  it('is found by the name of its file, which begins with who drew and is cut somewhere', () => {
    expect(find(`ann.b_a_red_fox_in_deep_snow_oil_pain_${id}.png`)).toBe('newest name');
    expect(find(`u1234_a_small_boat_at_dawn_${id}_2.webp`)).toBe('boat name');
    expect(find(`ann_a_small_boat_at_dusk_--ar_169_--v_7_${id}.png`)).toBe('boats name');
    expect(find(`ann_Ein_Schäferhund_der_schl_${id}.png`)).toBe('ä name');
    expect(find('a small boat at dawn.png')).toBe('boat name');
  });

  it('is not guessed: not by a few letters, and not where two texts fit alike', () => {
    expect(find(`ann_a_small_boat_at_d_${id}.png`)).toBeNull();
    expect(find(`ann_a_red_${id}.png`)).toBeNull();
    expect(find(`${id}.png`)).toBeNull();
    expect(matchPrompt({ name: 'a.png', embedded: '' }, [{ id: 'none', text: '' }])).toBeNull();
  });
});
