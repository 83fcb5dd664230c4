import { HandlerName } from './cold-start';
import { Step } from './deployment';
import { Size } from './exact';
import { SubjectName } from './subjects';

/** Minimum, median and maximum of some runs. */
export interface Range {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** What a run of the benchmarks found; docs/benchmarks.json. */
export interface Results {
  readonly machine: { readonly cpus: number; readonly cpu: string; readonly memoryGiB: number; readonly system: string };
  readonly versions: Readonly<Record<string, string>>;
  readonly rounds: Readonly<Record<string, number>>;
  /** By the number of event streams. */
  readonly sizes: Readonly<Record<SubjectName, Readonly<Record<number, Size>>>>;
  readonly zippedAssetBytes: Readonly<Record<SubjectName, number>>;
  /** Milliseconds. */
  readonly coldStarts: Readonly<Record<HandlerName, Range>>;
  /** Milliseconds. */
  readonly firstCreates: Readonly<Record<HandlerName, Range>>;
  /** Bytes. */
  readonly memory: Readonly<Record<HandlerName, Range>>;
  /** Milliseconds, by the megabytes of the function. */
  readonly memorySweep: Readonly<Record<number, Range>>;
  /** Milliseconds, by the number of event streams. */
  readonly synthesis: Readonly<Partial<Record<SubjectName, Readonly<Record<number, Range>>>>>;
  /** Milliseconds. */
  readonly imports: Readonly<Record<'without' | 'with', Range>>;
  readonly deployments: Readonly<Partial<Record<SubjectName, Readonly<Record<Step, { readonly milliseconds: Range; readonly calls: number[] }>>>>>;
}

/** The numbers of event streams for which sizes are measured. */
export const COUNTS = [1, 2, 10] as const;

export const DOCUMENTS = { data: 'docs/benchmarks.json', table: 'docs/benchmarks.md', picture: 'docs/benchmarks.svg' };
