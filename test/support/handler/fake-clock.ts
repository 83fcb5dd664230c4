import { Clock } from '../../../src/handler/clock';

/** Time that passes only while somebody sleeps, and chance that is always the same. */
export class FakeClock implements Clock {
  public static readonly START = '2026-11-24T12:00:00.000Z';

  /** How long each sleep was, in milliseconds. */
  public readonly sleeps: number[] = [];

  private time = Date.parse(FakeClock.START);

  /** What has passed since the start, in seconds. */
  public get seconds(): number {
    return (this.time - Date.parse(FakeClock.START)) / 1_000;
  }

  public now(): number {
    return this.time;
  }

  public async sleep(milliseconds: number): Promise<void> {
    this.sleeps.push(milliseconds);
    this.time += milliseconds;
  }

  public random(): number {
    return 0;
  }
}

/** The time so many seconds after the start of a `FakeClock`, or before it, in milliseconds since the epoch. */
export function timeFromStart(seconds: number): number {
  return Date.parse(FakeClock.START) + seconds * 1_000;
}

/** The same as the service writes it. */
export function secondsFromStart(seconds: number): string {
  return new Date(timeFromStart(seconds)).toISOString();
}
