interface Choice {
  readonly point: string;
  readonly options: number;
  taken: number;
}

/** Something that does not go its ordinary course. */
export interface Deviation {
  readonly name: string;
  /** Where in the run it happens. */
  readonly point: string;
}

/**
 * The choices of a run, by which it is determined. All runs with at most so many deviations are played by:
 *
 *     do { choices.begin(); …play, and choose… } while (choices.next());
 */
export class Choices {
  /** The deviations of this run so far. */
  public deviations: Deviation[] = [];
  /** Whether everything goes its ordinary course from now on. */
  public isSettled = false;

  private readonly path: Choice[] = [];
  private position = 0;

  constructor(private readonly maxDeviations: number) {}

  public begin(): void {
    this.position = 0;
    this.deviations = [];
    this.isSettled = false;
  }

  /** What happens at a point of the run: what is ordinary, or one of the deviations, by their names. */
  public choose<T>(point: string, ordinary: T, deviations: Readonly<Record<string, T>>): T {
    const names = Object.keys(deviations);
    if (names.length === 0 || this.isSettled || this.deviations.length === this.maxDeviations) {
      return ordinary;
    }
    const choice = this.path[this.position] ??= { point, options: names.length + 1, taken: 0 };
    if (choice.point !== point || choice.options !== names.length + 1) {
      throw new Error(`the run does not repeat itself: ${choice.point} was where ${point} is now`);
    }
    this.position++;
    if (choice.taken === 0) {
      return ordinary;
    }
    const name = names[choice.taken - 1];
    this.deviations.push({ name, point });
    return deviations[name];
  }

  /** Goes on to the next run; false after the last one. */
  public next(): boolean {
    this.path.length = this.position;
    for (let last = this.path.at(-1); last; last = this.path.at(-1)) {
      if (++last.taken < last.options) {
        return true;
      }
      this.path.pop();
    }
    return false;
  }
}
