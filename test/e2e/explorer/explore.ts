import type { Family } from './families';
import { advance, Path, Run } from './run';
import { seams } from './seams';
import { World } from './world';
import { Handler, newHandler } from '../../../src/handler';
import type { Clock } from '../../../src/handler/clock';

/** Plays all runs of a family with at most so many deviations. */
export async function* explore(family: Family, maxDeviations: number, newFunction: (clock: Clock) => Handler = newHandler): AsyncGenerator<Run> {
  for (const script of family.scripts) {
    for (const setup of family.setups) {
      const path: Path = [];
      do {
        const run = new Run(path, maxDeviations, family.varies, script, setup);
        seams.world = new World(run, newFunction);
        await run.time.pass(seams.world.play());
        yield run;
      } while (advance(path));
    }
  }
}
