import { expect, it } from 'vitest';
import { noiseAPicture } from '../../../../main/text-to-image/judges/noise-a-picture.ts';
import { schedulerConfigSchema } from '../../../../main/text-to-image/schedulers/scheduler-config.ts';

const latents = Float32Array.of(1, -2);
const noise = Float32Array.of(0.5, 0.25);

it('a flow lies on the line between picture and noise, and its target is the way along it', () => {
  const config = schedulerConfigSchema.parse({ _class_name: 'FlowMatchEulerDiscreteScheduler', num_train_timesteps: 1000 });
  expect(noiseAPicture(config, latents, noise, 0.25)).toEqual({
    timestep: 250,
    sample: Float32Array.of(0.875, -1.4375),
    target: Float32Array.of(-0.5, 2.25),
  });
});

it.each(['epsilon', 'sample', 'v_prediction'])('sample and target give the picture back: %s', (prediction) => {
  const config = schedulerConfigSchema.parse({ trained_betas: [0.36, 0.36], prediction_type: prediction });
  // ᾱ of the first step is 0.64: 0.8 of the picture, 0.6 of the noise.
  const { timestep, sample, target } = noiseAPicture(config, latents, noise, 0.4);
  expect(timestep).toBe(0);
  const [kept, added] = [0.8, 0.6];
  const original = [...sample].map((value, index) => {
    const told = target[index] ?? NaN;
    if (prediction === 'sample') return told;
    return prediction === 'epsilon' ? (value - added * told) / kept : kept * value - added * told;
  });
  original.forEach((value, index) => expect(value).toBeCloseTo(latents[index] ?? NaN, 5));
});
