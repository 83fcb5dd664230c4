import type { Family, Script, Setup } from './families';
import { VirtualTime } from './virtual-time';

/** What may never happen. */
export type Violation =
  | 'overwrites what is another\'s' | 'deletes what is another\'s' | 'overwrites or deletes what came after its look'
  | 'after a deployment, Pinpoint is not as the template' | 'after a deletion, ours is still there' | 'another\'s is gone'
  | 'the stack is stuck' | 'the response is wrong' | 'Pinpoint holds a role that is gone';

/** What may deviate from its ordinary course. */
export type Variation =
  | 'cancel' | 'later failure' | 'rollback' | 'role' | 'fault' | 'late effect' | 'death' | 'late start' | 'second delivery' | 'second delivery alike'
  | 'stranger' | 'person' | 'clocks' | 'next at once';

/** Deviations by their names. */
export type Deviations<T> = Readonly<Partial<Record<Variation, Readonly<Record<string, T>>>>>;

/** The choices that determine a run, in their order. */
export type Path = { readonly point: string; readonly options: number; taken: number }[];

/** Turns the path of a run into that of the next one; false after the last one. */
export function advance(path: Path): boolean {
  for (let last = path.at(-1); last; last = path.at(-1)) {
    if (++last.taken < last.options) {
      return true;
    }
    path.pop();
  }
  return false;
}

/** One run of the protocol: its time, its choices, and what happens in it. */
export class Run {
  public readonly time = new VirtualTime();
  public readonly deviations: { readonly point: string; readonly name: string }[] = [];
  public readonly violations = new Set<Violation>();
  /** Whether everything goes its ordinary course for now. */
  public isOrdinary = false;
  /** What has happened, in words. */
  public readonly events: string[] = [];

  private readonly start = this.time.now();
  private choices = 0;

  constructor(
    private readonly path: Path,
    private readonly maxDeviations: number,
    private readonly varies: Family['varies'],
    readonly script: Script,
    readonly setup: Setup,
  ) {}

  /** What happens at a point of the run: what is ordinary, or one of the deviations of the kinds in which the run may vary. */
  public choose<T>(point: string, ordinary: T, deviations: Deviations<T>): T {
    if (this.isOrdinary || this.deviations.length === this.maxDeviations) {
      return ordinary;
    }
    const possible = this.varies.flatMap((variation) => Object.entries(deviations[variation] ?? {}));
    if (possible.length === 0) {
      return ordinary;
    }
    const options = possible.length + 1;
    const choice = this.path[this.choices++] ??= { point, options, taken: 0 };
    if (choice.point !== point || choice.options !== options) {
      throw new Error(`the run does not repeat itself: ${choice.point} was where ${point} is now`);
    }
    if (choice.taken === 0) {
      return ordinary;
    }
    const [name, chosen] = possible[choice.taken - 1];
    this.deviations.push({ point, name });
    this.note(`-> ${point} ${name}`);
    return chosen;
  }

  public note(event: string): void {
    this.events.push(`${((this.time.now() - this.start) / 1_000).toFixed(2).padStart(8)} s  ${event}`);
  }

  public violate(violation: Violation, details: string): void {
    this.violations.add(violation);
    this.note(`!! ${violation}: ${details}`);
  }

  /** The run, for a person who follows it. */
  public get story(): string {
    return [`${this.script}, ${JSON.stringify(this.setup)}: ${[...this.violations].join('; ')}`, ...this.events].join('\n');
  }
}
