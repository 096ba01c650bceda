import type { AskExample } from '../../contract/texts/text-help.ts';

/** Answered questions of the studio's own: what, how many, which colour, where, yes, no, how it is made, and what cannot be told. */
export const ownAskExamples: readonly AskExample[] = [
  {
    text: 'a photo cat cat sitting sofa sofa white fluffy cat indoors lamp lamp warm livingroom grey wall photograph',
    question: 'What animal is shown?',
    answer: 'cat',
  },
  {
    text: 'two dogs running beach beach sand waves sunny dogs playing ball ocean blue sky photograph',
    question: 'How many dogs are there?',
    answer: '2',
  },
  {
    text: 'a vector drawing bicycle red red bicycle wheels minimalist bicycle white background flat logo',
    question: 'What color is the bicycle?',
    answer: 'red',
  },
  {
    text: 'a photograph fox fox standing snow snow forest pine trees winter morning mist orange fox wildlife',
    question: 'Where is the fox?',
    answer: 'in a snowy forest',
  },
  {
    text: 'a kitchen table plate pancakes berries syrup fork morning light breakfast closeup food photography',
    question: 'Is there fruit on the plate?',
    answer: 'yes',
  },
  {
    text: 'an oilpainting ship ship sailing stormy stormy sea waves waves dark clouds sky blue grey impressionist painting',
    question: 'Is the sea calm?',
    answer: 'no',
  },
  {
    text: 'a watercolor lighthouse lighthouse cliff sea seagulls pastel watercolor paper soft colours illustration',
    question: 'How was the picture made?',
    answer: 'with watercolor',
  },
  {
    text: 'a man wearing hat hat umbrella street street rain city night neon lights man walking photograph',
    question: 'What is the name of the street?',
    answer: 'unknown',
  },
];
