import { join } from 'path';
import type { StackEvent } from '@aws-sdk/client-cloudformation';
import { each, mapped } from './records';
import { Series } from './statistics';
import { dataStream, load, SubjectName } from './subjects';
import { bootstrap } from '../test/support/emulators/cdk';
import { Emulators } from '../test/support/emulators/emulators';
import { TestStack } from '../test/support/emulators/test-stack';

/** The steps of a stack's life. */
export const STEPS = ['create', 'no change', 'update', 'delete'] as const;

export type Step = typeof STEPS[number];

/** What a step takes. */
export interface Deployment {
  /** Between the first and the last event of the stack; the CDK CLI looks every few seconds only. Zero where the stack has no events of it. */
  readonly milliseconds: Series;
  /** To Amazon Pinpoint, in each round. */
  readonly calls: readonly number[];
}

export type Deployments = Record<SubjectName, Record<Step, Deployment>>;

/** Deploys a stack of each way in turn, changes the destination of its event stream, and destroys it. */
export async function deployments(names: readonly SubjectName[], rounds: number): Promise<Deployments> {
  // Where functions find the SDK that the Lambda runtime has.
  const emulators = await Emulators.start(undefined, { NODE_PATH: join(process.cwd(), 'node_modules') });
  const found = each(names, () => each(STEPS, () => ({ milliseconds: [] as number[], calls: [] as number[] })));
  try {
    await bootstrap(emulators);
    for (let round = 0; round < rounds; round++) {
      for (const name of names) {
        const stack = new TestStack(emulators, `${name}${round}`.replace(/[^a-z0-9]/g, ''));
        const applicationId = await emulators.createApplication(stack.name);
        const [first, second] = ['First', 'Second'].map((id) => stack.synthesize((scope) =>
          load(name)(scope, 'Events', applicationId, dataStream(scope, id))));
        const steps: Record<Step, () => Promise<void>> = {
          'create': () => stack.deployAssembly(first),
          'no change': () => stack.deployAssembly(first),
          'update': () => stack.deployAssembly(second),
          'delete': () => stack.destroy(),
        };
        for (const step of STEPS) {
          const calls = await emulators.callsToPinpoint();
          const before = step === 'create' ? 0 : (await stack.events()).length;
          await steps[step]();
          found[name][step].milliseconds.push(step === 'delete' ? 0 : span((await stack.events()).slice(before)));
          found[name][step].calls.push(await emulators.callsToPinpoint() - calls);
          await requireEventStream(emulators, applicationId, step !== 'delete');
        }
      }
    }
  } finally {
    await emulators.stop();
  }
  return mapped(found, (steps) => mapped(steps, ({ milliseconds, calls }) => ({ milliseconds: new Series(milliseconds), calls })));
}

function span(events: readonly StackEvent[]): number {
  const times = events.map(({ Timestamp }) => Timestamp!.getTime());
  return events.length > 0 ? times[times.length - 1] - times[0] : 0;
}

/** What fails fast has not done the job. */
async function requireEventStream(emulators: Emulators, applicationId: string, expected: boolean): Promise<void> {
  const found = await emulators.eventStream(applicationId) !== undefined;
  if (found !== expected) {
    throw new Error(`expected ${expected ? 'an' : 'no'} event stream of application ${applicationId} now, found ${found ? 'one' : 'none'}`);
  }
}
