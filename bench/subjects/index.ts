import { App, Stack } from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';

/** Sets the event stream of an application, with a role for Amazon Pinpoint, in one way of several. */
export type Subject = (scope: Construct, id: string, applicationId: string, destination: kinesis.Stream) => void;

/** The ways, by the module that has each; a module loads what its own way needs, and no more. */
export const SUBJECTS = ['native', 'ours', 'aws-custom-resource', 'provider-framework', 'naive'] as const;

export type SubjectName = typeof SUBJECTS[number];

export function load(name: SubjectName): Subject {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require(`./${name}`).subject;
}

/** A stack of one way, with so many event streams, each to a data stream of its own. */
export function addStack(app: App, id: string, subject: Subject, eventStreams: number): Stack {
  const stack = new Stack(app, id);
  for (let index = 0; index < eventStreams; index++) {
    subject(stack, `Events${index}`, applicationId(index), dataStream(stack, `Stream${index}`));
  }
  return stack;
}

/** The data stream that the construct would create. */
export function dataStream(scope: Construct, id: string): kinesis.Stream {
  return new kinesis.Stream(scope, id, { streamMode: kinesis.StreamMode.ON_DEMAND, encryption: kinesis.StreamEncryption.MANAGED });
}

function applicationId(index: number): string {
  return index.toString(16).padStart(32, '0');
}
