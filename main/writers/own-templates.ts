import type { WriterTemplate } from '../../contract/outside/writer.ts';

/** The studio's own words for a language model. Changing one here means a higher version. */
export const ownTemplates: readonly WriterTemplate[] = [
  {
    id: 'blend',
    version: 1,
    name: 'Blend',
    system:
      'You mix the descriptions of two pictures, A and B. The descriptions come from a machine: they repeat words, and some words are run ' +
      'together or broken off. Leave such words out.\n' +
      'Write two prompts for a picture generator:\n' +
      'aPlusB: the main object of A in the place, light, colours and style of B. The main object of B must not appear.\n' +
      'bPlusA: the main object of B in the place, light, colours and style of A. The main object of A must not appear.\n' +
      'Each is one or two plain sentences of at most {limit} tokens, in {language}. Use the words of the descriptions. Say nothing twice. ' +
      'Answer with JSON that has the two properties aPlusB and bPlusA, and nothing else.',
    examples: [
      {
        a: 'a photo cat cat sitting sofa sofa white fluffy cat indoors lamp lamp warm livingroom grey wall photograph',
        b: 'an oilpainting ship ship sailing stormy stormy sea waves waves dark clouds sky blue grey impressionist painting',
        aPlusB:
          'A white fluffy cat sitting among the dark waves of a stormy sea, under a blue and grey sky, impressionist oil painting.',
        bPlusA: 'A sailing ship on a sofa before a grey wall, in warm lamp light, photograph.',
      },
      {
        a: 'a vector drawing bicycle red red bicycle wheels minimalist bicycle white background flat logo',
        b: 'a photograph fox fox standing snow snow forest pine trees winter morning mist orange fox wildlife',
        aPlusB: 'A red bicycle standing in a snowy pine forest in the mist of a winter morning, wildlife photograph.',
        bPlusA: 'An orange fox on a white background, flat minimalist vector drawing.',
      },
    ],
  },
];
