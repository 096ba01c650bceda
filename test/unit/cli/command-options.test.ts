import { Command } from 'commander';
import { expect, it } from 'vitest';
import { addDrawingOptions, toSettings } from '../../../main/shell/cli/command-options.ts';
import type { DrawingFlags } from '../../../main/shell/cli/command-options.ts';

const read = (...words: string[]): ReturnType<typeof toSettings> => {
  const command = addDrawingOptions(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  return toSettings(command.parse(words, { from: 'user' }).opts<DrawingFlags>(), undefined);
};

it('takes whose way of reading weights it is by its name, and leaves open what was not said', () => {
  expect(read('--weights', 'compel', '--steps', '4', '--clip-skip', '1')).toEqual({ emphasis: 'compel', steps: 4, clipSkip: 1 });
  expect(read()).toEqual({});
  expect(() => read('--weights', 'midjourney')).toThrow('Allowed choices are a1111, comfyui, compel');
});
