/**
 * Submits jobs to the queue named on the command line and works on them for as long as it lives. Tells on stdout what a
 * caller would know: a line `submitted <id>` or `<state> <id>`. The first line says that work begins. With a second
 * argument it ends by itself when its jobs have.
 */
import { writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { openJobQueue } from '../../../main/jobs/open-job-queue.ts';
import { inheritedRandom } from '../../helpers/inherited-random.ts';
import { SAMPLE_RESULT, sampleRequest } from './sample-jobs.ts';
import { untilIdle } from './until-idle.ts';

const STDOUT = 1;
const say = (line: string): number => writeSync(STDOUT, `${line}\n`);

const [, , file = '', once = ''] = process.argv;
const random = inheritedRandom();
const queue = openJobQueue({
  file,
  clock: Date.now,
  log: say,
  needsOf: () => ({ lane: 'device' }),
  run: async (_job, context) => {
    for (let step = 1; step <= 3; step += 1) {
      await setTimeout(random() * 6, undefined, { signal: context.signal });
      context.onProgress({ fraction: step / 3, phase: 'denoising', step, steps: 3 });
    }
    return SAMPLE_RESULT;
  },
});
queue.subscribe((job) => job.state === 'done' && say(`done ${job.id}`));
say('ready');
queue.start();
for (let i = 0; i < 4; i += 1) {
  say(`submitted ${queue.submit(sampleRequest(`job ${i}`)).id}`);
  await setTimeout(random() * 10);
}
if (once === '') setInterval(() => undefined, 60_000);
else {
  await untilIdle(queue);
  await queue.close();
}
