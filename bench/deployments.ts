import { resolve } from 'path';
import { createDestination } from './ways/common';
import { loadWay, WAYS, WayName } from './ways/way';
import { bootstrap } from '../test/support/emulators/cdk';
import { Emulators } from '../test/support/emulators/emulators';
import { TestStack } from '../test/support/emulators/test-stack';

/** What a step in the life of a stack took, in each round. */
export interface Step {
  /** From the first event of the stack to the last, since the CDK CLI looks every few seconds only. */
  readonly milliseconds: number[];
  /** To Amazon Pinpoint. */
  readonly calls: number[];
}

/**
 * Deploys stacks, changes the destination of their event streams, and destroys them.
 *
 * @returns by `WAY create`, `WAY update` and `WAY delete`
 */
export async function deployments(rounds: number): Promise<Record<string, Step>> {
  const steps: Record<string, Step> = {};
  // Where functions find the SDK that Lambda's runtime has.
  const emulators = await Emulators.start(undefined, { NODE_PATH: resolve('node_modules') });
  try {
    await bootstrap(emulators);
    for (let round = 0; round < rounds; round++) {
      // The emulator does not know the native resource.
      for (const name of WAYS.filter((candidate) => candidate !== 'cfn-event-stream')) {
        await live(emulators, name, round, (step) => steps[`${name} ${step}`] ??= { milliseconds: [], calls: [] });
      }
    }
    return steps;
  } finally {
    await emulators.stop();
  }
}

async function live(emulators: Emulators, name: WayName, round: number, resultOf: (step: string) => Step): Promise<void> {
  const stack = new TestStack(emulators, `${name}-${round}`);
  const applicationId = await emulators.createApplication(stack.name);
  const deploy = (destination: string) => stack.deploy((scope) =>
    loadWay(name)(scope, [{ id: 'Events', applicationId, destination: createDestination(scope, destination) }]));
  const countCalls = async (step: string, action: () => Promise<void>) => {
    const before = await emulators.callsToPinpoint();
    await action();
    resultOf(step).calls.push(await emulators.callsToPinpoint() - before);
  };
  let seen = 0;
  for (const [step, destination] of [['create', 'First'], ['update', 'Second']]) {
    await countCalls(step, () => deploy(destination));
    const times = (await stack.events()).slice(seen).map(({ Timestamp }) => Timestamp!.getTime());
    resultOf(step).milliseconds.push(times[times.length - 1] - times[0]);
    seen += times.length;
  }
  await countCalls('delete', () => stack.destroy());
}
