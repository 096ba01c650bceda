import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { DeviceName, DeviceProbe } from '../../contract/studio-info.ts';
import { withoutKeys } from '../running/known-keys.ts';

const probeAnswerSchema = z.discriminatedUnion('works', [
  z.object({ works: z.literal(true), probeMs: z.number() }),
  z.object({ works: z.literal(false), reason: z.string() }),
]);
export type ProbeAnswer = z.infer<typeof probeAnswerSchema>;

/** The first use of a graphics driver may compile for some seconds; a driver that hangs must not hold up the rest. */
const deadlineMs = 20_000;

/**
 * The variables of a process that finds a device's installed libraries, and ONNX Runtime's own beside them: the system's loader looks in
 * these folders before the one that the program's library lies in.
 *
 * @param folder null for the program's own libraries alone
 */
export function withLibraries(environment: NodeJS.ProcessEnv, folder: string | null): NodeJS.ProcessEnv {
  if (folder === null) return environment;
  const others = environment['LD_LIBRARY_PATH'] ?? '';
  return { ...environment, LD_LIBRARY_PATH: others === '' ? folder : `${folder}:${others}` };
}

/**
 * Tries one device in a throw-away process, so that a crashing driver is an answer and not an accident. Never rejects.
 *
 * @param librariesFolder of what was installed for the device; null for the program's own alone
 */
export async function probeDevice(
  device: DeviceName,
  librariesFolder: string | null = null,
  environment: NodeJS.ProcessEnv = withoutKeys(process.env),
): Promise<DeviceProbe> {
  const refusal = platformRefusal(device);
  if (refusal !== null) return { device, available: false, reason: refusal, probeMs: null };
  return new Promise((resolve) => {
    const child = fork(fileURLToPath(new URL('./probe-process.ts', import.meta.url)), [device], {
      execArgv: [],
      env: withLibraries(environment, librariesFolder),
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const settle = (available: boolean, reason: string, probeMs: number | null = null): void => {
      clearTimeout(deadline);
      child.kill('SIGKILL');
      resolve({ device, available, reason, probeMs });
    };
    const deadline = setTimeout(() => settle(false, `It did not answer within ${deadlineMs / 1000} s.`), deadlineMs);
    child.on('message', (message) => {
      const answer = probeAnswerSchema.safeParse(message).data;
      if (answer === undefined) settle(false, 'The probe answered what cannot be read: the driver is faulty.');
      else if (answer.works) settle(true, `It works: ${answer.probeMs.toFixed(1)} ms for the probe.`, answer.probeMs);
      else settle(false, explainRefusal(device, answer.reason, librariesFolder !== null));
    });
    child.on('error', (error) => settle(false, `The probe could not start: ${error.message}`));
    child.on('exit', (code, signal) =>
      settle(false, `The probe crashed (${signal ?? `exit code ${code}`}): the driver is faulty.`),
    );
  });
}

/** What onnxruntime-node's packages carry, by platform; asking for the others would only confuse. */
function platformRefusal(device: DeviceName): string | null {
  if (device === 'dml' && process.platform !== 'win32') return 'DirectML is part of Windows only.';
  if (device === 'coreml' && process.platform !== 'darwin') return 'Core ML is part of macOS only.';
  if (device === 'cuda' && process.platform === 'darwin') return 'There is no CUDA on macOS.';
  if (device === 'cuda' && process.platform === 'win32') return 'On Windows NVIDIA cards are used through DirectML.';
  if (device === 'cuda' && process.arch !== 'x64') return 'CUDA is offered on x64 processors only.';
  return null;
}

/**
 * Why a device cannot be used, in words, from what ONNX Runtime says of it.
 *
 * @param hasLibraries whether its libraries were installed: what is missing then is the driver's own
 */
export function explainRefusal(device: DeviceName, reason: string, hasLibraries: boolean): string {
  if (reason === 'wrong-result') return 'It computes wrong results; its driver may need an update.';
  const noCard = 'No NVIDIA card with a driver that is new enough was found.';
  // Errors 35 and 100 of CUDA's runtime: its libraries are here, and nothing that they could run on.
  if (device === 'cuda' && /CUDA failure (35|100)\b/.test(reason)) return noCard;
  if (
    device === 'cuda' &&
    /providers_cuda|libcu|cudnn|shared (object|library)|LoadLibrary|not (found|enabled|available)/i.test(reason)
  ) {
    return hasLibraries ? noCard : "NVIDIA's CUDA libraries for ONNX Runtime are not installed.";
  }
  if (device === 'webgpu' && /adapter|vulkan|d3d12|metal|device/i.test(reason)) return 'No graphics adapter was found.';
  return (reason.split('\n')[0] ?? reason).slice(0, 200);
}
