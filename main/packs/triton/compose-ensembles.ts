import type { PackManifest } from '../../../contract/models/pack.ts';
import { lengthsOf } from '../../../contract/models/pack.ts';
import type { TensorSpec } from '../../tensor/session.ts';
import { composeRemoteName } from '../name-remote-graph.ts';
import { canBatch } from './write-model-config.ts';
import type { EnsembleStep, ServedModel } from './write-model-config.ts';

export interface Ensemble {
  readonly whole: ServedModel;
  readonly steps: readonly EnsembleStep[];
}

/**
 * Graphs of a pack that programs ask as one, so that what one gives the next never leaves the server: a picture with the head of each
 * length, and a text with every text encoder. The studio asks graph by graph, because it runs a backbone once for several lengths.
 */
export function composeEnsembles(manifest: PackManifest, models: ReadonlyMap<string, ServedModel>): Ensemble[] {
  return [...composeReaders(manifest, models), ...composeTexts(manifest, models)];
}

function composeReaders(manifest: PackManifest, models: ReadonlyMap<string, ServedModel>): Ensemble[] {
  const { encoder } = manifest.roles;
  const backbone = encoder === undefined ? undefined : models.get(encoder.backbone.file);
  if (encoder === undefined || backbone === undefined) return [];
  return lengthsOf(encoder).flatMap((length): Ensemble[] => {
    const head = models.get(encoder.heads[String(length)]?.file ?? '');
    const [features] = backbone.outputs;
    const [taken] = head?.inputs ?? [];
    // What is joined and what is not cannot stand in one ensemble.
    if (head === undefined || features === undefined || taken === undefined || canBatch(head) !== canBatch(backbone)) return [];
    const steps = [
      { model: backbone, inputs: ownNames(backbone.inputs), outputs: { [features.name]: 'image_features' } },
      { model: head, inputs: { [taken.name]: 'image_features' }, outputs: ownNames(head.outputs) },
    ];
    const name = composeRemoteName(manifest, `read-${length}`);
    return [{ whole: { name, inputs: backbone.inputs, outputs: head.outputs }, steps }];
  });
}

function composeTexts(manifest: PackManifest, models: ReadonlyMap<string, ServedModel>): Ensemble[] {
  const { decoder, scorer } = manifest.roles;
  const before = decoder === undefined || decoder.folder === '.' ? '' : `${decoder.folder}/`;
  const encoders = decoder === undefined ? [] : ['text_encoder', 'text_encoder_2', 'text_encoder_3'];
  const files = [...encoders.map((name) => `${before}${name}/model.onnx`), ...(scorer === undefined ? [] : [scorer.text])];
  const parts = files.flatMap((file) => {
    const model = models.get(file);
    return model === undefined ? [] : [{ model, place: file === scorer?.text ? 'scorer' : (file.split('/').at(-2) ?? file) }];
  });
  const [first] = parts;
  if (first === undefined || parts.length < 2 || parts.some(({ model }) => canBatch(model) !== canBatch(first.model))) return [];
  // Each tokenizer writes ids of its own, so each encoder has its own input.
  const placed = (place: string, specs: readonly TensorSpec[]): TensorSpec[] =>
    specs.map((spec) => ({ ...spec, name: `${place}.${spec.name}` }));
  const map = (place: string, specs: readonly TensorSpec[]): Record<string, string> =>
    Object.fromEntries(specs.map(({ name }) => [name, `${place}.${name}`]));
  const whole = {
    name: composeRemoteName(manifest, 'texts'),
    inputs: parts.flatMap(({ model, place }) => placed(place, model.inputs)),
    outputs: parts.flatMap(({ model, place }) => placed(place, model.outputs)),
  };
  const steps = parts.map(({ model, place }) => ({
    model,
    inputs: map(place, model.inputs),
    outputs: map(place, model.outputs),
  }));
  return [{ whole, steps }];
}

const ownNames = (specs: readonly TensorSpec[]): Record<string, string> =>
  Object.fromEntries(specs.map(({ name }) => [name, name]));
