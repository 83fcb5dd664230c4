import { Choices, Deviation } from './choices';
import { Family, Script, SCRIPTS, Setup } from './families';
import type { Violation } from './run';
import { seams } from './seams';
import { World } from './world';
import { Handler, newHandler } from '../../../src/handler';
import type { Clock } from '../../../src/handler/clock';

/** A run that has ended. */
export interface PlayedRun {
  readonly script: Script;
  readonly setup: Setup;
  readonly deviations: readonly Deviation[];
  readonly violations: ReadonlySet<Violation>;
  readonly events: readonly string[];
}

/** Plays all runs of a family with at most so many deviations. */
export async function* explore(
  { scripts, setups, varies }: Family, maxDeviations: number, newFunction: (clock: Clock) => Handler = newHandler,
): AsyncGenerator<PlayedRun> {
  for (const script of scripts) {
    for (const setup of setups) {
      const choices = new Choices(maxDeviations);
      do {
        choices.begin();
        seams.world = new World(choices, varies, setup, newFunction);
        await seams.world.play(SCRIPTS[script]);
        const { deviations, violations, events } = seams.world.run;
        yield { script, setup, deviations, violations, events };
      } while (choices.next());
    }
  }
}

/** A run, for a person who follows it. */
export function tell({ script, setup, deviations, violations, events }: PlayedRun): string {
  return [
    `${script} ${JSON.stringify(setup)}: ${[...violations].join('; ')}`,
    ...deviations.map(({ point, name }) => `- ${point}: ${name}`),
    ...events,
  ].join('\n');
}
