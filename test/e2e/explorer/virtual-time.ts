import type { Signal, Time } from '../../support/cloudformation/time';

interface Appointment {
  readonly at: number;
  readonly act: () => void;
}

/** More than any run takes that ends. */
const MAX_APPOINTMENTS = 20_000;

/** Time that jumps to what happens next as soon as nobody has anything to do. */
export class VirtualTime implements Time {
  private time = Date.parse('2026-11-24T12:00:00.300Z');
  private readonly appointments: Appointment[] = [];

  public now(): number {
    return this.time;
  }

  public random(): number {
    return 0.5;
  }

  /** Does something after so many milliseconds; of two things for the same moment, the one first that was asked for first. */
  public after(milliseconds: number, act: () => void): void {
    const at = this.time + Math.max(0, milliseconds);
    let index = this.appointments.length;
    while (index > 0 && this.appointments[index - 1].at > at) {
      index--;
    }
    this.appointments.splice(index, 0, { at, act });
  }

  public sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  public signal(): Signal {
    let fire!: () => void;
    const fired = new Promise<void>((resolve) => { fire = resolve; });
    return { fire, wait: (milliseconds) => Promise.race([fired, this.sleep(milliseconds)]) };
  }

  /** Runs a task, and all that it leaves for later. */
  public async run(task: () => Promise<void>): Promise<void> {
    let isDone = false;
    const done = task().then(() => { isDone = true; });
    done.catch(() => undefined);
    await idle();
    for (let count = 0; this.appointments.length > 0; count++) {
      if (count > MAX_APPOINTMENTS) {
        throw new Error('the run does not end');
      }
      const { at, act } = this.appointments.shift()!;
      this.time = at;
      act();
      await idle();
    }
    await (isDone ? done : Promise.race([done, Promise.reject(new Error('the run waits for what never happens'))]));
  }
}

/** Resolves when everything has been done that can be done now. */
function idle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
