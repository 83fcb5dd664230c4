import { AspectPriority, Aspects } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** Does once the app is complete, and its aspects have run, what needs all of it. */
export function onceComplete(scope: IConstruct, action: () => void): void {
  Aspects.of(scope).add({ visit: (node) => node === scope && action() }, { priority: AspectPriority.READONLY });
}
