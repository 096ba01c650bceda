import { Option } from 'commander';
import type { Command } from 'commander';
import { exportOptionsSchema } from '../../../contract/texts/prompt.ts';
import { generateSettingsSchema, schedulerNameSchema } from '../../../contract/recipe.ts';
import type { GenerateSettings } from '../../../contract/recipe.ts';
import { numberOption } from './input/number-option.ts';

const settings = generateSettingsSchema.shape;
export const parseSeed = numberOption(settings.seed.unwrap());
export const parseSteps = numberOption(settings.steps.unwrap());
export const parseGuidance = numberOption(settings.guidance.unwrap());
export const parseGuidanceRescale = numberOption(settings.guidanceRescale.unwrap());
export const parseClipSkip = numberOption(settings.clipSkip.unwrap());
export const parseCount = numberOption(settings.count.unwrap());
export const parseStrength = numberOption(settings.init.unwrap().shape.strength);
const emphases = settings.emphasis.unwrap().options;
export const aspectSchema = exportOptionsSchema.shape.aspect.unwrap();

export const lengthOption = (): Option => new Option('--length <tokens>', 'tokens of the text').choices(['5', '15', '75']);

export const packOption = (): Option => new Option('--pack <id>', 'the model to use (see `packs list`)');
export const saveOption = (): Option => new Option('--save', 'keep pictures and texts in your library');

/** Flags of drawing, as commander hands them over. */
export type DrawingFlags = Pick<
  GenerateSettings,
  'steps' | 'guidance' | 'guidanceRescale' | 'clipSkip' | 'seed' | 'scheduler' | 'negative'
> & {
  /** Commander's name of --weights. */
  readonly weights?: GenerateSettings['emphasis'];
};

const guidanceOption = (): Option =>
  new Option('--guidance <scale>', 'classifier-free guidance; 1 runs the text alone').argParser(parseGuidance);

/** Adds the flags that say how a picture is drawn. What is left out is the pack's default. */
export function addDrawingOptions(command: Command, guidance = guidanceOption()): Command {
  return command
    .option('--steps <n>', 'denoising steps', parseSteps)
    .addOption(guidance)
    .option(
      '--guidance-rescale <share>',
      'how much of the contrast that guidance adds is taken back, 0 to 1',
      parseGuidanceRescale,
    )
    .option('--seed <n>', 'seed of the first picture; the next ones count up', parseSeed)
    .addOption(new Option('--scheduler <name>', 'how noise is taken away').choices(schedulerNameSchema.options))
    .option('--negative <text>', 'what shall not be there')
    .option('--clip-skip <n>', 'layers of the text encoder left out for the prompt, where the model can', parseClipSkip)
    .addOption(new Option('--weights <program>', 'whose way of reading weights it is (default a1111)').choices(emphases));
}

/** The settings of a job; absent flags stay absent. */
export function toSettings(flags: DrawingFlags, count: number | undefined): GenerateSettings {
  const { steps, guidance, guidanceRescale, clipSkip, weights, seed, scheduler, negative } = flags;
  return {
    ...(steps === undefined ? {} : { steps }),
    ...(guidance === undefined ? {} : { guidance }),
    ...(guidanceRescale === undefined ? {} : { guidanceRescale }),
    ...(clipSkip === undefined ? {} : { clipSkip }),
    ...(weights === undefined ? {} : { emphasis: weights }),
    ...(seed === undefined ? {} : { seed }),
    ...(scheduler === undefined ? {} : { scheduler }),
    ...(negative === undefined ? {} : { negative }),
    ...(count === undefined ? {} : { count }),
  };
}
