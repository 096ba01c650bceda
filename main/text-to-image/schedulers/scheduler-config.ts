import { z } from 'zod';
import { packLimits } from '../../../contract/pack-limits.ts';

const optional = <Schema extends z.ZodType>(schema: Schema) => schema.nullish();

/** scheduler_config.json as diffusers writes it; keys no scheduler of ours reads are dropped. */
export const schedulerConfigSchema = z
  .object({
    num_train_timesteps: optional(z.number().int().min(2).max(packLimits.trainTimesteps)),
    beta_start: optional(z.number()),
    beta_end: optional(z.number()),
    beta_schedule: optional(z.enum(['linear', 'scaled_linear', 'squaredcos_cap_v2'])),
    trained_betas: optional(z.array(z.number()).max(packLimits.trainTimesteps)),
    prediction_type: optional(z.enum(['epsilon', 'sample', 'v_prediction'])),
    timestep_spacing: optional(z.enum(['linspace', 'leading', 'trailing'])),
    steps_offset: optional(z.number().int()),
    set_alpha_to_one: optional(z.boolean()),
    clip_sample: optional(z.boolean()),
    clip_sample_range: optional(z.number().positive()),
    thresholding: optional(z.literal(false, 'dynamic thresholding is for models that draw pixels, not latents')),
    rescale_betas_zero_snr: optional(z.boolean()),
    use_karras_sigmas: optional(z.boolean()),
    use_exponential_sigmas: optional(z.boolean()),
    use_beta_sigmas: optional(z.boolean()),
    final_sigmas_type: optional(z.enum(['zero', 'sigma_min'])),
    solver_type: optional(z.string()),
    lower_order_final: optional(z.boolean()),
    euler_at_final: optional(z.boolean()),
    lambda_min_clipped: optional(z.number()),
    original_inference_steps: optional(z.number().int().positive().max(packLimits.trainTimesteps)),
    timestep_scaling: optional(z.number()),
  })
  .transform((config) => ({
    numTrainTimesteps: config.num_train_timesteps ?? undefined,
    betaStart: config.beta_start ?? undefined,
    betaEnd: config.beta_end ?? undefined,
    betaSchedule: config.beta_schedule ?? undefined,
    trainedBetas: config.trained_betas ?? undefined,
    predictionType: config.prediction_type ?? undefined,
    timestepSpacing: config.timestep_spacing ?? undefined,
    stepsOffset: config.steps_offset ?? undefined,
    setAlphaToOne: config.set_alpha_to_one ?? undefined,
    clipSample: config.clip_sample ?? undefined,
    clipSampleRange: config.clip_sample_range ?? undefined,
    rescaleBetasZeroSnr: config.rescale_betas_zero_snr ?? undefined,
    useKarrasSigmas: config.use_karras_sigmas ?? undefined,
    useExponentialSigmas: config.use_exponential_sigmas ?? undefined,
    useBetaSigmas: config.use_beta_sigmas ?? undefined,
    finalSigmasType: config.final_sigmas_type ?? undefined,
    solverType: config.solver_type ?? undefined,
    lowerOrderFinal: config.lower_order_final ?? undefined,
    eulerAtFinal: config.euler_at_final ?? undefined,
    lambdaMinClipped: config.lambda_min_clipped ?? undefined,
    originalInferenceSteps: config.original_inference_steps ?? undefined,
    timestepScaling: config.timestep_scaling ?? undefined,
  }));

/** What the folder says; an absent key means the default of whichever scheduler is made from it, as in diffusers' `from_config`. */
export type SchedulerConfig = z.infer<typeof schedulerConfigSchema>;
export type PredictionType = NonNullable<SchedulerConfig['predictionType']>;
export type TimestepSpacing = NonNullable<SchedulerConfig['timestepSpacing']>;
