import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { readRecord, writeRecord } from '../../contract/record.ts';
import type { RecordKind } from '../../contract/record.ts';
import { connectionOfDevice, deviceNameSchema, deviceProbeSchema } from '../../contract/studio-info.ts';
import type { Device, DeviceProbe } from '../../contract/studio-info.ts';
import { chooseDevice } from '../engine/choose-device.ts';
import type { DeviceChoice } from '../engine/choose-device.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import { probeDevices } from '../engine/probe-devices.ts';
import type { LibrariesFor } from '../engine/probe-devices.ts';
import { writeWhole } from '../files/write-whole.ts';
import type { StudioVersions } from './read-versions.ts';

export interface KnownDevicesOptions {
  /** Where probes are remembered for the next start. */
  readonly file: string;
  /** False for a studio that may not write there. */
  readonly remember: boolean;
  /** What this start was told to use, which goes before any setting; null when it was told nothing. */
  readonly fixed: Device | null;
  /** What the settings ask for; null lets the probes decide. */
  readonly wanted: Device | null;
  readonly versions: StudioVersions;
  readonly librariesFor: LibrariesFor;
  readonly note: (message: string) => void;
}

const rememberedSchema = z.object({ key: z.string(), probes: z.array(deviceProbeSchema) });

/** What was found out about the devices. One that is damaged or of a later studio costs one more probing, so it is written over. */
const devicesRecord: RecordKind<z.infer<typeof rememberedSchema>> = {
  name: 'list of devices',
  version: 1,
  schema: rememberedSchema,
  steps: [],
};

/** The page is drawn and the first picture read before other devices are tried: that takes seconds of processor time. */
const QUIET_START_MS = 4000;

/**
 * What is known of the devices of this machine, and which one models run on. Nobody waits for probes: the first start uses
 * the processor, tries the others in the background, and remembers what it found.
 */
export class KnownDevices {
  readonly #options: KnownDevicesOptions;
  #probes: readonly DeviceProbe[];
  #wanted: Device | null;
  #timer: NodeJS.Timeout | undefined;
  #engine: EngineClient | null = null;
  #closed = false;

  private constructor(options: KnownDevicesOptions, probes: readonly DeviceProbe[]) {
    this.#options = options;
    this.#probes = probes;
    this.#wanted = options.fixed ?? options.wanted;
  }

  static async open(options: KnownDevicesOptions): Promise<KnownDevices> {
    const text = await readFile(options.file, 'utf8').catch(() => '');
    const remembered = readRemembered(text);
    // Another runtime or machine: what was found then says nothing now.
    return new KnownDevices(options, remembered?.key === keyOf(options.versions) ? remembered.probes : []);
  }

  /** What is known now; empty before the first probe. */
  get probes(): readonly DeviceProbe[] {
    return this.#probes;
  }

  /** Where models run as long as nothing else is found. */
  get choice(): DeviceChoice {
    const wanted = this.#wanted;
    const connectionId = wanted === null ? null : connectionOfDevice(wanted);
    // Whether servers answer is told by the work that needs them: nothing takes their place without a word.
    if (wanted !== null && connectionId !== null)
      return { device: wanted, reason: `The servers of ${connectionId} were asked for.` };
    if (this.#probes.length > 0) return chooseDevice(this.#probes, deviceNameSchema.safeParse(wanted).data ?? 'auto');
    if (wanted !== null) return { device: wanted, reason: 'It was asked for.' };
    return { device: 'cpu', reason: 'It works on every machine; other devices have not been tried yet.' };
  }

  /** The engine that is told when a better device was found. */
  guide(engine: EngineClient): void {
    this.#engine = engine;
  }

  get fixed(): Device | null {
    return this.#options.fixed;
  }

  /** Follows a change of the settings: at once where the devices are known, else after they have been tried. */
  want(device: Device | null): void {
    if (this.#options.fixed !== null || device === this.#wanted) return;
    const [left, chosen] = [this.#wanted, device].map((one) => one !== null && connectionOfDevice(one) !== null);
    this.#wanted = device;
    const areKnown = this.#probes.length > 0;
    // From servers the engine comes back at once, to the processor for as long as nothing else is known.
    if (areKnown || left === true || chosen === true) this.#guideEngine();
    if (!areKnown && chosen === false) void this.probe();
  }

  /** Tries the devices once the start is over, unless they are known or one was asked for. */
  probeWhenQuiet(): void {
    if (this.#probes.length > 0 || this.#wanted !== null || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => void this.probe(), QUIET_START_MS);
    this.#timer.unref();
  }

  /** Tries every device, which takes seconds, and moves the engine to the best one. */
  async probe(again = false): Promise<readonly DeviceProbe[]> {
    this.#probes = await probeDevices(again, this.#options.librariesFor);
    if (this.#closed) return this.#probes;
    this.#guideEngine();
    await this.#save();
    return this.#probes;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #guideEngine(): void {
    const { device, reason } = this.choice;
    this.#engine?.setDevice(device, reason);
  }

  async #save(): Promise<void> {
    const { file, remember, versions, note } = this.#options;
    if (!remember) return;
    try {
      await writeWhole(
        file,
        `${JSON.stringify(writeRecord(devicesRecord, { key: keyOf(versions), probes: [...this.#probes] }), null, 2)}\n`,
      );
    } catch (error) {
      note(
        `What was found out about the devices could not be remembered: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}

function keyOf({ studio, onnxruntime, node }: StudioVersions): string {
  return [studio, onnxruntime, node, process.platform, process.arch].join(' ');
}

function readRemembered(text: string): z.infer<typeof rememberedSchema> | null {
  try {
    return readRecord(devicesRecord, JSON.parse(text));
  } catch {
    return null;
  }
}
