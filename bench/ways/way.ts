import { Stack } from 'aws-cdk-lib';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';

/** What each way has to set up. */
export interface EventStream {
  readonly id: string;
  readonly applicationId: string;
  readonly destination: kinesis.Stream;
}

/** Sets the event streams of Amazon Pinpoint applications, each with a role of its own, in one way of several. */
export type Way = (stack: Stack, eventStreams: readonly EventStream[]) => void;

/** The ways, by their modules. */
export const WAYS = ['pinpoint-event-stream', 'cfn-event-stream', 'aws-custom-resource', 'provider-framework', 'nodejs-function'] as const;

export type WayName = typeof WAYS[number];

/** Loads one way only, so that none pays for the modules of the CDK that another needs. */
export function loadWay(name: WayName): Way {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require(`./${name}.ts`).way;
}
