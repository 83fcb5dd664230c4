import type { Choices, Deviation } from './choices';
import { VirtualTime } from './virtual-time';

/** What may never happen. */
export type Violation =
  | 'overwrites what is another\'s' | 'deletes what is another\'s' | 'overwrites or deletes what came after its look'
  | 'after a deployment, Pinpoint is not as the template' | 'after a deletion, ours is still there' | 'another\'s is gone'
  | 'the stack is stuck' | 'the response is wrong' | 'Pinpoint holds a role that is gone';

/** What may deviate from the ordinary course. */
export type Variation =
  | 'cancel' | 'later failure' | 'rollback' | 'role' | 'fault' | 'late effect' | 'death' | 'late start' | 'second delivery' | 'second delivery alike'
  | 'stranger' | 'person' | 'clocks' | 'lag' | 'next at once';

export type Deviations<T> = Readonly<Partial<Record<Variation, Readonly<Record<string, T>>>>>;

/** One run of the protocol: its time, its choices, and what has happened in it. */
export class Run {
  public readonly time = new VirtualTime();
  /** What has happened, in words. */
  public readonly events: string[] = [];
  public readonly violations = new Set<Violation>();

  private readonly start = this.time.now();

  constructor(private readonly choices: Choices, private readonly variations: readonly Variation[]) {}

  public get deviations(): readonly Deviation[] {
    return this.choices.deviations;
  }

  /** What happens at a point of the run: what is ordinary, or one of the deviations, by their names, in which it may vary. */
  public choose<T>(point: string, ordinary: T, deviations: Deviations<T>): T {
    const possible: Readonly<Record<string, T>> = Object.assign({}, ...this.variations.map((variation) => deviations[variation]));
    const before = this.deviations.length;
    const chosen = this.choices.choose(point, ordinary, possible);
    if (this.deviations.length > before) {
      this.note(`-> ${point} ${this.deviations[before].name}`);
    }
    return chosen;
  }

  /** Everything goes its ordinary course, from now on, or until it may deviate again. */
  public goOrdinarily(isOrdinary: boolean = true): void {
    this.choices.isSettled = isOrdinary;
  }

  public note(event: string): void {
    this.events.push(`${((this.time.now() - this.start) / 1_000).toFixed(2).padStart(8)} s  ${event}`);
  }

  public violate(violation: Violation, details: string): void {
    this.violations.add(violation);
    this.note(`!! ${violation}: ${details}`);
  }
}
