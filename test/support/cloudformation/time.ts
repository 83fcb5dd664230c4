import type { Clock } from '../../../src/handler/clock';

/** Something that happens once, and that can be waited for. */
export interface Signal {
  fire(): void;
  /** Waits until it has happened, or so many milliseconds. */
  wait(milliseconds: number): Promise<void>;
}

/** Time as CloudFormation and the function see it. */
export interface Time extends Clock {
  signal(): Signal;
}

/** Time as it passes. */
export const realTime: Time = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random: () => Math.random(),
  signal: () => {
    let fire!: () => void;
    const fired = new Promise<void>((resolve) => { fire = resolve; });
    return {
      fire,
      wait: async (milliseconds) => {
        let timer!: NodeJS.Timeout;
        await Promise.race([fired, new Promise<void>((resolve) => { timer = setTimeout(resolve, milliseconds); })]);
        clearTimeout(timer);
      },
    };
  },
};

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/**
 * Time that stands still while anybody has something to do, and jumps to the next thing to do when all wait.
 *
 * Whatever runs in it runs within `run`, and waits for nothing but its sleeps, its signals, and what is not simulated.
 */
export class VirtualTime implements Time {
  private time: number;
  private busy = 0;
  private readonly sleepers = new Set<Sleeper>();

  constructor(start: string) {
    this.time = Date.parse(start);
  }

  public now(): number {
    return this.time;
  }

  public random(): number {
    return 0.5;
  }

  /** Runs a task in this time. */
  public async run<T>(task: () => Promise<T>): Promise<T> {
    this.busy++;
    try {
      return await task();
    } finally {
      this.rest();
    }
  }

  public sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.add(milliseconds, resolve);
      this.rest();
    });
  }

  /** Never returns: whoever waits for it is dead. */
  public die(): Promise<never> {
    this.rest();
    return new Promise(() => {});
  }

  public signal(): Signal {
    let fired = false;
    let wake: (() => void) | undefined;
    return {
      fire: () => {
        fired = true;
        wake?.();
      },
      wait: async (milliseconds) => {
        if (fired) {
          return;
        }
        await new Promise<void>((resolve) => {
          const timeout = this.add(milliseconds, resolve);
          wake = () => {
            if (this.sleepers.delete(timeout)) {
              this.busy++;
              resolve();
            }
          };
          this.rest();
        });
      },
    };
  }

  private add(milliseconds: number, wake: () => void): Sleeper {
    const sleeper = { until: this.time + Math.max(0, milliseconds), wake };
    this.sleepers.add(sleeper);
    return sleeper;
  }

  /** Whoever calls this has nothing to do any more; the last one wakes the first of those that sleep. */
  private rest(): void {
    this.busy--;
    if (this.busy > 0 || this.sleepers.size === 0) {
      return;
    }
    const next = [...this.sleepers].reduce((first, sleeper) => (sleeper.until < first.until ? sleeper : first));
    this.sleepers.delete(next);
    this.time = next.until;
    this.busy++;
    next.wake();
  }
}
