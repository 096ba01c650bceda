import { say } from '../../language/say.ts';

export interface SizeChoice {
  readonly width: number;
  readonly height: number;
  /** "96 × 64" */
  readonly value: string;
  readonly name: string;
}

interface OwnSize {
  readonly width: number;
  readonly height: number;
  /** What both sides must be divisible by. */
  readonly multipleOf: number;
}

/** The pack's own size first, then wide, tall and twice as large, in sides the model can draw. */
export function sizeChoices({ width, height, multipleOf }: OwnSize): readonly SizeChoice[] {
  const round = (side: number): number => Math.max(multipleOf, Math.round(side / multipleOf) * multipleOf);
  const choice = (w: number, h: number, name: string): SizeChoice => ({
    width: round(w),
    height: round(h),
    value: `${round(w)} × ${round(h)}`,
    name,
  });
  return [
    choice(width, height, say('generate.size.own')),
    choice(width * 1.5, height, say('generate.size.wide')),
    choice(width, height * 1.5, say('generate.size.tall')),
    choice(width * 2, height * 2, say('generate.size.twice')),
  ];
}
