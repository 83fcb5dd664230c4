import type { Signal, Time } from '../../support/cloudformation/time';

/** More appointments than any run has that ends. */
const MAX_APPOINTMENTS = 20_000;

/** Time that jumps to what happens next as soon as nobody has anything to do. */
export class VirtualTime implements Time {
  private time = Date.parse('2026-11-24T12:00:00.300Z');
  private readonly appointments: { readonly at: number; readonly act: () => void }[] = [];

  public now(): number {
    return this.time;
  }

  public random(): number {
    return 0.5;
  }

  /** Does something so many milliseconds later; what was asked for first comes first, of two things for the same moment. */
  public after(milliseconds: number, act: () => void): void {
    const at = this.time + Math.max(0, milliseconds);
    const index = this.appointments.findIndex((other) => other.at > at);
    this.appointments.splice(index < 0 ? this.appointments.length : index, 0, { at, act });
  }

  public sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  public signal(): Signal {
    let fire!: () => void;
    const fired = new Promise<void>((resolve) => { fire = resolve; });
    return { fire, wait: (milliseconds) => Promise.race([fired, this.sleep(milliseconds)]) };
  }

  /** Lets time pass until a task has ended, and all that it has left for later. */
  public async pass(task: Promise<void>): Promise<void> {
    task.catch(() => undefined);
    for (let count = 0; count < MAX_APPOINTMENTS; count++) {
      // Until everything has been done that can be done now.
      await new Promise((resolve) => setImmediate(resolve));
      const next = this.appointments.shift();
      if (!next) {
        return Promise.race([task, Promise.reject(new Error('the run waits for what never happens'))]);
      }
      this.time = next.at;
      next.act();
    }
    throw new Error('the run does not end');
  }
}
