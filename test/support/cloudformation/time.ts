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
